"""When the work ends at its pace, and how much more of it a narrower interval takes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.forecasts import days_left, end_of, more_for


def test_the_end_is_what_is_left_at_the_pace_of_the_days_before() -> None:
    assert end_of(date(2026, 3, 1), left=10, done=28, days=14) == date(2026, 3, 6)
    assert end_of(date(2026, 3, 1), left=0, done=0, days=14) == date(2026, 3, 1)
    assert end_of(date(2026, 3, 1), left=1, done=0, days=14) is None
    assert end_of(date(2026, 3, 1), left=10**9, done=1, days=14) is None


@given(st.integers(1, 10_000), st.integers(1, 1_000), st.integers(1, 60))
def test_the_days_are_enough_and_one_less_is_not(left: int, done: int, days: int) -> None:
    needed = days_left(left, done, days)
    assert needed is not None
    assert needed * done >= left * days > (needed - 1) * done


@pytest.mark.parametrize(
    ("half", "n", "more"), [(0.1, 20, 60), (0.05, 20, 0), (0.04, 20, 0), (0.2, 1, 15), (0.1, 0, 0)]
)
def test_half_the_width_takes_four_times_the_articles(half: float, n: int, more: int) -> None:
    assert more_for(half, n, 0.05) == more
