"""Documents for the tests of formats: the fixture that every format must carry, and random ones."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from annotations.domain.documents import AnnotationSet, Document, Fragments, Relation, Span, quote_of
from annotations.formats import READERS, WRITERS, Item, ReadOptions, WriteOptions

SHARED = Path(os.environ.get("NEWSAPP_SHARED") or Path(__file__).parents[3] / "shared")

FIXTURE_TEXT = "“Rates 🙂 will rise,” Ana Ruiz of the Bank of Spain said in Madrid,\n“and soon.”"


def span(key: str, label: str, *fragments: tuple[int, int], text: str = FIXTURE_TEXT, **more: Any) -> Span:
    return Span(id=key, label=label, fragments=fragments, quote=quote_of(text, fragments), **more)


FIXTURE = Document(
    id="fixture",
    title="Rates",
    text=FIXTURE_TEXT,
    outlet="The Daily =Sum",
    published_at="2026-11-24",
    language="en",
    metadata={"b": [1, 2.5, None, True], "a": {"y": "é", "x": ""}},
    annotation_sets=(
        AnnotationSet(
            kind="annotator",
            annotator="ben",
            state="submitted",
            guideline=3,
            spans=(
                span("s1", "claim", (0, 20), (67, 78), attributes={"form": "direct", "stance": "supports"}),
                span("s2", "actor", (21, 50), entity="Ana Ruiz", note="=who? Ana"),
                span("s3", "actor", (33, 50)),
                span("s4", "location", (45, 50)),
                span("s5", "location", (59, 65), entity="Madrid"),
            ),
            relations=(Relation(id="r1", label="made_by", source="s1", target="s2"),),
        ),
        AnnotationSet(kind="gold", state="done"),
        AnnotationSet(
            kind="suggestion",
            source="dictionary",
            engine="names",
            version="2",
            spans=(span("p1", "location", (59, 65), origin="suggested", score=0.5, sources=("a", "b")),),
        ),
    ),
)
WITHOUT_SPANS = Document(id="'=plain", text="+1 to nothing labelled.", metadata={})


def read(format_key: str, data: bytes, **options: Any) -> list[Item]:
    return list(READERS[format_key](BytesIO(data), ReadOptions(**options)))


def write(format_key: str, *documents: Document, byte_order_mark: bool = False) -> bytes:
    return b"".join(WRITERS[format_key](documents, WriteOptions(byte_order_mark=byte_order_mark)))


def documents_in(items: list[Item]) -> list[Document]:
    """The documents, when there is no problem."""
    assert [item.problem for item in items if item.problem] == []
    return [item.document for item in items if item.document is not None]


def wikinews() -> bytes:
    """The bytes of the shared fixture of real articles."""
    path = SHARED / "data" / "wikinews.jsonl"
    if not path.is_file():
        pytest.fail(f"{path} is missing: set NEWSAPP_SHARED to the folder that holds data/wikinews.jsonl")
    return path.read_bytes()


PIECES = [
    "a", "B ", " ", "'", "=", "\t", "\n", '"', ",", ";", "é", "e\u0301", "“", "🙂",
    "👩\u200d👩\u200d👧", "🇪🇸", "ש", "\u2028", "\x85",
]  # fmt: skip
words = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
names = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=30).map("".join)
metadata = st.dictionaries(
    words,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15) | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=4,
    ),
    max_size=3,
)
dates = st.dates().map(str).filter(lambda day: len(day) == 10) | st.datetimes().map(
    lambda at: at.isoformat(timespec="seconds")
)


@st.composite
def fragments_in(draw: st.DrawFn, length: int) -> Fragments:
    cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=6)))
    return tuple((cuts[i], cuts[i + 1]) for i in range(0, len(cuts) - 1, 2))


@st.composite
def sets_on(
    draw: st.DrawFn, text: str, author: tuple[str, str], attributes: st.SearchStrategy[str] = names
) -> AnnotationSet:
    kind, name = author
    spans: dict[tuple[str, Fragments], Span] = {}
    for key in draw(st.lists(names, max_size=4, unique=True)):
        label, fragments = draw(st.sampled_from(["claim", "actor"])), draw(fragments_in(len(text)))
        spans[label, fragments] = Span(
            id=key,
            label=label,
            fragments=fragments,
            quote=quote_of(text, fragments),
            entity=draw(words),
            attributes=draw(st.dictionaries(attributes, names, max_size=2)),
            note=draw(words),
            origin=draw(st.sampled_from(["", "typed", "imported"])),
            score=draw(st.none() | st.floats(allow_nan=False, allow_infinity=False)),
            sources=tuple(draw(st.lists(words, max_size=2))),
        )
    ordered = sorted(spans.values(), key=lambda one: (one.fragments, one.label, one.id))
    relations: tuple[Relation, ...] = ()
    if len(ordered) > 1:
        relations = (Relation(id=draw(words), label="cites", source=ordered[0].id, target=ordered[1].id),)
    states = {"annotator": "submitted", "gold": "open", "suggestion": "ready"}
    suggested = kind == "suggestion"
    return AnnotationSet(
        kind=kind,
        annotator=name if kind == "annotator" else "",
        source=name if suggested else "",
        engine=draw(words) if suggested else "",
        version=draw(words) if suggested else "",
        state=draw(st.sampled_from(["", states[kind]])),
        guideline=draw(st.none() | st.integers(1, 99)),
        spans=tuple(ordered),
        relations=relations,
    )


@st.composite
def documents(draw: st.DrawFn, attributes: st.SearchStrategy[str] = names) -> Document:
    """Any document in the order of an export: importing its export gives it back."""
    text = draw(texts)
    authors = st.tuples(st.sampled_from(["annotator", "suggestion"]), names.filter(str.strip)) | st.just(("gold", ""))
    chosen = sorted(draw(st.lists(authors, max_size=3, unique=True)))
    return Document(
        id=draw(names),
        text=text,
        title=draw(words),
        url=draw(words),
        outlet=draw(words),
        author=draw(words),
        section=draw(words),
        published_at=draw(st.just("") | dates),
        language=draw(st.sampled_from(["", "en", "pt-BR"])),
        license=draw(words),
        metadata=draw(metadata),
        annotation_sets=tuple(draw(sets_on(text, author, attributes)) for author in chosen),
    )
