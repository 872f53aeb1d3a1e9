"""Forecasts from what was counted: when the work ends, and how much more of it an estimate needs to be as exact."""

from __future__ import annotations

import math
from datetime import date, timedelta


def days_left(left: int, done: int, days: int) -> int | None:
    """Whole days for what is left at the pace of `done` in the last `days`; None where nothing was done."""
    if left <= 0:
        return 0
    return math.ceil(left * days / done) if done > 0 else None


def end_of(today: date, left: int, done: int, days: int) -> date | None:
    """The day on which it ends at that pace; None where nothing was done, or later than any calendar goes."""
    needed = days_left(left, done, days)
    if needed is None or needed > (date.max - today).days:
        return None
    return today + timedelta(days=needed)


def more_for(half_width: float, n: int, wanted: float) -> int:
    """How many more of `n` articles an interval of ± `half_width` needs to be ± `wanted`.

    An interval's width falls with the square root of the number: n · (half_width / wanted)² in all. This holds where
    the articles to come are like those that were counted.
    """
    if half_width <= wanted or n <= 0:
        return 0
    return math.ceil(n * (half_width / wanted) ** 2 - 1e-9) - n
