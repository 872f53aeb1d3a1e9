"""Disagreements of two and more annotators: clusters of spans, each one row for a reviewer to decide.

A cluster has at most one item of each annotator: a span, or a composite of the spans into which the annotator divided
what another marked as one. The same sets always give the same clusters, in whatever order sets and spans come.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Protocol

from annotations.domain.disagreements import (
    Key,
    Kind,
    agreeing,
    divisions,
    key_of,
    score_of,
)
from annotations.domain.documents import AnnotationSet, Fragments, Span, quote_of
from annotations.domain.matching import Pair, overlaps


class Chosen(Protocol):
    """Any kind of version."""

    @property
    def annotators(self) -> tuple[str, ...]:
        """Who chose it, sorted."""


class Agreement(StrEnum):
    """How many annotators chose the version that most chose."""

    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    TIE = "tie"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class Version:
    """What one or more annotators chose: spans with the same labels, fragments, entities and attributes.

    A composite has several spans. `digit` counts from 1, what most chose first. `spans` are those of one of the
    annotators, in reading order; `sources` the ids of all their spans, sorted.
    """

    digit: int
    spans: tuple[Span, ...]
    annotators: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Spans of several sets that belong together, as one row to decide.

    `label` is that of the first version. `fragments` is all that any version covers, `quote` its text. `absent` are
    the annotators with nothing here, `shape` (64 hexadecimal digits) is the same for clusters of one kind with the
    same normalised quote and the same versions, wherever they are.
    """

    kind: Kind
    label: str
    agreement: Agreement
    versions: tuple[Version, ...]
    absent: tuple[str, ...]
    fragments: Fragments
    quote: str
    shape: str

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of all spans of the cluster, sorted."""
        return tuple(sorted(source for version in self.versions for source in version.sources))

    @property
    def majority(self) -> Version | None:
        """The version that more than half of all annotators chose."""
        return self.versions[0] if self.agreement in {Agreement.UNANIMOUS, Agreement.MAJORITY} else None


@dataclass(frozen=True, slots=True)
class _Item:
    """What an annotator has in one place; `whole` stands for all its spans: their union, their label, the least id."""

    annotator: str
    spans: tuple[Span, ...]
    whole: Span


def name_of(owner: AnnotationSet) -> str:
    """The name that stands for a set in clusters; the sets of an article need different ones."""
    return owner.annotator or owner.source


def clusters_of(text: str, sets: Sequence[AnnotationSet]) -> tuple[Cluster, ...]:
    """The clusters of all spans of the sets (each span in exactly one), in reading order."""
    items = _items(sets)
    annotators = sorted(name_of(owner) for owner in sets)
    groups = grouped([item.annotator for item in items], _admissible(items, annotators))
    found = [_cluster(text, [items[number] for number in group], annotators) for group in groups]
    return tuple(
        sorted(found, key=lambda cluster: (cluster.fragments[0][0], cluster.fragments[-1][1], cluster.sources))
    )


def _items(sets: Sequence[AnnotationSet]) -> list[_Item]:
    """All items of all sets; spans that any other set has as one are a composite."""
    together: list[list[Pair]] = [[] for _ in sets]
    for pair in combinations(range(len(sets)), 2):
        mine, theirs = (sets[number].spans for number in pair)
        same = agreeing(mine, theirs)
        free = set(range(len(mine))) - {i for i, _ in same}, set(range(len(theirs))) - {j for _, j in same}
        for division in divisions(mine, theirs, free):
            first, *others = division.parts
            together[pair[1 - division.side]] += [(first, part) for part in others]
    return [
        _item(name_of(owner), [owner.spans[number] for number in group])
        for owner, pairs in zip(sets, together, strict=True)
        for group in grouped(range(len(owner.spans)), pairs)
    ]


def _item(annotator: str, spans: Sequence[Span]) -> _Item:
    ordered = tuple(sorted(spans, key=key_of))
    whole = Span(id=min(span.id for span in spans), label=ordered[0].label, fragments=_union(ordered))
    return _Item(annotator, ordered, whole)


def _admissible(items: Sequence[_Item], annotators: Sequence[str]) -> list[Pair]:
    """The pairs of items (of two annotators) that may be in one cluster, the best first."""
    found: list[tuple[float, bool, Key, Key, Pair]] = []
    of = {name: [number for number, item in enumerate(items) if item.annotator == name] for name in annotators}
    for one, other in combinations(annotators, 2):
        mine, theirs = of[one], of[other]
        shared = overlaps([items[i].whole.fragments for i in mine], [items[j].whole.fragments for j in theirs])
        for (row, column), characters in shared.items():
            first, second = sorted((mine[row], theirs[column]), key=lambda number: key_of(items[number].whole))
            score = score_of(items[first].whole, items[second].whole, characters)
            if score:
                differ = len(items[first].spans) != len(items[second].spans)
                keys = key_of(items[first].whole), key_of(items[second].whole)
                found.append((-score, differ, *keys, (first, second)))
    return [pair for *_, pair in sorted(found)]


def _cluster(text: str, items: Sequence[_Item], annotators: Sequence[str]) -> Cluster:
    chosen: dict[object, list[_Item]] = {}
    for item in sorted(items, key=lambda item: item.whole.id):
        chosen.setdefault(tuple(_content(span) for span in item.spans), []).append(item)
    ranked = sorted(chosen.values(), key=lambda same: (-len(same), *_place(same[0])))
    versions = tuple(
        Version(
            digit,
            same[0].spans,
            tuple(sorted(item.annotator for item in same)),
            tuple(sorted(span.id for item in same for span in item.spans)),
        )
        for digit, same in enumerate(ranked, 1)
    )
    absent = absent_from(versions, annotators)
    fragments = _union([item.whole for item in items])
    quote = quote_of(text, fragments)
    kind = _kind(versions, absent, len(annotators))
    contents = [
        [[span.label, normalised(quote_of(text, span.fragments)), *_meaning(span)] for span in version.spans]
        for version in versions
    ]
    return Cluster(
        kind,
        versions[0].spans[0].label,
        agreement_of(versions, len(annotators)),
        versions,
        absent,
        fragments,
        quote,
        shape_of(kind, normalised(quote), contents),
    )


def _kind(versions: Sequence[Version], absent: Sequence[str], annotators: int) -> Kind:
    if len(versions) == 1:
        if not absent:
            return Kind.AGREE
        return Kind.SPURIOUS if 2 * len(absent) > annotators else Kind.MISSING
    spans = [span for version in versions for span in version.spans]
    same_label = len({span.label for span in spans}) == 1
    same_extent = len({tuple(span.fragments for span in version.spans) for version in versions}) == 1
    if same_extent:
        return Kind.ATTRIBUTES if same_label else Kind.LABEL
    if not same_label:
        return Kind.LABEL_AND_BOUNDARY
    if len({len(version.spans) for version in versions}) > 1:
        wholes = [version.spans[0] for version in versions if len(version.spans) == 1]
        return Kind.DISCONTINUITY if any(len(span.fragments) > 1 for span in wholes) else Kind.SPLIT
    parts = {tuple(len(span.fragments) for span in version.spans) for version in versions}
    return Kind.BOUNDARY if len(parts) == 1 else Kind.DISCONTINUITY


def _content(span: Span) -> tuple[object, ...]:
    return (span.label, span.fragments, *_meaning(span))


def _meaning(span: Span) -> tuple[str, tuple[tuple[str, str], ...]]:
    return (span.entity, tuple(sorted(span.attributes.items())))


def _place(item: _Item) -> tuple[object, ...]:
    """What orders versions that equally many chose: start, end, label, and then whatever else differs."""
    start, end, _ = key_of(item.whole)
    return (start, end, item.whole.label, [span.fragments for span in item.spans], [_meaning(s) for s in item.spans])


def _union(spans: Iterable[Span]) -> Fragments:
    """All the spans cover, as sorted fragments that neither overlap nor touch."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(fragment for span in spans for fragment in span.fragments):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def grouped(owners: Sequence[Hashable], pairs: Iterable[Pair]) -> Iterator[list[int]]:
    """Groups of indexes, joined pair by pair unless that would put two of one owner together."""
    groups = [[number] for number in range(len(owners))]
    for one, other in pairs:
        mine, theirs = groups[one], groups[other]
        if mine is theirs or {owners[number] for number in mine} & {owners[number] for number in theirs}:
            continue
        mine += theirs
        for number in theirs:
            groups[number] = mine
    return (group for number, group in enumerate(groups) if group[0] == number)


def agreement_of(versions: Sequence[Chosen], annotators: int) -> Agreement:
    """How far the versions (what most chose first) agree, of so many annotators."""
    most = len(versions[0].annotators)
    if most == annotators:
        return Agreement.UNANIMOUS
    if sum(len(version.annotators) for version in versions) == 1:
        return Agreement.SINGLE
    return Agreement.MAJORITY if 2 * most > annotators else Agreement.TIE


def absent_from(versions: Sequence[Chosen], annotators: Sequence[str]) -> tuple[str, ...]:
    """The annotators who chose none of the versions."""
    present = {name for version in versions for name in version.annotators}
    return tuple(name for name in annotators if name not in present)


def normalised(quote: str) -> str:
    """Without differences of case, white space and composition."""
    return " ".join(unicodedata.normalize("NFKC", quote).casefold().split())


def shape_of(kind: str, quote: str, contents: object) -> str:
    """A fingerprint of 64 hexadecimal digits; `contents` are the versions as lists of strings, without their places."""
    return hashlib.sha256(json.dumps([kind, quote, contents], ensure_ascii=False).encode()).hexdigest()
