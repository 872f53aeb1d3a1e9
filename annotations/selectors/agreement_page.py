"""What the agreement page shows of a report: numbers with what they are made of, charts, and links behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from annotations.domain import charts
from annotations.models import AnnotationSet, ArticleAgreement, Disagreement, Membership, Role
from annotations.selectors.agreement import article_values, articles_counted, usernames
from annotations.selectors.figures import in_figures
from annotations.selectors.readings import pace_by_annotator

type Row = Sequence[Any]
"""Measure, label, annotators, value, low, high, articles, spans."""

PICTURED: Final[Mapping[str, str | Promise]] = {
    "f1_exact": gettext_lazy("F1 exact"),
    "f1_tolerant": gettext_lazy("F1 tolerant"),
    "f1_overlap": gettext_lazy("F1 overlap"),
    "alpha_characters": gettext_lazy("α characters"),
    "alpha_tokens": gettext_lazy("α tokens"),
    "u_alpha": gettext_lazy("u-α"),
}
"""The measures that are there for each label and pair, and can be pictured."""
_LABEL_COLUMNS: Final = (*PICTURED, "ku_alpha", "alpha_u")
_OFFSETS: Final = ("0", "1", "2", "3–5", "6–10", "11+")
_SOME: Final = (
    ("alpha_characters", gettext_lazy("Krippendorff’s α, characters"), ""),
    ("alpha_tokens", gettext_lazy("Krippendorff’s α, tokens"), ""),
    ("alpha_tokens_nominal", gettext_lazy("α of the set of labels of a token"), "label"),
    ("u_alpha", gettext_lazy("u-α: units and their labels"), ""),
    ("bar_u_alpha", gettext_lazy("ū-α: units against gaps"), "boundary"),
    ("cu_alpha", gettext_lazy("cu-α: labels where units meet"), "label"),
    ("gamma", gettext_lazy("γ, mean of articles"), ""),
    ("statement_f1", gettext_lazy("Statements, F1"), "relation"),
    ("kappa_label", gettext_lazy("Fleiss’ κ of labels on the same words"), "label"),
)


@dataclass(frozen=True, slots=True)
class Number:
    """A value with its interval in words, and the disagreements behind it."""

    text: str
    interval: str
    link: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its name, its numbers, and what they are made of."""

    name: str | Promise
    numbers: Sequence[Number]
    articles: int
    spans: int
    help: str = ""


def agreement_context(member: Membership, report: dict[str, Any], *, measure: str, shown: bool) -> dict[str, Any]:
    """All but the list of articles."""
    page = _Page(member, report)
    pictured = measure if measure in PICTURED else "f1_overlap"
    return {
        "articles": report["articles"],
        "annotators": len(report["annotators"]),
        "spans": page.spans,
        "left_out": len(articles_counted(member.project, shown=not shown)),
        "measure": pictured,
        "measure_name": PICTURED[pictured],
        "pictured": PICTURED,
        "f1": page.f1_lines(),
        "lines": page.lines(),
        "gamma": page.row("gamma")[3] is not None,
        "attributes": page.attribute_lines(),
        "labels": page.label_lines(),
        "label_columns": [*PICTURED.values(), _("(k)u-α"), _("α-U 1995")],
        "pairs": page.pair_lines(pictured),
        "forest": page.forest(pictured),
        "heat_map": page.heat_map(pictured),
        "splits": _splits(member),
        "offsets": _offsets(report),
        "course": _course(report),
        "pace": _pace(member),
    }


def articles_of_page(member: Membership, *, shown: bool) -> QuerySet[ArticleAgreement]:
    """The articles that count, those with the least agreement first; a blind reviewer's own ones are not among them."""
    found = article_values(member.project, articles_counted(member.project, shown=shown))
    if member.project.blind and member.role == Role.REVIEWER:
        own = AnnotationSet.objects.filter(annotator=member.user_id).values("article")
        return found.exclude(article__in=own)
    return found


