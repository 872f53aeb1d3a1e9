"""Which spans of two annotators match, for all pairs of a batch at once; the same as `domain.matching`, in arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from annotations.domain.agreement.batches import Batch
from annotations.domain.agreement.intervals import Integers, Intervals, meetings, repeated, summed
from annotations.domain.matching import TOLERANCE, best_matching


@dataclass(frozen=True, slots=True)
class Edges:
    """Spans of one label of two annotators (`one` of the first, `other` of the second of `pair`) that share
    characters; how alike they are (IoU), and how far their borders are apart at most (-1: not as many fragments).
    """

    pair: Integers
    one: Integers
    other: Integers
    likeness: NDArray[np.float64]
    apart: Integers

    def chosen(self, which: NDArray[np.bool_] | Integers) -> Edges:
        """Those that are true in a mask, or at the positions."""
        return Edges(self.pair[which], self.one[which], self.other[which], self.likeness[which], self.apart[which])

    def exact(self) -> Edges:
        """Of the same fragments."""
        return self.chosen(self.apart == 0)

    def tolerant(self, characters: int = TOLERANCE) -> Edges:
        """Of as many fragments, each border at most so many characters away."""
        return self.chosen((self.apart >= 0) & (self.apart <= characters))


def edges_of(batch: Batch) -> Edges:
    """All pairs of spans of one label and two annotators that share a character."""
    size = len(batch.labels)
    covers = batch.covers()
    order = covers.in_order()
    owners = covers.group[order] // size
    sides = []
    for sets in (batch.first, batch.second):
        pair, place = batch.of_pairs(owners, sets)
        found = covers.taken(order[place])
        sides.append((Intervals(pair * size + found.group % size, found.start, found.end), order[place], pair))
    (mine, my_fragment, my_pair), (theirs, their_fragment, _) = sides
    i, j, shared = meetings(mine, theirs)
    one, other = batch.fragment_span[my_fragment[i]], batch.fragment_span[their_fragment[j]]
    spans = len(batch.span_set)
    codes, first, place = np.unique(one * spans + other, return_index=True, return_inverse=True)
    together = summed(place, shared, len(codes))
    lengths = summed(batch.fragment_span, covers.lengths, spans)
    one, other, pair = one[first], other[first], my_pair[i][first]
    likeness = together / (lengths[one] + lengths[other] - together)
    return Edges(pair, one, other, likeness, _apart(batch, one, other))


def largest_matching(pair: Integers, one: Integers, other: Integers) -> Integers:
    """The positions of as many edges as there can be so that no node of either side, in its pair, has two of them."""
    if not len(pair):
        return pair
    left, rows = np.unique(pair * (one.max() + 1) + one, return_inverse=True)
    right, columns = np.unique(pair * (other.max() + 1) + other, return_inverse=True)
    number = np.arange(1, len(pair) + 1)
    graph = csr_array((number, (rows, columns)), shape=(len(left), len(right)))
    partner = maximum_bipartite_matching(graph, perm_type="column")
    matched = np.flatnonzero(partner >= 0)
    codes = rows * len(right) + columns
    order = np.argsort(codes)
    return order[np.searchsorted(codes[order], matched * len(right) + partner[matched])]


def best_pairs(batch: Batch, edges: Edges) -> Edges:
    """The largest matching that is the most alike; the same whoever of two annotators is the first."""
    size = len(batch.span_set) + 1
    rows, columns = edges.pair * size + edges.one, edges.pair * size + edges.other
    _, row, row_count = np.unique(rows, return_inverse=True, return_counts=True)
    _, column, column_count = np.unique(columns, return_inverse=True, return_counts=True)
    alone = (row_count[row] == 1) & (column_count[column] == 1)
    open_ = np.flatnonzero(~alone)
    # Likeness (0 to 1) only decides between equally large matchings, and a number made of the fragments between
    # equally alike ones; of an article with n edges the sum of both stays below the weight of one more pair.
    scale = 2.0 * max(1000, int(np.bincount(edges.pair).max(initial=0)))
    weight = 1 + (edges.likeness + 1e-6 * _mixed(batch, edges)) / scale
    weights = dict(
        zip(zip(row[open_].tolist(), column[open_].tolist(), strict=True), weight[open_].tolist(), strict=True)
    )
    where = dict(zip(weights, open_.tolist(), strict=True))
    chosen = np.array([where[pair] for pair in best_matching(weights)], np.int64)
    return edges.chosen(np.sort(np.concatenate([np.flatnonzero(alone), chosen])))


def _apart(batch: Batch, one: Integers, other: Integers) -> Integers:
    """The largest distance between two borders; -1 where one span has more fragments than the other."""
    parts = np.bincount(batch.fragment_span, minlength=len(batch.span_set))
    begins = np.concatenate([[0], np.cumsum(parts)])[:-1]
    same = np.flatnonzero(parts[one] == parts[other])
    apart = np.full(len(one), -1, np.int64)
    if not len(same):
        return apart
    counts = parts[one[same]]
    edge = repeated(counts)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    here, there = begins[one[same]][edge] + number, begins[other[same]][edge] + number
    far = np.maximum(
        abs(batch.fragment_start[here] - batch.fragment_start[there]),
        abs(batch.fragment_end[here] - batch.fragment_end[there]),
    )
    apart[same] = np.maximum.reduceat(far, np.cumsum(counts) - counts)
    return apart


def _mixed(batch: Batch, edges: Edges) -> NDArray[np.float64]:
    """A number from 0 to 1 made of the fragments of both spans: the same for the same, whichever comes first."""
    start, end = batch.fragment_start.astype(np.uint64), batch.fragment_end.astype(np.uint64)
    parts = _scrambled(start * np.uint64(0x9E3779B97F4A7C15) + end)
    spans = np.zeros(len(batch.span_set), np.uint64)
    np.add.at(spans, batch.fragment_span, parts)
    one, other = spans[edges.one], spans[edges.other]
    return (_scrambled(one + other + one * other) >> np.uint64(11)) / 2.0**53


def _scrambled(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
