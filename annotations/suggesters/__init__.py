"""Engines that propose spans for a text: one module each, no Django, no database, no network, no model.

A new engine is a module with an `ENGINE` and a line in `ENGINES`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from annotations.domain.documents import Fragments
from annotations.suggesters import dictionary, gazetteer, quotes, repetition
from annotations.suggesters.cover import covers
from annotations.suggesters.proposals import Context, Engine, LabelledSpan, Proposal, ProposedLink

_LOOKED_AT: Final = 8

ENGINES: Final[Mapping[str, Engine]] = MappingProxyType(
    {engine.name: engine for engine in (repetition.ENGINE, dictionary.ENGINE, gazetteer.ENGINE, quotes.ENGINE)}
)


def suggest(context: Context, engines: Iterable[Engine] = tuple(ENGINES.values())) -> list[Proposal]:
    """What the engines offer for a text, in reading order.

    Left out is what touches a span of the same label and what has a label that does not exist. The same label on the
    same fragments is offered once, with the best score, what any engine knows of it, and the names of all engines.
    Where engines offer one label on words that overlap (“U.S.” and “the U.S.”), the best score stays. Links lead to
    proposals that stayed or to spans that exist, or are left out.
    """
    covered = covers(context.spans)
    best: dict[tuple[str, Fragments], Proposal] = {}
    for engine in engines:
        for proposal in engine.propose(context):
            place = (proposal.label, proposal.fragments)
            if proposal.label in context.labels and not covered[proposal.label].touches(proposal.fragments):
                best[place] = _merge(best[place], proposal) if place in best else proposal
    kept = _without_rivals(best.values())
    targets = _Targets([*context.spans, *kept])
    return [
        replace(proposal, links=_links(proposal, targets, context.relations)) if proposal.links else proposal
        for proposal in kept
    ]


def _without_rivals(proposals: Iterable[Proposal]) -> list[Proposal]:
    """In reading order, of those of one label that overlap and come from different engines only the best."""
    ordered = sorted(proposals, key=lambda proposal: (proposal.fragments, proposal.label))
    rivals: dict[int, list[int]] = {}
    open_by_label: dict[str, list[int]] = {}
    for number, proposal in enumerate(ordered):
        still = open_by_label.setdefault(proposal.label, [])
        still[:] = [other for other in still if ordered[other].fragments[-1][1] > proposal.fragments[0][0]]
        for other in still:
            if ordered[other].engine != proposal.engine and _overlap(ordered[other].fragments, proposal.fragments):
                rivals.setdefault(number, []).append(other)
                rivals.setdefault(other, []).append(number)
        still.append(number)
    lost: set[int] = set()
    for number in sorted(rivals, key=lambda number: (-ordered[number].score, number)):
        if number not in lost:
            lost.update(rivals[number])
    return [proposal for number, proposal in enumerate(ordered) if number not in lost]


def _overlap(one: Fragments, other: Fragments) -> bool:
    return any(start < there_end and there < end for start, end in one for there, there_end in other)


def _links(proposal: Proposal, targets: _Targets, relations: frozenset[str]) -> tuple[ProposedLink, ...]:
    """The links whose relation exists, to what is there."""
    found: list[ProposedLink] = []
    for link in proposal.links:
        fragments = targets.nearest(link.label, link.fragments)
        if fragments and link.relation in relations:
            found.append(replace(link, fragments=fragments))
    return tuple(found)


class _Targets:
    """What a link may lead to: of each label the fragments, in order."""

    def __init__(self, spans: Iterable[Proposal | LabelledSpan]) -> None:
        self._by_label: dict[str, list[Fragments]] = {}
        for span in spans:
            self._by_label.setdefault(span.label, []).append(span.fragments)
        for fragments in self._by_label.values():
            fragments.sort()

    def nearest(self, label: str, fragments: Fragments) -> Fragments | None:
        """The same fragments, else some that overlap them, looked for among a few on either side."""
        known = self._by_label.get(label, [])
        at = bisect_left(known, fragments)
        if at < len(known) and known[at] == fragments:
            return fragments
        near = known[max(0, at - _LOOKED_AT) : at + _LOOKED_AT]
        return next((other for other in reversed(near) if _overlap(other, fragments)), None)


def _merge(known: Proposal, other: Proposal) -> Proposal:
    first, second = (known, other) if known.score >= other.score else (other, known)
    names = (*first.engines, *second.engines)
    return replace(
        first,
        engines=tuple(dict.fromkeys(names)),
        entity=first.entity or second.entity,
        latitude=second.latitude if first.latitude is None else first.latitude,
        longitude=second.longitude if first.longitude is None else first.longitude,
        links=first.links or second.links,
    )