class _Page:
    def __init__(self, member: Membership, report: dict[str, Any]) -> None:
        self._rows: Sequence[Row] = report["rows"]
        self._by_question = {(row[0], row[1], tuple(row[2] or ())): row for row in self._rows}
        self._numbers: Sequence[int] = report["annotators"]
        self._names = usernames(self._numbers)
        self._labels = {label.key: label for label in member.project.labels.order_by("position", "pk")}
        self._list = reverse("disagreements", args=[member.project.slug])
        self.spans = self.row("f1_exact")[7]

    def row(self, measure: str, label: str | None = None, pair: tuple[int, ...] = ()) -> Row:
        """The number of a question; an undefined one where it was not asked."""
        found: Row = self._by_question.get((measure, label, pair), (measure, label, None, None, None, None, 0, 0))
        return found

    def f1_lines(self) -> list[Line]:
        """Spans and relations: exact, tolerant and overlap beside one another."""
        spans = ("f1_exact", "f1_tolerant", "f1_overlap")
        lines = [self._line(_("Spans"), [self.row(measure) for measure in spans], kind="")]
        if self.row("relation_f1_overlap")[7]:
            names = ("relation_f1_exact", "", "relation_f1_overlap", "relation_f1_conditional")
            rows = [self.row(name) for name in names]
            lines.append(self._line(_("Relations"), rows, kind="relation"))
        return lines

    def lines(self) -> list[Line]:
        """The measures for all labels together."""
        return [self._line(name, [self.row(measure)], kind=kind) for measure, name, kind in _SOME]

    def attribute_lines(self) -> list[Line]:
        """Kappa of each attribute."""
        rows = [row for row in self._rows if row[0] == "kappa_attribute" and row[2] is None]
        return [self._line(str(row[1]), [row], kind="attributes", label=str(row[1]).partition(".")[0]) for row in rows]

    def label_lines(self) -> list[Line]:
        """Each label that is used, with the measures of `_LABEL_COLUMNS`."""
        return [
            self._line(label.name, [self.row(measure, key) for measure in _LABEL_COLUMNS], kind="", label=key)
            for key, label in self._labels.items()
            if self.row("f1_exact", key)[7]
        ]

    def pair_lines(self, measure: str) -> list[Line]:
        """Each pair of annotators that have an article in common."""
        rows = [row for row in self._rows if row[0] == measure and row[1] is None and row[2]]
        return [
            self._line(" + ".join(self._names[who] for who in row[2]), [row], kind="", annotator=self._names[row[2][0]])
            for row in rows
        ]

    def forest(self, measure: str) -> charts.Forest:
        """The labels, and all together, with their intervals."""
        rows = [(_("All"), *self.row(measure)[3:6], self._link(), 0)]
        for key, label in self._labels.items():
            row = self.row(measure, key)
            if row[7]:
                rows.append((label.name, row[3], row[4], row[5], self._link(label=key), label.colour))
        return charts.forest(rows)

    def heat_map(self, measure: str) -> charts.HeatMap:
        """The pairs of annotators."""
        names = [self._names[number] for number in self._numbers]
        values = {}
        for one, other in combinations(range(len(self._numbers)), 2):
            row = self.row(measure, None, (self._numbers[one], self._numbers[other]))
            if not row[6]:
                continue
            title = f"{names[one]} + {names[other]}: {_interval(row)}, {_articles(row[6])}"
            values[one, other] = (row[3], title, self._link(annotator=names[one]))
        return charts.heat_map(names, values)

    def _line(self, name: str | Promise, rows: Iterable[Row], **wanted: str) -> Line:
        found = list(rows)
        link = self._link(**wanted)
        numbers = [Number(in_figures(row[3]) if row[0] else "", _bounds(row), link) for row in found]
        return Line(name, numbers, max(row[6] for row in found), max(row[7] for row in found))

    def _link(self, **wanted: str) -> str:
        chosen = {"state": "any"} | {key: value for key, value in wanted.items() if value}
        return f"{self._list}?{'&'.join(f'{key}={value}' for key, value in chosen.items())}"


def _bounds(row: Row) -> str:
    return "" if row[4] is None else f"{in_figures(row[4])}–{in_figures(row[5])}"


def _interval(row: Row) -> str:
    bounds = _bounds(row)
    return f"{in_figures(row[3])} ({bounds})" if bounds else in_figures(row[3])


def _articles(number: int) -> str:
    return ngettext("%(n)d article", "%(n)d articles", number) % {"n": number}


def _splits(member: Membership) -> dict[str, int]:
    """How often one annotator has two spans for one of another's: u-alpha does not see it."""
    found = Disagreement.objects.filter(article__project=member.project_id)
    return found.aggregate(split=Count("pk", filter=Q(kind="split")), merge=Count("pk", filter=Q(kind="merge")))


def _offsets(report: dict[str, Any]) -> dict[str, Any] | None:
    """The histogram of how far borders are apart, and its numbers."""
    totals = []
    for side in ("starts", "ends"):
        by_label: dict[str, list[int]] = report["offsets"].get(side, {})
        totals.append([sum(counts) for counts in zip(*by_label.values(), strict=True)] if by_label else [])
    if not totals[0]:
        return None
    rows = [{"name": name, "starts": one, "ends": two} for name, one, two in zip(_OFFSETS, *totals, strict=True)]
    return {"chart": charts.histogram(_OFFSETS, *totals), "rows": rows}


def _course(report: dict[str, Any]) -> dict[str, Any] | None:
    """The course of three measures over time, where there is more than one period."""
    periods = report["periods"]
    if len(periods) < 2:
        return None
    names = [date_format(date.fromisoformat(period["from"]), "MONTH_DAY_FORMAT") for period in periods]
    series = ("f1_exact", "f1_overlap", "alpha_characters")
    lines = [(str(PICTURED[measure]), [period[measure] for period in periods]) for measure in series]
    rows = [
        {"name": name, "articles": period["articles"], "values": [in_figures(period[each]) for each in series]}
        for name, period in zip(names, periods, strict=True)
    ]
    return {"chart": charts.course(names, lines), "rows": rows, "names": [name for name, _values in lines]}


def _quartiles(minutes: Sequence[float]) -> tuple[float, float, float]:
    low, middle, high = minutes
    return low, middle, high


def _pace(member: Membership) -> dict[str, Any] | None:
    """Minutes of work on an article, by annotator."""
    found = pace_by_annotator(member)
    if not found:
        return None
    return {"chart": charts.ranges([(one.username, *_quartiles(one.minutes)) for one in found]), "rows": found}
