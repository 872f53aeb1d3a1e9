"""What articles add to the measures: plain counts that can be kept, added up, and drawn again and again.

The counts of an article are of each pair of its annotators, and some of all its annotators. With a pair's counts
divided by the number of annotators less one, those of all pairs add up to those of all annotators: Krippendorff's
coincidences are made so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np

from annotations.domain.agreement.batches import Batch, Submitted, batch_of
from annotations.domain.agreement.borders import border_sums
from annotations.domain.agreement.covers import (
    Innermost,
    character_units,
    covered,
    innermost_units,
    label_pairs,
    token_sets,
    tokens_covered,
)
from annotations.domain.agreement.extents import extents_of, fleiss_tables, pair_tables
from annotations.domain.agreement.intervals import Integers, Intervals, counted, summed
from annotations.domain.agreement.linked import (
    links_of,
    relations_matched,
    relations_matched_conditionally,
    statements_matched,
)
from annotations.domain.agreement.pairing import Edges, best_pairs, edges_of, largest_matching

JOIN: Final = "\x1f"
"""Between the parts of a key: labels, values."""
OFFSET_BINS: Final = (0, 1, 2, 3, 6, 11)
"""Where the bins of distances between borders begin: 0, 1, 2, 3 to 5, 6 to 10, 11 and more characters."""

type Counts = dict[str, Any]
"""`{"annotators": [numbers], "spans": n, "pairs": [{name: {key: number}}], "all": {name: {key: number}},
"f1": [exact, tolerant, overlap]}`: pairs in the order of `itertools.combinations`; JSON as it stands."""


def counts_of(articles: Sequence[Submitted], labels: Sequence[str]) -> list[Counts]:
    """The counts of each article; some dozens of articles at once are the fastest. `labels` is as in `batch_of`.

    Articles need the sets of two or more annotators to say something.
    """
    batch = batch_of(articles, labels)
    counter = _Counter(batch)
    counter.count_matches()
    counter.count_covers()
    counter.count_innermost()
    counter.count_extents()
    return counter.result()


class _Counter:
    """Collects the counts of a batch, family by family."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._pairs: list[dict[str, dict[str, float]]] = [{} for _ in range(len(batch.first))]
        self._all: list[dict[str, dict[str, float]]] = [{} for _ in batch.texts]
        labels = len(batch.labels)
        sets = len(batch.set_article)
        self._spans = counted(batch.span_set * labels + batch.span_label, sets * labels).reshape(sets, labels)

    def result(self) -> list[Counts]:
        """The counts of each article."""
        batch = self._batch
        found: list[Counts] = [{"annotators": [], "spans": 0, "pairs": [], "all": own} for own in self._all]
        spans = self._spans.sum(axis=1).tolist()
        for number, (article, who) in enumerate(
            zip(batch.set_article.tolist(), batch.set_annotator.tolist(), strict=True)
        ):
            found[article]["annotators"].append(who)
            found[article]["spans"] += spans[number]
        for article, pair in zip(batch.pair_article.tolist(), self._pairs, strict=True):
            found[article]["pairs"].append(pair)
        for counts in found:
            counts["f1"] = [mean_f1(counts, criterion) for criterion in ("exact", "tolerant", "overlap")]
        return found

    def count_matches(self) -> None:
        """Spans, relations and statements that match, and how far the borders of spans are apart."""
        batch = self._batch
        edges = edges_of(batch)
        best = best_pairs(batch, edges)
        labels = batch.labels
        self._put("first", labels, self._spans[batch.first])
        self._put("second", labels, self._spans[batch.second])
        for name, found in (("exact", edges.exact()), ("tolerant", edges.tolerant())):
            self._put(name, labels, self._by_label(found.chosen(largest_matching(found.pair, found.one, found.other))))
        self._put("overlap", labels, self._by_label(best))
        self._count_offsets(best)
        if len(batch.relation_set):
            self._count_links(edges, best)

    def _count_links(self, edges: Edges, best: Edges) -> None:
        batch, names = self._batch, self._batch.relation_labels
        links = links_of(batch, edges)
        for name, matched in (
            ("relations_exact", relations_matched(batch, links_of(batch, edges.exact()))),
            ("relations_overlap", relations_matched(batch, links)),
            ("relations_conditional", relations_matched_conditionally(batch, links, best)),
        ):
            self._put(name, names, matched.both)
            self._put(f"{name}_first", names, matched.first)
            self._put(f"{name}_second", names, matched.second)
        statements = statements_matched(batch, links)
        self._put("statements", [""], statements.both[:, None])
        self._put("statements_first", [""], statements.first[:, None])
        self._put("statements_second", [""], statements.second[:, None])

    def _count_offsets(self, best: Edges) -> None:
        """How far the first and the last characters of matched spans are apart, in bins, by label."""
        batch, size = self._batch, len(self._batch.labels)
        parts = np.bincount(batch.fragment_span, minlength=len(batch.span_set))
        last = np.cumsum(parts) - 1
        for name, at in (
            ("starts", batch.fragment_start[last - parts + 1]),
            ("ends", batch.fragment_end[last]),
        ):
            bins = np.searchsorted(OFFSET_BINS, abs(at[best.one] - at[best.other]), "right") - 1
            article = batch.pair_article[best.pair]
            keys = (article * size + batch.span_label[best.one]) * len(OFFSET_BINS) + bins
            table = counted(keys, len(batch.texts) * size * len(OFFSET_BINS)).reshape(len(batch.texts), -1)
            names = [JOIN.join((label, str(number))) for label in batch.labels for number in range(len(OFFSET_BINS))]
            _fill(self._all, name, names, table)

    def count_covers(self) -> None:
        """Characters and tokens that are covered, and the borders of units, label by label."""
        batch, labels = self._batch, self._batch.labels
        units = character_units(batch)
        tokens = tokens_covered(batch, units)
        self._put("length", [""], batch.lengths[batch.pair_article][:, None])
        self._put("tokens", [""], tokens.counts[batch.pair_article][:, None])
        for name, of in (("characters", units), ("tokens", tokens.units)):
            found = covered(batch, of)
            self._put(f"{name}_inside", labels, found.inside[batch.first] + found.inside[batch.second])
            self._put(f"{name}_both", labels, found.both)
        self._put("unit_squares", labels, self._of_both(units.group, units.lengths**2))
        sets = token_sets(batch, tokens)
        names = [JOIN.join(value) for value in sets.values]
        table = summed(sets.owner * len(names) + sets.value, sets.tokens, len(batch.set_article) * len(names))
        table = table.reshape(len(batch.set_article), len(names))
        self._put("token_sets", names, table[batch.first] + table[batch.second])
        self._put("token_sets_same", [""], sets.same[:, None])
        self._count_borders(units)

    def _count_borders(self, units: Intervals) -> None:
        observed, expected, observed_all, expected_all = border_sums(self._batch, units)
        self._put("borders_observed", self._batch.labels, observed)
        self._put("borders_expected", self._batch.labels, expected)
        _fill(self._all, "borders_observed", self._batch.labels, observed_all)
        _fill(self._all, "borders_expected", self._batch.labels, expected_all)

    def count_innermost(self) -> None:
        """What the u-alpha family is made of, with all labels on one continuum."""
        batch, labels = self._batch, self._batch.labels
        found: Innermost = innermost_units(batch)
        size = len(labels)
        group = found.units.group * size + found.label
        self._put("unit_characters", labels, self._of_both(group, found.units.lengths))
        self._put("unit_within", labels, self._of_both(group, found.units.lengths**2))
        codes, both, squares = label_pairs(batch, found)
        self._put("unit_shared", labels, squares)
        for code, n in zip(codes.tolist(), both.tolist(), strict=True):
            pair, low, high = code // size // size, code // size % size, code % size
            self._pairs[pair].setdefault("unit_both", {})[JOIN.join((labels[low], labels[high]))] = n

    def count_extents(self) -> None:
        """What was said of the same fragments."""
        extents = extents_of(self._batch)
        for pair, (labels, attributes) in zip(self._pairs, pair_tables(self._batch, extents), strict=True):
            for name, table in (("kappa_label", labels), ("kappa_attribute", attributes)):
                if table:
                    pair[name] = {JOIN.join(key): n for key, n in table.items()}
        for own, tables in zip(self._all, fleiss_tables(self._batch, extents), strict=True):
            for question, fleiss in tables.items():
                own.setdefault("fleiss_items", {})[question] = fleiss.items
                own.setdefault("fleiss_agreeing", {})[question] = fleiss.agreeing
                values = own.setdefault("fleiss_values", {})
                values |= {JOIN.join((question, value)): n for value, n in fleiss.values.items()}

    def _of_both(self, group: Integers, weights: Integers) -> Integers:
        """Sums by set and label (the groups), of both sets of each pair."""
        batch, size = self._batch, len(self._batch.labels)
        table = summed(group, weights, len(batch.set_article) * size).reshape(-1, size)
        return table[batch.first] + table[batch.second]

    def _by_label(self, edges: Edges) -> Integers:
        size, pairs = len(self._batch.labels), len(self._batch.first)
        return counted(edges.pair * size + self._batch.span_label[edges.one], pairs * size).reshape(pairs, size)

    def _put(self, name: str, keys: Sequence[str], table: np.ndarray[Any, Any]) -> None:
        _fill(self._pairs, name, keys, table)


def _fill(rows: list[dict[str, dict[str, float]]], name: str, keys: Sequence[str], table: np.ndarray[Any, Any]) -> None:
    """Into each row `{name: {key: number}}` of the numbers that are not 0."""
    there = np.nonzero(table)
    for row, column, value in zip(there[0].tolist(), there[1].tolist(), table[there].tolist(), strict=True):
        rows[row].setdefault(name, {})[keys[column]] = value


def mean_f1(counts: Counts, criterion: str) -> float | None:
    """The mean F1 of an article's pairs of annotators by `exact`, `tolerant` or `overlap`, labels together."""
    found: list[float] = []
    for pair in counts["pairs"]:
        total = _total(pair, "first") + _total(pair, "second")
        if total:
            found.append(2 * _total(pair, criterion) / total)
    return sum(found) / len(found) if found else None


def pairs_of(counts: Counts) -> Iterable[tuple[int, int]]:
    """The annotators of each of the article's pairs."""
    return combinations(counts["annotators"], 2)


def _total(pair: Mapping[str, Mapping[str, float]], name: str) -> float:
    return sum(pair.get(name, {}).values())
