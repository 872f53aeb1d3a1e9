"""A text and its spans as flat segments: paragraphs, the blocks that are swapped alone, pieces and underline lanes.

All offsets are code points, half open. Spans are given as their fragments only; a span is named by its index in the
sequence given. The fragments of one span do not overlap one another.

The work grows with the length of the input, not with its square: thousands of spans nested in one another would put
every span on every piece, so a piece names the shortest ones and those that begin on it, and counts the rest.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from annotations.domain.documents import Fragment, Fragments

LANES: Final = 5
BLOCK_LENGTH: Final = 4_000
DEPTH: Final = 32
"""How many covering spans a piece names; the ones that begin on it are named beyond that."""

_PARAGRAPH: Final = re.compile(r"[^\n]+")
_LOOK_BACK: Final = 500
_ZERO_WIDTH_JOINER: Final = "\u200d"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of characters without a line feed; `number` counts from 0, `astral` is whether one is above U+FFFF."""

    number: int
    start: int
    end: int
    astral: bool


@dataclass(frozen=True, slots=True)
class Block:
    """The part of a paragraph that is rendered and swapped alone: a whole paragraph unless that is long.

    `number` counts from 0 within the paragraph. `previous_end` is where the block before this one ends (0 for the
    first of the text): between it and `start` there are line feeds only, so a fragment that starts there begins here.
    """

    paragraph: int
    number: int
    start: int
    end: int
    previous_end: int
    astral: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text covered by the same spans.

    `covering` are indexes of spans, the shortest span first. `begins` are those of them that have a fragment beginning
    with this piece, in the same order. `more` counts covering spans that are not named.
    """

    start: int
    end: int
    covering: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Segmented:
    """A block, its pieces in reading order, and the lane (0 next to the text, to 4) of every span named in them.

    The lanes depend on nothing outside the block: whoever changes a span renders the blocks it touches and no others.
    """

    block: Block
    pieces: tuple[Piece, ...]
    lanes: Mapping[int, int]


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of `text`, split at line feeds only; empty lines make none."""
    return tuple(
        Paragraph(number, match.start(), match.end(), _is_astral(match.group()))
        for number, match in enumerate(_PARAGRAPH.finditer(text))
    )


def blocks(paragraph: Paragraph, text: str, previous_end: int = 0) -> tuple[Block, ...]:
    """The blocks of one paragraph of `text`, each at most 4,000 code points; `previous_end` is as in `Block`.

    A cut is made after a space where there is one in the last 500 characters, and not within what is seen as one.
    """
    if paragraph.end - paragraph.start <= BLOCK_LENGTH:
        return (Block(paragraph.number, 0, paragraph.start, paragraph.end, previous_end, paragraph.astral),)
    found: list[Block] = []
    start = paragraph.start
    while start < paragraph.end:
        end = _cut(text, start, paragraph.end)
        found.append(Block(paragraph.number, len(found), start, end, previous_end, _is_astral(text[start:end])))
        start = previous_end = end
    return tuple(found)


def text_blocks(text: str) -> tuple[Block, ...]:
    """All blocks of `text` in reading order."""
    found: list[Block] = []
    for paragraph in paragraphs(text):
        found.extend(blocks(paragraph, text, found[-1].end if found else 0))
    return tuple(found)


def touched(blocks: Sequence[Block] | Sequence[Paragraph], fragments: Sequence[Fragment]) -> set[int]:
    """The positions in `blocks` (in reading order; or paragraphs) of those that share a character with a fragment."""
    found: set[int] = set()
    for start, end in fragments:
        first = bisect_right(blocks, start, key=lambda block: block.end)
        found.update(range(first, bisect_left(blocks, end, lo=first, key=lambda block: block.start)))
    return found


def touching(block: Block | Paragraph, spans: Sequence[Fragments]) -> tuple[int, ...]:
    """The indexes of the spans that have a character in `block`."""
    low, high = block.start, block.end
    return tuple(
        index for index, fragments in enumerate(spans) if any(start < high and low < end for start, end in fragments)
    )


