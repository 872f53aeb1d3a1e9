"""The same counts as `annotations.domain.agreement.counting` makes of arrays, made plainly, one article and span at a
time: slow, and near to the words of those who published the measures.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise, permutations

import numpy as np

from annotations.domain.agreement import Key, Sums
from annotations.domain.agreement.unitizing import Unit
from annotations.domain.documents import AnnotationSet, Fragment, Fragments, Span
from annotations.domain.matching import overlaps
from annotations.domain.segments import Block, segmented


def nominal_sums(units: Iterable[tuple[Sequence[Hashable], float]]) -> Sums:
    """Counts for `alpha`: each unit is the values given to it (none for who gave none) and how often it stands there.

    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: a unit with m values has m (m - 1)
    pairs, each counting 1 / (m - 1); a unit with less than two values has none.
    """
    sums: defaultdict[Key, float] = defaultdict(float)
    for values, weight in units:
        m = len(values)
        if m < 2:
            continue
        counts = Counter(values)
        sums[("disagreeing",)] += weight * (m * m - sum(n * n for n in counts.values())) / (m - 1)
        for value, n in counts.items():
            sums["value", value] += weight * n
    return sums


def character_sums(length: int, sets: Sequence[AnnotationSet], label: str) -> Sums:
    """Counts for `alpha` of a text of `length` characters: is a character inside a span of this label, or outside?"""
    covers = [covered(owner, label) for owner in sets]
    borders = sorted({0, length, *(at for cover in covers for fragment in cover for at in fragment)})
    runs = list(pairwise(borders))
    inside = [_inside(cover, runs) for cover in covers]
    return nominal_sums((values, end - start) for (start, end), *values in zip(runs, *inside, strict=True))


def token_sums(tokens: Sequence[Fragment], sets: Sequence[AnnotationSet], label: str) -> Sums:
    """Counts for `alpha`: does a token share a character with a span of this label?"""
    inside = [_inside(covered(owner, label), tokens) for owner in sets]
    return nominal_sums((values, 1) for values in zip(*inside, strict=True))


def token_set_sums(tokens: Sequence[Fragment], sets: Sequence[AnnotationSet]) -> Sums:
    """Counts for `alpha`: with spans of which labels does a token share a character? The set of them is its value."""
    coded = []
    for owner in sets:
        labels = sorted({span.label for span in owner.spans})
        inside = [_inside(covered(owner, label), tokens) for label in labels]
        coded.append(
            [
                frozenset(label for label, is_inside in zip(labels, values, strict=True) if is_inside)
                for values in zip(*inside, strict=True)
            ]
            if labels
            else [frozenset[str]()] * len(tokens)
        )
    return nominal_sums((values, 1) for values in zip(*coded, strict=True))


def covered(owner: AnnotationSet, label: str) -> Fragments:
    """All that spans of this label cover: sorted fragments that do not overlap (they may touch)."""
    joined: list[Fragment] = []
    for start, end in sorted(fragment for span in owner.spans if span.label == label for fragment in span.fragments):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def label_rows(sets: Sequence[AnnotationSet]) -> list[tuple[str, ...]]:
    """The labels that the annotators gave to the same fragments, where each has exactly one span with them."""
    return [tuple(span.label for span in row) for row in _same_extent(sets)]


def attribute_rows(sets: Sequence[AnnotationSet], name: str) -> list[tuple[str, ...]]:
    """The values of an attribute, as in `label_rows`, where each annotator gave one and all agree on the label."""
    return [
        tuple(span.attributes[name] for span in row)
        for row in _same_extent(sets)
        if len({span.label for span in row}) == 1 and all(name in span.attributes for span in row)
    ]


def cohen_sums(rows: Iterable[Sequence[Hashable]]) -> Sums:
    """Counts for `cohen_kappa` from pairs of values: how often which pair."""
    return Counter((one, other) for one, other in rows)


def fleiss_sums(rows: Iterable[Sequence[Hashable]]) -> Sums:
    """Counts for `fleiss_kappa` from the values that as many annotators (two or more) gave to each item."""
    sums: defaultdict[Key, float] = defaultdict(float)
    for values in rows:
        n = len(values)
        counts = Counter(values)
        sums[("items",)] += 1
        sums[("agreeing",)] += sum(count * (count - 1) for count in counts.values()) / (n * (n - 1))
        for value, count in counts.items():
            sums["value", value] += count / n
    return sums


def _inside(cover: Fragments, parts: Sequence[Fragment]) -> list[bool]:
    """Whether each part of the text shares a character with the cover (sorted fragments that do not overlap)."""
    starts, ends = [start for start, _ in cover], [end for _, end in cover]
    return [bisect_right(ends, start) < bisect_left(starts, end) for start, end in parts]


def _same_extent(sets: Sequence[AnnotationSet]) -> list[tuple[Span, ...]]:
    """One span of each annotator, all with the same fragments that no other span of these has."""
    by_extent = []
    for owner in sets:
        spans: defaultdict[Fragments, list[Span]] = defaultdict(list)
        for span in owner.spans:
            spans[span.fragments].append(span)
        by_extent.append({fragments: same[0] for fragments, same in spans.items() if len(same) == 1})
    if not by_extent:
        return []
    shared = sorted(set.intersection(*(set(spans) for spans in by_extent)))
    return [tuple(spans[fragments] for spans in by_extent) for fragments in shared]


def units_of(owner: AnnotationSet, label: str) -> list[Unit]:
    """The units of one label: every fragment of its spans, with those that overlap joined."""
    return [(start, end, label) for start, end in covered(owner, label)]


def innermost_units(owner: AnnotationSet, length: int) -> list[Unit]:
    """The units of all labels: where spans overlap, the shortest of them counts."""
    if not length:
        return []
    whole = Block(0, 0, 0, length, 0, astral=False)
    (found,) = segmented([whole], [span.fragments for span in owner.spans], depth=1)
    units: list[Unit] = []
    last = -1
    for piece in found.pieces:
        if not piece.covering:
            last = -1
            continue
        index = piece.covering[0]
        if index == last:
            units[-1] = (units[-1][0], piece.end, units[-1][2])
        else:
            units.append((piece.start, piece.end, owner.spans[index].label))
        last = index
    return units


def u_sums(length: int, annotators: Sequence[Sequence[Unit]]) -> Sums:
    """Counts for the u-alpha family: Krippendorff, Mathet, Bouvry and Widlöcher (2016), On the reliability of unitizing
    textual continua: Further developments, equations 1, 4 and 10.

    `("both", c, k)`: characters valued c by one and k by another annotator, each pair counting 1 / (m - 1).
    `("within", c)`: pairs of characters that chance cannot separate, being in one unit (those of a gap are free).
    `("shared", c)`: the same for the parts of units that other annotators have in units too.
    """
    m = len(annotators)
    sums: defaultdict[Key, float] = defaultdict(float)
    if m < 2:
        return sums
    sections = [_sections(length, units) for units in annotators]
    for section in sections:
        for start, end, value in section:
            sums["within", value] += end - start if value is None else (end - start) ** 2
    for mine, theirs in permutations(sections, 2):
        met = [0] * len(mine)
        for (i, j), shared in _meetings(mine, theirs).items():
            sums["both", mine[i][2], theirs[j][2]] += shared / (m - 1)
            met[i] += shared if theirs[j][2] is not None else 0
        for (_, _, value), shared in zip(mine, met, strict=True):
            if value is not None:
                sums["shared", value] += shared**2 / (m - 1)
    return sums


def alpha_u_sums(length: int, annotators: Sequence[Sequence[Unit]]) -> Sums:
    """Counts for `alpha_u` of units of one label: Krippendorff (1995), On the Reliability of Unitizing Continuous Data,
    with the expected disagreement as corrected in Krippendorff (2004), Measuring the Reliability of Qualitative Text
    Analysis Data. Both are squared characters (D · length²), so that those of articles can be added.
    """
    m = len(annotators)
    if m < 2 or not length:
        return {}
    sections = [_sections(length, units) for units in annotators]
    observed = sum(_distance(mine, theirs) for mine, theirs in permutations(sections, 2)) / (m * (m - 1))
    lengths = np.array([end - start for section in sections for start, end, value in section if value is not None])
    gaps = np.array([end - start for section in sections for start, end, value in section if value is None])
    within = (len(lengths) - 1) / 3 * (2 * lengths**3 - 3 * lengths**2 + lengths)
    places = np.array([np.maximum(gaps - one + 1, 0).sum() for one in lengths])
    free = m * length * (m * length - 1) - (lengths * (lengths - 1)).sum()
    expected = 2 / length * float((within + lengths**2 * places).sum()) / float(free) if len(lengths) and free else 0.0
    return {("observed",): observed, ("expected",): expected * length**2}


def _sections(length: int, units: Sequence[Unit]) -> list[Unit]:
    """The units and the gaps between them, which together are the continuum."""
    sections: list[Unit] = []
    position = 0
    for start, end, value in sorted(units, key=lambda unit: unit[:2]):
        if start > position:
            sections.append((position, start, None))
        sections.append((start, end, value))
        position = end
    if position < length:
        sections.append((position, length, None))
    return sections


def _meetings(mine: Sequence[Unit], theirs: Sequence[Unit]) -> dict[tuple[int, int], int]:
    return overlaps([((start, end),) for start, end, _ in mine], [((start, end),) for start, end, _ in theirs])


def _distance(mine: Sequence[Unit], theirs: Sequence[Unit]) -> int:
    """The squared differences of borders of units that meet, and of the length of units that lie in a gap."""
    total = 0
    for (i, j), shared in _meetings(mine, theirs).items():
        (start, end, value), (other_start, other_end, other_value) = mine[i], theirs[j]
        if value is not None and other_value is not None:
            total += (start - other_start) ** 2 + (end - other_end) ** 2
        elif shared == (end - start if other_value is None else other_end - other_start):
            total += shared**2 if value != other_value else 0
    return total
