"""The measures for units reproduce the published values, and a brute force over pairs of characters."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.agreement import Sums, Values, scalar
from annotations.domain.agreement.unitizing import (
    Unit,
    alpha_u,
    bar_u_alpha,
    cu_alpha,
    cu_coverage,
    ku_alpha,
    u_alpha,
)
from annotations.domain.documents import Span
from tests.domain.agreement.measured import article_of, measured
from tests.domain.agreement.plain import alpha_u_sums, innermost_units, u_sums, units_of
from tests.domain.agreement_vectors import set_of, vectors_of


@st.composite
def continua(draw: st.DrawFn) -> tuple[int, list[list[Unit]]]:
    """Two or three annotators who divide up to twenty characters into units of two values."""
    length = draw(st.integers(1, 20))
    annotators: list[list[Unit]] = []
    for _ in range(draw(st.integers(2, 3))):
        borders = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
        annotators.append(
            [(start, end, draw(st.sampled_from("ac"))) for start, end in pairwise(borders) if draw(st.booleans())]
        )
    return length, annotators


def brute_force(length: int, annotators: Sequence[Sequence[Unit]]) -> float | None:
    """u-alpha as the disagreement of characters at one place, by that of any two that are not in one unit."""
    values: list[list[tuple[Hashable, object]]] = []
    for units in annotators:
        places: list[tuple[Hashable, object]] = [(None, object()) for _ in range(length)]
        for start, end, value in units:
            places[start:end] = [(value, (start, end))] * (end - start)
        values.append(places)
    m = len(annotators)
    observed = [
        values[i][at][0] != values[j][at][0] for at in range(length) for i in range(m) for j in range(m) if i != j
    ]
    all_of = [(i, value, unit) for i in range(m) for value, unit in values[i]]
    expected = [one[1] != other[1] for one in all_of for other in all_of if (one[0], one[2]) != (other[0], other[2])]
    if not any(expected):
        return None
    return 1 - (sum(observed) / len(observed)) / (sum(expected) / len(expected))


def spans_of(units: Sequence[Unit]) -> list[Span]:
    return [
        Span(id=str(number), label=str(value), fragments=((start, end),))
        for number, (start, end, value) in enumerate(units)
    ]


def pooled(articles: Sequence[Sums]) -> Sums:
    return {key: sum(sums.get(key, 0) for sums in articles) for key in {key for sums in articles for key in sums}}


def test_the_reference_cases_of_the_u_alpha_family() -> None:
    for vector in vectors_of("krippendorff_u_alpha_family_2016"):
        continua = [
            (continuum["length"], [[tuple(unit) for unit in units] for units in continuum["annotators"].values()])
            for continuum in vector["input"]["continua"]
        ]
        sums = pooled([u_sums(*continuum) for continuum in continua])
        expected = dict(vector["expected"])
        by_value = expected.pop("ku_alpha", {})
        values = measured(*(article_of(length, [spans_of(units) for units in given]) for length, given in continua))
        found = {name: values[name, None, None] for name in ("u_alpha", "bar_u_alpha", "cu_alpha")}
        found["cu_coverage"] = scalar(cu_coverage(sums))
        assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-6), vector["id"]
        assert {value: values["ku_alpha", str(value), None] for value in by_value} == pytest.approx(
            by_value, abs=1e-6
        ), vector["id"]


def test_the_reference_cases_of_alpha_u() -> None:
    for vector in vectors_of("krippendorff_alpha_U_1995_2004"):
        length, annotators = vector["input"]["length"], vector["input"]["annotators"].values()
        units = [[(start, end, "A") for start, end in extents] for extents in annotators]
        sums = alpha_u_sums(length, units)
        values = measured(article_of(length, [spans_of(own) for own in units]), labels=["A"])
        found = {
            "D_o": sums["observed",] / length**2,
            "D_e": sums["expected",] / length**2,
            "alpha": values["alpha_u", "A", None],
        }
        assert found == pytest.approx(vector["expected"], abs=1e-6), vector["id"]


@given(continua())
def test_u_alpha_is_what_all_pairs_of_characters_say(continuum: tuple[int, list[list[Unit]]]) -> None:
    length, annotators = continuum
    value = measured(article_of(length, [spans_of(units) for units in annotators]), labels=["a", "c"])
    assert value["u_alpha", None, None] == pytest.approx(brute_force(length, annotators))


@given(continua())
def test_the_sums_of_units_make_the_values_of_the_page(continuum: tuple[int, list[list[Unit]]]) -> None:
    length, annotators = continuum
    value = measured(article_of(length, [spans_of(units) for units in annotators]), labels=["a", "c"])
    sums = u_sums(length, annotators)
    expected: dict[tuple[str, str | None], Values] = {
        ("u_alpha", None): u_alpha(sums),
        ("bar_u_alpha", None): bar_u_alpha(sums),
        ("cu_alpha", None): cu_alpha(sums),
        **{("ku_alpha", label): ku_alpha(sums, label) for label in "ac"},
    }
    for label in "ac":
        own = [[unit for unit in units if unit[2] == label] for units in annotators]
        expected["u_alpha", label] = u_alpha(u_sums(length, own))
        expected["alpha_u", label] = alpha_u(alpha_u_sums(length, own))
    assert {key: value[*key, None] for key in expected} == pytest.approx(
        {key: scalar(given) for key, given in expected.items()}
    )


def test_where_spans_nest_the_innermost_label_counts() -> None:
    owner = set_of({"spans": [["claim", [0, 10], [12, 15]], ["actor", [4, 7]], ["actor", [6, 9]]], "relations": []})
    units = [(0, 4, "claim"), (4, 7, "actor"), (7, 9, "actor"), (9, 10, "claim"), (12, 15, "claim")]
    assert (innermost_units(owner, 20), innermost_units(owner, 0)) == (units, [])
    other = [(2, 6, "claim"), (6, 9, "actor")]
    nested = measured(article_of(20, [owner, spans_of(other)]))
    flat = measured(article_of(20, [spans_of(units), spans_of(other)]))
    names = ("u_alpha", "bar_u_alpha", "cu_alpha")
    assert [nested[name, None, None] for name in names] == pytest.approx([flat[name, None, None] for name in names])


def test_units_of_a_label_are_joined_where_they_overlap_but_not_where_they_touch() -> None:
    owner = set_of(
        {"spans": [["actor", [0, 4]], ["actor", [4, 8]], ["actor", [6, 9]], ["claim", [0, 9]]], "relations": []}
    )
    assert units_of(owner, "actor") == [(0, 4, "actor"), (4, 9, "actor")]


def test_one_annotator_alone_has_no_agreement() -> None:
    units: list[list[Unit]] = [[(0, 5, "actor")]]
    sums = u_sums(10, units)
    found = (u_alpha(sums), bar_u_alpha(sums), cu_alpha(sums), cu_coverage(sums), ku_alpha(sums, "actor"))
    assert {*map(scalar, found), scalar(alpha_u(alpha_u_sums(10, units)))} == {None}
