"""A line of the table: a figure, its floor, and what is wanted of their ratio or of the figure itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`figure` and `floor` in the same unit; `target` says in words what is wanted, `met` whether it is so."""

    question: str
    figure: str
    floor: str = "–"
    ratio: str = "–"
    target: str = "–"
    met: bool | None = None


def against(question: str, seconds: float, floor: float, *, most: float) -> Row:
    """A duration beside its floor; the ratio should be `most` at most."""
    ratio = seconds / floor
    return Row(
        question=question,
        figure=shown(seconds),
        floor=shown(floor),
        ratio=f"{ratio:.1f} ×",
        target=f"≤ {most:g} ×",
        met=ratio <= most,
    )


def shown(seconds: float) -> str:
    """A duration in its natural unit."""
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def median(durations: Iterable[float]) -> float:
    """The middle one."""
    return quantiles(list(durations), n=2)[0]


def percentile(durations: Iterable[float], percent: int = 95) -> float:
    """What so many percent of them stay under."""
    return quantiles(list(durations), n=100)[percent - 1]


def table(rows: Iterable[Row]) -> str:
    """The rows as text."""
    head = ("", "measured", "floor", "ratio", "wanted", "")
    marks = {True: "✓", False: "✗", None: ""}
    lines = [head, *((row.question, row.figure, row.floor, row.ratio, row.target, marks[row.met]) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    aligned = (
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )
    return "\n".join(line.rstrip() for line in aligned)
