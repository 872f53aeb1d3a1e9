"""What two annotators cover together, label by label: characters, tokens, and the units of the innermost labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from annotations.domain.agreement.batches import Batch
from annotations.domain.agreement.intervals import (
    Integers,
    Intervals,
    counted,
    meetings,
    ranges,
    repeated,
    summed,
    union,
)
from annotations.domain.documents import Fragment

TOKEN: Final = re.compile(r"\w+|[^\w\s]")


def tokens_of(text: str) -> list[Fragment]:
    r"""Where the tokens of `text` are: runs of letters and digits (`\w+`), or one other character that is no space."""
    return [match.span() for match in TOKEN.finditer(text)]


@dataclass(frozen=True, slots=True)
class Covered:
    """How much each set covers with each label (set x label), and both sets of each pair (pair x label)."""

    inside: Integers
    both: Integers


def covered(batch: Batch, units: Intervals) -> Covered:
    """Sums of the lengths of units, which are in groups `set · number of labels + label`."""
    size = len(batch.labels)
    inside = summed(units.group, units.lengths, len(batch.set_article) * size).reshape(-1, size)
    mine, theirs = sides(batch, units)
    i, _, shared = meetings(mine[0], theirs[0])
    both = summed(mine[0].group[i], shared, len(batch.first) * size).reshape(-1, size)
    return Covered(inside, both)


def sides(batch: Batch, units: Intervals) -> tuple[tuple[Intervals, Integers], tuple[Intervals, Integers]]:
    """The units of the first and of the second set of each pair, in groups `pair · number of labels + label`, each
    with the positions they come from.
    """
    size = len(batch.labels)
    found = []
    for sets in (batch.first, batch.second):
        pair, place = batch.of_pairs(units.group // size, sets)
        taken = units.taken(place)
        found.append((Intervals(pair * size + taken.group % size, taken.start, taken.end), place))
    return found[0], found[1]


def character_units(batch: Batch) -> Intervals:
    """What each set covers with each label; fragments that overlap are one unit, those that touch are two."""
    covers = batch.covers()
    return union(covers.taken(covers.in_order()))


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of all articles: how many there are in each, and which ones each set covers with each label."""

    counts: Integers
    units: Intervals