def segmented(blocks: Sequence[Block], spans: Sequence[Fragments], *, depth: int = DEPTH) -> Iterator[Segmented]:
    """Each of `blocks` (any of a text's, in reading order) cut at every border of a fragment.

    The pieces of a block are never empty and together are its text. Spans elsewhere cost next to nothing.
    """
    if not blocks:
        return
    order = sorted(range(len(spans)), key=lambda index: (_length(spans[index]), spans[index], index))
    rank_of = {index: rank for rank, index in enumerate(order)}
    borders = _borders(spans, rank_of, blocks[0].previous_end, blocks[-1].end)
    active: list[int] = []
    done = 0
    for block in blocks:
        pieces: list[Piece] = []
        position, begun = block.start, list[int]()
        while done < len(borders) and borders[done][0] < block.end:
            at, opens, rank = borders[done]
            done += 1
            if at > position:
                pieces.append(_piece((position, at), active, begun, order, depth))
                position, begun = at, []
            if opens:
                insort(active, rank)
                if at >= block.previous_end:
                    begun.append(rank)
            else:
                del active[bisect_left(active, rank)]
                if rank in begun:  # it opened and closes in line feeds before the block
                    begun.remove(rank)
        pieces.append(_piece((position, block.end), active, begun, order, depth))
        yield Segmented(block, tuple(pieces), lanes(pieces, rank_of))


def lanes(pieces: Sequence[Piece], rank_of: Mapping[int, int]) -> dict[int, int]:
    """One underline lane for each span named in the pieces of a block, the same on all of them.

    Shorter spans (`rank_of`: the shortest has the lowest rank) are nearer to the text where that leaves lanes enough.
    Two spans on one piece never share a lane but the last: it is given when the others are taken, and means "more".
    """
    where: dict[int, list[int]] = {}
    for number, piece in enumerate(pieces):
        for index in piece.covering:
            where.setdefault(index, []).append(number)
    taken = [0] * len(pieces)  # one bit for each lane
    found: dict[int, int] = {}
    for index in sorted(where, key=rank_of.__getitem__):
        used = 0
        for number in where[index]:
            used |= taken[number]
        lane = used.bit_length()
        if lane >= LANES - 1:  # no room outside the shorter ones: the nearest lane that is free
            lane = next((free for free in range(LANES - 1) if not used >> free & 1), LANES - 1)
        found[index] = lane
        for number in where[index]:
            taken[number] |= 1 << lane
    return found


def _borders(
    spans: Sequence[Fragments], rank_of: Mapping[int, int], low: int, high: int
) -> list[tuple[int, bool, int]]:
    """(offset, whether a fragment opens, rank of its span), ends before starts at one offset."""
    borders: list[tuple[int, bool, int]] = []
    for index, fragments in enumerate(spans):
        for start, end in fragments:
            if start < high and low < end:
                borders += ((start, True, rank_of[index]), (end, False, rank_of[index]))
    borders.sort()
    return borders


def _piece(extent: Fragment, active: list[int], begun: list[int], order: Sequence[int], depth: int) -> Piece:
    if not active:
        return Piece(*extent)
    named = active[:depth]
    beginning = sorted(begun)
    if len(named) < len(active):
        named += [rank for rank in beginning if rank > named[-1]]
    covering = tuple(order[rank] for rank in named)
    return Piece(*extent, covering, tuple(order[rank] for rank in beginning), len(active) - len(named))


def _cut(text: str, start: int, end: int) -> int:
    """Where the block that starts at `start` ends, in a paragraph that ends at `end`."""
    limit = start + BLOCK_LENGTH
    if end <= limit:
        return end
    candidates = [at for at in range(limit, limit - _LOOK_BACK, -1) if not _joined(text, at)]
    return next((at for at in candidates if text[at - 1].isspace()), candidates[0] if candidates else limit)


def _joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of `at` may be seen as one (rather too often than too seldom)."""
    left, right = text[at - 1], text[at]
    if right.isascii():
        return False
    return (
        _ZERO_WIDTH_JOINER in {left, right}
        or unicodedata.category(right).startswith("M")
        or "\U0001f3fb" <= right <= "\U0001f3ff"  # skin tones
        or ("\U0001f1e6" <= left <= "\U0001f1ff" and "\U0001f1e6" <= right <= "\U0001f1ff")  # flags
        or ("\u1100" <= left <= "\ud7ff" and "\u1160" <= right <= "\u11ff")  # Hangul in single letters
        or "\U000e0020" <= right <= "\U000e007f"  # tags of regional flags
        or (unicodedata.category(left) == "Mn" and unicodedata.combining(left) == 9)  # virama joins consonants
    )


def _is_astral(text: str) -> bool:
    return not text.isascii() and max(text) > "\uffff"


def _length(fragments: Fragments) -> int:
    return sum(end - start for start, end in fragments)
