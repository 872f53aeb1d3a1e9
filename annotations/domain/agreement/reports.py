"""All that the agreement page shows, made of the counts of articles: plain values, JSON as they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import orjson

from annotations.domain.agreement import DRAWS, scalar
from annotations.domain.agreement.batches import Stored, Submitted
from annotations.domain.agreement.counting import JOIN, OFFSET_BINS, Counts, counts_of
from annotations.domain.agreement.gamma import gamma
from annotations.domain.agreement.measures import Row, mean_row, rows_of, value_of
from annotations.domain.agreement.table import ALL, Table
from annotations.domain.agreement_names import MEASURES
from annotations.domain.documents import AnnotationSet

TRENDS: Final = ("f1_exact", "f1_overlap", "alpha_characters")
_PERIODS: Final = 16


def report_of(
    articles: Iterable[Counts],
    *,
    labels: Sequence[str],
    days: Sequence[date],
    gammas: Sequence[float | None],
    draws: int = DRAWS,
) -> dict[str, Any]:
    """`{articles, annotators, rows, offsets, periods}`.

    `days` are when each of the articles was submitted, `gammas` what is known of some articles alone. `rows` are
    `Row`s as lists, in the order of `MEASURES`; `offsets` how many borders are how far apart, by label;
    `periods` the course of `TRENDS`.
    """
    table = Table(articles)
    rows = rows_of(table, labels, draws=draws)
    known = [value for value in gammas if value is not None]
    spans = next((row.spans for row in rows if row.measure == "f1_exact"), 0) if known else 0
    rows = sorted([*rows, mean_row("gamma", known, spans, draws=draws)], key=lambda row: MEASURES.index(row.measure))
    return {
        "articles": table.articles,
        "annotators": sorted(table.annotators),
        "rows": [_plain(row) for row in rows],
        "offsets": _offsets(table),
        "periods": list(_course(table, labels, days)),
    }


def _plain(row: Row) -> list[Any]:
    return [list(value) if isinstance(value, tuple) else value for value in astuple(row)]


def counts_in(work: tuple[Stored, Sequence[str]]) -> list[str]:
    """`counts_of` of one piece of work, for processes: each article's as JSON, as it is kept."""
    stored, labels = work
    return [orjson.dumps(counts).decode() for counts in counts_of(stored.submitted(), labels)]


def gamma_in(article: Submitted) -> float | None:
    """Gamma of an article; a span with several fragments is one unit from its first to its last character."""
    sets: list[AnnotationSet] = [article.sets[who] for who in sorted(article.sets)]
    units = [[(span.fragments[0][0], span.fragments[-1][1], span.label) for span in own.spans] for own in sets]
    return gamma(len(article.text), units)


def _offsets(table: Table) -> dict[str, dict[str, list[int]]]:
    """By `starts` and `ends`, and label: how many borders of matched spans are in each of `OFFSET_BINS`."""
    sums = table.sums()
    found: dict[str, dict[str, list[int]]] = {}
    for side in ("starts", "ends"):
        by_label = found.setdefault(side, {})
        for key, number in sums.by_key(ALL, side).items():
            label, place = key.split(JOIN)
            by_label.setdefault(label, [0] * len(OFFSET_BINS))[int(place)] = int(number[0])
    return found


def _course(table: Table, labels: Sequence[str], days: Sequence[date]) -> Iterator[dict[str, Any]]:
    """The pooled values of the articles submitted in each period: days, weeks or months, whatever makes a few."""
    if not days:
        return
    starts = [_begin(day, _length(days)) for day in days]
    periods = sorted(Counter(starts))[-_PERIODS:]
    times = np.array([[start == period for start in starts] for period in periods], np.float64)
    sums = table.sums(times)
    values = {measure: value_of(sums, table, labels, (measure, None, ALL)) for measure in TRENDS}
    for number, period in enumerate(periods):
        yield {
            "from": period.isoformat(),
            "articles": int(times[number].sum()),
            **{measure: scalar(values[measure][number]) for measure in TRENDS},
        }


def _length(days: Sequence[date]) -> str:
    span = (max(days) - min(days)).days
    return "day" if span < _PERIODS else "week" if span < 7 * _PERIODS else "month"


def _begin(day: date, length: str) -> date:
    if length == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if length == "month" else day
