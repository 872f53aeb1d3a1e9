"""Tokens, for formats that count in them: plain words and signs, or pieces that make up the text to the letter."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from annotations.domain.documents import Fragment

_WORD = re.compile(r"\w+|[^\w\s]")
_JOINER = "\u200d"


def words_in(text: str) -> list[Fragment]:
    """Words and single signs (code points, half open), without white space; marks stay with what they are on."""
    found: list[Fragment] = []
    for word in _WORD.finditer(text):
        start, end = word.span()
        if found and found[-1][1] == start and _clings(text, start):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _clings(text: str, start: int) -> bool:
    character = text[start]
    return character == _JOINER or text[start - 1] == _JOINER or unicodedata.category(character).startswith("M")


def covering(tokens: Sequence[Fragment], start: int, end: int) -> tuple[int, int] | None:
    """The first and the last (inclusive) of the sorted tokens that share a code point with [start, end), or None."""
    first = bisect_right(tokens, start, key=lambda token: token[1])
    last = bisect_left(tokens, end, key=lambda token: token[0]) - 1
    return (first, last) if first <= last else None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text (code points, half open), and whether one space follows that belongs to no piece."""

    start: int
    end: int
    space: bool


def pieces_of(text: str, fragments: Iterable[Fragment]) -> list[Piece]:
    """Pieces that, with the spaces behind them, make up the text; each of the fragments begins and ends with one."""
    starts, ends = set(), set()
    for start, end in fragments:
        starts.add(start)
        ends.add(end)
    cuts = sorted(starts | ends)
    found: list[Piece] = []
    for start, end in _words_and_gaps(text):
        first = start
        if text[start] == " " and found and start not in starts and start + 1 not in ends:
            found[-1] = Piece(found[-1].start, found[-1].end, space=True)
            first += 1
        inner = cuts[bisect_right(cuts, first) : bisect_left(cuts, end)]
        bounds = [first, *inner, end]
        found += [Piece(a, b, space=False) for a, b in pairwise(bounds) if a < b]
    return found


def _words_and_gaps(text: str) -> Iterator[Fragment]:
    at = 0
    for start, end in words_in(text):
        if at < start:
            yield at, start
        yield start, end
        at = end
    if at < len(text):
        yield at, len(text)
