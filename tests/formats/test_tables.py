"""CSV and TSV in and out."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given

from annotations.domain.documents import AnnotationSet, Document, Relation, Span
from annotations.formats.tables.columns import COLUMNS, escape, unescape
from tests.formats.documents import FIXTURE, WITHOUT_SPANS, documents, documents_in, names, read, write


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode(), newline="")))


def table(*lines: str) -> bytes:
    return "\r\n".join(lines).encode()


def problems(data: bytes, key: str = "csv") -> list[tuple[int, str, str]]:
    return [(item.line, item.id, item.problem) for item in read(key, data)]


@given(documents())
def test_importing_an_export_gives_the_same_document_and_the_same_bytes(document: Document) -> None:
    for key in ("csv", "tsv"):
        written = write(key, document, WITHOUT_SPANS)
        again = documents_in(read(key, written))
        assert again == [document, WITHOUT_SPANS]
        assert write(key, *again) == written


def test_a_row_is_a_fragment_or_a_relation_and_articles_without_either_have_one() -> None:
    found = rows(write("csv", FIXTURE, WITHOUT_SPANS))
    assert tuple(found[0]) == COLUMNS
    shown = ("id", "set_kind", "span_id", "label", "start", "end", "quote", "relation", "relation_target")
    assert [tuple(row[name] for name in shown) for row in found] == [
        ("fixture", "annotator", "s1", "claim", "0", "20", "“Rates 🙂 will rise,”", "", ""),
        ("fixture", "annotator", "s1", "claim", "67", "78", "“and soon.”", "", ""),
        ("fixture", "annotator", "s2", "actor", "21", "50", "Ana Ruiz of the Bank of Spain", "", ""),
        ("fixture", "annotator", "s3", "actor", "33", "50", "the Bank of Spain", "", ""),
        ("fixture", "annotator", "s4", "location", "45", "50", "Spain", "", ""),
        ("fixture", "annotator", "s5", "location", "59", "65", "Madrid", "", ""),
        ("fixture", "annotator", "", "", "", "", "", "made_by", "s2"),
        ("fixture", "gold", "", "", "", "", "", "", ""),
        ("fixture", "suggestion", "p1", "location", "59", "65", "Madrid", "", ""),
        ("''=plain", "", "", "", "", "", "", "", ""),
    ]
    assert [bool(row["text"]) for row in found] == [True, *[False] * 8, True]


@given(names)
def test_the_guard_against_formulas_can_be_taken_off_again(value: str) -> None:
    assert unescape(escape(value)) == value
    assert not escape(value).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_only_texts_are_guarded_against_formulas() -> None:
    document = Document(
        id="d",
        text="=1+1",
        title="@home",
        annotation_sets=(
            AnnotationSet(
                kind="suggestion",
                source="-x",
                spans=(Span(id="+s", label="sum", fragments=((0, 4),), quote="=1+1", note="\tn", score=-0.5),),
            ),
        ),
    )
    [row] = rows(write("csv", document))
    assert {name: value for name, value in row.items() if value} == {
        "id": "d", "title": "'@home", "text": "'=1+1", "set_kind": "suggestion", "set_source": "'-x",
        "span_id": "'+s", "label": "sum", "start": "0", "end": "4", "quote": "'=1+1", "note": "'\tn", "score": "-0.5",
    }  # fmt: skip
    assert documents_in(read("csv", write("csv", document))) == [document]


def test_a_byte_order_mark_is_written_when_asked() -> None:
    assert write("csv", FIXTURE, byte_order_mark=True) == b"\xef\xbb\xbf" + write("csv", FIXTURE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_list_of_articles_needs_an_id_and_a_text_and_keeps_the_rest(encoding: str, delimiter: str) -> None:
    lines = ["ID", "Headline", "Body", "date", "words", "source"], ["7", "T", '"é\r\n🙂"', "2026-11-24", "12", "wire"]
    data = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    assert documents_in(read("csv", data)) == [
        Document(id="7", title="T", text="é\n🙂", published_at="2026-11-24", metadata={"words": "12", "source": "wire"})
    ]


def test_a_column_that_looks_like_ours_is_metadata_in_a_list_of_articles() -> None:
    data = table("id,text,label,score,metadata", '1,One.,sport,high,"{""a"": 1}"', "2,Two.,,,")
    assert documents_in(read("csv", data)) == [
        Document(id="1", text="One.", metadata={"label": "sport", "score": "high", "a": 1}),
        Document(id="2", text="Two."),
    ]


def test_spans_without_ids_and_sets_are_taken_with_the_options() -> None:
    data = table(
        "id,text,label,start,end,quote", "1,Ana met Ben.,actor,0.0,3.0,Ana", "1,Ana met Ben.,actor,8,11,Ben", "2,X.,,,,"
    )
    assert documents_in(read("csv", data, kind="annotator", annotator="chi")) == [
        Document(
            id="1",
            text="Ana met Ben.",
            annotation_sets=(
                AnnotationSet(
                    kind="annotator",
                    annotator="chi",
                    spans=(
                        Span(id="actor-0-3", label="actor", fragments=((0, 3),), quote="Ana"),
                        Span(id="actor-8-11", label="actor", fragments=((8, 11),), quote="Ben"),
                    ),
                ),
            ),
        ),
        Document(id="2", text="X."),
    ]


def test_a_row_without_id_belongs_to_the_article_above() -> None:
    data = table(
        "id,text,set_kind,span_id,label,start,end,relation,relation_source,relation_target",
        "1,Ana met Ben.,gold,a,actor,0,3,,,",
        ",,gold,b,actor,8,11,,,",
        ",,gold,,,,,met,a,b",
    )
    [document] = documents_in(read("csv", data))
    assert problems(table("id,text", ",No id.", "2,t")) == [(2, "", "id is missing."), (3, "2", "")]
    assert document.annotation_sets == (
        AnnotationSet(
            kind="gold",
            spans=(
                Span(id="a", label="actor", fragments=((0, 3),), quote="Ana"),
                Span(id="b", label="actor", fragments=((8, 11),), quote="Ben"),
            ),
            relations=(Relation(id="", label="met", source="a", target="b"),),
        ),
    )


HEADER = "id,text,title,set_kind,guideline,span_id,label,start,end,quote,attributes,score,relation,relation_source"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1,", "text is missing."),
        ("1,t,,bot", "annotation_sets[0]: kind must be one of annotator, gold, suggestion, not “bot”."),
        ("1,t,,gold,2.5", "guideline must be a whole number, not “2.5”."),
        ("1,t,,gold,,s,actor,0", "the row of a span needs label, start and end; end is missing."),
        ("1,t,,gold,,s,,0,1", "the row of a span needs label, start and end; label is missing."),
        ("1,t,,gold,,s,actor,x,1", "start must be a whole number, not “x”."),
        ("1,t,,gold,,s,actor,0,0.5", "end must be a whole number, not “0.5”."),
        ("1,t,,gold,,s,actor,0,١", "end must be a whole number, not “١”."),
        (
            "1,t,,gold,,s,actor,0,2",
            "annotation_sets[0].spans[0] (s): the fragment [0, 2) is not inside the text, which has 1 characters.",
        ),
        (
            "1,t,,gold,,s,actor,0,1,u",
            "annotation_sets[0].spans[0] (s): the text at [0, 1) is “t”, but the quote is “u”.",
        ),
        ("1,t,,gold,,s,actor,0,1,t,{a", "attributes is not JSON: “{a”."),
        (
            '1,t,,gold,,s,actor,0,1,t,"[1]"',
            "annotation_sets[0].spans[0] (s): attributes must be an object, not a list.",
        ),
        ('1,t,,gold,,s,actor,0,1,t,"{""a"":""\\u0000""}"', "attributes.a has a NUL character at offset 0; remove it."),
        ("1,t,,gold,,s,actor,0,1,t,,much", "score must be a number, not “much”."),
        ("1,t,,gold,,s,actor,0,1,t,,1e999", "score must be a number, not “1e999”."),
        ("1,t,,gold,,s,actor,0,1,t,,nan", "score must be a number, not “nan”."),
        ("1,t,,gold,,,,,,,,,near,s", "annotation_sets[0]: relations[0]: target is missing."),
        ("1,t" + "," * 13, "the row has 1 more cells than the header."),
        ("1,a\0b", "text has a NUL character at offset 1; remove it."),
    ],
)
def test_a_row_with_a_mistake_is_refused_in_a_sentence_and_the_others_go_in(row: str, sentence: str) -> None:
    found = problems(table(HEADER, "a,First.", row, "z,Last."))
    assert found == [(2, "a", ""), (3, "1", sentence), (4, "z", "")]


def test_rows_of_one_article_must_not_contradict_each_other() -> None:
    data = table(
        HEADER, "1,Ana met Ben.,T,gold,,a,actor,0,3", "1,,U,gold,,b,actor,8,11", "2,t,,gold,1", "2,,,gold,2", "3,t"
    )
    assert problems(data) == [
        (2, "1", "row at line 3: title is “U” here, but was “T” in a row above."),
        (4, "2", "row at line 5: guideline is “2” here, but was “1” in a row above."),
        (6, "3", ""),
    ]


def test_a_row_that_cannot_be_read_spoils_its_article_only() -> None:
    data = table(HEADER, "1,Ana met Ben.,,gold,,a,actor,0,3", '1,,"x"y,gold,,b,actor,8,11', "2,t")
    assert problems(data) == [
        (2, "1", "the row at line 3 cannot be read: the row is not well formed: ',' expected after '\"'."),
        (4, "2", ""),
    ]
    assert problems(table("id,text", '1,"x"y', "2,t")) == [
        (2, "", "the row is not well formed: ',' expected after '\"'."),
        (3, "2", ""),
    ]


def test_bytes_that_are_not_utf_8_spoil_their_row_only() -> None:
    assert problems(b"id,text\n1,caf\xe9\n\xe9,x\n3,t\n") == [
        (2, "1", "text is not UTF-8."),
        (3, "?", "id is not UTF-8."),
        (4, "3", ""),
    ]


def test_lines_are_counted_as_an_editor_shows_them() -> None:
    assert problems(b'id,text\n1,"two\nlines"\n\n2,\n3,x\n') == [
        (2, "1", ""),
        (5, "2", "text is missing."),
        (6, "3", ""),
    ]


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("", "the table has no column “id”; its first row must name the columns."),
        ("id,title", "the table has no column “text”; its first row must name the columns."),
        ("id,text,x,x", "two columns are called “x”."),
        ('id,"text', "the row is not well formed: unexpected end of data."),
    ],
)
def test_a_table_without_the_columns_it_needs_is_one_problem(header: str, sentence: str) -> None:
    assert problems(table(header, "1,t")) == [(1, "", sentence)]


def test_a_text_of_a_million_characters_goes_through_a_table() -> None:
    document = Document(id="long", text='"🙂' * 500_000)
    assert documents_in(read("tsv", write("tsv", document))) == [document]
