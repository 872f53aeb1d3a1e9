"""A text as tokens: words with their accents, and single signs; where a fragment may begin and end.

All offsets are code points, half open.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

# Scripts that write no spaces (Thai, Lao, Burmese, Khmer, kana, Han): there each character is a word of its own.
_SPACELESS: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_JOINERS: Final = "\u200c\u200d"


def word_set(text: str) -> frozenset[str]:
    """The words of a string as a set."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text in their order, with where each begins and ends."""

    texts: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.texts)

    def at(self, offset: int) -> int:
        """The number of the first token that begins at or behind an offset."""
        return bisect_left(self.starts, offset)


@lru_cache(maxsize=1)
def tokens_of(text: str) -> Tokens:
    """All tokens of a text, as `tokenise`; the last text is remembered, for engines ask in turn."""
    return tokenise(text)


def tokenise(text: str) -> Tokens:
    """All tokens of a text, in time linear in its length."""
    spans = [match.span() for match in _token().finditer(text)]
    return Tokens(
        tuple(text[start:end] for start, end in spans),
        tuple(start for start, _ in spans),
        tuple(end for _, end in spans),
    )


def phrase_of(text: str, start: int, end: int) -> str:
    """The words at [start, end) as a phrase: each run of white space is one space."""
    return " ".join(text[start:end].split())


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether [start, end) cuts no word in two at either side, and no accent from its letter."""
    tokens = tokens_of(text)
    return not any(_is_inside_token(tokens, border) for border in (start, end))


def _is_inside_token(tokens: Tokens, border: int) -> bool:
    before = bisect_left(tokens.starts, border) - 1
    return before >= 0 and border < tokens.ends[before]


@cache
def _token() -> re.Pattern[str]:
    mark = _mark().pattern
    word = rf"(?:[^\W{_SPACELESS}]{mark}*+)++"
    return re.compile(rf"{word}|[{_SPACELESS}]{mark}*+|\S{mark}*+")


@cache
def _mark() -> re.Pattern[str]:
    """One combining mark or joiner; found in Unicode's own table at first use, which takes some milliseconds."""
    marks = (
        code
        for code in (*range(0x300, 0x10000), *range(0x1D165, 0x1D1AE), *range(0xE0100, 0xE01F0))
        if unicodedata.category(chr(code))[0] == "M"
    )
    return re.compile(f"[{_ranges(marks)}{_JOINERS}]")


def _ranges(codes: Iterable[int]) -> str:
    """Ascending code points as the inside of a character class."""
    found: list[list[int]] = []
    for code in codes:
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in found)
