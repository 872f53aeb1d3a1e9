"""Splits are drawn by hash: the same key is in the same part everywhere, and the shares are as asked."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.errors import InvalidData
from annotations.domain.splits import PARTS, Ratio, part_of, ratio_of


def test_the_shares_are_about_as_asked() -> None:
    found = Counter(part_of(f"wn-{number}", Ratio(80, 10, 10)) for number in range(10_000))
    assert {part: round(found[part], -2) for part in PARTS} == {"train": 8_000, "dev": 1_000, "test": 1_000}


@given(st.text())
def test_a_larger_test_part_takes_only_from_dev(key: str) -> None:
    before, after = part_of(key, Ratio(80, 15, 5)), part_of(key, Ratio(80, 10, 10))
    assert (before, after) in {("train", "train"), ("dev", "dev"), ("test", "test"), ("dev", "test")}


def test_what_the_hash_says_never_changes() -> None:
    assert [part_of(key, Ratio(1, 1, 1)) for key in ("a", "b", "c", "d")] == ["train", "dev", "train", "dev"]


@pytest.mark.parametrize("written", ["80/10/10", "80,10,10", " 8-1-1 ", "0/0/1"])
def test_a_ratio_is_three_numbers(written: str) -> None:
    assert part_of("a", ratio_of(written)) in PARTS


@pytest.mark.parametrize("written", ["", "80", "80/20", "0/0/0", "a/b/c", "-1/1/1", "1/1/1/1", "99999/1/1"])
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(InvalidData):
        ratio_of(written)
