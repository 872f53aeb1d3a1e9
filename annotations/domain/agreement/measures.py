"""The measures of the agreement page: what each makes of the sums of articles, for whom, and for which labels.

A row is one number with its interval and what it is made of. Names and order are those of docs/contract.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from annotations.domain.agreement import DRAWS, LEVEL, Values, coding, interval, scalar, unitizing
from annotations.domain.agreement import Sums as Plain
from annotations.domain.agreement.counting import JOIN
from annotations.domain.agreement.table import ALL, Sums, Table, Who
from annotations.domain.agreement_names import MEASURES

F1: Final = {"f1_exact": "exact", "f1_tolerant": "tolerant", "f1_overlap": "overlap"}
RELATION_F1: Final = {
    "relation_f1_exact": "relations_exact",
    "relation_f1_overlap": "relations_overlap",
    "relation_f1_conditional": "relations_conditional",
}
ALPHA: Final = {"alpha_characters": ("length", "characters"), "alpha_tokens": ("tokens", "tokens")}

type Question = tuple[str, str | None, Who]
"""Measure, label (None: all together) and annotators (None: all)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number: undefined is None. `spans` counts what was compared: spans of these annotators with this label,
    relations or statements of the measures of these, fragments that all of them labelled of the kappas.
    """

    measure: str
    label: str | None
    annotators: Who
    value: float | None
    low: float | None
    high: float | None
    articles: int
    spans: int


def rows_of(
    table: Table, labels: Sequence[str], *, draws: int = DRAWS, level: float = LEVEL, seed: int = 0
) -> list[Row]:
    """All numbers but gamma, in the order of `MEASURES`; `labels` are those of the project, in its order."""
    whole = table.sums()
    questions = [question for measure in MEASURES for question in _questions(measure, table, whole, labels)]
    drawn: list[list[Values]] = [[] for _ in questions]
    for sums in table.drawn(draws, seed):
        for values, question in zip(drawn, questions, strict=True):
            values.append(value_of(sums, table, labels, question))
    return [
        _row(whole, question, value_of(whole, table, labels, question), _bounds(values, level))
        for question, values in zip(questions, drawn, strict=True)
    ]


def mean_row(measure: str, values: Sequence[float], spans: int, *, draws: int = DRAWS, seed: int = 0) -> Row:
    """The mean of values that articles have alone (gamma), with the interval of the same draws of articles."""
    if not values:
        return Row(measure, None, ALL, None, None, None, 0, spans)
    given = np.array(values)
    times = np.random.default_rng(seed).multinomial(len(given), np.full(len(given), 1 / len(given)), size=draws)
    low, high = interval(times @ given / len(given)) or (None, None)
    return Row(measure, None, ALL, float(given.mean()), low, high, len(given), spans)


def _bounds(drawn: Sequence[Values], level: float) -> tuple[float, float] | None:
    return interval(np.concatenate(drawn), level=level) if drawn else None


def _row(whole: Sums, question: Question, value: Values, bounds: tuple[float, float] | None) -> Row:
    measure, label, who = question
    known = scalar(value[0])
    low, high = (bounds if known is not None else None) or (None, None)
    articles = int(whole.of(who, "articles", "")[0])
    return Row(measure, label, who, known, low, high, articles, round(float(_compared(whole, question)[0])))


def _questions(measure: str, table: Table, whole: Sums, labels: Sequence[str]) -> Iterator[Question]:
    for who in table.whose:
        for label in _labels(measure, whole, labels):
            yield (measure, label, who)


def _labels(measure: str, whole: Sums, labels: Sequence[str]) -> Sequence[str | None]:
    """All together and each label, or what there is for the measure."""
    if measure in RELATION_F1:
        name = RELATION_F1["relation_f1_overlap"]
        of_all = {*whole.by_key(ALL, f"{name}_first"), *whole.by_key(ALL, f"{name}_second")}
        return (None, *sorted(of_all))
    if measure == "kappa_attribute":
        asked = {key.split(JOIN)[0] for key in whole.by_key(ALL, measure)}
        return sorted(asked)
    if measure in {"ku_alpha", "alpha_u"}:
        return labels
    if measure in {*F1, *ALPHA, "u_alpha"}:
        return (None, *labels)
    return () if measure == "gamma" else (None,)


def value_of(sums: Sums, table: Table, labels: Sequence[str], question: Question) -> Values:
    """The answers to a question, one for each draw of the sums (of the table); nan where undefined."""
    measure, label, who = question
    if (measure in F1 or measure in RELATION_F1 or measure == "statement_f1") and who is ALL:
        pairs = [pair for pair in table.whose if pair is not ALL]
        return _mean([value_of(sums, table, labels, (measure, label, pair)) for pair in pairs], sums.nothing)
    return _OF[measure](sums, labels, label, who) + sums.nothing


def _mean(values: Sequence[Values], nothing: NDArray[np.float64]) -> Values:
    """Of the values that are defined."""
    if not values:
        return nothing + np.nan
    stacked = np.array(values)
    there = ~np.isnan(stacked)
    counts = there.sum(axis=0)
    return np.where(counts > 0, np.where(there, stacked, 0).sum(axis=0) / np.maximum(counts, 1), np.nan)


def _keys(label: str | None) -> Sequence[str] | None:
    return None if label is None else (label,)


def _f1(name: str, sums: Sums, _labels: Sequence[str], label: str | None, who: Who) -> Values:
    keys = _keys(label)
    return coding.f1(sums.total(who, name, keys), sums.total(who, "first", keys), sums.total(who, "second", keys))


def _linked_f1(name: str, sums: Sums, _labels: Sequence[str], label: str | None, who: Who) -> Values:
    keys = _keys(label)
    return coding.f1(*(sums.total(who, each, keys) for each in (name, f"{name}_first", f"{name}_second")))


def _inside(sums: Sums, name: str, label: str, who: Who) -> Plain:
    """Inside a span of the label or outside: how often each, and how often two annotators differ."""
    length, part = ALPHA[name]
    inside, both = sums.of(who, f"{part}_inside", label), sums.of(who, f"{part}_both", label)
    outside = 2 * sums.of(who, length, "") - inside
    return {coding.DISAGREEING: 2 * (inside - 2 * both), ("inside",): inside, ("outside",): outside}


def _alpha(name: str, sums: Sums, labels: Sequence[str], label: str | None, who: Who) -> Values:
    if label is not None:
        return coding.alpha(_inside(sums, name, label, who))
    return coding.alpha_over_labels(_inside(sums, name, each, who) for each in labels)


def _alpha_nominal(sums: Sums, _labels: Sequence[str], _label: str | None, who: Who) -> Values:
    length = sums.of(who, "tokens", "")
    differing = 2 * (length - sums.of(who, "token_sets_same", ""))
    return coding.alpha({coding.DISAGREEING: differing, **{(k,): n for k, n in sums.by_key(who, "token_sets").items()}})


def _units(sums: Sums, who: Who) -> Plain:
    """The sums of the u-alpha family, of all labels on one continuum."""
    length = 2 * sums.of(who, "length", "")
    valued = sums.by_key(who, "unit_characters")
    found: dict[tuple[Any, ...], Any] = {}
    met = dict.fromkeys(valued, sums.nothing)
    for key, n in sums.by_key(who, "unit_both").items():
        low, high = key.split(JOIN)
        times = 2 if low == high else 1
        found["both", low, high] = found["both", high, low] = times * n
        for label in {low, high}:
            met[label] = met[label] + times * n
    gap = sums.nothing
    for label, n in valued.items():
        found["both", label, None] = found["both", None, label] = n - met[label]
        gap = gap + n - met[label]
    all_valued = sum(valued.values(), start=sums.nothing)
    found["both", None, None] = length - all_valued - gap
    found |= {("within", label): n for label, n in sums.by_key(who, "unit_within").items()}
    found["within", None] = length - all_valued
    return found | {("shared", label): n for label, n in sums.by_key(who, "unit_shared").items()}


def _u_alpha(sums: Sums, _labels: Sequence[str], label: str | None, who: Who) -> Values:
    """Of all labels, the innermost ones counting; or of one label alone, where the others are not there."""
    if label is None:
        return unitizing.u_alpha(_units(sums, who))
    inside, both = sums.of(who, "characters_inside", label), sums.of(who, "characters_both", label)
    length = 2 * sums.of(who, "length", "")
    one_sided = inside - 2 * both
    return unitizing.u_alpha(
        {
            ("both", label, label): 2 * both,
            ("both", label, None): one_sided,
            ("both", None, label): one_sided,
            ("both", None, None): length - inside - one_sided,
            ("within", label): sums.of(who, "unit_squares", label),
            ("within", None): length - inside,
        }
    )


def _of_units(
    make: Callable[[Plain], Values], sums: Sums, _labels: Sequence[str], _label: str | None, who: Who
) -> Values:
    return make(_units(sums, who))


def _ku_alpha(sums: Sums, _labels: Sequence[str], label: str | None, who: Who) -> Values:
    return unitizing.ku_alpha(_units(sums, who), label)


def _alpha_u(sums: Sums, _labels: Sequence[str], label: str | None, who: Who) -> Values:
    parts: Plain = {(part,): sums.of(who, f"borders_{part}", label or "") for part in ("observed", "expected")}
    return unitizing.alpha_u(parts)


def _kappa(name: str, sums: Sums, _labels: Sequence[str], label: str | None, who: Who) -> Values:
    """Cohen's of two annotators, Fleiss' of all: of the fragments that each of an article's annotators labelled."""
    question = label or ""
    begins = f"{question}{JOIN}" if label else ""
    if who is not ALL:
        table = {key: n for key, n in sums.by_key(who, name).items() if key.startswith(begins)}
        return coding.cohen_kappa({tuple(key.removeprefix(begins).split(JOIN)): n for key, n in table.items()})
    begins = f"{question}{JOIN}"
    values: Plain = {(key,): n for key, n in sums.by_key(ALL, "fleiss_values").items() if key.startswith(begins)}
    judged: Plain = {coding.ITEMS: sums.of(ALL, "fleiss_items", question)}
    return coding.fleiss_kappa({**judged, coding.AGREEING: sums.of(ALL, "fleiss_agreeing", question), **values})


