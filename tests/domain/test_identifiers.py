"""Ids that are made here sort in the order in which they were made."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from annotations.domain.identifiers import uuid7


def test_each_is_a_version_7_of_now() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid7()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert before <= made.int >> 80 <= before + 60_000


def test_many_within_a_millisecond_are_in_order() -> None:
    made = [uuid7() for _each in range(5_000)]
    assert made == sorted(made)
    assert len({each.int & (1 << 62) - 1 for each in made}) == len(made)


def test_they_stay_in_order_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert first < uuid7() < uuid7()


def test_threads_get_different_ones() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = [each for part in pool.map(lambda _job: [uuid7() for _each in range(500)], range(8)) for each in part]
    assert len(set(made)) == len(made)
