"""Which relations and statements of two annotators match, for all pairs of a batch at once.

A statement is a span from which relations go: a claim with who made it and where, and with its attributes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from annotations.domain.agreement.batches import Batch
from annotations.domain.agreement.intervals import Integers, counted, ranges, repeated
from annotations.domain.agreement.pairing import Edges, largest_matching


@dataclass(frozen=True, slots=True)
class Links:
    """Relations of the first and of the second set of `pair` with one label, whose ends are matched by edges."""

    pair: Integers
    one: Integers
    other: Integers

    def chosen(self, which: Integers | NDArray[np.bool_]) -> Links:
        """Those that are true in a mask, or at the positions."""
        return Links(self.pair[which], self.one[which], self.other[which])


@dataclass(frozen=True, slots=True)
class Matched:
    """How many match, and how many there are in the first and the second set, of each pair (and label)."""

    both: Integers
    first: Integers
    second: Integers


def links_of(batch: Batch, edges: Edges) -> Links:
    """All pairs of relations of one label whose sources and whose targets are joined by an edge."""
    order = np.argsort(edges.one, kind="stable")
    low = np.searchsorted(edges.one[order], batch.relation_source, "left")
    high = np.searchsorted(edges.one[order], batch.relation_source, "right")
    one, edge = repeated(high - low), order[ranges(low, high)]
    size = len(batch.relation_labels)
    keys = batch.relation_source * size + batch.relation_label
    by_key = np.argsort(keys, kind="stable")
    wanted = edges.other[edge] * size + batch.relation_label[one]
    low, high = np.searchsorted(keys[by_key], wanted, "left"), np.searchsorted(keys[by_key], wanted, "right")
    place, other = repeated(high - low), by_key[ranges(low, high)]
    one, pair = one[place], edges.pair[edge][place]
    spans = len(batch.span_set) + 1
    joined = np.isin(batch.relation_target[one] * spans + batch.relation_target[other], edges.one * spans + edges.other)
    return Links(pair[joined], one[joined], other[joined])


def relations_matched(batch: Batch, links: Links) -> Matched:
    """By pair and relation label."""
    sides = [batch.of_pairs(batch.relation_set, sets) for sets in (batch.first, batch.second)]
    return _matched(batch, links, sides)


def relations_matched_conditionally(batch: Batch, links: Links, matching: Edges) -> Matched:
    """The same of relations both of whose ends are in the matching, whatever the other set has between these."""
    spans = len(batch.span_set) + 1
    kept, sides = [], []
    for sets, ends in ((batch.first, matching.one), (batch.second, matching.other)):
        pair, relation = batch.of_pairs(batch.relation_set, sets)
        codes = matching.pair * spans + ends
        there = np.isin(pair * spans + batch.relation_source[relation], codes)
        there &= np.isin(pair * spans + batch.relation_target[relation], codes)
        sides.append((pair[there], relation[there]))
        kept.append(pair[there] * (len(batch.relation_set) + 1) + relation[there])
    wide = len(batch.relation_set) + 1
    both = np.isin(links.pair * wide + links.one, kept[0]) & np.isin(links.pair * wide + links.other, kept[1])
    return _matched(batch, links.chosen(both), sides)


def statements_matched(batch: Batch, links: Links) -> Matched:
    """By pair: statements of one label that overlap, with the same attributes, not with two different entities, and of
    which every relation has its counterpart.
    """
    pairs, spans = len(batch.first), len(batch.span_set) + 1
    one, other = batch.relation_source[links.one], batch.relation_source[links.other]
    codes, where = np.unique(one * spans + other, return_inverse=True)
    first = np.unique(where)  # codes are there at least once
    pair = np.zeros(len(codes), np.int64)
    pair[where] = links.pair
    one, other = np.divmod(codes, spans)
    relations = len(batch.relation_set) + 1
    out = np.bincount(batch.relation_source, minlength=spans)
    alike = np.ones(len(first), bool)
    for links_side, span in ((links.one, one), (links.other, other)):
        distinct = np.unique(where * relations + links_side) // relations
        alike &= counted(distinct, len(codes)) == out[span]
    mine, theirs = batch.entity[one], batch.entity[other]
    alike &= (batch.said[one] == batch.said[other]) & ((mine == theirs) | (mine == 0) | (theirs == 0))
    found = largest_matching(pair[alike], one[alike], other[alike])
    both = counted(pair[alike][found], pairs)
    owners = batch.span_set[np.unique(batch.relation_source)]
    totals = counted(owners, len(batch.set_article))
    return Matched(both, totals[batch.first], totals[batch.second])


def _matched(batch: Batch, links: Links, sides: list[tuple[Integers, Integers]]) -> Matched:
    size, pairs = len(batch.relation_labels), len(batch.first)
    found = links.chosen(largest_matching(links.pair, links.one, links.other))
    both = counted(found.pair * size + batch.relation_label[found.one], pairs * size)
    first, second = (counted(pair * size + batch.relation_label[relation], pairs * size) for pair, relation in sides)
    return Matched(both.reshape(pairs, size), first.reshape(pairs, size), second.reshape(pairs, size))
