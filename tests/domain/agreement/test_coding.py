"""Alpha and kappa reproduce the published values."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.domain.agreement import Sums, scalar
from annotations.domain.agreement.coding import alpha, alpha_over_labels, cohen_kappa, f1, fleiss_kappa
from annotations.domain.agreement.covers import tokens_of
from annotations.domain.documents import AnnotationSet
from tests.domain.agreement.measured import article_of, measured
from tests.domain.agreement.plain import character_sums, cohen_sums, fleiss_sums, nominal_sums
from tests.domain.agreement_vectors import set_of, vectors_of


def of(*spans: list[Any]) -> AnnotationSet:
    return set_of({"spans": spans, "relations": []})


def test_the_reference_case_of_nominal_alpha_has_missing_values() -> None:
    for vector in vectors_of("krippendorff_alpha_nominal"):
        units = zip(*vector["input"]["coders_by_units"], strict=True)
        sums = nominal_sums(([value for value in unit if value is not None], 1) for unit in units)
        assert scalar(alpha(sums)) == pytest.approx(vector["expected"]["alpha"], abs=1e-6)


def test_the_reference_cases_of_characters() -> None:
    for vector in vectors_of("character_level_binary"):
        length, annotators = vector["input"]["length"], vector["input"]["annotators"].values()
        sets = [of(*(["A", extent] for extent in extents)) for extents in annotators]
        inside = [[any(start <= at < end for start, end in extents) for at in range(length)] for extents in annotators]
        rows = list(zip(*inside, strict=True))
        found = {
            "alpha_nominal": measured(article_of(length, sets), labels=["A"])["alpha_characters", "A", None],
            "cohen_kappa": scalar(cohen_kappa(cohen_sums(rows))),
            "scott_pi_or_fleiss_2_raters": scalar(fleiss_kappa(fleiss_sums(rows))),
        }
        assert found == pytest.approx(vector["expected"], abs=1e-6), vector["id"]


def test_the_reference_cases_of_tokens() -> None:
    for vector in vectors_of("token_level_binary_alpha"):
        tokens = tokens_of(vector["input"]["text"])
        assert [list(token) for token in tokens] == vector["input"]["tokens"]
        sets = [of(*spans) for spans in vector["input"]["annotators"].values()]
        values = measured(article_of(vector["input"]["text"], sets))
        found = {label: values["alpha_tokens", label, None] for label in vector["expected"]}
        assert found == pytest.approx(vector["expected"], abs=1e-6)


def test_the_reference_case_of_cohens_kappa() -> None:
    for vector in vectors_of("cohen_kappa"):
        table = vector["input"]["table"]
        sums: Sums = {(i, j): n for i, row in enumerate(table) for j, n in enumerate(row)}
        assert scalar(cohen_kappa(sums)) == pytest.approx(vector["expected"]["kappa"], abs=1e-6)


def test_the_reference_case_of_fleiss_kappa() -> None:
    for vector in vectors_of("fleiss_kappa"):
        rows = [[value for value, n in enumerate(row) for _ in range(n)] for row in vector["input"]["table"]]
        assert scalar(fleiss_kappa(fleiss_sums(rows))) == pytest.approx(vector["expected"]["kappa"], abs=1e-6)


def test_the_reference_cases_of_f1() -> None:
    for vector in vectors_of("pairwise_span_f1"):
        sets = [of(*vector["input"][side]) for side in ("a", "b")]
        found = measured(article_of(1_000, sets))
        names = {"exact": "f1_exact", "tol3": "f1_tolerant", "overlap": "f1_overlap"}
        expected = {name: vector["expected"][name] for name in names if name in vector["expected"]}
        assert {name: found[names[name], None, (0, 1)] for name in expected} == pytest.approx(expected, abs=1e-6)


def test_the_reference_case_of_relations() -> None:
    for vector in vectors_of("relation_f1"):
        sets = [set_of(vector["input"][side], side) for side in ("a", "b")]
        found = measured(article_of(1_000, sets))
        values = {name: found[f"relation_f1_{name}", None, (0, 1)] for name in ("exact", "overlap")}
        assert values == pytest.approx(vector["expected"], abs=1e-6)


def test_what_cannot_be_told_from_chance_is_undefined() -> None:
    same = [("a", "a"), ("a", "a")]
    found = (
        alpha(nominal_sums((row, 1) for row in same)),
        cohen_kappa(cohen_sums(same)),
        fleiss_kappa(fleiss_sums(same)),
        f1(0, 0, 0),
    )
    nothing = (alpha({}), cohen_kappa({}), fleiss_kappa({}), alpha_over_labels([]), alpha_over_labels([{}]))
    assert {*map(scalar, found), *map(scalar, nothing)} == {None}
    assert scalar(alpha(character_sums(10, [of(["actor", [0, 5]])], "actor"))) is None


def test_one_label_over_all_labels_is_that_label() -> None:
    sums = character_sums(24, [of(["A", [2, 10]]), of(["A", [4, 8]])], "A")
    assert scalar(alpha_over_labels([sums, {}])) == pytest.approx(scalar(alpha(sums)))
