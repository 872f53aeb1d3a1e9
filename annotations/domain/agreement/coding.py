"""Agreement on what every character, token or span is called: Krippendorff's nominal alpha, Cohen's and Fleiss' kappa.

All offsets are code points. Every function that counts takes one article and the sets of all who submitted it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from typing import Final

from annotations.domain.agreement import Key, Sums
from annotations.domain.documents import AnnotationSet, Fragment, Fragments, Span

TOKEN: Final = re.compile(r"\w+|[^\w\s]")
_DISAGREEING: Final = ("disagreeing",)
_ITEMS: Final = ("items",)
_AGREEING: Final = ("agreeing",)


def tokens_of(text: str) -> list[Fragment]:
    r"""Where the tokens of `text` are: runs of letters and digits (`\w+`), or one other character that is no space."""
    return [match.span() for match in TOKEN.finditer(text)]


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
        sums[_DISAGREEING] += weight * (m * m - sum(n * n for n in counts.values())) / (m - 1)
        for value, n in counts.items():
            sums["value", value] += weight * n
    return sums


def alpha(sums: Sums) -> float | None:
    """Krippendorff's nominal alpha, 1 - D_o / D_e (2011, section C); undefined when all values are the same."""
    totals = [total for key, total in sums.items() if key != _DISAGREEING]
    n = sum(totals)
    expected = n * n - sum(total * total for total in totals)
    return 1 - (n - 1) * sums.get(_DISAGREEING, 0) / expected if expected else None


def alpha_over_labels(by_label: Iterable[Sums]) -> float | None:
    """One alpha for several codings (one per label): their observed by their expected disagreement, each added up."""
    observed = expected = 0.0
    for sums in by_label:
        totals = [total for key, total in sums.items() if key != _DISAGREEING]
        n = sum(totals)
        if n > 1:
            observed += sums.get(_DISAGREEING, 0)
            expected += (n * n - sum(total * total for total in totals)) / (n - 1)
    return 1 - observed / expected if expected else None


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


def cohen_kappa(sums: Sums) -> float | None:
    """Cohen (1960), A Coefficient of Agreement for Nominal Scales: (p_o - p_e) / (1 - p_e), for two annotators."""
    total = sum(sums.values())
    first: defaultdict[Hashable, float] = defaultdict(float)
    second: defaultdict[Hashable, float] = defaultdict(float)
    for (one, other), n in sums.items():
        first[one] += n
        second[other] += n
    expected = sum(n * second.get(value, 0) for value, n in first.items())
    possible = total * total - expected
    agreed = sum(n for (one, other), n in sums.items() if one == other)
    return (total * agreed - expected) / possible if possible else None


def fleiss_sums(rows: Iterable[Sequence[Hashable]]) -> Sums:
    """Counts for `fleiss_kappa` from the values that as many annotators (two or more) gave to each item."""
    sums: defaultdict[Key, float] = defaultdict(float)
    for values in rows:
        n = len(values)
        counts = Counter(values)
        sums[_ITEMS] += 1
        sums[_AGREEING] += sum(count * (count - 1) for count in counts.values()) / (n * (n - 1))
        for value, count in counts.items():
            sums["value", value] += count / n
    return sums


def fleiss_kappa(sums: Sums) -> float | None:
    """Fleiss (1971), Measuring Nominal Scale Agreement Among Many Raters: (P - P_e) / (1 - P_e)."""
    items = sums.get(_ITEMS, 0)
    if not items:
        return None
    shares = [total / items for key, total in sums.items() if total and key not in {_ITEMS, _AGREEING}]
    expected = sum(share * share for share in shares)
    return (sums[_AGREEING] / items - expected) / (1 - expected) if len(shares) > 1 else None


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
