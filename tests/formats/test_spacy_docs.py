"""spaCy reads what we write: spans, fragments and tokens; without spaCy the format says what is missing."""

from __future__ import annotations

import sys
import zipfile
import zlib
from io import BytesIO

import pytest
import spacy
from spacy.tokens import DocBin, Span

from annotations.domain.errors import InvalidData
from annotations.formats.spacy_docs import MISSING
from tests.formats.documents import FIXTURE, FIXTURE_TEXT, read, write


def test_spacy_reads_the_spans_and_their_fragments() -> None:
    with zipfile.ZipFile(BytesIO(write("spacy", FIXTURE))) as archive:
        packed = DocBin(store_user_data=True).from_bytes(archive.read("part-00001.spacy"))
    ben, gold, suggestion = packed.get_docs(spacy.blank("en").vocab)
    assert {doc.text for doc in (ben, gold, suggestion)} == {FIXTURE_TEXT}
    assert [(span.text, span.label_, span.id_, span.kb_id_) for span in ben.spans["sc"]] == [
        ("“Rates 🙂 will rise,”", "claim", "s1", ""),
        ("“and soon.”", "claim", "s1", ""),
        ("Ana Ruiz of the Bank of Spain", "actor", "s2", "Ana Ruiz"),
        ("the Bank of Spain", "actor", "s3", ""),
        ("Spain", "location", "s4", ""),
        ("Madrid", "location", "s5", "Madrid"),
    ]
    assert [(span.text, span.label_) for span in suggestion.spans["sc"]] == [("Madrid", "location")]


def test_entities_of_other_people_s_docs_are_read() -> None:
    doc = spacy.blank("en")("Ana Ruiz spoke in Madrid 🙂.")
    doc.ents = [Span(doc, 0, 2, "person"), Span(doc, 4, 5, "place")]
    data = DocBin(docs=[doc]).to_bytes()
    [item] = read("spacy", data, name="news.spacy", kind="gold")
    assert item.document is not None
    [one] = item.document.annotation_sets
    assert [(span.label, span.quote) for span in one.spans] == [("person", "Ana Ruiz"), ("place", "Madrid")]
    assert item.document.id == "news-1"


def test_a_file_that_unpacks_to_far_more_is_refused() -> None:
    [item] = read("spacy", zlib.compress(b"\0" * 20_000_000), name="bomb.spacy")
    assert item.problem == "the file unpacks to more than 100 times its size."


def test_without_spacy_both_ways_say_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    assert [item.problem for item in read("spacy", b"x")] == [MISSING]
    with pytest.raises(InvalidData) as refused:
        write("spacy", FIXTURE)
    assert refused.value.detail == MISSING
