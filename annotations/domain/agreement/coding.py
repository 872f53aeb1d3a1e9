"""Agreement on what every character, token or span is called: F1, Krippendorff's nominal alpha, Cohen's and Fleiss'
kappa, each made of sums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, Final

import numpy as np

from annotations.domain.agreement import Sums, Values, ratio, total

DISAGREEING: Final = ("disagreeing",)
ITEMS: Final = ("items",)
AGREEING: Final = ("agreeing",)


def f1(both: Any, first: Any, second: Any) -> Values:
    """2 · both / (first + second): how many match, of how many that the first and the second annotator have."""
    return ratio(2 * both, first + second)


def alpha(sums: Sums) -> Values:
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: 1 - D_o / D_e of nominal values.

    A unit with m values has m (m - 1) pairs, each counting 1 / (m - 1); one with less than two has none. Under
    `DISAGREEING` is how much the pairs count whose values differ, under the other keys how often each value is there.
    Undefined when all values are the same.
    """
    n, expected = _expected(sums)
    return 1 - ratio((n - 1) * sums.get(DISAGREEING, 0), expected, n * n)


def alpha_over_labels(by_label: Iterable[Sums]) -> Values:
    """One alpha for several codings (one per label): their observed by their expected disagreement, each added up."""
    observed = expected = scale = total([])
    for sums in by_label:
        n, pairs = _expected(sums)
        observed = observed + sums.get(DISAGREEING, 0)
        expected = expected + pairs / np.maximum(n - 1, 1)
        scale = scale + n
    return 1 - ratio(observed, expected, scale)


def cohen_kappa(sums: Sums) -> Values:
    """Cohen (1960), A Coefficient of Agreement for Nominal Scales: (p_o - p_e) / (1 - p_e), for two annotators.

    The keys are pairs of values, the sums how often each pair is there.
    """
    everything = total(sums.values())
    first: defaultdict[Hashable, Any] = defaultdict(lambda: total([]))
    second: defaultdict[Hashable, Any] = defaultdict(lambda: total([]))
    for (one, other), n in sums.items():
        first[one] = first[one] + n
        second[other] = second[other] + n
    expected = total(n * second[value] for value, n in first.items() if value in second)
    agreed = total(n for (one, other), n in sums.items() if one == other)
    square = everything * everything
    return ratio(everything * agreed - expected, square - expected, square)


def fleiss_kappa(sums: Sums) -> Values:
    """Fleiss (1971), Measuring Nominal Scale Agreement Among Many Raters: (P - P_e) / (1 - P_e).

    Under `ITEMS` how many items were judged, under `AGREEING` the sum of the parts of pairs that agree on each, under
    the other keys how often each value was given.
    """
    items = sums.get(ITEMS, total([]))
    values = {key: n for key, n in sums.items() if key not in {ITEMS, AGREEING}}
    answers = total(values.values())
    expected = ratio(total(n * n for n in values.values()), answers * answers)
    agreeing = ratio(sums.get(AGREEING, 0), items)
    return ratio(agreeing - expected, 1 - expected)


def _expected(sums: Mapping[Any, Any]) -> tuple[Any, Any]:
    """How many values there are, and how many ordered pairs of different ones."""
    values = [n for key, n in sums.items() if key != DISAGREEING]
    n = total(values)
    return n, total(value * (n - value) for value in values)
