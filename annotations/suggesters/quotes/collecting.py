"""All rules over a text: each quotation belongs to one attribution, no claim lies in another, pronouns get names.

Positions are numbers of tokens, half open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from annotations.suggesters.quotes import speakers
from annotations.suggesters.quotes.according import according, according_behind
from annotations.suggesters.quotes.claims import LEAST_QUOTED, LEAST_WORDS, Attribution, content, is_quoted
from annotations.suggesters.quotes.marks import Quotation
from annotations.suggesters.quotes.page import Page, Range
from annotations.suggesters.quotes.verbs import verb

LEAST_ALONE: Final = 6
"""A quotation without an attribution needs so many words."""
MOST_APART: Final = 60
"""Such a quotation is by who spoke last, if that was no more tokens ago."""


def attributions(page: Page) -> list[Attribution]:
    """All that the rules find, in order of their claims."""
    found: list[Attribution] = []
    used: set[int] = set()
    openings = {opening[0] for opening in page.table.according}
    for number, word in enumerate(page.low):
        if page.inside[number]:
            continue
        if word in openings:
            found_here = according(page, number)
        elif word in page.table.according_after:
            found_here = according_behind(page, number)
        elif word in page.verbs:
            found_here = verb(page, number, found)
        else:
            continue
        for attribution in found_here:
            if _add(page, found, attribution, used):
                break
    return _resolved(page, sorted([*found, *_left_over(page, found, used)], key=lambda attribution: attribution.at))


def _resolved(page: Page, found: list[Attribution]) -> list[Attribution]:
    """The attributions with names for pronouns, in order of their claims."""
    named: Range | None = None
    resolved: list[Attribution] = []
    for attribution in found:
        speaker = speakers.resolve(page, attribution.speaker, named) if attribution.speaker else None
        if speaker and speaker == attribution.speaker:
            named = speaker
        resolved.append(replace(attribution, speaker=speaker))
    return sorted(resolved, key=lambda attribution: attribution.claim)


def _add(page: Page, found: list[Attribution], new: Attribution, used: set[int]) -> bool:
    quoted = [start for start, _ in new.claim if start in page.starting]
    if new.direct and any(start in used for start in quoted):
        return _extend(found, new, used)
    if found:
        last = found[-1]
        if new.claim[0][0] < last.claim[-1][1] and new.claim[-1][1] > last.claim[0][0]:
            shorter = _cut(page, last, new)
            if shorter is None:
                return False
            found[-1] = shorter
    used.update(quoted)
    found.append(new)
    return True


def _extend(found: list[Attribution], new: Attribution, used: set[int]) -> bool:
    """“…,” said Quispe. “…, and,” he said, “…”: the last claim goes on with what its last piece goes on with."""
    more = tuple(piece for piece in new.claim if piece[0] not in used)
    if not found or not more or new.claim[0] != found[-1].claim[-1]:
        return False
    used.update(start for start, _ in more)
    found[-1] = replace(found[-1], claim=(*found[-1].claim, *more))
    return True


def _cut(page: Page, last: Attribution, new: Attribution) -> Attribution | None:
    """The last claim up to where a new attribution begins in the same sentence; None when the new one is inside it."""
    start, end = last.claim[-1]
    begins = min(new.at, new.claim[0][0])
    if new.speaker and start < new.speaker[0] < begins:
        begins = new.speaker[0]
    if start in page.starting or not start < begins < end or new.at >= end:
        return None
    while begins > start and (page.low[begins - 1] == "," or page.low[begins - 1] in page.table.joiners):
        begins -= 1
    shorter = content(page, start, begins)
    if shorter is None or page.words(shorter) < LEAST_WORDS:
        return None
    return replace(last, claim=(*last.claim[:-1], shorter), direct=is_quoted(page, shorter))


def _left_over(page: Page, found: list[Attribution], used: set[int]) -> Iterator[Attribution]:
    """Quotations that no verb took: whole sentences go on with who spoke last, or say who speaks behind a dash."""
    said = [False] * len(page.tokens)
    for attribution in found:
        for start, end in attribution.claim:
            said[start:end] = [True] * (end - start)
    behind = 0
    for quotation in page.quoted:
        while behind < len(found) and found[behind].claim[-1][1] <= quotation.first:
            behind += 1
        if quotation.first in used or said[quotation.first] or said[quotation.end - 1]:
            continue
        yield from _alone(page, quotation, found[behind - 1] if behind else None)


def _alone(page: Page, quotation: Quotation, last: Attribution | None) -> Iterator[Attribution]:
    speaker: Range | None = None
    if page.word(quotation.end) in {"-", "–", "—"} and quotation.words >= LEAST_QUOTED:
        if speaker := speakers.after(page, quotation.end + 1, len(page.tokens)):
            yield Attribution(claim=quotation.pieces, speaker=speaker, direct=True, rule="dash", at=quotation.end)
    elif page.word(quotation.first - 1) == ":" and quotation.words >= LEAST_QUOTED:
        yield Attribution(claim=quotation.pieces, speaker=None, direct=True, rule="colon", at=quotation.first)
    elif quotation.first in page.begins and quotation.words >= LEAST_ALONE:
        if last and quotation.first - last.claim[-1][1] <= MOST_APART:
            speaker = last.speaker
        yield Attribution(claim=quotation.pieces, speaker=speaker, direct=True, rule="alone", at=quotation.first)
