"""Many half-open ranges at once, in arrays: what they cover together, and which of them meet.

Counting agreement of thousands of articles is a matter of such ranges; a loop in Python over them would take minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Integers = NDArray[np.int64]

_WIDTH: Final = 1 << 21
"""More than any offset (an article has at most 1,000,000 code points), so that group and offset make one number."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """Ranges `[start, end)`, none empty; those of different groups have nothing to do with one another."""

    group: Integers
    start: Integers
    end: Integers

    def __len__(self) -> int:
        return len(self.group)

    def taken(self, index: Integers) -> Intervals:
        """Those at the positions."""
        return Intervals(self.group[index], self.start[index], self.end[index])

    def in_order(self) -> Integers:
        """The positions of all of them by group, start and end."""
        return np.lexsort((self.end, self.start, self.group))

    @property
    def lengths(self) -> Integers:
        """What each covers."""
        lengths: Integers = self.end - self.start
        return lengths


def ranges(low: Integers, high: Integers) -> Integers:
    """The numbers from each `low` to before its `high`, one range after the other."""
    counts = high - low
    begins: Integers = np.cumsum(counts) - counts
    found: Integers = np.arange(counts.sum()) + np.repeat(low - begins, counts)
    return found


def repeated(counts: Integers) -> Integers:
    """0 as often as the first count says, then 1, and so on."""
    return np.repeat(np.arange(len(counts)), counts)


def union(intervals: Intervals) -> Intervals:
    """All that those of a group (in order) cover: ranges that overlap are joined, ranges that touch are not."""
    if not len(intervals):
        return intervals
    begins = intervals.group * _WIDTH + intervals.start
    reach = np.maximum.accumulate(intervals.group * _WIDTH + intervals.end)
    first = np.flatnonzero(np.concatenate([[True], begins[1:] >= reach[:-1]]))
    ends = np.maximum.reduceat(intervals.end, first)
    return Intervals(intervals.group[first], intervals.start[first], ends)


def meetings(one: Intervals, other: Intervals) -> tuple[Integers, Integers, Integers]:
    """All pairs (position in `one`, position in `other`, how much they share) that share something; both in order."""
    begins, other_begins = one.group * _WIDTH + one.start, other.group * _WIDTH + other.start
    low = np.searchsorted(other_begins, begins, "left")
    high = np.searchsorted(other_begins, one.group * _WIDTH + one.end, "left")
    low_back = np.searchsorted(begins, other_begins, "right")
    high_back = np.searchsorted(begins, other.group * _WIDTH + other.end, "left")
    mine = np.concatenate([repeated(high - low), ranges(low_back, high_back)])
    theirs = np.concatenate([ranges(low, high), repeated(high_back - low_back)])
    shared = np.minimum(one.end[mine], other.end[theirs]) - np.maximum(one.start[mine], other.start[theirs])
    return mine, theirs, shared


def summed(keys: Integers, weights: NDArray[np.int64] | NDArray[np.float64], size: int) -> Integers:
    """The sum of the weights at each key from 0 to before `size`; whole numbers stay whole up to 2**53."""
    return np.bincount(keys, weights=weights, minlength=size).astype(np.int64)


def counted(keys: Integers, size: int) -> Integers:
    """How often each key from 0 to before `size` is there."""
    return np.bincount(keys, minlength=size)
