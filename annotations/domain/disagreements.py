"""How two annotation sets disagree: the kinds of disagreement between a reference and another set.

Spans are named by their index, relations likewise. Nothing depends on the order of the spans in their sets: ties are
broken by where a span starts and ends, then by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from annotations.domain.documents import AnnotationSet, Fragments, Relation, Span
from annotations.domain.matching import best_matching, iou, length, overlaps

LEAST_IOU: Final = 0.5
"""Spans with different labels are about the same thing from this intersection over union on."""
LEAST_PART: Final = 0.5
"""A part of a split span lies inside it by at least this, and so much of it lies in the parts together."""

type Key = tuple[int, int, str]


class Kind(StrEnum):
    """What is different about spans that belong together."""

    AGREE = "agree"
    SPLIT = "split"
    MERGE = "merge"
    DISCONTINUITY = "discontinuity"
    LABEL = "label"
    BOUNDARY = "boundary"
    LABEL_AND_BOUNDARY = "label_and_boundary"
    ATTRIBUTES = "attributes"
    MISSING = "missing"
    SPURIOUS = "spurious"


class RelationKind(StrEnum):
    """What is different about relations whose ends belong together."""

    AGREE = "relation_agree"
    TYPE = "relation_type"
    TARGET = "relation_target"
    MISSING = "relation_missing"
    SPURIOUS = "relation_spurious"
    BLOCKED = "relation_blocked"


@dataclass(frozen=True, slots=True)
class Item:
    """Spans of the reference and of the other set that belong together (indexes), and how they differ."""

    kind: Kind
    reference: tuple[int, ...]
    other: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RelationItem:
    """A relation of the reference, one of the other set (indexes; one may be absent), and how they differ."""

    kind: RelationKind
    reference: int | None
    other: int | None


@dataclass(frozen=True, slots=True)
class Division:
    """One span of one set (side 0 or 1) that is two or more in the other."""

    side: int
    whole: int
    parts: tuple[int, ...]


def key_of(span: Span) -> Key:
    """What ties are broken by: first start, last end, id."""
    return (span.fragments[0][0], span.fragments[-1][1], span.id)


def agreeing(reference: Sequence[Span], other: Sequence[Span]) -> list[tuple[int, int]]:
    """One-to-one pairs of the same label and fragments; of duplicates some stay over."""
    waiting: dict[tuple[str, Fragments], list[int]] = {}
    for j in sorted(range(len(other)), key=lambda j: key_of(other[j]), reverse=True):
        waiting.setdefault((other[j].label, other[j].fragments), []).append(j)
    found = []
    for i in sorted(range(len(reference)), key=lambda i: key_of(reference[i])):
        same = waiting.get((reference[i].label, reference[i].fragments))
        if same:
            found.append((i, same.pop()))
    return found


def divisions(
    reference: Sequence[Span], other: Sequence[Span], free: tuple[set[int], set[int]], least: float = LEAST_PART
) -> list[Division]:
    """Spans of either set that are two or more disjoint ones of their label in the other; none is used twice.

    Only spans in `free` (indexes for either side) are looked at, the longest first: swapping the sets changes nothing.
    """
    sides = (reference, other)
    inside: tuple[dict[int, dict[int, int]], dict[int, dict[int, int]]] = ({}, {})
    for (i, j), shared in overlaps([span.fragments for span in reference], [span.fragments for span in other]).items():
        if reference[i].label == other[j].label and i in free[0] and j in free[1]:
            inside[0].setdefault(i, {})[j] = shared
            inside[1].setdefault(j, {})[i] = shared
    left = (set(free[0]), set(free[1]))
    order = sorted(
        ((side, whole) for side in (0, 1) for whole in inside[side]),
        key=lambda at: (-length(sides[at[0]][at[1]].fragments), *key_of(sides[at[0]][at[1]])),
    )
    found = []
    for side, whole in order:
        if whole not in left[side]:
            continue
        spans = sides[1 - side]
        shares = {part: shared for part, shared in inside[side][whole].items() if part in left[1 - side]}
        parts = _disjoint_parts(spans, shares, least)
        covered = sum(shares[part] for part in parts)
        if len(parts) > 1 and covered >= least * length(sides[side][whole].fragments):
            found.append(Division(side, whole, parts))
            left[side].discard(whole)
            left[1 - side].difference_update(parts)
    return found


def disagreements(
    reference: Sequence[Span],
    other: Sequence[Span],
    *,
    least_iou: float = LEAST_IOU,
    least_part: float = LEAST_PART,
) -> list[Item]:
    """Every span of both sets in exactly one item: those that agree, split and merged ones, the best assignment of the
    rest (the largest total score), and what is left over.
    """
    items = [Item(Kind.AGREE, (i,), (j,)) for i, j in sorted(agreeing(reference, other))]
    left = _left(items, len(reference), len(other))
    for side, whole, parts in sorted(
        (division.side, division.whole, division.parts) for division in divisions(reference, other, left, least_part)
    ):
        span = (reference, other)[side][whole]
        kind = Kind.DISCONTINUITY if len(span.fragments) > 1 else (Kind.SPLIT, Kind.MERGE)[side]
        items.append(Item(kind, parts, (whole,)) if side else Item(kind, (whole,), parts))
    left = _left(items, len(reference), len(other))
    # The matrix is solved in an order of its own, so that ties fall the same way whatever order the spans come in.
    rows = sorted(left[0], key=lambda i: key_of(reference[i]))
    columns = sorted(left[1], key=lambda j: key_of(other[j]))
    shared = overlaps([reference[i].fragments for i in rows], [other[j].fragments for j in columns])
    scores = {
        (row, column): score
        for (row, column), characters in shared.items()
        if (score := score_of(reference[rows[row]], other[columns[column]], characters, least_iou))
    }
    pairs = sorted((rows[row], columns[column]) for row, column in best_matching(scores))
    items += [Item(kind_of(reference[i], other[j]), (i,), (j,)) for i, j in pairs]
    left = _left(items, len(reference), len(other))
    items += [Item(Kind.MISSING, (i,), ()) for i in sorted(left[0])]
    items += [Item(Kind.SPURIOUS, (), (j,)) for j in sorted(left[1])]
    return items


def score_of(one: Span, other: Span, shared: int, least_iou: float = LEAST_IOU) -> float:
    """How well two spans belong together: 1 + IoU for one label, IoU (if it is enough) for two; 0 for not at all."""
    likeness = iou(one.fragments, other.fragments, shared)
    if one.label == other.label:
        return 1 + likeness
    return likeness if likeness >= least_iou else 0.0


def kind_of(one: Span, other: Span) -> Kind:
    """How two spans that belong together differ in label and fragments."""
    same_label, same_fragments = one.label == other.label, one.fragments == other.fragments
    if same_fragments:
        return Kind.AGREE if same_label else Kind.LABEL
    if not same_label:
        return Kind.LABEL_AND_BOUNDARY
    return Kind.BOUNDARY if len(one.fragments) == len(other.fragments) else Kind.DISCONTINUITY


def relation_disagreements(
    reference: AnnotationSet, other: AnnotationSet, items: Iterable[Item] | None = None
) -> list[RelationItem]:
    """Every relation of both sets in exactly one item, compared through the `items` of their spans.

    A relation is first paired with one that agrees, then with one of another label between the same ends, then with
    one that has its label and source but another target. One of whose ends has no partner is blocked.
    """
    if items is None:
        items = disagreements(reference.spans, other.spans)
    partners: dict[str, set[str]] = {}
    partnered: set[str] = set()
    for item in items:
        there = {other.spans[j].id for j in item.other}
        partners |= {reference.spans[i].id: there for i in item.reference if there}
        if item.reference:
            partnered |= there
    mine, theirs = _in_order(reference), _in_order(other)
    found: list[RelationItem] = []
    for kind in (RelationKind.AGREE, RelationKind.TYPE, RelationKind.TARGET):
        for number in list(mine):
            relation = reference.relations[number]
            sources, targets = partners.get(relation.source, set()), partners.get(relation.target, set())
            same = (_likeness(relation, other.relations[there], sources, targets) == _SAME[kind] for there in theirs)
            match = next((there for there, fits in zip(theirs, same, strict=True) if fits), None)
            if targets and match is not None:
                found.append(RelationItem(kind, number, match))
                mine.remove(number)
                theirs.remove(match)
    for number in mine:
        blocked = not {reference.relations[number].source, reference.relations[number].target} <= partners.keys()
        found.append(RelationItem(RelationKind.BLOCKED if blocked else RelationKind.MISSING, number, None))
    for number in theirs:
        blocked = not {other.relations[number].source, other.relations[number].target} <= partnered
        found.append(RelationItem(RelationKind.BLOCKED if blocked else RelationKind.SPURIOUS, None, number))
    return found


_SAME: Final[Mapping[RelationKind, tuple[bool, bool, bool]]] = {  # label, source, target
    RelationKind.AGREE: (True, True, True),
    RelationKind.TYPE: (False, True, True),
    RelationKind.TARGET: (True, True, False),
}


def _likeness(one: Relation, other: Relation, sources: set[str], targets: set[str]) -> tuple[bool, bool, bool]:
    return (one.label == other.label, other.source in sources, other.target in targets)


def _in_order(owner: AnnotationSet) -> list[int]:
    keys = {span.id: key_of(span) for span in owner.spans}
    return sorted(
        range(len(owner.relations)),
        key=lambda number: (
            keys[owner.relations[number].source],
            keys[owner.relations[number].target],
            owner.relations[number].label,
            owner.relations[number].id,
        ),
    )


def _disjoint_parts(spans: Sequence[Span], shares: Mapping[int, int], least: float) -> tuple[int, ...]:
    """Of the spans that share characters with a whole, disjoint ones that are enough inside it; large shares first."""
    chosen: list[int] = []
    for part in sorted(shares, key=lambda part: (-shares[part], *key_of(spans[part]))):
        if shares[part] < least * length(spans[part].fragments):
            continue
        if not overlaps([spans[part].fragments], [spans[taken].fragments for taken in chosen]):
            chosen.append(part)
    return tuple(sorted(chosen))


def _left(items: Iterable[Item], reference: int, other: int) -> tuple[set[int], set[int]]:
    used = [(item.reference, item.other) for item in items]
    return (
        set(range(reference)).difference(*(mine for mine, _ in used)),
        set(range(other)).difference(*(theirs for _, theirs in used)),
    )
