"""Paragraphs and sentences as ranges of tokens; a quotation is never cut."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from annotations.suggesters.quotes.marks import Quotation
from annotations.suggesters.words import Tokens

_LINE_BREAK: Final = re.compile(r"\n")
_EMPTY_LINE: Final = re.compile(r"\n[ \t\r]*\n")
_FINAL: Final = frozenset(".!?…。！？؟")
_CLOSING: Final = frozenset(")]}\"'”’»›“")
_ABBREVIATED: Final = frozenset(
    [
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "Prof",
        "Sen",
        "Rep",
        "Gov",
        "Gen",
        "Lt",
        "Col",
        "Maj",
        "Capt",
        "Sgt",
        "Rev",
        "Hon",
        "St",
        "Jr",
        "Sr",
        "Inc",
        "Ltd",
        "Co",
        "Corp",
        "vs",
        "etc",
        "No",
        "Nos",
        "approx",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Sept",
        "Oct",
        "Nov",
        "Dec",
        "Nr",
        "bzw",
        "ca",
        "usw",
        "Hr",
        "Fr",
        "Dipl",
        "Ing",
        "Sra",
        "Srta",
        "Mme",
        "Mlle",
        "Av",
    ]
)
# After an abbreviation such as “U.S.” these begin a new sentence; a name goes on.
_STARTERS: Final = frozenset(
    [
        "The",
        "A",
        "An",
        "He",
        "She",
        "It",
        "They",
        "We",
        "I",
        "In",
        "On",
        "At",
        "But",
        "And",
        "This",
        "That",
        "These",
        "Those",
        "There",
    ]
)


@dataclass(frozen=True, slots=True)
class Sentences:
    """Where sentences begin (numbers of tokens, ascending), and how many tokens there are."""

    starts: Sequence[int]
    length: int

    def around(self, number: int) -> tuple[int, int]:
        """The sentence that has a token, as a range of tokens."""
        place = bisect_right(self.starts, number)
        return self.starts[place - 1], self.starts[place] if place < len(self.starts) else self.length


def paragraph_starts(text: str, tokens: Tokens) -> frozenset[int]:
    """The tokens that begin a paragraph: after an empty line where the text has any, else after each line break."""
    breaks = _EMPTY_LINE if "\n\n" in text else _LINE_BREAK
    return frozenset({0, *(tokens.at(found.end()) for found in breaks.finditer(text))})


def sentences(tokens: Tokens, paragraphs: frozenset[int], quoted: Sequence[Quotation]) -> Sentences:
    """The sentences of a text; what stands in quotation marks is part of the sentence around it."""
    ends = {quotation.end for quotation in quoted}
    inside = [False] * (len(tokens) + 1)
    for quotation in quoted:
        inside[quotation.first + 1 : quotation.end] = [True] * (quotation.end - quotation.first - 1)
    behind = (number + 1 for number, word in enumerate(tokens.texts[:-1]) if word[0] in _FINAL or word[0] in _CLOSING)
    starts = {
        number
        for number in (*behind, *ends)
        if number < len(tokens) and not inside[number] and _begins(tokens, number, after_quotation=number in ends)
    }
    starts.update(number for number in paragraphs if number < len(tokens) and not inside[number])
    return Sentences(sorted(starts), len(tokens))


def _begins(tokens: Tokens, number: int, *, after_quotation: bool) -> bool:
    """Whether a sentence begins here, given what stands in front."""
    first = tokens.texts[number][0]
    if first.islower() or first in ",;:)]—–-":
        return False
    last = number - 1
    if not after_quotation and tokens.ends[last] == tokens.starts[number] and first.isascii():
        return False
    while last > 0 and tokens.texts[last][0] in _CLOSING and number - last < 4:
        last -= 1
    if tokens.texts[last][0] not in _FINAL:
        return False
    if tokens.texts[last] != "." or last == 0:
        return True
    before = tokens.texts[last - 1]
    if before in _ABBREVIATED:
        return False
    is_initial = len(before) == 1 and before.isupper() and tokens.ends[last - 1] == tokens.starts[last]
    return not is_initial or tokens.texts[number] in _STARTERS
