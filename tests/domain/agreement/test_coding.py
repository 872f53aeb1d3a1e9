"""Alpha and kappa reproduce the published values, and count what is really there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.agreement import Sums, pooled
from annotations.domain.agreement.coding import (
    alpha,
    alpha_over_labels,
    attribute_rows,
    character_sums,
    cohen_kappa,
    cohen_sums,
    covered,
    fleiss_kappa,
    fleiss_sums,
    label_rows,
    nominal_sums,
    token_set_sums,
    token_sums,
    tokens_of,
)
from annotations.domain.documents import AnnotationSet, Span
from tests.domain.agreement_vectors import set_of, spans_of, vectors_of
from tests.domain.test_matching import span_lists


def of(*spans: list[Any]) -> AnnotationSet:
    return set_of({"spans": spans, "relations": []})


def test_the_reference_case_of_nominal_alpha_has_missing_values() -> None:
    for vector in vectors_of("krippendorff_alpha_nominal"):
        units = zip(*vector["input"]["coders_by_units"], strict=True)
        sums = nominal_sums(([value for value in unit if value is not None], 1) for unit in units)
        assert alpha(sums) == pytest.approx(vector["expected"]["alpha"], abs=1e-6)


def test_the_reference_cases_of_characters() -> None:
    for vector in vectors_of("character_level_binary"):
        length, annotators = vector["input"]["length"], vector["input"]["annotators"].values()
        sets = [of(*(["A", extent] for extent in extents)) for extents in annotators]
        inside = [[any(start <= at < end for start, end in extents) for at in range(length)] for extents in annotators]
        rows = list(zip(*inside, strict=True))
        found = {
            "alpha_nominal": alpha(character_sums(length, sets, "A")),
            "cohen_kappa": cohen_kappa(cohen_sums(rows)),
            "scott_pi_or_fleiss_2_raters": fleiss_kappa(fleiss_sums(rows)),
        }
        assert found == pytest.approx(vector["expected"], abs=1e-6), vector["id"]


def test_the_reference_cases_of_tokens() -> None:
    for vector in vectors_of("token_level_binary_alpha"):
        tokens = tokens_of(vector["input"]["text"])
        assert [list(token) for token in tokens] == vector["input"]["tokens"]
        sets = [of(*spans) for spans in vector["input"]["annotators"].values()]
        found = {label: alpha(token_sums(tokens, sets, label)) for label in vector["expected"]}
        assert found == pytest.approx(vector["expected"], abs=1e-6)


def test_the_reference_case_of_cohens_kappa() -> None:
    for vector in vectors_of("cohen_kappa"):
        table = vector["input"]["table"]
        sums: Sums = {(i, j): n for i, row in enumerate(table) for j, n in enumerate(row)}
        assert cohen_kappa(sums) == pytest.approx(vector["expected"]["kappa"], abs=1e-6)


def test_the_reference_case_of_fleiss_kappa() -> None:
    for vector in vectors_of("fleiss_kappa"):
        rows = [[value for value, n in enumerate(row) for _ in range(n)] for row in vector["input"]["table"]]
        assert fleiss_kappa(fleiss_sums(rows)) == pytest.approx(vector["expected"]["kappa"], abs=1e-6)


def test_what_cannot_be_told_from_chance_is_undefined() -> None:
    same = [("a", "a"), ("a", "a")]
    found = (
        alpha(nominal_sums((row, 1) for row in same)),
        cohen_kappa(cohen_sums(same)),
        fleiss_kappa(fleiss_sums(same)),
    )
    nothing = (alpha({}), cohen_kappa({}), fleiss_kappa({}), alpha_over_labels([]), alpha_over_labels([{}]))
    assert {*found, *nothing} == {None}
    assert alpha(character_sums(10, [of(["actor", [0, 5]])], "actor")) is None


def test_a_token_has_the_set_of_labels_that_touch_it() -> None:
    tokens = tokens_of("Spain fell.")
    both, one, none = of(["actor", [0, 5]], ["location", [2, 5]]), of(["actor", [0, 5]]), of()
    assert token_set_sums(tokens, [both, one, none]) == {
        ("disagreeing",): 3.0,
        ("value", frozenset({"actor", "location"})): 1.0,
        ("value", frozenset({"actor"})): 1.0,
        ("value", frozenset()): 7.0,
    }


def test_one_label_over_all_labels_is_that_label() -> None:
    sums = character_sums(24, [of(["A", [2, 10]]), of(["A", [4, 8]])], "A")
    assert alpha_over_labels([sums, {}]) == alpha(sums)


def test_articles_are_pooled_not_averaged() -> None:
    first, second = of(["A", [0, 5]]), of(["A", [0, 4]])
    long, short = character_sums(100, [first, second], "A"), character_sums(5, [first, second], "A")
    joined = of(["A", [0, 5]], ["A", [50, 55]]), of(["A", [0, 4]], ["A", [50, 54]])
    assert alpha(pooled([long, short])) == pytest.approx(alpha(character_sums(105, joined, "A")))


def test_labels_and_attributes_are_compared_where_each_annotator_has_one_span_of_an_extent() -> None:
    def claim(stance: str, name: str) -> Span:
        return Span(id=name, label="claim", fragments=((20, 30),), attributes={"stance": stance} if stance else {})

    first, second = (
        AnnotationSet(kind="annotator", spans=[*spans_of(spans), claim(stance, "x")])
        for spans, stance in (
            ([["actor", [0, 5]], ["actor", [6, 9]], ["location", [10, 12]]], "supports"),
            ([["location", [0, 5]], ["actor", [6, 9]], ["actor", [6, 9]]], "opposes"),
        )
    )
    assert label_rows([first, second]) == [("actor", "location"), ("claim", "claim")]
    assert attribute_rows([first, second], "stance") == [("supports", "opposes")]
    silent = AnnotationSet(kind="annotator", spans=[claim("", "y")])
    assert (attribute_rows([first, silent], "stance"), label_rows([])) == ([], [])


@given(st.lists(span_lists(3), min_size=2, max_size=4))
def test_runs_of_characters_count_like_single_ones(spans: list[list[Span]]) -> None:
    sets = [AnnotationSet(kind="annotator", spans=own) for own in spans]
    covers = [covered(owner, "a") for owner in sets]
    single = nominal_sums(([any(start <= at < end for start, end in cover) for cover in covers], 1) for at in range(15))
    assert character_sums(15, sets, "a") == pytest.approx(single)
