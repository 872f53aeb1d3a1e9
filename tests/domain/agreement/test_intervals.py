"""Confidence intervals: articles are drawn again, and the same seed draws the same."""

from __future__ import annotations

import pytest

from annotations.domain.agreement import Sums, interval, pooled
from annotations.domain.matching import Counts
from tests.domain.agreement_vectors import vectors_of


def f1(sums: Sums) -> float | None:
    return Counts(int(sums["both",]), int(sums["first",]), int(sums["second",])).f1


def articles_of(rows: list[list[int]]) -> list[Sums]:
    return [{("both",): both, ("first",): first, ("second",): second} for both, first, second in rows]


def test_the_reference_case() -> None:
    for vector in vectors_of("cluster_bootstrap_percentile_ci"):
        articles = articles_of(vector["input"]["per_article_tp_na_nb"])
        bounds = interval(articles, f1, level=vector["input"]["level"], draws=10_000)
        assert bounds is not None
        found = {"f1": f1(pooled(articles)), "low": bounds[0], "high": bounds[1]}
        assert found == pytest.approx(vector["expected"], abs=vector["tolerance"])


def test_the_same_seed_draws_the_same() -> None:
    articles = articles_of([[5, 6, 6], [1, 4, 3], [8, 9, 10], [2, 2, 9]])
    first, again, other = (interval(articles, f1, draws=50, seed=seed) for seed in (1, 1, 2))
    assert (first == again, first == other) == (True, False)


def test_there_is_no_interval_without_a_value() -> None:
    assert (interval([], f1), interval(articles_of([[0, 0, 0]]), f1)) == (None, None)


def test_draws_without_a_value_are_left_out() -> None:
    assert interval(articles_of([[1, 1, 1], [0, 0, 0]]), f1) == (1.0, 1.0)
