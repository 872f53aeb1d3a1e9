"""How much overlap there is, and how much more a wanted exactness of agreement would take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from annotations.domain.forecasts import more_for

WANTED: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Exactness:
    """F1 of exact spans over all pairs (0 to 1), half the width of its interval, and what ± `wanted` would take."""

    value: float
    half_width: float
    articles: int
    wanted: float
    more: int


def exactness_of(report: Mapping[str, Any] | None, wanted: float = WANTED) -> Exactness | None:
    """From a report of agreement; None where it has no interval."""
    for measure, label, pair, value, low, high, articles, _spans in (report or {}).get("rows", ()):
        if measure == "f1_exact" and label is None and not pair and value is not None and low is not None:
            half = (high - low) / 2
            more = more_for(half, articles, wanted)
            return Exactness(value=value, half_width=half, articles=articles, wanted=wanted, more=more)
    return None
