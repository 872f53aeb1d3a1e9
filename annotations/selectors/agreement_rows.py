"""The numbers of agreement as they are told outside: with names instead of numbers, as JSON and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

from annotations.selectors.agreement import usernames

COLUMNS: Final = ("measure", "label", "annotators", "value", "low", "high", "articles", "spans")


def measure_rows(
    report: dict[str, Any] | None, *, label: str | None = None, measure: str | None = None
) -> list[dict[str, Any]]:
    """`{measure, label, annotators, value, low, high, articles, spans}` of a report: label null: all, annotators null:
    all, value null: undefined. The attribute of a label is `label.attribute`, and is with its label when asked for.
    """
    if report is None:
        return []
    names = usernames(report["annotators"])
    return [
        dict(zip(COLUMNS, [row[0], row[1], _names(row[2], names), *row[3:]], strict=True))
        for row in report["rows"]
        if (label is None or row[1] == label or str(row[1]).startswith(f"{label}."))
        and (measure is None or row[0] == measure)
    ]


def measures_csv(rows: Sequence[dict[str, Any]]) -> str:
    """The same as comma-separated values; null is an empty cell, a pair of annotators is joined by ` + `."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(row) for row in rows)
    return text.getvalue()


def _cells(row: dict[str, Any]) -> Iterator[Any]:
    for name in COLUMNS:
        value = row[name]
        text = " + ".join(value) if isinstance(value, list) else value
        # No spreadsheet program may take a name for a formula.
        yield f"'{text}" if isinstance(text, str) and text[:1] in {"=", "+", "-", "@"} else text


def _names(pair: Sequence[int] | None, names: dict[int, str]) -> list[str] | None:
    return None if pair is None else [names[number] for number in pair]
