"""Spans go with their words into a corrected text, and are told lost where the words are gone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.alignment import Alignment, carried_over
from annotations.domain.documents import AnnotationSet, Relation, Span, quote_of

OLD = "Ana Ruiz of the Bank of Spain said in Madrid that rates will rise 🙂.\n\nNobody else in the city said so."
WORDS = st.sampled_from(["Ana", "Ruiz", "said", "🙂", "nai\u0308ve", "the", "Bank", "in", ",", "מדריד", "rates"])
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=6).map("\n".join)


def of(old: str, words: str) -> tuple[tuple[int, int], ...]:
    start = old.index(words)
    return ((start, start + len(words)),)


def words_in(new: str, words: str, old: str = OLD) -> str | None:
    found = Alignment(old, new).carried(of(old, words))
    return None if found is None else quote_of(new, found)


@pytest.mark.parametrize(
    ("new", "words", "expected"),
    [
        (OLD, "Bank of Spain", "Bank of Spain"),
        (f"Brevik (AP) – {OLD}", "Madrid", "Madrid"),
        (OLD.replace("said in", "said on Monday in"), "Madrid", "Madrid"),
        (OLD.replace("will", "shall"), "rates will rise 🙂", "rates shall rise 🙂"),
        (OLD.replace("Madrid", "Seville"), "Madrid", None),
        (OLD.replace("Ana Ruiz", "Ann Ruiz"), "Ana Ruiz", None),
        (OLD.replace("Ana Ruiz", "Ann Ruiz"), "Ruiz", "Ruiz"),
        (OLD.replace("Bank", "Banks"), "Bank", None),
        ("\n\n".join(reversed(OLD.split("\n\n"))), "the city said so", "the city said so"),
        ("Nothing of it.", "Madrid", None),
    ],
)
def test_words_are_found_again(new: str, words: str, expected: str | None) -> None:
    assert words_in(new, words) == expected


def test_what_is_changed_by_more_than_half_is_lost() -> None:
    old = "Rates will not rise soon, he said."
    assert words_in("Rates soon, he said.", "Rates will not rise soon", old) is None


@given(TEXTS, st.data())
def test_every_span_of_the_same_text_is_kept(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert Alignment(text, text).carried(((start, end),)) == ((start, end),)


@given(TEXTS, TEXTS, TEXTS)
def test_what_is_put_before_and_behind_moves_a_span_by_its_length(before: str, text: str, after: str) -> None:
    old = f"{before}\n<{text}>\n{after}"
    new = f"§§ {old} §§"
    span = ((len(before) + 1, len(before) + 3 + len(text)),)
    found = Alignment(old, new).carried(span)
    assert found == ((span[0][0] + 3, span[0][1] + 3),)


@given(TEXTS, TEXTS, st.data())
def test_whatever_became_of_a_text_a_carried_span_is_one_of_the_new_text(
    old: str, new: str, data: st.DataObject
) -> None:
    alignment = Alignment(old, new)
    for run in alignment.runs:
        assert old[run.old : run.old + run.length] == new[run.new : run.new + run.length]
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    found = alignment.carried(((start, end),))
    if found is not None:
        assert all(0 <= a < b <= len(new) for a, b in found)
        ours, theirs = old[start:end], quote_of(new, found)
        assert (ours[0], ours[-1]) == (theirs[0], theirs[-1])


def test_a_set_is_carried_over_with_what_its_spans_and_relations_lose() -> None:
    new = OLD.replace("Madrid", "Seville").replace("Ana", "Señora Ana")
    spans = [
        Span(id="1", label="actor", fragments=of(OLD, "Ana Ruiz")),
        Span(id="2", label="location", fragments=of(OLD, "Madrid")),
        Span(id="3", label="claim", fragments=(*of(OLD, "rates will"), *of(OLD, "🙂"))),
    ]
    links = [
        Relation(id="a", label="made_by", source="3", target="1"),
        Relation(id="b", label="located_in", source="3", target="2"),
    ]
    found, fate = carried_over(AnnotationSet(kind="gold", spans=spans, relations=links), Alignment(OLD, new))
    assert [(span.id, span.quote) for span in found.spans] == [("1", "Ana Ruiz"), ("3", "rates will … 🙂")]
    assert [each.id for each in found.relations] == ["a"]
    assert (fate.kept, fate.moved, fate.lost) == (0, 2, [("location", "Madrid")])


def test_long_texts_are_aligned_in_time() -> None:
    old = " ".join(f"w{number % 900}" for number in range(40_000))
    new = old.replace("w17 ", "other ", 1).replace(" w800 ", " ", 5)
    start = old.index("w500")
    assert Alignment(old, new).carried(((start, start + 4),)) is not None
