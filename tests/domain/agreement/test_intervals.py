"""Confidence intervals: articles are drawn again, and the same seed draws the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from annotations.domain.agreement import interval
from annotations.domain.agreement.counting import Counts
from annotations.domain.agreement.measures import Row, mean_row, rows_of
from annotations.domain.agreement.table import Table
from tests.domain.agreement_vectors import vectors_of


def counts_of(rows: Sequence[Sequence[int]]) -> list[Counts]:
    """Articles of two annotators: how many of their spans match, how many each has."""
    return [
        {
            "annotators": [1, 2],
            "spans": first + second,
            "pairs": [{"exact": {"a": both}, "first": {"a": first}, "second": {"a": second}}],
            "all": {},
        }
        for both, first, second in rows
    ]


def f1_of(rows: Sequence[Sequence[int]], *, draws: int, level: float = 0.95, seed: int = 0) -> Row:
    return rows_of(Table(counts_of(rows)), ["a"], draws=draws, level=level, seed=seed)[0]


def test_the_reference_case() -> None:
    for vector in vectors_of("cluster_bootstrap_percentile_ci"):
        row = f1_of(vector["input"]["per_article_tp_na_nb"], draws=10_000, level=vector["input"]["level"])
        found = {"f1": row.value, "low": row.low, "high": row.high}
        assert found == pytest.approx(vector["expected"], abs=vector["tolerance"])


def test_the_same_seed_draws_the_same() -> None:
    articles = [[5, 6, 6], [1, 4, 3], [8, 9, 10], [2, 2, 9]]
    first, again, other = (f1_of(articles, draws=50, seed=seed) for seed in (1, 1, 2))
    assert (first == again, first == other) == (True, False)


def test_there_is_no_interval_without_a_value() -> None:
    row = f1_of([[0, 0, 0]], draws=50)
    assert (row.value, row.low, row.high, interval(np.array([np.nan]))) == (None, None, None, None)
    assert rows_of(Table([]), ["a"], draws=50)[0] == Row("f1_exact", None, None, None, None, None, 0, 0)


def test_draws_without_a_value_are_left_out() -> None:
    row = f1_of([[1, 1, 1], [0, 0, 0]], draws=50)
    assert (row.value, row.low, row.high) == (1.0, 1.0, 1.0)


def test_a_mean_of_articles_has_the_interval_of_the_same_draws() -> None:
    assert mean_row("gamma", [], 0) == Row("gamma", None, None, None, None, None, 0, 0)
    assert mean_row("gamma", [0.5, 0.5], 7) == Row("gamma", None, None, 0.5, 0.5, 0.5, 2, 7)
    row = mean_row("gamma", [0.0, 1.0] * 50, 7)
    assert (row.value, row.low, row.high) == pytest.approx((0.5, 0.4, 0.6), abs=0.02)
