"""What alpha-U (1995) counts: how far the borders of units are apart, and how far they would be by chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from annotations.domain.agreement.batches import Batch
from annotations.domain.agreement.covers import sides
from annotations.domain.agreement.intervals import Integers, Intervals, meetings, ranges, repeated, summed

type Floats = NDArray[np.float64]


def border_sums(batch: Batch, units: Intervals) -> tuple[Floats, Floats, Floats, Floats]:
    """Observed and expected disagreement (D · length², squared characters) of each pair and label, and of each article
    and label: Krippendorff (1995), the expected as corrected in Krippendorff (2004).

    Units are in groups `set · number of labels + label`.
    """
    size, articles = len(batch.labels), len(batch.texts)
    between = _between(batch, units)
    apart = between / 1.0
    m = batch.set_counts
    ordered = np.maximum(m * (m - 1), 1)
    by_article = np.zeros((articles, size))
    np.add.at(by_article, batch.pair_article, 2 * between)
    expected = _Expected(batch, units)
    pairs = np.column_stack([batch.first, batch.second])
    of_pairs = expected.of(pairs.reshape(-1), repeated(np.full(len(pairs), 2)), len(pairs))
    of_articles = expected.of(np.arange(len(batch.set_article)), batch.set_article, articles)
    return apart, of_pairs, by_article / ordered[:, None], of_articles


def _between(batch: Batch, units: Intervals) -> Integers:
    """The squared differences of borders of units that meet and the squared lengths of units that meet none, of the
    two sets of each pair.
    """
    size, pairs = len(batch.labels), len(batch.first)
    (mine, _), (theirs, _) = sides(batch, units)
    i, j, _ = meetings(mine, theirs)
    apart = (mine.start[i] - theirs.start[j]) ** 2 + (mine.end[i] - theirs.end[j]) ** 2
    total = summed(mine.group[i], apart, pairs * size)
    for side, met in ((mine, i), (theirs, j)):
        lonely = np.flatnonzero(np.bincount(met, minlength=len(side)) == 0)
        total += summed(side.group[lonely], side.lengths[lonely] ** 2, pairs * size)
    return total.reshape(pairs, size)


class _Expected:
    """The expected disagreement of any group of sets of one article, from what is counted once for each set, and once
    for each ordered two of them: how many places the gaps of one have for the units of the other.
    """

    def __init__(self, batch: Batch, units: Intervals) -> None:
        self._batch, self._size = batch, len(batch.labels)
        cells = len(batch.set_article) * self._size
        lengths = units.lengths.astype(np.float64)

        def by_cell(values: Floats) -> Floats:
            return np.bincount(units.group, weights=values, minlength=cells).reshape(-1, self._size)

        self._units = by_cell(np.ones(len(units)))
        self._cubes = by_cell((2 * lengths**3 - 3 * lengths**2 + lengths) / 3)
        self._alike = by_cell(lengths * (lengths - 1))
        self._gaps = _gaps(batch, units)
        self._all_units = units

    def of(self, sets: Integers, group: Integers, groups: int) -> Floats:
        """Expected disagreement (D · length²) by group and label; `sets` are the members of each `group`, which are
        numbered without holes and in order.
        """
        batch, size = self._batch, self._size

        def added(cells: Floats) -> Floats:
            found = np.zeros((groups, size))
            np.add.at(found, group, cells[sets])
            return found

        members = np.bincount(group, minlength=groups)
        length = np.zeros(groups)
        length[group] = batch.lengths[batch.set_article[sets]]
        everything = (members * length)[:, None]
        free = everything * (everything - 1) - added(self._alike)
        within = (added(self._units) - 1) * added(self._cubes) + self._places(sets, group, members)
        possible = (free > 0) & (added(self._units) > 0)
        return np.where(possible, 2 * length[:, None] * within / np.where(free > 0, free, 1), 0.0)

    def _places(self, sets: Integers, group: Integers, members: Integers) -> Floats:
        """For each group and label, the squared length of each unit by the places it has in the gaps of all members."""
        size = self._size
        begins = np.cumsum(members) - members
        low, high = begins[group], (begins + members)[group]
        ones, others = sets[repeated(high - low)], sets[ranges(low, high)]
        codes, place = np.unique(ones * (len(self._batch.set_article) + 1) + others, return_inverse=True)
        wide = len(self._batch.set_article) + 1
        one, other = codes // wide, codes % wide
        units, owners = self._all_units, self._all_units.group // size
        first, last = np.searchsorted(owners, one, "left"), np.searchsorted(owners, one, "right")
        two, unit = repeated(last - first), ranges(first, last)
        label, length = units.group[unit] % size, units.lengths[unit]
        room = self._gaps.room(other[two] * size + label, length)
        cells = np.bincount(
            two * size + label, weights=length.astype(np.float64) ** 2 * room, minlength=len(one) * size
        )
        found = np.zeros((len(members), size))
        np.add.at(found, group[repeated(high - low)], cells.reshape(-1, size)[place])
        return found


class _Gaps:
    """The gaps of each group, shortest first, with running sums."""

    def __init__(self, group: Integers, length: Integers) -> None:
        order = np.lexsort((length, group))
        self._group, length = group[order], length[order]
        self._codes = self._group * _FAR + length
        self._sums = np.concatenate([[0], np.cumsum(length)])

    def room(self, group: Integers, length: Integers) -> Integers:
        """How many places the gaps of the group have for a unit of that length."""
        first = np.searchsorted(self._codes, group * _FAR + length, "left")
        last = np.searchsorted(self._group, group, "right")
        room: Integers = self._sums[last] - self._sums[first] - (last - first) * (length - 1)
        return room


_FAR = 1 << 21


def _gaps(batch: Batch, units: Intervals) -> _Gaps:
    """Between the units of each set and label, and before and after them."""
    size = len(batch.labels)
    cells = np.arange(len(batch.set_article) * size)
    lengths = batch.lengths[batch.set_article[cells // size]]
    group = np.concatenate([units.group, cells])
    start = np.concatenate([units.start, lengths])  # a unit of no length stands at the end of each text
    end = np.concatenate([units.end, lengths])
    order = np.lexsort((end, start, group))
    group, start, end = group[order], start[order], end[order]
    before = np.concatenate([[0], end[:-1]])
    before[np.concatenate([[True], group[1:] != group[:-1]])[: len(before)]] = 0
    there = start > before
    return _Gaps(group[there], (start - before)[there])
