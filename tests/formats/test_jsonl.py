"""Native JSON Lines in and out, and what is said about lines that cannot be taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import orjson
import pytest
from hypothesis import given

from annotations.domain.documents import AnnotationSet, Document, Relation, Span, quote_of
from annotations.formats.json_lines import MAX_LINE
from tests.formats.documents import FIXTURE, WITHOUT_SPANS, documents, documents_in, read, wikinews, write

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "document.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_published_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(documents())
def test_importing_an_export_gives_the_same_document_and_the_same_bytes(document: Document) -> None:
    written = write("jsonl", document)
    assert documents_in(read("jsonl", written)) == [document]
    assert write("jsonl", *documents_in(read("jsonl", written))) == written


@given(documents())
def test_exports_follow_the_published_schema(document: Document) -> None:
    VALIDATOR.validate(json.loads(write("jsonl", document)))


def test_real_articles_are_read_without_a_problem_and_follow_the_schema() -> None:
    data = wikinews()
    read_documents = documents_in(read("jsonl", data))
    sets = [one for document in read_documents for one in document.annotation_sets]
    assert len(read_documents) == 24
    assert sum(len(one.spans) for one in sets) == 2_714
    assert sum(len(one.relations) for one in sets) == 207
    written = write("jsonl", *read_documents)
    assert write("jsonl", *documents_in(read("jsonl", written))) == written
    for line in (*data.splitlines(), *written.splitlines()):
        VALIDATOR.validate(json.loads(line))
    for document in read_documents:
        for one in document.annotation_sets:
            assert all(span.quote == quote_of(document.text, span.fragments) for span in one.spans)


def test_sets_spans_and_relations_are_sorted_and_empty_things_left_out() -> None:
    document = Document(
        id="d",
        text="one two three",
        metadata={"b": 1, "a": {"d": 1, "c": 2}},
        annotation_sets=(
            AnnotationSet(
                kind="gold",
                spans=(
                    Span(id="z", label="b", fragments=((4, 7),)),
                    Span(id="y", label="a", fragments=((4, 7),), attributes={"z": "1", "a": "2"}),
                    Span(id="x", label="b", fragments=((0, 3), (8, 13))),
                    Span(id="w", label="b", fragments=((0, 3),)),
                ),
                relations=(
                    Relation(id="", label="m", source="z", target="x"),
                    Relation(id="r", label="m", source="y", target="x"),
                    Relation(id="q", label="k", source="z", target="x"),
                ),
            ),
            AnnotationSet(kind="annotator", annotator="chi"),
            AnnotationSet(kind="annotator", annotator="ben"),
        ),
    )
    assert write("jsonl", document).decode() == (
        '{"id":"d","text":"one two three","metadata":{"a":{"c":2,"d":1},"b":1},"annotation_sets":['
        '{"kind":"annotator","annotator":"ben"},{"kind":"annotator","annotator":"chi"},{"kind":"gold","spans":['
        '{"id":"w","label":"b","fragments":[[0,3]],"quote":"one"},'
        '{"id":"x","label":"b","fragments":[[0,3],[8,13]],"quote":"one … three"},'
        '{"id":"y","label":"a","fragments":[[4,7]],"quote":"two","attributes":{"a":"2","z":"1"}},'
        '{"id":"z","label":"b","fragments":[[4,7]],"quote":"two"}],"relations":['
        '{"id":"q","label":"k","source":"z","target":"x"},'
        '{"id":"r","label":"m","source":"y","target":"x"},'
        '{"label":"m","source":"z","target":"x"}]}]}\n'
    )


def test_nulls_mean_absent_and_unknown_keys_become_metadata() -> None:
    line = orjson.dumps(
        {
            "id": "d",
            "text": "\ufeffAna\r\nsaid.",
            "title": None,
            "metadata": {"kept": 1},
            "wire": "agency",
            "empty": None,
            "annotation_sets": [
                {
                    "kind": "gold",
                    "annotator": None,
                    "spans": [{"id": "s", "label": "actor", "fragments": [[0, 3]], "quote": "Ana", "entity": None}],
                    "relations": None,
                }
            ],
        }
    )
    assert documents_in(read("jsonl", line)) == [
        Document(
            id="d",
            text="Ana\nsaid.",
            metadata={"kept": 1, "wire": "agency"},
            annotation_sets=(
                AnnotationSet(kind="gold", spans=(Span(id="s", label="actor", fragments=((0, 3),), quote="Ana"),)),
            ),
        )
    ]


def test_what_the_file_does_not_say_is_taken_from_the_options() -> None:
    line = b'{"id": "d", "text": "t", "annotation_sets": [{}]}'
    [document] = documents_in(read("jsonl", line, kind="annotator", annotator="ben"))
    assert document.annotation_sets == (AnnotationSet(kind="annotator", annotator="ben"),)
    line = b'{"id": "d", "text": "t", "annotation_sets": [{"kind": "annotator", "annotator": "chi"}]}'
    [document] = documents_in(read("jsonl", line, kind="gold", annotator="ben"))
    assert document.annotation_sets == (AnnotationSet(kind="annotator", annotator="chi"),)


def test_offsets_in_bytes_over_windows_line_breaks_are_found_by_their_quotes() -> None:
    text = "Más\r\nen Málaga 🙂 y Ávila"
    offset = len(text[: text.index("Ávila")].encode())
    spans = [{"id": "s", "label": "location", "fragments": [[offset, offset + 6]], "quote": "Ávila"}]
    line = orjson.dumps({"id": "d", "text": text, "annotation_sets": [{"kind": "gold", "spans": spans}]})
    [document] = documents_in(read("jsonl", line))
    [one] = document.annotation_sets
    start = document.text.index("Ávila")
    assert one.spans == (Span(id="s", label="location", fragments=((start, start + 5),), quote="Ávila"),)
    assert [item.problem for item in read("jsonl", line, offsets="utf-16")] == [
        (
            f"annotation_sets[0].spans[0] (s): the offset {offset + 6} lies outside the text. "
            "No other way of counting fits either (2 tried)."
        )
    ]


def test_a_problem_does_not_stop_the_lines_around_it() -> None:
    good = write("jsonl", FIXTURE)
    data = good + b"\n  \n{broken\n" + write("jsonl", WITHOUT_SPANS) + b'{"id": "x"}'
    assert [(item.line, item.id, item.problem) for item in read("jsonl", data)] == [
        (1, "fixture", ""),
        (4, "", "the line is not JSON: unexpected character, expected a string key at character 2."),
        (5, "'=plain", ""),
        (6, "x", "text is missing."),
    ]


def test_a_line_beyond_the_bound_is_passed_over() -> None:
    data = b'{"id": "' + b"x" * MAX_LINE + b'"}\n' + write("jsonl", WITHOUT_SPANS)
    assert [(item.line, item.problem) for item in read("jsonl", data)] == [
        (1, "the line is longer than 16 MiB."),
        (2, ""),
    ]


def valid() -> dict[str, Any]:
    return {
        "id": "d",
        "text": "Ana Ruiz of Madrid said so.",
        "annotation_sets": [
            {
                "kind": "annotator",
                "annotator": "ben",
                "spans": [
                    {"id": "s1", "label": "actor", "fragments": [[0, 8]], "quote": "Ana Ruiz"},
                    {"id": "s2", "label": "location", "fragments": [[12, 18]]},
                ],
                "relations": [{"id": "r1", "label": "lives_in", "source": "s1", "target": "s2"}],
            }
        ],
    }


def document(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw.update(changes)


def annotation_set(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw["annotation_sets"][0].update(changes)


def first_span(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw["annotation_sets"][0]["spans"][0].update(changes)


def relation(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raw: raw["annotation_sets"][0]["relations"][0].update(changes)


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


SPAN = "annotation_sets[0].spans[0] (s1): "
RELATION = "annotation_sets[0]: relations[0] (r1): "
HOSTILE: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (document(id=None), "id is missing."),
    (document(id=""), "id is missing."),
    (document(id=17), "id must be a text, not a number."),
    (document(id="x" * 501), "id has 501 characters; it may have 500."),
    (document(text=None), "text must be a text, not null."),
    (document(text=""), "text is empty."),
    (document(text="a\0b"), "text has a NUL character at offset 1; remove it."),
    (document(text="x" * 1_000_001), "text has 1,000,001 characters; an article has at most 1,000,000."),
    (document(title=["x"]), "title must be a text, not a list."),
    (document(title="a\0"), "title has a NUL character at offset 1; remove it."),
    (document(language="x" * 36), "language has 36 characters; it may have 35."),
    (
        document(published_at="24/11/2026"),
        (
            "published_at must be a date or a date and time such as 2026-11-24 or 2026-11-24T08:00:00Z, "
            "not “24/11/2026”."
        ),
    ),
    (
        document(published_at="2026-02-30"),
        (
            "published_at must be a date or a date and time such as 2026-11-24 or 2026-11-24T08:00:00Z, "
            "not “2026-02-30”."
        ),
    ),
    (document(metadata=[]), "metadata must be an object, not a list."),
    (document(metadata={"a": {"b\0": 1}}), "a key of metadata.a has a NUL character at offset 1; remove it."),
    (document(metadata={"a": ["", "\0"]}), "metadata.a[1] has a NUL character at offset 0; remove it."),
    (document(metadata={"a": 1e300}), "metadata.a is a number beyond 64 bits; write it as a text."),
    (document(metadata={"a": nested(40)}), "metadata is nested more than 32 levels deep."),
    (document(metadata={"w": 1}, w=2), "“w” stands beside metadata and in it, with different values."),
    (document(annotation_sets={}), "annotation_sets must be a list, not an object."),
    (document(annotation_sets=[1]), "annotation_sets[0] must be an object, not a number."),
    (annotation_set(kind=None), "annotation_sets[0]: kind must be one of annotator, gold, suggestion, not “”."),
    (annotation_set(kind="bot"), "annotation_sets[0]: kind must be one of annotator, gold, suggestion, not “bot”."),
    (annotation_set(kind=True), "annotation_sets[0]: kind must be a text, not true or false."),
    (
        annotation_set(kind="majority"),
        "annotation_sets[0]: kind majority is computed from the annotators' sets and cannot be imported.",
    ),
    (annotation_set(annotator=None), "annotation_sets[0]: annotator is missing: whose work is it?"),
    (annotation_set(kind="gold"), "annotation_sets[0]: a set of kind gold has no annotator."),
    (
        annotation_set(source="x"),
        "annotation_sets[0]: only sets of kind suggestion have source, engine and version.",
    ),
    (
        annotation_set(state="done"),
        (
            "annotation_sets[0]: state of a set of kind annotator is one of in_progress, submitted, returned, skipped, "
            "released, not “done”."
        ),
    ),
    (annotation_set(guideline=0), "annotation_sets[0]: guideline must be a whole number from 1 on."),
    (annotation_set(guideline=True), "annotation_sets[0]: guideline must be a whole number from 1 on."),
    (
        annotation_set(colour="red"),
        (
            "annotation_sets[0]: “colour” is not known here; known are annotator, engine, guideline, kind, relations, "
            "source, spans, state, version."
        ),
    ),
    (annotation_set(spans={}), "annotation_sets[0].spans must be a list, not an object."),
    (annotation_set(spans=[None]), "annotation_sets[0].spans[0]: a span must be an object, not null."),
    (
        first_span(start=0),
        (
            f"{SPAN}“start” is not known here; known are attributes, entity, fragments, id, label, note, origin, "
            "quote, score, sources."
        ),
    ),
    (first_span(id=None), "annotation_sets[0].spans[0]: id is missing."),
    (first_span(id=1), "annotation_sets[0].spans[0]: id must be a text, not a number."),
    (first_span(id="s2"), "annotation_sets[0]: 2 spans have the same id: “s2”."),
    (first_span(label=""), f"{SPAN}label is missing."),
    (first_span(label="x" * 41), f"{SPAN}label has 41 characters; it may have 40."),
    (
        first_span(label="location", fragments=[[12, 18]], quote=None),
        "annotation_sets[0]: 2 spans have the same label and fragments: “location [12, 18)”.",
    ),
    (first_span(fragments=None), f"{SPAN}fragments must be a list of [start, end] pairs."),
    (first_span(fragments=[]), f"{SPAN}fragments must be a list of [start, end] pairs."),
    (first_span(fragments=[0, 8]), f"{SPAN}fragments must be [start, end] pairs of whole numbers, not 0."),
    (
        first_span(fragments=[[0.0, 8]]),
        f"{SPAN}fragments must be [start, end] pairs of whole numbers, not [0.0, 8].",
    ),
    (
        first_span(fragments=[[False, 8]]),
        f"{SPAN}fragments must be [start, end] pairs of whole numbers, not [False, 8].",
    ),
    (
        first_span(fragments=[[0, 8, 9]]),
        f"{SPAN}fragments must be [start, end] pairs of whole numbers, not [0, 8, 9].",
    ),
    (first_span(fragments=[[8, 0]]), f"{SPAN}the fragment [8, 0) is empty or backwards."),
    (first_span(fragments=[[0, 8], [5, 9]]), f"{SPAN}the fragments [0, 8) and [5, 9) overlap."),
    (
        first_span(fragments=[[20, 99]], quote=None),
        f"{SPAN}the fragment [20, 99) is not inside the text, which has 27 characters.",
    ),
    (
        first_span(fragments=[[3 * i, 3 * i + 1] for i in range(101)]),
        f"{SPAN}a span has at most 100 fragments, not 101.",
    ),
    (first_span(quote=8), f"{SPAN}quote must be a text, not a number."),
    (first_span(quote="Ana Rui"), f"{SPAN}the text at [0, 8) is “Ana Ruiz”, but the quote is “Ana Rui”."),
    (first_span(entity=0), f"{SPAN}entity must be a text, not a number."),
    (first_span(note=[]), f"{SPAN}note must be a text, not a list."),
    (first_span(attributes=[]), f"{SPAN}attributes must be an object, not a list."),
    (first_span(attributes={"a": 1}), f"{SPAN}attributes.a must be a text of at most 80 characters."),
    (first_span(attributes={"": "x"}), f"{SPAN}the name of an attribute has 1 to 40 characters."),
    (first_span(origin="magic"), f"{SPAN}origin is one of typed, suggested, propagated, imported."),
    (first_span(score="high"), f"{SPAN}score must be a number, not a text."),
    (first_span(sources="x"), f"{SPAN}sources must be a list of texts."),
    (annotation_set(relations="x"), "annotation_sets[0]: relations must be a list, not a text."),
    (annotation_set(relations=[[]]), "annotation_sets[0]: relations[0]: a relation must be an object, not a list."),
    (relation(weight=1), f"{RELATION}“weight” is not known here; known are id, label, source, target."),
    (relation(label=None), f"{RELATION}label is missing."),
    (relation(source="s9"), f"{RELATION}source “s9” is not the id of a span of this set."),
    (relation(target="s1"), f"{RELATION}source and target are the same span."),
    (
        lambda raw: raw["annotation_sets"][0]["relations"].append(
            {"label": "lives_in", "source": "s1", "target": "s2"}
        ),
        "annotation_sets[0]: 2 relations have the same label, source and target: “lives_in s1 s2”.",
    ),
    (
        lambda raw: raw["annotation_sets"][0]["relations"].append(
            {"id": "r1", "label": "near", "source": "s1", "target": "s2"}
        ),
        "annotation_sets[0]: 2 relations have the same id: “r1”.",
    ),
    (
        lambda raw: raw["annotation_sets"].append({"kind": "annotator", "annotator": "ben"}),
        "2 annotation_sets have the same kind and author: “annotator ben”.",
    ),
]


@pytest.mark.parametrize(("spoil", "sentence"), HOSTILE, ids=[sentence[:60] for _, sentence in HOSTILE])
def test_a_line_with_a_mistake_is_refused_in_a_sentence(spoil: Callable[[dict[str, Any]], None], sentence: str) -> None:
    raw = valid()
    assert documents_in(read("jsonl", orjson.dumps(raw)))
    spoil(raw)
    [item] = read("jsonl", orjson.dumps(raw))
    shown = item.problem.removesuffix(" No other way of counting fits either (2 tried).")
    assert (shown, item.document) == (sentence, None)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"[]", "a document must be an object, not a list."),
        (b'[{"id":', "the line is not a document but the beginning of a list; one document a line is needed."),
        (b'{"id": "d", "text": "\xe9"}', "the line is not UTF-8: byte 0xE9 at offset 21."),
        (b'{"id": "d", "text": "\\ud800"}', "the line has half a character (a lone surrogate) at character 22."),
        ('{"id": "d"}'.encode("utf-16"), "the file is UTF-16; save it as UTF-8."),
        (b'{"a":' * 5_000, "the line is nested too deeply."),
        (
            b'{"id": "d", "n": NaN}',
            "the line is not JSON: unexpected character, expected a JSON value at character 18.",
        ),
        (b'{"id": "d", "n": 1e999}', "the line is not JSON: number is infinity when parsed as double at character 18."),
    ],
)
def test_a_line_that_is_no_json_is_refused_in_a_sentence(line: bytes, sentence: str) -> None:
    [item] = read("jsonl", line)
    assert (item.problem, item.document) == (sentence, None)


DEEP = b"[" * 1_000 + b"]" * 1_000


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": "d", "text": "t", "deep": %s}',
        b'{"id": "d", "text": "t", "metadata": %s}',
        b'{"id": "d", "text": "t", "title": "\\u0000", "deep": %s}',
        b'{"id": "d", "text": "t", "metadata": {"deep": []}, "deep": %s}',
        b'{"id": %s, "text": "t"}',
        b'{"id": "d", "text": "t", "annotation_sets": [{"kind": "gold", "spans": %s}]}',
        b'{"id": "d", "text": "t", "annotation_sets": [{"kind": "gold", "spans": [{"fragments": %s}]}]}',
    ],
)
def test_nesting_however_deep_is_a_problem_and_never_an_error(line: bytes) -> None:
    [item] = read("jsonl", line % DEEP)
    assert item.document is None
    assert item.problem.endswith(".")
