"""Offsets counted by anybody become code points of the normalised text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.documents import Fragments, quote_of
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import (
    Counting,
    Newlines,
    Unit,
    check_text,
    code_point_at,
    join_fragments,
    normalise_text,
    place,
    positions,
)

PIECES = [
    "a", "B", " ", ".", "é", "e\u0301", "“", "”", "🙂", "👩‍👩‍👧‍👦", "🇪🇸", "\U00010348", "ש", "\u200f", "中",
    "\n", "\r\n", "\r", "\ufeff",
]  # fmt: skip
raw_texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join)
units = st.sampled_from(Unit)


@st.composite
def texts_with_mentions(draw: st.DrawFn) -> tuple[str, list[Fragments]]:
    raw = draw(raw_texts.filter(lambda value: bool(normalise_text(value))))
    length = len(normalise_text(raw))
    mentions: list[Fragments] = []
    for _ in range(draw(st.integers(1, 4))):
        cuts = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=6)))
        mentions.append(tuple((cuts[i], cuts[i + 1]) for i in range(0, len(cuts) - 1, 2)))
    return raw, mentions


def written_as(raw: str, newlines: Newlines) -> str:
    """The raw text as the other program saw it."""
    if newlines is Newlines.LF:
        mark = "\ufeff" if raw.startswith("\ufeff") else ""
        return mark + normalise_text(raw)
    return raw if "\r\n" in raw else raw.replace("\r", "\n").replace("\n", "\r\n")


def count(text: str, unit: Unit) -> int:
    match unit:
        case Unit.CODE_POINT:
            return len(text)
        case Unit.UTF_16:
            return len(text.encode("utf-16-le")) // 2
        case Unit.BYTE:
            return len(text.encode())


def test_only_the_mark_and_line_breaks_are_normalised() -> None:
    assert normalise_text("\ufeffA\r\nB\rC\nD\r\r\nE\ufeff e\u0301\u00a0 ") == "A\nB\nC\nD\n\nE\ufeff e\u0301\u00a0 "


@given(raw_texts)
def test_normalising_twice_changes_nothing_but_a_second_mark(raw: str) -> None:
    once = normalise_text(raw)
    assert "\r" not in once
    assert normalise_text("\ufeff" + once) == once


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("a\0b", "text has a NUL character at offset 1; remove it."),
        ("ab\ud83d", "text has half a character (a lone surrogate) at offset 2; remove it."),
        ("", "text is empty."),
        ("\ufeff", "text is empty."),
        ("x" * 1_000_001, "text has 1,000,001 characters; an article has at most 1,000,000."),
    ],
)
def test_a_text_that_cannot_be_stored_is_refused_in_a_sentence(raw: str, sentence: str) -> None:
    with pytest.raises(InvalidData) as refused:
        check_text(raw)
    assert refused.value.detail == sentence


def test_a_text_of_a_million_characters_is_accepted() -> None:
    assert len(check_text("\ufeff" + "🙂" * 1_000_000)) == 1_000_000


@given(raw_texts, units, st.sampled_from(Newlines))
def test_positions_count_what_the_other_program_counted(raw: str, unit: Unit, newlines: Newlines) -> None:
    text = normalise_text(raw)
    table = positions(raw, Counting(unit, newlines, counts_mark=True))
    seen = written_as(raw, newlines)
    assert len(table) == len(text) + 1
    assert table[-1] == count(seen, unit)
    for index, offset in enumerate(table):
        assert code_point_at(table, offset) == index
        start = seen.encode()[:offset].decode() if unit is Unit.BYTE else None
        if start is not None:
            assert normalise_text(start) == text[:index]


def test_an_offset_inside_a_character_or_outside_is_refused() -> None:
    table = positions("a🙂\r\nb", Counting(Unit.BYTE, Newlines.CRLF))
    assert list(table) == [0, 1, 5, 7, 8]
    for offset, where in ((3, "inside a character or line break"), (6, "inside"), (9, "outside"), (-1, "outside")):
        with pytest.raises(InvalidData, match=where):
            code_point_at(table, offset)


@given(texts_with_mentions(), units, st.sampled_from(Newlines))
def test_declared_offsets_are_converted_exactly(
    example: tuple[str, list[Fragments]], unit: Unit, newlines: Newlines
) -> None:
    raw, mentions = example
    table = positions(raw, Counting(unit, newlines, counts_mark=True))
    foreign = [(tuple((table[start], table[end]) for start, end in fragments), None) for fragments in mentions]
    assert place(raw, foreign, unit=unit, newlines=newlines) == mentions


@given(texts_with_mentions(), units, st.sampled_from(Newlines), st.booleans())
def test_quotes_find_the_way_of_counting(
    example: tuple[str, list[Fragments]], unit: Unit, newlines: Newlines, counts_mark: bool
) -> None:
    raw, mentions = example
    text = normalise_text(raw)
    table = positions(raw, Counting(unit, newlines, counts_mark))
    quotes = [quote_of(text, fragments) for fragments in mentions]
    foreign = [tuple((table[start], table[end]) for start, end in fragments) for fragments in mentions]
    placed = place(raw, list(zip(foreign, quotes, strict=True)))
    # Another way of counting with fewer assumptions may fit as well: the words are the same in any case.
    assert [quote_of(text, fragments) for fragments in placed] == quotes


HOSTILE = [
    "Plain words, then Madrid.",
    "One 🙂, then Madrid.",
    "Five 🙂🙂🙂🙂🙂, then Madrid.",
    "Joined 👩‍👩‍👧‍👦 and flag 🇪🇸, then Madrid.",
    "Line\r\nbreaks\r\nthen Madrid.",
    "Combining e\u0301 a\u0308, then Madrid.",
    "All 🙂 👩‍👩‍👧‍👦 🇪🇸\r\ne\u0301\r\nthen Madrid.",
]


@pytest.mark.parametrize("raw", HOSTILE)
@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("newlines", Newlines)
def test_a_word_after_a_hostile_text_is_found_in_every_way_of_counting(
    raw: str, unit: Unit, newlines: Newlines
) -> None:
    text = normalise_text(raw)
    start = text.index("Madrid")
    table = positions(raw, Counting(unit, newlines))
    foreign = ((table[start], table[start + 6]),)
    assert place(raw, [(foreign, "Madrid")]) == [((start, start + 6),)]
    assert place(raw, [(foreign, None)], unit=unit, newlines=newlines) == [((start, start + 6),)]


def test_without_quotes_offsets_are_code_points_of_the_text_as_written() -> None:
    assert place("🙂\r\nMadrid", [(((3, 9),), None)]) == [((2, 8),)]


def test_a_quote_may_follow_the_fragments_as_they_were_given() -> None:
    assert place("one two three", [(((8, 13), (0, 3)), "three … one")]) == [((0, 3), (8, 13))]
    assert place("one two three", [(((0, 3), (3, 7)), "one …  two")]) == [((0, 7),)]


def test_a_quote_that_fits_nowhere_is_shown_beside_the_text_and_named() -> None:
    with pytest.raises(InvalidData) as refused:
        place("Ana 🙂 saw Madrid.", [(((0, 3),), "Ana"), (((10, 16),), "Berlin")], name=["s1", "s2"].__getitem__)
    assert refused.value.detail == (
        "s2: the text at [10, 16) is “Madrid”, but the quote is “Berlin”. "
        "No other way of counting fits either (3 tried)."
    )


def test_long_texts_are_shortened_in_the_message() -> None:
    with pytest.raises(InvalidData) as refused:
        place("x" * 500, [(((0, 400),), "y" * 400)])
    assert refused.value.detail == (
        f"mention 0: the text at [0, 400) is “{'x' * 30} […] {'x' * 30}”, but the quote is “{'y' * 30} […] {'y' * 30}”."
    )


def test_fragments_are_sorted_and_joined_where_they_touch() -> None:
    assert join_fragments(((5, 7), (0, 2), (2, 4)), 7) == ((0, 4), (5, 7))


@pytest.mark.parametrize(
    ("fragments", "sentence"),
    [
        ((), "a span needs at least one fragment."),
        (((3, 3),), "the fragment [3, 3) is empty or backwards."),
        (((4, 3),), "the fragment [4, 3) is empty or backwards."),
        (((-1, 3),), "the fragment [-1, 3) is not inside the text, which has 9 characters."),
        (((5, 10),), "the fragment [5, 10) is not inside the text, which has 9 characters."),
        (((4, 6), (0, 5)), "the fragments [0, 5) and [4, 6) overlap."),
    ],
)
def test_fragments_that_mean_nothing_are_refused(fragments: Fragments, sentence: str) -> None:
    with pytest.raises(InvalidData) as refused:
        join_fragments(fragments, 9)
    assert refused.value.detail == sentence


def test_a_span_has_at_most_a_hundred_fragments_after_joining() -> None:
    separate = tuple((3 * i, 3 * i + 1) for i in range(101))
    touching = tuple((i, i + 1) for i in range(101))
    assert join_fragments(touching, 400) == ((0, 101),)
    assert join_fragments(separate[:100], 400) == separate[:100]
    with pytest.raises(InvalidData, match="at most 100 fragments, not 101"):
        join_fragments(separate, 400)


@given(st.lists(st.tuples(st.integers(-2, 30), st.integers(-2, 30)), max_size=6), st.integers(1, 28))
def test_joined_fragments_cover_the_same_characters(fragments: list[tuple[int, int]], length: int) -> None:
    try:
        joined = join_fragments(tuple(fragments), length)
    except InvalidData:
        return
    covered = sorted(index for start, end in fragments for index in range(start, end))
    assert [index for start, end in joined for index in range(start, end)] == covered
    assert all(before[1] < after[0] for before, after in pairwise(joined))
