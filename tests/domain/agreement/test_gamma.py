"""Gamma finds the best alignment, and compares it with what chance would give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.domain.agreement.gamma import Unit, best_alignment_disorder, gamma
from tests.domain.agreement_vectors import vectors_of

unit_lists = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 5), st.sampled_from("ac")).map(lambda u: (u[0], u[0] + u[1], u[2])),
    max_size=2,
)


def alignments(annotators: Sequence[Sequence[Unit]]) -> Iterator[list[list[Unit | None]]]:
    """All ways to put every unit into one group with at most one unit of each annotator."""
    first = next((number for number, own in enumerate(annotators) if own), None)
    if first is None:
        yield []
        return
    head = annotators[first][0]
    choices: list[list[Unit | None]] = [
        [head] if number == first else [None, *own] if number > first else [None]
        for number, own in enumerate(annotators)
    ]

    def groups(at: int) -> Iterator[list[Unit | None]]:
        if at == len(choices):
            yield []
            return
        for choice in choices[at]:
            for rest in groups(at + 1):
                yield [choice, *rest]

    for group in groups(0):
        left = []
        for own, taken in zip(annotators, group, strict=True):
            rest = list(own)
            if taken is not None:
                rest.remove(taken)
            left.append(rest)
        for others in alignments(left):
            yield [group, *others]


def disorder(group: Sequence[Unit | None]) -> float:
    def of(one: Unit | None, other: Unit | None) -> float:
        if one is None or other is None:
            return 1.0
        apart = abs(one[0] - other[0]) + abs(one[1] - other[1])
        return (apart / (one[1] - one[0] + other[1] - other[0])) ** 2 + (one[2] != other[2])

    pairs = [of(one, other) for one, other in combinations(group, 2)]
    return sum(pairs) / len(pairs)


def test_the_reference_cases() -> None:
    # the sampled values are of 300 draws; a third of them comes as near and takes a third of the time
    for vector in vectors_of("gamma"):
        annotators = [
            [(start, end, label) for start, end, label in own] for own in vector["input"]["annotators"].values()
        ]
        sampled = vector["gamma_sampled"]
        length = max(end for own in annotators for _, end, _ in own)
        assert best_alignment_disorder(annotators) == pytest.approx(
            vector["expected"]["best_alignment_disorder"], abs=vector["tolerance"]
        )
        assert gamma(length, annotators, samples=100) == pytest.approx(sampled["gamma"], abs=sampled["tolerance"]), (
            vector["id"]
        )


@settings(max_examples=40)
@given(st.lists(unit_lists, min_size=2, max_size=3))
def test_no_alignment_has_less_disorder(annotators: list[list[Unit]]) -> None:
    units = sum(len(own) for own in annotators)
    found = best_alignment_disorder(annotators)
    if not units:
        assert found is None
        return
    best = min(sum(disorder(group) for group in groups) for groups in alignments(annotators))
    assert found == pytest.approx(best / (units / len(annotators)), abs=1e-6)


def test_gamma_is_undefined_without_units_and_for_one_annotator() -> None:
    assert {gamma(10, []), gamma(10, [[], []]), gamma(10, [[(0, 2, "a")]])} == {None}


def test_the_same_seed_draws_the_same() -> None:
    annotators: list[list[Unit]] = [[(0, 4, "a"), (6, 9, "c")], [(1, 4, "a")]]
    first, again, other = (gamma(20, annotators, samples=5, seed=seed) for seed in (1, 1, 2))
    assert (first == again, first == other) == (True, False)
