"""Attributions: what is said and by whom; and where the words of a claim begin and end.

Positions are numbers of tokens, half open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from annotations.suggesters.quotes.marks import Quotation
from annotations.suggesters.quotes.page import Page, Range

LEAST_WORDS: Final = 3
"""A bare clause with fewer words is none."""
MOST_WORDS: Final = 150
"""A clause with more words is a text without full stops, no claim."""
LEAST_QUOTED: Final = 4
"""Fewer quoted words in the midst of a clause are a manner of speaking, not the claim."""
_BEHIND: Final = 40
"""A quotation goes on at most so many tokens behind the verb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """What is said (ranges of tokens), by whom, whether in quotation marks, by which rule, and where the rule began."""

    claim: tuple[Range, ...]
    speaker: Range | None
    direct: bool
    rule: str
    at: int


def clause(page: Page, where: Range, speaker: Range | None, *, at: int, rule: str) -> Iterator[Attribution]:
    """The attribution of the words in a range, if they are as many as a claim has."""
    if (claim := content(page, *where)) and LEAST_WORDS <= page.words(claim) <= MOST_WORDS:
        yield Attribution(claim=(claim,), speaker=speaker, direct=is_quoted(page, claim), rule=rule, at=at)


def quoted_before(page: Page, quotation: Quotation, speaker: Range | None, *, at: int, rule: str) -> Attribution:
    """A quotation with what continues it behind the attribution; the clause around it when it is part of one."""
    first, _ = page.sentences.around(quotation.first)
    lead = page.words((first, quotation.first)) if page.is_word(quotation.first - 1) else 0
    if lead >= LEAST_WORDS and quotation.words < LEAST_QUOTED * 2:
        return Attribution(claim=((first, quotation.end),), speaker=speaker, direct=False, rule=rule, at=at)
    pieces = list(quotation.pieces)
    behind = next(
        (number for number in range(at, min(len(page.tokens), at + _BEHIND)) if number in page.starting), None
    )
    if behind is not None and _continues(page, at, behind):
        pieces += page.starting[behind].pieces
    return Attribution(claim=tuple(pieces), speaker=speaker, direct=True, rule=rule, at=at)


def _continues(page: Page, verb: int, quotation: int) -> bool:
    """Whether a quotation goes on behind “, she said,” or “, she said.”: nothing but the attribution is between."""
    if any(number in page.paragraphs for number in range(verb + 1, quotation + 1)):
        return False
    if page.low[page.starting[quotation].end - 2] == "," and page.low[quotation - 1] == ".":
        return False  # “…,” she said. “…,” they said: the next one has its own
    stops = [
        number
        for number in range(verb, quotation)
        if page.low[number] in {".", ":"} and not (page.is_word(number + 1) and page.glued(number + 1))
    ]
    return not stops or stops[-1] == quotation - 1


def quotation_in_front(page: Page, number: int) -> Quotation | None:
    """The quotation of the same paragraph that ends here; without a comma it must be long enough for a claim."""
    border = back_over(page, number)
    quotation = page.ending.get(border)
    if quotation is None or any(at in page.paragraphs for at in range(border, number + 1)):
        return None
    apart = border < number or not page.is_word(quotation.end - 2)
    return quotation if apart or quotation.words >= LEAST_QUOTED else None


def back_over(page: Page, number: int) -> int:
    """The token in front of which only commas and dashes stand between it and `number`."""
    while number > 0 and number not in page.ending and page.low[number - 1] in {",", "-", "–", "—"}:
        number -= 1
    return number


def content(page: Page, start: int, end: int) -> Range | None:
    """A range without signs at its ends; quotation marks and brackets that have their other end in it stay."""
    while (
        start < end
        and not page.is_word(start)
        and start not in page.starting
        and page.low[start] not in {"$", "#", "@", "["}
    ):
        start += 1
    while end > start and not page.is_word(end - 1) and end not in page.ending and page.low[end - 1] not in {"%", "]"}:
        end -= 1
    return (start, end) if start < end else None


def is_quoted(page: Page, claim: Range) -> bool:
    """Whether most words of a claim stand in quotation marks."""
    return 2 * page.quoted_words(claim) > page.words(claim)


def is_end(page: Page, number: int, end: int) -> bool:
    """Whether a sentence that ends at `end` has no word behind `number`."""
    return number >= end or (number >= end - 2 and not page.is_word(number))
