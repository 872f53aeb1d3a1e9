"""Disagreements about relations: clusters of links between the clusters of spans, decided after their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from annotations.domain.clusters import (
    Agreement,
    Cluster,
    absent_from,
    agreement_of,
    grouped,
    name_of,
    normalised,
    shape_of,
)
from annotations.domain.disagreements import RelationKind
from annotations.domain.documents import AnnotationSet
from annotations.domain.matching import Pair

_SAME_RELATION: Final = 3
_SAME_ENDS: Final = 2
_SAME_SOURCE_AND_LABEL: Final = 1


@dataclass(frozen=True, slots=True)
class RelationVersion:
    """A link that one or more annotators made; `source` and `target` are numbers of span clusters."""

    digit: int
    label: str
    source: int
    target: int
    annotators: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelationCluster:
    """Relations of several sets that belong together; `ends` are the span clusters to be decided before it.

    `absent` are the annotators without a relation here. When none of them has both ends, the kind is blocked: that
    they lack the relation is no second mistake.
    """

    kind: RelationKind
    label: str
    agreement: Agreement
    versions: tuple[RelationVersion, ...]
    absent: tuple[str, ...]
    ends: tuple[int, ...]
    shape: str

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of all relations of the cluster, sorted."""
        return tuple(sorted(source for version in self.versions for source in version.sources))

    @property
    def majority(self) -> RelationVersion | None:
        """The version that more than half of all annotators chose."""
        return self.versions[0] if self.agreement in {Agreement.UNANIMOUS, Agreement.MAJORITY} else None


def relation_clusters_of(sets: Sequence[AnnotationSet], clusters: Sequence[Cluster]) -> tuple[RelationCluster, ...]:
    """The clusters of all relations of the sets, through the span clusters of the same sets; in order of their ends."""
    number_of = {source: number for number, cluster in enumerate(clusters) for source in cluster.sources}
    annotators = sorted(name_of(owner) for owner in sets)
    links: dict[tuple[str, int, int, str], list[str]] = {}  # annotator, ends, label: relation ids
    for owner in sets:
        for relation in owner.relations:
            ends = number_of[relation.source], number_of[relation.target]
            links.setdefault((name_of(owner), *ends, relation.label), []).append(relation.id)
    items = [
        RelationVersion(0, label, source, target, (annotator,), tuple(sorted(ids)))
        for (annotator, source, target, label), ids in sorted(links.items(), key=lambda link: min(link[1]))
    ]
    groups = grouped([item.annotators for item in items], _admissible_relations(items))
    found = [_relation_cluster([items[number] for number in group], clusters, annotators) for group in groups]
    return tuple(sorted(found, key=lambda it: (it.versions[0].source, it.versions[0].target, it.sources)))


def _admissible_relations(items: Sequence[RelationVersion]) -> list[Pair]:
    """The pairs of items that may be in one cluster, the best first; items come in the order that breaks ties."""
    by_source: dict[int, list[int]] = {}
    for number, item in enumerate(items):
        by_source.setdefault(item.source, []).append(number)
    found: list[tuple[int, Pair]] = []
    for numbers in by_source.values():
        for first, second in combinations(numbers, 2):
            same_label = items[first].label == items[second].label
            if items[first].target == items[second].target:
                found.append((_SAME_RELATION if same_label else _SAME_ENDS, (first, second)))
            elif same_label:
                found.append((_SAME_SOURCE_AND_LABEL, (first, second)))
    return [pair for _, pair in sorted(found, key=lambda scored: (-scored[0], scored[1]))]


def _relation_cluster(
    items: Sequence[RelationVersion], clusters: Sequence[Cluster], annotators: Sequence[str]
) -> RelationCluster:
    chosen: dict[tuple[int, int, str], list[RelationVersion]] = {}
    for item in items:
        chosen.setdefault((item.source, item.target, item.label), []).append(item)
    versions = tuple(
        RelationVersion(
            digit,
            label,
            source,
            target,
            tuple(sorted(name for item in same for name in item.annotators)),
            tuple(sorted(relation for item in same for relation in item.sources)),
        )
        for digit, ((source, target, label), same) in enumerate(
            sorted(chosen.items(), key=lambda choice: (-len(choice[1]), choice[0])), 1
        )
    )
    absent = absent_from(versions, annotators)
    kind = _relation_kind(versions, absent, clusters, len(annotators))
    contents = [
        [version.label, normalised(clusters[version.source].quote), normalised(clusters[version.target].quote)]
        for version in versions
    ]
    return RelationCluster(
        kind,
        versions[0].label,
        agreement_of(versions, len(annotators)),
        versions,
        absent,
        tuple(sorted({end for version in versions for end in (version.source, version.target)})),
        shape_of(kind, "", contents),
    )


def _relation_kind(
    versions: Sequence[RelationVersion], absent: Sequence[str], clusters: Sequence[Cluster], annotators: int
) -> RelationKind:
    first = versions[0]
    if any((version.source, version.target) != (first.source, first.target) for version in versions):
        return RelationKind.TARGET
    if len(versions) > 1:
        return RelationKind.TYPE
    if not absent:
        return RelationKind.AGREE
    without_an_end = {*clusters[first.source].absent, *clusters[first.target].absent}
    if without_an_end.issuperset(absent):
        return RelationKind.BLOCKED
    return RelationKind.SPURIOUS if 2 * len(absent) > annotators else RelationKind.MISSING
