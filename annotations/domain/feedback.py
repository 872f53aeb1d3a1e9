"""What review made of somebody's work: what gold kept, changed, took out and added, span by span and link by link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from annotations.domain.disagreements import Item, Kind, disagreements, relation_disagreements
from annotations.domain.documents import AnnotationSet, Relation, Span


class Fate(StrEnum):
    """What became of something in gold."""

    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Verdict[Thing: (Span, Relation)]:
    """One's own spans (or relations), those of gold in their place, and how they differ: a `Kind` or `RelationKind`."""

    fate: Fate
    kind: str
    own: Sequence[Thing]
    gold: Sequence[Thing]


def span_verdicts(own: AnnotationSet, gold: AnnotationSet) -> list[Verdict[Span]]:
    """Every span of both sets in exactly one verdict, in reading order."""
    found = [_verdict(item, own, gold) for item in disagreements(own.spans, gold.spans)]
    return sorted(found, key=lambda each: min((span.fragments[0], span.id) for span in (*each.own, *each.gold)))


def relation_verdicts(own: AnnotationSet, gold: AnnotationSet) -> list[Verdict[Relation]]:
    """Every relation of both sets in exactly one verdict."""
    found = []
    for item in relation_disagreements(own, gold):
        mine = () if item.reference is None else (own.relations[item.reference],)
        theirs = () if item.other is None else (gold.relations[item.other],)
        agrees = item.kind.value == "relation_agree"
        found.append(Verdict(_fate(mine, theirs, agrees=agrees), item.kind.value, mine, theirs))
    return found


def _verdict(item: Item, own: AnnotationSet, gold: AnnotationSet) -> Verdict[Span]:
    mine = tuple(own.spans[number] for number in item.reference)
    theirs = tuple(gold.spans[number] for number in item.other)
    kind = item.kind
    if kind is Kind.AGREE and _said(mine[0]) != _said(theirs[0]):
        kind = Kind.ATTRIBUTES
    return Verdict(_fate(mine, theirs, agrees=kind is Kind.AGREE), kind.value, mine, theirs)


def _said(span: Span) -> tuple[str, dict[str, str]]:
    return span.entity, dict(span.attributes)


def _fate(mine: Sequence[object], theirs: Sequence[object], *, agrees: bool) -> Fate:
    if not theirs:
        return Fate.REMOVED
    if not mine:
        return Fate.ADDED
    return Fate.KEPT if agrees else Fate.CHANGED
