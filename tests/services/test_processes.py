"""Computing in other processes gives the same, in order, and takes no more inputs ahead than it needs."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from math import factorial

from annotations.services.processes import in_order


def test_what_is_computed_elsewhere_comes_in_order() -> None:
    expected = [factorial(number) for number in range(12)]
    assert list(in_order(factorial, range(12))) == expected
    assert list(in_order(factorial, range(12), alone=True)) == expected


def test_inputs_are_taken_as_they_are_needed() -> None:
    taken: list[int] = []

    def inputs() -> Generator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with closing(in_order(factorial, inputs())) as results:
        assert (next(results), len(taken) < 10) == (1, True)
