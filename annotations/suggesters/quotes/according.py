"""Openings such as “according to”, before or behind what is said.

Positions are numbers of tokens, half open.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from annotations.suggesters.quotes import speakers
from annotations.suggesters.quotes.claims import (
    LEAST_QUOTED,
    Attribution,
    back_over,
    clause,
    content,
)
from annotations.suggesters.quotes.page import Page, Range

_APPOSITION: Final = 16


def according(page: Page, number: int) -> Iterator[Attribution]:
    """“According to the harbour, ships wait” and “Ships wait, according to the harbour”."""
    start = _opening(page, number)
    first, end = page.sentences.around(number)
    speaker = start and speakers.after(page, start, end)
    if not speaker:
        return
    speaker, behind = _with_apposition(page, speaker, end)
    if _opens(page, number, first) and content(page, behind, end):
        yield from clause(page, (behind, end), speaker, at=number, rule="according")
        return
    quotation = page.ending.get(back_over(page, number))
    if quotation and quotation.words >= LEAST_QUOTED:
        yield Attribution(claim=quotation.pieces, speaker=speaker, direct=True, rule="according after", at=number)
    elif page.word(back_over(page, number) - 1) in page.table.relatives:
        yield from clause(page, (behind, end), speaker, at=number, rule="according")
    else:
        yield from clause(page, (first, number), speaker, at=number, rule="according after")


def according_behind(page: Page, number: int) -> Iterator[Attribution]:
    """„Dem Hafenamt zufolge warten die Schiffe“: the speaker stands in front of the word."""
    first, end = page.sentences.around(number)
    speaker = speakers.before(page, number, first)
    if speaker and speaker[0] == first:
        yield from clause(page, (number + 1, end), speaker, at=number, rule="according")
    elif speaker:
        yield from clause(page, (first, speaker[0]), speaker, at=number, rule="according after")


def _opening(page: Page, number: int) -> int:
    """The token behind an opening that begins here, 0 where none does."""
    for opening in page.table.according:
        if page.low[number] == opening[0] and tuple(page.low[number : number + len(opening)]) == opening:
            return number + len(opening)
    return 0


def _opens(page: Page, number: int, first: int) -> bool:
    """Whether a clause begins here: “…, and according to”, “… that according to”."""
    if number == first:
        return True
    before = page.word(number - 1)
    if before in page.table.joiners:
        return page.word(number - 2) == ","
    return before in page.table.conjunctions or before in page.table.stops


def _with_apposition(page: Page, speaker: Range, end: int) -> tuple[Range, int]:
    """The speaker, a name rather than an office, and where the claim may begin: “its director, Jonas Mørk, …” and
    “Nayaret Flores, a hydrologist, …”.
    """
    number = speaker[1]
    if page.word(number) != ",":
        return speaker, number
    closing = next((at for at in range(number + 1, min(end, number + _APPOSITION)) if page.low[at] == ","), None)
    if closing and page.is_name(number - 1) and page.word(number + 1) in page.table.indefinite:
        return speaker, closing + 1
    inside = range(number + 1, closing or number)
    if not page.is_name(number - 1) and inside and all(page.is_name(at) or not page.is_word(at) for at in inside):
        return (inside.start, inside.stop), inside.stop + 1
    return speaker, number + 1
