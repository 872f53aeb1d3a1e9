"""Agreement between annotators: chance-corrected and other measures, each made of sums over articles.

`counting` counts something in every article; the counts of all articles are added (`table`), and only then a value is
made of them. So a pooled value is not an average of articles, and articles can be drawn again and again for a
confidence interval: what makes a value of sums (`coding`, `unitizing`) makes a thousand values of a thousand sums.
Undefined is nan there and None in the end, which is neither 0 nor 1.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

type Key = tuple[Hashable, ...]
type Sums = Mapping[Key, Any]
"""What was counted: numbers, or arrays of them, all of one shape, for as many values at once."""
type Values = NDArray[np.float64]

DRAWS: Final = 1_000
LEVEL: Final = 0.95
_ROUNDING: Final = 1e-12


def ratio(part: Any, whole: Any, scale: Any = 1.0) -> Values:
    """part / whole, and nan where the whole is nothing but rounding of numbers of that scale."""
    part, whole, scale = np.broadcast_arrays(*(np.asarray(each, np.float64) for each in (part, whole, scale)))
    there = whole > _ROUNDING * scale
    values: Values = np.divide(part, whole, out=np.full(whole.shape, np.nan), where=there)
    return values


def total(values: Iterable[Any]) -> Any:
    """The sum; 0 of none."""
    return sum(values, start=np.float64(0))


def scalar(values: Values | float) -> float | None:
    """One value as it is told: None for undefined."""
    value = float(values)
    return None if np.isnan(value) else value


def interval(drawn: Values, *, level: float = LEVEL) -> tuple[float, float] | None:
    """A percentile bootstrap interval (Efron & Tibshirani 1993, chapter 13) of the values of all draws.

    Draws without a value are left out; there is no interval when no draw has one.
    """
    there = drawn[~np.isnan(drawn)]
    if not len(there):
        return None
    low, high = np.quantile(there, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return (low, high)