_OF: Final[Mapping[str, Callable[[Sums, Sequence[str], str | None, Who], Values]]] = {
    **{measure: partial(_f1, name) for measure, name in F1.items()},
    **{measure: partial(_alpha, measure) for measure in ALPHA},
    "alpha_tokens_nominal": _alpha_nominal,
    "u_alpha": _u_alpha,
    "bar_u_alpha": partial(_of_units, unitizing.bar_u_alpha),
    "cu_alpha": partial(_of_units, unitizing.cu_alpha),
    "ku_alpha": _ku_alpha,
    "alpha_u": _alpha_u,
    **{measure: partial(_linked_f1, name) for measure, name in RELATION_F1.items()},
    "statement_f1": partial(_linked_f1, "statements"),
    "kappa_label": partial(_kappa, "kappa_label"),
    "kappa_attribute": partial(_kappa, "kappa_attribute"),
}


def _compared(sums: Sums, question: Question) -> Values:
    measure, label, who = question
    keys = _keys(label)
    if measure in RELATION_F1 or measure == "statement_f1":
        name = RELATION_F1.get(measure, "statements")
        return sums.total(who, f"{name}_first", keys) + sums.total(who, f"{name}_second", keys)
    if measure.startswith("kappa"):
        if who is ALL:
            return sums.of(ALL, "fleiss_items", label or "")
        begins = f"{label}{JOIN}" if label else ""
        found = sums.by_key(who, measure)
        return sum((n for key, n in found.items() if key.startswith(begins)), start=sums.nothing)
    return sums.total(who, "first", keys) + sums.total(who, "second", keys)
