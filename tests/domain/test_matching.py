"""F1 counts the largest one-to-one matching, never a greedy one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.documents import Span
from annotations.domain.matching import (
    Counts,
    Criterion,
    best_matching,
    exact,
    matched_spans,
    overlapping,
    overlaps,
    relation_counts,
    similar,
    span_counts,
    tolerant,
)
from tests.domain.agreement_vectors import set_of, spans_of, vectors_of

CRITERIA = {
    "exact": (exact, True),
    "overlap": (overlapping, True),
    "iou50": (similar(0.5), True),
    "tol3": (tolerant(3), True),
    "exact_unlabelled": (exact, False),
}


@st.composite
def span_lists(draw: st.DrawFn, most: int = 4) -> list[Span]:
    """Up to four spans of one or two fragments in twelve characters."""
    found = []
    for number in range(draw(st.integers(0, most))):
        borders = sorted(draw(st.sets(st.integers(0, 12), min_size=2, max_size=5)))
        fragments = tuple(zip(borders[::2], borders[1::2], strict=False))
        found.append(Span(id=str(number), label=draw(st.sampled_from("ac")), fragments=fragments))
    return found


def brute_force(first: Sequence[Span], second: Sequence[Span], criterion: Criterion) -> int:
    """The size of the largest matching, by trying all."""
    if len(first) > len(second):
        first, second = second, first

    def match(one: Span, other: Span) -> bool:
        shared = len(characters(one) & characters(other))
        return one.label == other.label and shared > 0 and criterion(one, other, shared)

    return max(
        sum(match(one, other) for one, other in zip(first, chosen, strict=True))
        for chosen in permutations(second, len(first))
    )


def characters(span: Span) -> set[int]:
    return {at for start, end in span.fragments for at in range(start, end)}


def test_the_reference_cases_of_span_f1() -> None:
    for vector in vectors_of("pairwise_span_f1"):
        first, second = spans_of(vector["input"]["a"]), spans_of(vector["input"]["b"])
        found = {}
        for name in vector["expected"]:
            criterion, labelled = CRITERIA[name]
            both = len(matched_spans(first, second, criterion, labelled=labelled))
            found[name] = Counts(both, len(first), len(second)).f1
        assert found == pytest.approx(vector["expected"], abs=1e-6), vector["id"]


def test_the_reference_cases_of_relation_f1() -> None:
    for vector in vectors_of("relation_f1"):
        first, second = set_of(vector["input"]["a"], "a"), set_of(vector["input"]["b"], "b")
        found = {
            name: sum(relation_counts(first, second, CRITERIA[name][0]).values(), Counts()).f1
            for name in vector["expected"]
        }
        assert found == pytest.approx(vector["expected"], abs=1e-6), vector["id"]


def test_relations_whose_ends_are_not_matched_do_not_count_on_condition() -> None:
    first = set_of(
        {"spans": [["claim", [0, 9]], ["actor", [10, 12]]], "relations": [["made_by", 0, 1], ["denied_by", 0, 1]]}, "a"
    )
    second = set_of(
        {
            "spans": [["claim", [0, 9]], ["actor", [10, 12]], ["actor", [20, 22]]],
            "relations": [["made_by", 0, 1], ["made_by", 0, 2]],
        },
        "b",
    )
    assert relation_counts(first, second, exact) == {"denied_by": Counts(0, 1, 0), "made_by": Counts(1, 1, 2)}
    assert relation_counts(first, second, exact, conditional=True) == {
        "denied_by": Counts(0, 1, 0),
        "made_by": Counts(1, 1, 1),
    }


def test_counts_stand_for_each_label_and_add_up() -> None:
    first = spans_of([["actor", [0, 5]], ["claim", [8, 20]]])
    second = spans_of([["actor", [0, 5]], ["actor", [30, 35]], ["location", [8, 20]]])
    found = span_counts(first, second, exact)
    assert found == {"actor": Counts(1, 1, 2), "claim": Counts(0, 1, 0), "location": Counts(0, 0, 1)}
    assert sum(found.values(), Counts()) == Counts(1, 2, 3)


def test_f1_is_undefined_without_spans_and_nought_when_one_set_is_empty() -> None:
    assert [Counts().f1, Counts(0, 0, 2).f1, Counts(1, 1, 3).f1] == [None, 0.0, 0.5]


def test_within_tolerance_but_apart_is_no_match() -> None:
    near, apart = spans_of([["actor", [0, 2]]]), spans_of([["actor", [3, 5]]])
    assert (span_counts(near, apart, tolerant(3)), matched_spans(near, near, tolerant(0))) == (
        {"actor": Counts(0, 1, 1)},
        [(0, 0)],
    )


@given(span_lists(), span_lists(), st.sampled_from([exact, overlapping, tolerant(2), similar(0.5)]))
def test_as_many_match_as_a_search_through_all_matchings_finds(
    first: list[Span], second: list[Span], criterion: Criterion
) -> None:
    pairs = matched_spans(first, second, criterion)
    assert len(pairs) == brute_force(first, second, criterion)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert len(matched_spans(second, first, criterion)) == len(pairs)


@given(span_lists(8), span_lists(8))
def test_shared_characters_are_those_in_both(first: list[Span], second: list[Span]) -> None:
    expected = {
        (i, j): len(characters(one) & characters(other))
        for i, one in enumerate(first)
        for j, other in enumerate(second)
        if characters(one) & characters(other)
    }
    assert overlaps([span.fragments for span in first], [span.fragments for span in second]) == expected


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(1, 9).map(float)))
def test_the_best_matching_weighs_as_much_as_any(weights: dict[tuple[int, int], float]) -> None:
    found = best_matching(weights)
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    best = max(sum(weights.get((i, j), 0.0) for i, j in enumerate(columns)) for columns in permutations(range(4)))
    assert sum(weights[pair] for pair in found) == best
