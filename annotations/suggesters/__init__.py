"""Engines that propose spans for a text: one module each, no Django, no database, no network, no model.

A new engine is a module with an `ENGINE` and a line in `ENGINES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from annotations.suggesters import dictionary, gazetteer, quotes, repetition
from annotations.suggesters.proposals import Context, Engine, Proposal

ENGINES: Final[Mapping[str, Engine]] = MappingProxyType(
    {engine.name: engine for engine in (repetition.ENGINE, dictionary.ENGINE, gazetteer.ENGINE, quotes.ENGINE)}
)


def suggest(context: Context, engines: Iterable[Engine] = tuple(ENGINES.values())) -> list[Proposal]:
    """What the engines offer for a text, in reading order.

    Left out is what is labelled so already and what has a label that does not exist. The same label on the same
    fragments is offered once, with the best score, what any engine knows of it, and the names of all that offered it.
    """
    taken = {(span.label, span.fragments) for span in context.spans}
    best: dict[tuple[str, object], Proposal] = {}
    for engine in engines:
        for proposal in engine.propose(context):
            place = (proposal.label, proposal.fragments)
            if place not in taken and proposal.label in context.labels:
                best[place] = _merge(best[place], proposal) if place in best else _named(proposal)
    return sorted(best.values(), key=lambda proposal: (proposal.fragments, proposal.label))


def _named(proposal: Proposal) -> Proposal:
    return replace(proposal, engines=(proposal.engine,))


def _merge(known: Proposal, other: Proposal) -> Proposal:
    first, second = (known, other) if known.score >= other.score else (other, known)
    names = (first.engine, *known.engines, other.engine)
    return replace(
        first,
        engines=tuple(dict.fromkeys(names)),
        entity=first.entity or second.entity,
        latitude=second.latitude if first.latitude is None else first.latitude,
        longitude=second.longitude if first.longitude is None else first.longitude,
        links=first.links or second.links,
    )
