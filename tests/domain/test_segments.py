"""A text is cut into paragraphs, blocks and pieces; nothing is lost, nothing is shown twice."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.documents import Fragments
from annotations.domain.segments import (
    BLOCK_LENGTH,
    DEPTH,
    LANES,
    Block,
    Paragraph,
    Piece,
    Segmented,
    blocks,
    paragraphs,
    segmented,
    text_blocks,
    touched,
    touching,
)

SENTENCE = "The minister said no."


def whole(text: str, *spans: Fragments) -> Segmented:
    (block,) = text_blocks(text)
    (found,) = segmented([block], spans)
    return found


def flat(text: str, spans: list[Fragments], depth: int = DEPTH) -> list[Piece]:
    return [piece for found in segmented(text_blocks(text), spans, depth=depth) for piece in found.pieces]


@st.composite
def spans_in(draw: st.DrawFn, length: int, most: int = 8) -> list[Fragments]:
    """Spans of one to three fragments that neither overlap nor touch."""
    if length < 1:
        return []
    found = []
    for _ in range(draw(st.integers(0, most))):
        borders = sorted(draw(st.sets(st.integers(0, length), min_size=2, max_size=6)))
        found.append(tuple(zip(borders[::2], borders[1::2], strict=False)))
    return found


@st.composite
def labelled_texts(draw: st.DrawFn) -> tuple[str, list[Fragments]]:
    text = draw(st.text(st.sampled_from("ab \n\r\u2028\U0001f600é"), max_size=60))
    return text, draw(spans_in(len(text)))


def test_paragraphs_are_split_at_line_feeds_only_and_empty_lines_make_none() -> None:
    text = "One\r\n\nTwo\u2028still two \U0001f600\n"
    assert paragraphs(text) == (Paragraph(0, 0, 4, astral=False), Paragraph(1, 6, 21, astral=True))


def test_a_text_without_characters_has_no_paragraph_and_no_piece() -> None:
    assert (paragraphs("\n\n"), text_blocks(""), flat("\n", [((0, 1),)])) == ((), (), [])


def test_pieces_name_the_shortest_span_first_and_where_spans_begin() -> None:
    claim, actor = ((0, 21),), ((4, 12),)
    assert whole(SENTENCE, claim, actor) == Segmented(
        Block(0, 0, 0, 21, 0, astral=False),
        (Piece(0, 4, (0,), (0,)), Piece(4, 12, (1, 0), (1,)), Piece(12, 21, (0,))),
        {1: 0, 0: 1},
    )


def test_each_fragment_of_a_discontinuous_span_begins_and_keeps_its_lane() -> None:
    found = whole(SENTENCE, ((0, 3), (13, 21)), ((0, 2),))
    assert found.pieces == (
        Piece(0, 2, (1, 0), (1, 0)),
        Piece(2, 3, (0,)),
        Piece(3, 13),
        Piece(13, 21, (0,), (0,)),
    )
    assert found.lanes == {1: 0, 0: 1}


def test_a_span_over_two_paragraphs_begins_once() -> None:
    assert flat("ab\ncd", [((1, 4),)]) == [Piece(0, 1), Piece(1, 2, (0,), (0,)), Piece(3, 4, (0,)), Piece(4, 5)]


def test_a_span_that_starts_with_a_line_feed_begins_on_the_next_paragraph() -> None:
    assert flat("ab\n\ncd", [((2, 5),), ((2, 4),)]) == [Piece(0, 2), Piece(4, 5, (0,), (0,)), Piece(5, 6)]


def test_a_fragment_of_line_feeds_alone_is_not_shown() -> None:
    assert flat("a\n\nb", [((1, 2), (3, 4))]) == [Piece(0, 1), Piece(3, 4, (0,), (0,))]


def test_a_paragraph_alone_is_cut_as_it_is_within_the_text() -> None:
    text, spans = "ab\ncd\nef", [((1, 7),), ((4, 5),), ((6, 8),)]
    layout = text_blocks(text)
    together = list(segmented(layout, spans))
    assert [next(segmented([block], spans)) for block in layout] == together
    assert list(segmented([layout[0], layout[2]], spans)) == [together[0], together[2]]


@given(labelled_texts())
def test_pieces_together_are_the_text_of_their_block(given_: tuple[str, list[Fragments]]) -> None:
    text, spans = given_
    for found in segmented(text_blocks(text), spans):
        assert all(piece.start < piece.end for piece in found.pieces)
        assert (
            "".join(text[piece.start : piece.end] for piece in found.pieces)
            == (text[found.block.start : found.block.end])
        )


@given(labelled_texts())
def test_every_character_is_covered_by_its_spans_the_shortest_first(given_: tuple[str, list[Fragments]]) -> None:
    text, spans = given_
    lengths = [sum(end - start for start, end in fragments) for fragments in spans]
    for piece in flat(text, spans):
        covering = {index for index, span in enumerate(spans) if any(a <= piece.start < b for a, b in span)}
        assert (set(piece.covering), len(piece.covering), piece.more) == (covering, len(covering), 0)
        assert all(lengths[one] <= lengths[other] for one, other in pairwise(piece.covering))


@given(labelled_texts(), st.integers(1, 3))
def test_every_fragment_begins_exactly_once_however_little_a_piece_may_name(
    given_: tuple[str, list[Fragments]], depth: int
) -> None:
    text, spans = given_
    begun = [index for piece in flat(text, spans, depth) for index in piece.begins]
    seen = [i for i, span in enumerate(spans) for start, end in span if text[start:end].strip("\n")]
    assert sorted(begun) == seen
    assert all(set(piece.begins) <= set(piece.covering) for piece in flat(text, spans, depth))


@given(labelled_texts())
def test_lanes_collide_on_the_last_only_and_it_is_taken_only_when_the_others_are(
    given_: tuple[str, list[Fragments]],
) -> None:
    text, spans = given_
    for found in segmented(text_blocks(text), spans):
        for piece in found.pieces:
            used = [found.lanes[index] for index in piece.covering]
            single = [lane for lane in used if lane < LANES - 1]
            assert len(single) == len(set(single))
        for index, lane in found.lanes.items():
            neighbours = {found.lanes[i] for p in found.pieces if index in p.covering for i in p.covering}
            assert lane < LANES - 1 or neighbours >= set(range(LANES - 1))


def test_nested_spans_have_their_lanes_from_the_inside_out_and_the_fifth_is_shared() -> None:
    spans: list[Fragments] = [((i, 21 - i),) for i in range(7)]
    assert whole(SENTENCE, *spans).lanes == {6: 0, 5: 1, 4: 2, 3: 3, 2: 4, 1: 4, 0: 4}


def test_staggered_spans_use_a_near_lane_again_before_the_last_one() -> None:
    text = "x" * 60
    spans: list[Fragments] = [((0, 4),), ((3, 8),), ((7, 13),), ((12, 19),), ((18, 26),), ((25, 34),)]
    assert whole(text, *spans).lanes == {0: 0, 1: 1, 2: 2, 3: 3, 4: 0, 5: 1}


def test_a_long_paragraph_is_cut_after_spaces_and_a_span_over_the_cut_begins_once() -> None:
    text = "word " * 1_000
    first, second = text_blocks(text)
    assert (first, second) == (Block(0, 0, 0, 4_000, 0, astral=False), Block(0, 1, 4_000, 5_000, 4_000, astral=False))
    one, other = segmented([first, second], [((3_990, 4_010),)])
    assert one.pieces == (Piece(0, 3_990), Piece(3_990, 4_000, (0,), (0,)))
    assert other.pieces == (Piece(4_000, 4_010, (0,)), Piece(4_010, 5_000))


def test_a_long_paragraph_without_spaces_is_not_cut_within_a_character() -> None:
    family, flag, accented = "\U0001f469\u200d\U0001f467", "\U0001f1eb\U0001f1f7", "e\u0301"
    for seen in (family, flag, accented):
        text = "x" * (BLOCK_LENGTH - 1) + seen + "x" * 50
        assert text_blocks(text)[0].end == BLOCK_LENGTH - 1


@given(st.integers(BLOCK_LENGTH, 3 * BLOCK_LENGTH), st.sampled_from(["ab ", "\u0301", "x", "\U0001f1eb", " \u0301"]))
def test_blocks_together_are_the_paragraph_and_none_is_too_long(length: int, unit: str) -> None:
    text = (unit * length)[:length]
    (paragraph,) = paragraphs(text)
    found = blocks(paragraph, text)
    assert [found[0].start, *(block.end for block in found)] == [*(block.start for block in found), length]
    assert all(0 < block.end - block.start <= BLOCK_LENGTH for block in found)
    assert [block.number for block in found] == list(range(len(found)))


@given(labelled_texts())
def test_what_touches_is_touched(given_: tuple[str, list[Fragments]]) -> None:
    text, spans = given_
    layout = text_blocks(text)
    by_spans = {(number, index) for index, span in enumerate(spans) for number in touched(layout, span)}
    by_blocks = {(number, index) for number, block in enumerate(layout) for index in touching(block, spans)}
    by_characters = {
        (number, index)
        for number, block in enumerate(layout)
        for index, span in enumerate(spans)
        if any(block.start <= at < block.end for start, end in span for at in range(start, end))
    }
    assert by_spans == by_blocks == by_characters


@given(labelled_texts(), st.data())
def test_a_change_changes_only_the_blocks_it_touches(given_: tuple[str, list[Fragments]], data: st.DataObject) -> None:
    text, spans = given_
    added = data.draw(spans_in(len(text), most=1))
    layout = text_blocks(text)
    before, after = (list(segmented(layout, given)) for given in (spans, spans + added))
    changed = {number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}
    assert changed <= touched(layout, [fragment for span in added for fragment in span])


def test_thousands_of_spans_nested_over_many_paragraphs_stay_small() -> None:
    text = ("x" * 9 + "\n") * 1_500
    spans: list[Fragments] = [((i, len(text) - i),) for i in range(5_000)]
    pieces = flat(text, spans)
    assert sum(len(piece.covering) for piece in pieces) <= DEPTH * len(pieces) + len(spans)
    assert len(pieces) <= 2 * len(spans) + 1_500
    assert max(len(piece.covering) + piece.more for piece in pieces) == 5_000
