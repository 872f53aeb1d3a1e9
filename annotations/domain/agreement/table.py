"""The counts of many articles as one table, from which articles can be drawn, and sums taken.

A row is an article, a column one number: of whom (`ALL`, or a pair of annotators), its name and its key. Most cells are
empty: the table is sparse, and a project of ten thousand articles takes some tens of megabytes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from annotations.domain.agreement.counting import Counts, pairs_of

type Who = tuple[int, int] | None
"""Two annotators, the smaller number first; None: all."""
type Names = Mapping[str, Mapping[str, Any]]
"""Sums by name and key, as in `Counts`."""

ALL: Final = None
_OF_ALL_ONLY: Final = frozenset({"articles", "borders_observed", "borders_expected"})
_CELLS: Final = 4_000_000


class Table:
    """The counts of articles, in the order given."""

    def __init__(self, counts: Iterable[Counts]) -> None:
        self._columns: dict[Who, dict[str, dict[str, int]]] = {ALL: {}}
        self._width = 0
        self.annotators: set[int] = set()
        sizes, columns, values, shares = array("q"), array("i"), array("d"), array("d")
        for article in counts:
            self.annotators.update(article["annotators"])
            before = len(columns)
            self._add(ALL, {"articles": {"": 1}, **article["all"]}, columns, values)
            for who, pair in zip(pairs_of(article), article["pairs"], strict=True):
                self._add(who, {"articles": {"": 1}, **pair}, columns, values)
            sizes.append(len(columns) - before)
            shares.append(1 / max(len(article["annotators"]) - 1, 1))
        self.articles = len(sizes)
        # Straight in the form of the sparse table: what is counted of a large project is there once, not three times.
        ends = np.concatenate([[0], np.cumsum(np.asarray(sizes))]).astype(np.int32)
        cells = (np.asarray(values), np.asarray(columns), ends)
        table = csr_array(cells, shape=(self.articles, self._width))
        self._table = csr_array(hstack([table, diags_array(np.array(shares)) @ table @ self._of_all()]))

    @property
    def whose(self) -> list[Who]:
        """All, and the pairs of annotators that have an article in common, in order."""
        return [ALL, *sorted(who for who in self._columns if who is not None)]

    def sums(self, times: NDArray[np.float64] | None = None) -> Sums:
        """The sums of all articles; with `times` (draws x articles), as many of them as there are draws."""
        taken = np.ones((1, self.articles)) if times is None else times
        return Sums(self._columns, (self._table.T @ taken.T))

    def drawn(self, draws: int, seed: int) -> Iterator[Sums]:
        """The sums of articles drawn with replacement, as many as there are, `draws` times; a seed draws the same.

        In slices, so that memory does not grow with the draws.
        """
        if not self.articles:
            return
        random = np.random.default_rng(seed)
        slice_ = max(1, min(draws, _CELLS // max(self._width, self.articles, 1)))
        for start in range(0, draws, slice_):
            size = min(slice_, draws - start)
            times = random.multinomial(self.articles, np.full(self.articles, 1 / self.articles), size=size)
            yield self.sums(times.astype(np.float64))

    def _add(
        self, who: Who, names: Mapping[str, Mapping[str, float]], columns: array[int], values: array[float]
    ) -> None:
        """The cells of somebody in an article's row: this runs millions of times in a large project."""
        by_name = self._columns.setdefault(who, {})
        for name, numbers in names.items():
            by_key = by_name.setdefault(name, {})
            for key, value in numbers.items():
                column = by_key.get(key)
                if column is None:
                    column = by_key[key] = self._width
                    self._width += 1
                columns.append(column)
                values.append(value)

    def _of_all(self) -> csr_array[Any, Any]:
        """Which columns of pairs add up to which of all, for whom new ones are made behind all others."""
        width, sources, targets = self._width, [], []
        of_all = self._columns[ALL]
        for who, by_name in self._columns.items():
            for name, by_key in by_name.items() if who is not ALL else ():
                if name in _OF_ALL_ONLY:
                    continue
                there = of_all.setdefault(name, {})
                for key, column in by_key.items():
                    if key not in there:
                        there[key] = self._width
                        self._width += 1
                    sources.append(column)
                    targets.append(there[key] - width)
        return csr_array((np.ones(len(sources)), (sources, targets)), shape=(width, self._width - width))


class Sums:
    """Sums of articles by whom, name and key: arrays, one value for each draw."""

    def __init__(self, columns: Mapping[Who, Mapping[str, Mapping[str, int]]], values: NDArray[np.float64]) -> None:
        self._columns, self._values = columns, values
        self.nothing = np.zeros(values.shape[1])

    def of(self, who: Who, name: str, key: str) -> NDArray[np.float64]:
        """One sum, 0 where nothing was counted."""
        found = self._columns.get(who, {}).get(name, {}).get(key)
        if found is None:
            return self.nothing
        values: NDArray[np.float64] = self._values[found]
        return values

    def by_key(self, who: Who, name: str) -> dict[str, NDArray[np.float64]]:
        """All sums of a name."""
        return {key: self._values[column] for key, column in self._columns.get(who, {}).get(name, {}).items()}

    def total(self, who: Who, name: str, keys: Sequence[str] | None = None) -> NDArray[np.float64]:
        """The sum of the sums of a name, of all keys or of some."""
        found = self._columns.get(who, {}).get(name, {})
        columns = [found[key] for key in keys if key in found] if keys is not None else list(found.values())
        values: NDArray[np.float64] = self._values[columns].sum(axis=0) if columns else self.nothing
        return values
