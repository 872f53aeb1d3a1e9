"""Texts that may not be passed on: hashed, quoted in short, or scrambled; offsets stay true."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.documents import AnnotationSet, Document, Span
from annotations.domain.withholding import scrambled, withheld

TEXT = "“Rates 🙂 will rise,” Ana Ruiz said in Áœ 2017."
DOCUMENT = Document(
    id="a",
    text=TEXT,
    url="https://example.org/a",
    metadata={"desk": 1},
    annotation_sets=(
        AnnotationSet(
            kind="gold",
            spans=(
                Span(id="1", label="claim", fragments=((1, 6), (15, 19))),
                Span(id="2", label="actor", fragments=((21, 24),)),
            ),
        ),
    ),
)
METADATA = {"desk": 1, "text_sha256": hashlib.sha256(TEXT.encode()).hexdigest(), "text_characters": len(TEXT)}


def quotes(document: Document) -> list[str | None]:
    return [span.quote for one in document.annotation_sets for span in one.spans]


def test_a_full_text_is_the_document_itself() -> None:
    assert withheld(DOCUMENT, level="full", quote_length=5) is DOCUMENT


def test_a_hash_stands_for_the_text() -> None:
    document = withheld(DOCUMENT, level="hash", quote_length=5)
    assert replace(document, metadata={}, annotation_sets=()) == Document(id="a", text="", url="https://example.org/a")
    assert document.metadata == METADATA
    assert quotes(document) == [None, None]


def test_quotes_are_cut_after_so_many_characters() -> None:
    document = withheld(DOCUMENT, level="quotes", quote_length=7)
    assert (document.text, document.metadata) == ("", METADATA)
    assert quotes(document) == ["Rates …" + "…", "Ana"]


def test_a_scrambled_text_says_what_it_was_scrambled_from() -> None:
    document = withheld(DOCUMENT, level="scrambled", quote_length=7)
    assert document.metadata == METADATA
    assert document.text == scrambled(TEXT) != TEXT
    assert document.annotation_sets == DOCUMENT.annotation_sets


def kinds(text: str) -> list[str]:
    """Of letters and digits their class, of all else the character itself."""
    classes = [unicodedata.category(character) for character in text]
    return [kind if kind[0] == "L" or kind == "Nd" else one for kind, one in zip(classes, text, strict=True)]


@given(st.text())
def test_scrambling_keeps_length_offsets_and_classes_of_characters(text: str) -> None:
    found = scrambled(text)
    assert kinds(found) == kinds(text)
    assert Counter(found) == Counter(text)
    assert scrambled(text) == found


def test_a_scrambled_word_depends_on_all_of_the_text() -> None:
    assert scrambled(TEXT)[:40] != scrambled(TEXT + "!")[:40]
