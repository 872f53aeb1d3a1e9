"""Quotations: what stands between quotation marks of any of the usual kinds, also over several paragraphs.

Positions are numbers of tokens, half open; the marks belong to the quotation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from annotations.suggesters.words import Tokens

LEAST_SINGLE: Final = 3
"""Words between single marks that make a quotation; fewer are a name or a word held at arm's length."""

# What may open a quotation, with what may close it. » and “ also close, as in »German« and „German“.
_DOUBLE: Final[Mapping[str, str]] = {
    '"': '"',
    "“": "”",
    "„": "“”",
    "‟": "”",
    "”": "”",
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "「": "」",
    "『": "』",
    "《": "》",
    "＂": "＂",
}
_SINGLE: Final[Mapping[str, str]] = {"'": "'", "‘": "’", "‚": "‘’"}
# Marks that look the same, or stand for either, at both ends: only their neighbours tell which end it is.
_EITHER: Final = frozenset("\"'”»›＂")


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation: a piece for each paragraph it goes through, as ranges of tokens; the words in it."""

    pieces: tuple[tuple[int, int], ...]
    words: int

    @property
    def first(self) -> int:
        """The token of the opening mark."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """The token behind the closing mark."""
        return self.pieces[-1][1]


def quotations(text: str, tokens: Tokens, paragraphs: frozenset[int]) -> list[Quotation]:
    """The quotations of a text in order, none inside another; `paragraphs` are the tokens that begin one."""
    double = list(_between(text, tokens, paragraphs, _DOUBLE))
    inside = {number for quotation in double for first, end in quotation.pieces for number in range(first, end)}
    single = [
        quotation
        for quotation in _between(text, tokens, paragraphs, _SINGLE)
        if quotation.words >= LEAST_SINGLE
        and not any(number in inside for first, end in quotation.pieces for number in (first, end - 1))
    ]
    return sorted(double + single, key=lambda quotation: quotation.first)


def _between(text: str, tokens: Tokens, paragraphs: frozenset[int], marks: Mapping[str, str]) -> Iterator[Quotation]:
    pieces: list[tuple[int, int]] = []
    opened = -1  # the token that opened the quotation we are in
    for number, word in enumerate(tokens.texts):
        sign = word[0]
        if opened >= 0 and number in paragraphs:
            if sign == tokens.texts[opened][0]:  # each paragraph of a long quotation opens it again
                pieces.append((opened, number))
            else:
                pieces.clear()
            opened = -1
        if opened >= 0 and sign in marks[tokens.texts[opened][0]] and _may_close(text, tokens, opened, number):
            pieces.append((opened, number + 1))
            yield Quotation(tuple(pieces), _words(tokens, pieces))
            pieces.clear()
            opened = -1
        elif sign in marks and _may_open(text, tokens, number) and (opened < 0 or sign == tokens.texts[opened][0]):
            if opened >= 0:  # the one before was never closed
                pieces.clear()
            opened = number


def _may_open(text: str, tokens: Tokens, number: int) -> bool:
    if tokens.texts[number][0] not in _EITHER:
        return True
    before = text[tokens.starts[number] - 1 : tokens.starts[number]]
    after = text[tokens.ends[number] : tokens.ends[number] + 1]
    return not before.isalnum() and bool(after) and not after.isspace() and before not in (*".,;:!?%",)


def _may_close(text: str, tokens: Tokens, opened: int, number: int) -> bool:
    start, end = tokens.starts[number], tokens.ends[number]
    before, after = text[start - 1 : start], text[end : end + 1]
    if after.isalnum() and before.isalnum():  # an apostrophe, inches, an abbreviation in Hebrew
        return False
    if tokens.texts[number][0] in "'’" and before == "s" and after == " ":  # the dockers’ union
        return not text[end + 1 : end + 2].islower()
    same = tokens.texts[number][0] == tokens.texts[opened][0]  # then the spaces tell a closing mark from an opening one
    return not (same and before.isspace() and after and not after.isspace())


def _words(tokens: Tokens, pieces: list[tuple[int, int]]) -> int:
    return sum(tokens.texts[number][0].isalnum() for first, end in pieces for number in range(first, end))
