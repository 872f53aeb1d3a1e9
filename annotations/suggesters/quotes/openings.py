"""What stands between a reporting verb and the claim behind it.

Positions are numbers of tokens, half open.
"""

from __future__ import annotations

from typing import Final

from annotations.suggesters.quotes.marks import Quotation
from annotations.suggesters.quotes.page import Page

_AHEAD: Final = 16
"""So many tokens behind a verb a conjunction or quotation is looked for: “said on Monday in a statement that …”."""


def has_verb(page: Page, start: int, end: int) -> bool:
    """Whether a clause follows, not only what was found or announced: a word such as “is” or “would” near its begin."""
    for number in range(start, min(end, start + _AHEAD)):
        word = page.low[number]
        if word in page.table.auxiliaries | page.table.passive or word.endswith(page.table.past_endings):
            return True
        if page.low[number] in page.table.stops or page.low[number] == ",":
            return False
    return False


def opening_of(page: Page, start: int, end: int, *, told: bool) -> int | None:
    """Where a conjunction or a quotation begins the claim; only what may stand between is in front of it."""
    table = page.table
    openers = table.conjunctions | table.questions
    if page.word(start) in openers:
        return start
    if start in page.starting:
        return None if _is_title(page, page.starting[start]) else start
    adverbial = told or page.word(start) in table.prepositions or page.word(start) in {",", ":"}
    for number in range(start, min(end + 1, start + _AHEAD, len(page.tokens))):
        if number in page.starting:
            return number if _is_said(page, number, adverbial=adverbial) else None
        if number == end or page.inside[number]:
            return None
        may_open = adverbial and page.low[number] in (openers if told else table.conjunctions)
        if may_open and page.word(number - 1) not in table.determiners:
            return number
    return None


def _is_said(page: Page, number: int, *, adverbial: bool) -> bool:
    """Whether a quotation some words behind a verb is what is said: no title, and nothing goes over into it."""
    before = page.word(number - 1)
    if _is_title(page, page.starting[number]):
        return False
    return before in {",", ":"} or (
        adverbial and before not in page.table.prepositions and before not in page.table.determiners
    )


def _is_title(page: Page, quotation: Quotation) -> bool:
    """Whether nearly every word has a capital: a name of a work, no sentence."""
    words = [number for number in range(quotation.first, quotation.end) if page.is_word(number)]
    capital = sum(page.is_name(number) or not page.low[number].isalpha() for number in words)
    return len(words) > 1 and 4 * capital >= 3 * len(words)


def over_hearer(page: Page, start: int, end: int) -> int:
    """Behind “the court”, “Montalvo”, “her”."""
    table = page.table
    if page.word(start) in table.determiners and not page.is_name(start + 1):
        return min(end, start + 2)
    if page.word(start) in table.determiners:
        start += 1
    if not page.is_name(start):
        return min(end, start + 1)
    while start < end and page.is_name(start):
        start += 1
    return start