def tokens_covered(batch: Batch, characters: Intervals) -> Tokens:
    """A token is covered when it shares one character with a span; the units count tokens, not characters."""
    found = [tokens_of(text) for text in batch.texts]
    counts = np.array([len(tokens) for tokens in found], np.int64)
    before = np.cumsum(counts) - counts
    places = np.array([place for tokens in found for place in tokens], np.int64).reshape(-1, 2)
    article = batch.set_article[characters.group // len(batch.labels)]
    offset = repeated(counts) * _FAR
    low = np.searchsorted(places[:, 1] + offset, characters.start + article * _FAR, "right") - before[article]
    high = np.searchsorted(places[:, 0] + offset, characters.end + article * _FAR, "left") - before[article]
    there = np.flatnonzero(high > low)
    return Tokens(counts, union(Intervals(characters.group[there], low[there], high[there])))


_FAR: Final = 1 << 21


@dataclass(frozen=True, slots=True)
class TokenSets:
    """What sets of labels tokens have: the sets there are, how many tokens of each annotation set have which (rows of
    set, number, tokens), and how many tokens have the same in both sets of each pair.
    """

    values: Sequence[tuple[str, ...]]
    owner: Integers
    value: Integers
    tokens: Integers
    same: Integers


def token_sets(batch: Batch, tokens: Tokens) -> TokenSets:
    """The labels that cover each token, as one value."""
    counts = tokens.counts[batch.set_article]
    before = np.cumsum(counts) - counts
    owner, label = np.divmod(tokens.units.group, len(batch.labels))
    values: list[tuple[str, ...]] = [()]
    coded = np.zeros(int(counts.sum()), np.int64)
    for number, name in enumerate(batch.labels):  # with each label, a value becomes two at most: those that are there
        own = np.flatnonzero(label == number)
        at = ranges(before[owner[own]] + tokens.units.start[own], before[owner[own]] + tokens.units.end[own])
        coded[at] += len(values)
        values += [(*value, name) for value in values]
        there, coded = np.unique(coded, return_inverse=True)
        values = [values[index] for index in there.tolist()]
    size = len(values)
    rows, often = np.unique(repeated(counts) * size + coded, return_counts=True)
    pairs = counts[batch.first]
    mine = ranges(before[batch.first], before[batch.first] + pairs)
    theirs = ranges(before[batch.second], before[batch.second] + pairs)
    same = counted(repeated(pairs)[coded[mine] == coded[theirs]], len(pairs))
    return TokenSets(values, rows // size, rows % size, often, same)


@dataclass(frozen=True, slots=True)
class Innermost:
    """Units of all labels, where of overlapping spans the shortest counts: in one group for each set."""

    units: Intervals
    label: Integers


def innermost_units(batch: Batch) -> Innermost:
    """Found by painting: the longest spans first, the shorter ones over them."""
    lengths = batch.lengths[batch.set_article]
    before = np.cumsum(lengths) - lengths
    total = int(lengths.sum())
    spans = len(batch.span_set)
    size = summed(batch.fragment_span, batch.fragment_end - batch.fragment_start, spans)
    rank = np.full(total + 1, -1, np.int32)
    order = _by_size(batch, size)
    base = before[batch.span_set[batch.fragment_span]]
    starts, ends = (base + batch.fragment_start)[order].tolist(), (base + batch.fragment_end)[order].tolist()
    for span, start, end in zip(batch.fragment_span[order].tolist(), starts, ends, strict=True):
        rank[start:end] = span
    cuts = np.flatnonzero(np.concatenate([[True], rank[1:] != rank[:-1]]))
    cuts = np.union1d(cuts, before[before < total])
    span = rank[cuts].astype(np.int64)
    ends_at = np.append(cuts[1:], total)
    there = np.flatnonzero((span >= 0) & (ends_at > cuts))
    owner = batch.span_set[span[there]]
    units = Intervals(owner, cuts[there] - before[owner], ends_at[there] - before[owner])
    return Innermost(units, batch.span_label[span[there]])


def _by_size(batch: Batch, size: Integers) -> Integers:
    """The positions of fragments in the order of painting: of equally long spans the one that starts first last."""
    parts = np.bincount(batch.fragment_span, minlength=len(size))
    after = np.cumsum(parts)
    first = np.minimum(after - parts, max(len(batch.fragment_span) - 1, 0))
    keys = (
        batch.span_label,
        batch.fragment_end[after - 1],
        batch.fragment_end[first],
        batch.fragment_start[first],
        size,
    )
    spans = np.lexsort(keys)[::-1] if len(size) else size
    place = np.empty(len(spans), np.int64)
    place[spans] = np.arange(len(spans))
    return np.argsort(place[batch.fragment_span], kind="stable")


def label_pairs(batch: Batch, found: Innermost) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Where units meet: characters by (pair, lower label, higher label), and, by (pair, label), the sum of the squares
    of what each unit shares with units of the other annotator (of both sides).
    """
    size = len(batch.labels)
    pairs = len(batch.first)
    placed = []
    for sets in (batch.first, batch.second):
        pair, place = batch.of_pairs(found.units.group, sets)
        taken = found.units.taken(place)
        placed.append((Intervals(pair, taken.start, taken.end), found.label[place]))
    (mine, my_label), (theirs, their_label) = placed
    i, j, shared = meetings(mine, theirs)
    low, high = np.minimum(my_label[i], their_label[j]), np.maximum(my_label[i], their_label[j])
    codes, place = np.unique((mine.group[i] * size + low) * size + high, return_inverse=True)
    both = summed(place, shared, len(codes))
    squares = np.zeros(pairs * size, np.int64)
    for side, side_label, at in ((mine, my_label, i), (theirs, their_label, j)):
        met = summed(at, shared, len(side))
        squares += summed(side.group * size + side_label, met**2, pairs * size)
    return codes, both, squares.reshape(pairs, size)
