"""Whatever the text: proposals lie in it, on whole words, sorted and disjoint, and long texts end in time."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.domain.offsets import join_fragments
from annotations.suggesters import suggest
from annotations.suggesters.phrases import Dictionary, Entry
from annotations.suggesters.proposals import Context, LabelledSpan, Proposal
from annotations.suggesters.words import is_whole
from tests.hostile import HOSTILE, hostile_text

PIECES = [
    "Ada Berg", "Ben", "Oslo", "Paris", "the U.S.", "he", "she", "who", "said", "says", "told", "claims", "wrote", "added",
    "according to", "that", "and", "it would rain", "it rains", "on Monday", "Jamarat Bridge", "laut", "zufolge", "selon",
    "a dit", "dijo", "sagte", "dass", "WHO", "Mr.", "is", "asserted by", "cafe\u0301", "\u0301", "\u200d", "👨‍👩‍👧", "🇳🇴", "東京", "「",
    "」", "“", "”", "„", '"', "'", "’", "‘", "«", "»", "‹", "›", "שלום", "מר לוי", "قال", "\u202e", "\u2067", "(", ")", "[", "]",
    ",", ".", ":", "?", "!", "—", "-", "…", "$", "#", "@", "\n", "\n\n", "\t", "\u00a0", " ",
]  # fmt: skip
texts = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", " "])), max_size=40).map(
    lambda pieces: "".join(piece + space for piece, space in pieces)
)


def check(text: str, proposals: Sequence[Proposal]) -> None:
    for each in proposals:
        assert join_fragments(each.fragments, len(text)) == each.fragments
        assert all(is_whole(text, start, end) for start, end in each.fragments)
        assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in each.fragments)
        assert 0 <= each.score <= 1
        assert all(join_fragments(link.fragments, len(text)) == link.fragments for link in each.links)
    places = [(each.label, each.fragments) for each in proposals]
    assert len(places) == len(set(places))
    assert [each.fragments for each in proposals] == sorted(each.fragments for each in proposals)


@settings(max_examples=400, deadline=None)
@given(texts, st.sampled_from(["en", "de", "fr", "es", "", "ja"]), st.data())
def test_proposals_lie_in_the_text_on_whole_words(text: str, language: str, data: st.DataObject) -> None:
    spans = []
    if text:
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        spans.append(LabelledSpan(label=data.draw(st.sampled_from(["actor", "location"])), fragments=((start, end),)))
    known = Dictionary(
        Entry(phrase=phrase, label="actor", labelled=1, occurrences=1)
        for phrase in ("Ben", "\u0301", "🇳🇴", "東京", "…")
    )
    check(text, suggest(Context(text=text, language=language, spans=spans, dictionary=known)))


@given(st.text())
def test_any_text_at_all(text: str) -> None:
    check(text, suggest(Context(text=text, language="en")))


@pytest.mark.parametrize("name", HOSTILE)
def test_the_texts_that_break_offsets_elsewhere(name: str) -> None:
    text = hostile_text(name).replace("\r\n", "\n")
    proposals = suggest(Context(text=text, language="en"))
    check(text, proposals)
    assert "Oslo" in {text[slice(*each.fragments[0])] for each in proposals}


def calls_of(text: str) -> int:
    """How many functions are called for a text: a measure of the work that no other program disturbs."""
    spans = [LabelledSpan(label="actor", fragments=((0, min(len(text), 3)),))]
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count)
    try:
        suggest(Context(text=text, language="en", spans=spans))
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize(
    "piece",
    ["said ", '"', "' ", "“x ", "Ab said ", "Ben, ", "Paris ", "according to ", "( ", "U.S. ", "東", "Hall ", "e\u0301 ",
     '"a b c d" said Ben, ', "Ben said that it is ", '"A b c d e f g." '],
)  # fmt: skip
def test_the_work_grows_with_the_text_and_not_faster(piece: str) -> None:
    short, long = (piece * (size // len(piece)) for size in (2_000, 16_000))
    suggest(Context(text=short))  # what is made once at first use
    assert calls_of(long) < 1.3 * 8 * calls_of(short) + 1_000


@pytest.mark.parametrize("piece", ["Ben said that it would rain and ", "“", "a", "\u0301"])
def test_300_000_characters_in_one_line(piece: str) -> None:
    text = (piece * 300_000)[:300_000]
    check(text, suggest(Context(text=text, language="en")))


def test_a_claim_has_at_most_a_hundred_parts() -> None:
    text = "“It will,” said Ben Ode, " + "“and it,” he said, " * 300 + "“rains.”"
    proposals = suggest(Context(text=text, language="en"))
    check(text, proposals)
    assert max(len(each.fragments) for each in proposals) == 100
