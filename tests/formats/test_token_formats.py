"""Prodigy and CoNLL: what others' readers make of them."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import orjson
import pytest
from hypothesis import given
from seqeval.metrics.sequence_labeling import get_entities  # type: ignore[import-untyped]

from annotations.domain.documents import AnnotationSet, Document
from annotations.formats import WRITERS, Loss, Losses, WriteOptions
from tests.formats.documents import FIXTURE, FIXTURE_TEXT, documents, span, write


@given(documents())
def test_prodigy_s_tokens_rebuild_the_text_and_hold_each_span(document: Document) -> None:
    for task in map(orjson.loads, write("prodigy", document).split(b"\n")[:-1]):
        tokens = task["tokens"]
        assert "".join(token["text"] + " " * token["ws"] for token in tokens) == task["text"] == document.text
        for token in tokens:
            assert task["text"][token["start"] : token["end"]] == token["text"]
        for placed in task["spans"]:
            assert placed["start"] == tokens[placed["token_start"]]["start"]
            assert placed["end"] == tokens[placed["token_end"]]["end"]


def test_a_relation_of_prodigy_s_names_the_last_tokens_of_its_ends() -> None:
    task = orjson.loads(write("prodigy", FIXTURE).split(b"\n")[0])
    [relation] = task["relations"]
    assert (relation["label"], relation["head_span"]["label"], relation["child_span"]["label"]) == (
        "made_by", "claim", "actor",
    )  # fmt: skip
    assert [task["tokens"][relation[end]]["text"] for end in ("head", "child")] == ["”", "Spain"]
    assert task["_annotator_id"] == "ben"


def conll(document: Document) -> tuple[list[list[str]], Losses]:
    losses = Losses()
    data = b"".join(WRITERS["conll"]([document], WriteOptions(losses=losses)))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".conll"))
        lines = archive.read(name).decode().split("\n")
    return [line.split(" ") for line in lines], losses


@pytest.mark.filterwarnings("ignore")
def test_seqeval_finds_the_outermost_spans() -> None:
    rows, losses = conll(FIXTURE)
    tagged = [row for row in rows if len(row) == 4][1:]
    found = get_entities([row[3] for row in tagged])
    assert [(label, " ".join(row[0] for row in tagged[first : last + 1])) for label, first, last in found] == [
        ("claim", "“ Rates 🙂 will rise , ”"),
        ("actor", "Ana Ruiz of the Bank of Spain"),
        ("location", "Madrid"),
        ("claim", "“ and soon . ”"),
    ]
    assert (losses[Loss.NESTED], losses[Loss.SPLIT], losses[Loss.RELATIONS]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("spans", "tags", "lost"),
    [
        ([(0, 5)], "B O O", {}),
        ([(2, 7)], "B I O", {Loss.MOVED: 1}),
        ([(0, 10), (6, 10)], "B I O", {Loss.NESTED: 1}),
        ([(0, 10), (6, 16)], "B I O", {Loss.CROSSING: 1}),
        ([(5, 6)], "O O O", {Loss.SPANS: 1}),
        ([(0, 5), (6, 10)], "B B O", {}),
    ],
)
def test_what_a_tag_for_each_token_cannot_say_is_counted(spans: Any, tags: str, lost: dict[Loss, int]) -> None:
    text = "Rates rise  soon"
    placed = tuple(span(f"s{n}", "claim", at, text=text) for n, at in enumerate(spans))
    document = Document(id="d", text=text, annotation_sets=(AnnotationSet(kind="gold", spans=placed),))
    rows, losses = conll(document)
    assert " ".join(row[3][0] for row in rows if len(row) == 4 and row[0] != "-DOCSTART-") == tags
    del losses[Loss.IDS]
    assert losses == lost


def test_sentences_end_with_lines_and_full_stops_but_not_in_spans() -> None:
    text = "One. Two\nthree. Four"
    spans = (span("s", "claim", (0, 8), text=text),)
    rows, _losses = conll(Document(id="d", text=text, annotation_sets=(AnnotationSet(kind="gold", spans=spans),)))
    words = [row[0] for row in rows]
    assert words == ["-DOCSTART-", "", "One", ".", "Two", "", "three", ".", "", "Four", "", ""]
    assert FIXTURE_TEXT.count("\n") == 1
