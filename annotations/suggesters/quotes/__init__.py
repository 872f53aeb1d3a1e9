"""Quotes: claims by their quotation marks and reporting verbs, with who makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from annotations.domain.documents import Fragments
from annotations.domain.offsets import MAX_FRAGMENTS
from annotations.suggesters.proposals import ACTOR, CLAIM, MADE_BY, Context, Engine, Proposal, ProposedLink
from annotations.suggesters.quotes.claims import Attribution
from annotations.suggesters.quotes.collecting import attributions
from annotations.suggesters.quotes.page import Page, Range
from annotations.suggesters.quotes.speakers import full_name

# How sure each rule is: about the part of its claims that were right on the articles measured, few cases less sure.
SCORES: Final[Mapping[str, float]] = MappingProxyType(
    {
        "bare": 0.95,
        "inverted": 0.95,
        "quoted before": 0.95,
        "according after": 0.9,
        "quoted": 0.85,
        "that": 0.85,
        "according": 0.85,
        "bare with a verb": 0.85,
        "told": 0.8,
        "dash": 0.8,
        "in front": 0.7,
        "interrupted": 0.7,
        "passive": 0.6,
        "colon": 0.6,
        "alone": 0.4,
    }
)
SPEAKER: Final = 0.85


def _propose(context: Context) -> Iterator[Proposal]:
    page = Page(context.text, context.language)
    offered: set[Range] = set()
    for found in attributions(page):
        if found.speaker and found.speaker not in offered:
            offered.add(found.speaker)
            yield _speaker(page, found.speaker)
        yield _claim(page, found)


def _speaker(page: Page, where: Range) -> Proposal:
    return Proposal(
        engine=ENGINE.name,
        version=ENGINE.version,
        label=ACTOR,
        fragments=_fragments(page, (where,)),
        score=SPEAKER,
        entity=full_name(page, where),
    )


def _claim(page: Page, found: Attribution) -> Proposal:
    links: tuple[ProposedLink, ...] = ()
    if found.speaker:
        links = (ProposedLink(relation=MADE_BY, label=ACTOR, fragments=_fragments(page, (found.speaker,))),)
    return Proposal(
        engine=ENGINE.name,
        version=ENGINE.version,
        label=CLAIM,
        fragments=_fragments(page, found.claim[:MAX_FRAGMENTS]),
        score=SCORES[found.rule],
        attributes={"form": "direct" if found.direct else "indirect"},
        links=links,
    )


def _fragments(page: Page, ranges: tuple[Range, ...]) -> Fragments:
    return tuple(page.fragment(where) for where in ranges)


ENGINE: Final = Engine(name="quotes", version="1", propose=_propose)
