"""Agreement between annotators: chance-corrected and other measures, each made of sums over articles.

A measure counts something in every article (`Sums`), the counts of all articles are added (`pooled`), and only then a
value is made of them; None means undefined, which is neither 0 nor 1. So a pooled value is not an average of articles,
and articles can be drawn again and again for a confidence interval (`interval`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np

type Key = tuple[Hashable, ...]
type Sums = Mapping[Key, float]

DRAWS: Final = 1_000
LEVEL: Final = 0.95
_ROWS: Final = 64


def pooled(articles: Iterable[Sums]) -> Sums:
    """The counts of all articles, added."""
    total: defaultdict[Key, float] = defaultdict(float)
    for sums in articles:
        for key, value in sums.items():
            total[key] += value
    return total


def interval(
    articles: Sequence[Sums],
    value: Callable[[Sums], float | None],
    *,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> tuple[float, float] | None:
    """A percentile bootstrap interval of `value` over articles (Efron & Tibshirani 1993, chapter 13).

    As many articles as there are are drawn with replacement, `draws` times; the same seed draws the same ones. Draws
    without a value are left out; there is no interval when no draw has one.
    """
    keys = list({key: None for sums in articles for key in sums})
    table = np.array([[sums.get(key, 0.0) for key in keys] for sums in articles]).reshape(len(articles), len(keys))
    random = np.random.default_rng(seed)
    values: list[float] = []
    for start in range(0, draws if articles else 0, _ROWS):  # in slices, so that memory does not grow with the draws
        rows = min(_ROWS, draws - start)
        times = random.multinomial(len(articles), np.full(len(articles), 1 / len(articles)), size=rows)
        drawn = (value(dict(zip(keys, row, strict=True))) for row in (times @ table).tolist())
        values += [one for one in drawn if one is not None]
    if not values:
        return None
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return (low, high)
