"""Which spans of one set belong to which of another: shared characters, best one-to-one matchings, and F1 from them.

All lengths are code points. Pairs are (index in the first, index in the second sequence).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from annotations.domain.documents import AnnotationSet, Fragments, Span

type Pair = tuple[int, int]
type Criterion = Callable[[Span, Span, int], bool]
"""Whether two spans match, given how many characters (at least one) they share; it does not look at labels."""

TOLERANCE: Final = 3


@dataclass(frozen=True, slots=True)
class Counts:
    """What F1 is made of: how many match, how many are in the first and in the second set. Counts can be added."""

    both: int = 0
    first: int = 0
    second: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.both + other.both, self.first + other.first, self.second + other.second)

    @property
    def f1(self) -> float | None:
        """2 · both / (first + second), from 0 to 1; undefined where there is nothing at all."""
        total = self.first + self.second
        return 2 * self.both / total if total else None


def exact(one: Span, other: Span, _shared: int) -> bool:
    """The same fragments."""
    return one.fragments == other.fragments


def overlapping(_one: Span, _other: Span, shared: int) -> bool:
    """At least one shared character."""
    return shared > 0


def tolerant(characters: int = TOLERANCE) -> Criterion:
    """As many fragments, each border at most so many characters away, and at least one shared character."""

    def criterion(one: Span, other: Span, _shared: int) -> bool:
        return len(one.fragments) == len(other.fragments) and all(
            abs(here - there) <= characters
            for mine, theirs in zip(one.fragments, other.fragments, strict=True)
            for here, there in zip(mine, theirs, strict=True)
        )

    return criterion


def similar(least: float = 0.5) -> Criterion:
    """Shared characters are at least that part (0 to 1) of the characters of the union."""

    def criterion(one: Span, other: Span, shared: int) -> bool:
        return iou(one.fragments, other.fragments, shared) >= least

    return criterion


def length(fragments: Fragments) -> int:
    """The characters of disjoint fragments."""
    return sum(end - start for start, end in fragments)


def iou(one: Fragments, other: Fragments, shared: int) -> float:
    """Shared characters / characters of the union (intersection over union), from 0 to 1."""
    return shared / (length(one) + length(other) - shared)


def overlaps(first: Sequence[Fragments], second: Sequence[Fragments]) -> dict[Pair, int]:
    """How many characters each pair shares that shares any: one sweep over the text, not all pairs."""
    borders = [
        border
        for side, spans in enumerate((first, second))
        for index, fragments in enumerate(spans)
        for start, end in fragments
        for border in ((start, 1, side, index, end), (end, 0, side, index, end))
    ]
    active: tuple[dict[int, int], dict[int, int]] = ({}, {})
    shared: Counter[Pair] = Counter()
    for at, opens, side, index, end in sorted(borders):
        if not opens:
            del active[side][index]
            continue
        active[side][index] = end
        for other, other_end in active[1 - side].items():
            shared[(other, index) if side else (index, other)] += min(end, other_end) - at
    return dict(shared)


def best_matching(weights: Mapping[Pair, float]) -> list[Pair]:
    """The one-to-one pairs of the largest total weight, sorted; `weights` (above 0) has the admissible pairs only.

    Each connected component is solved alone, so an article never needs a matrix of all its spans.
    """
    import numpy as np  # here, because most processes never match, and the two take half a second and 60 MB
    from scipy.optimize import linear_sum_assignment

    matched: list[Pair] = []
    for pairs in _components(weights):
        if len(pairs) == 1:
            matched += pairs
            continue
        rows = sorted({row for row, _ in pairs})
        columns = sorted({column for _, column in pairs})
        row_of = {row: number for number, row in enumerate(rows)}
        column_of = {column: number for number, column in enumerate(columns)}
        matrix = np.zeros((len(rows), len(columns)))
        for row, column in pairs:
            matrix[row_of[row], column_of[column]] = weights[row, column]
        chosen = zip(*linear_sum_assignment(matrix, maximize=True), strict=True)
        matched += [(rows[row], columns[column]) for row, column in chosen if matrix[row, column]]
    return sorted(matched)


def matched_spans(
    first: Sequence[Span], second: Sequence[Span], criterion: Criterion, *, labelled: bool = True
) -> list[Pair]:
    """As many one-to-one pairs as there can be, all of them by `criterion` (and of one label); then the most alike."""
    shared = overlaps([span.fragments for span in first], [span.fragments for span in second])
    return _largest(
        {
            (i, j): iou(first[i].fragments, second[j].fragments, characters)
            for (i, j), characters in shared.items()
            if (not labelled or first[i].label == second[j].label) and criterion(first[i], second[j], characters)
        }
    )


def span_counts(first: Sequence[Span], second: Sequence[Span], criterion: Criterion) -> dict[str, Counts]:
    """For each label (in its order) how many spans match; their sum gives the micro average."""
    both = Counter(first[i].label for i, _ in matched_spans(first, second, criterion))
    return _by_label(both, (span.label for span in first), (span.label for span in second))


def relation_counts(
    first: AnnotationSet, second: AnnotationSet, criterion: Criterion, *, conditional: bool = False
) -> dict[str, Counts]:
    """For each relation label how many relations match: the same label, both ends match by `criterion` and label.

    `conditional` counts only relations both of whose ends are matched, whatever relation the other set has there.
    """
    mine, theirs = list(first.relations), list(second.relations)
    if conditional:
        pairs = matched_spans(first.spans, second.spans, criterion)
        matched = {first.spans[i].id for i, _ in pairs}, {second.spans[j].id for _, j in pairs}
        mine = [relation for relation in mine if {relation.source, relation.target} <= matched[0]]
        theirs = [relation for relation in theirs if {relation.source, relation.target} <= matched[1]]
    alike: dict[str, dict[str, float]] = {}
    shared = overlaps([span.fragments for span in first.spans], [span.fragments for span in second.spans])
    for (i, j), characters in shared.items():
        one, other = first.spans[i], second.spans[j]
        if one.label == other.label and criterion(one, other, characters):
            alike.setdefault(one.id, {})[other.id] = iou(one.fragments, other.fragments, characters)
    there: dict[tuple[str, str, str], list[int]] = {}
    for number, relation in enumerate(theirs):
        there.setdefault((relation.label, relation.source, relation.target), []).append(number)
    found = _largest(
        {
            (number, other): (likeness + target_likeness) / 2
            for number, relation in enumerate(mine)
            for source, likeness in alike.get(relation.source, {}).items()
            for target, target_likeness in alike.get(relation.target, {}).items()
            for other in there.get((relation.label, source, target), ())
        }
    )
    both = Counter(mine[number].label for number, _ in found)
    return _by_label(both, (relation.label for relation in mine), (relation.label for relation in theirs))


def _largest(likeness: Mapping[Pair, float]) -> list[Pair]:
    """The largest matching; likeness (0 to 1) weighs so little that it only decides between equally large ones."""
    scale = max(1000, len(likeness) + 1)
    return best_matching({pair: 1 + value / scale for pair, value in likeness.items()})


def _by_label(both: Counter[str], first: Iterable[str], second: Iterable[str]) -> dict[str, Counts]:
    one, other = Counter(first), Counter(second)
    return {label: Counts(both[label], one[label], other[label]) for label in sorted({*one, *other})}


def _components(pairs: Iterable[Pair]) -> Iterable[list[Pair]]:
    """The pairs, grouped by what they are connected with through either index."""
    parent: dict[tuple[int, int], tuple[int, int]] = {}

    def root(node: tuple[int, int]) -> tuple[int, int]:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = node = parent[above]
        return node

    ordered = sorted(pairs)
    for row, column in ordered:
        parent[root((0, row))] = root((1, column))
    groups: dict[tuple[int, int], list[Pair]] = {}
    for row, column in ordered:
        groups.setdefault(root((0, row)), []).append((row, column))
    return groups.values()
