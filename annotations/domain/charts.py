"""Charts as geometry: where lines, bars, points and words stand in a small SVG. Templates in charts/ draw them.

Lengths are units of the SVG's view box, which is `WIDTH` wide; a page shows it at about one pixel a unit, so that words
are as large on a phone as elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 340
_LINE: Final = 24
_TOP: Final = 8
_LEFT: Final = 92
_RIGHT: Final = 46
_AXIS: Final = 24
_LEVELS: Final = 6
_LONGEST: Final = 13


@dataclass(frozen=True, slots=True)
class Tick:
    """A value of an axis: where it is, and its words."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A row of a forest plot or of ranges: words, line from low to high, point; `value` is None where undefined."""

    name: str
    value: float | None
    text: str
    y: float
    low: float
    high: float
    point: float
    link: str = ""
    slot: int = 0


@dataclass(frozen=True, slots=True)
class Forest:
    """Estimates one below the other over one axis."""

    height: float
    rows: Sequence[Estimate]
    ticks: Sequence[Tick]
    bottom: float
    left: float = _LEFT
    right: float = WIDTH - _RIGHT


@dataclass(frozen=True, slots=True)
class Cell:
    """A square of a heat map; `level` from 0 to 5 is how dark it is, -1 undefined."""

    x: float
    y: float
    size: float
    level: int
    text: str
    title: str
    link: str = ""

    @property
    def middle(self) -> float:
        """Where its words stand, across."""
        return round(self.x + self.size / 2, 1)

    @property
    def centre(self) -> float:
        """Where its words stand, down."""
        return round(self.y + self.size / 2, 1)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Pairs of annotators; the names stand before the rows and, by number, above the columns."""

    height: float
    cells: Sequence[Cell]
    rows: Sequence[Tick]
    columns: Sequence[Tick]
    left: float = _LEFT


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a histogram with the words below and above it."""

    x: float
    y: float
    width: float
    height: float
    name: str
    text: str
    second: bool

    @property
    def middle(self) -> float:
        """Where its words stand, across."""
        return round(self.x + self.width / 2, 1)

    @property
    def above(self) -> float:
        """Where its words stand, down."""
        return self.y - 4


@dataclass(frozen=True, slots=True)
class Histogram:
    """Bars of two series side by side, on one line."""

    height: float
    bars: Sequence[Bar]
    names: Sequence[Tick]
    bottom: float


@dataclass(frozen=True, slots=True)
class Line:
    """A course: the points that are there, as SVG wants them, its last value in words, and its number."""

    name: str
    points: str
    dots: Sequence[tuple[float, float]]
    number: int


@dataclass(frozen=True, slots=True)
class Course:
    """Values over time."""

    height: float
    lines: Sequence[Line]
    ticks: Sequence[Tick]
    periods: Sequence[Tick]
    bottom: float
    left: float
    right: float


def shown(value: float | None, digits: int = 2) -> str:
    """A value as people read it; `–` where undefined."""
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def forest(rows: Sequence[tuple[str, float | None, float | None, float | None, str, int]]) -> Forest:
    """Of `(name, value, low, high, link, palette slot)`; the axis goes from 0, or from a value below it, to 1."""
    values = [each for row in rows for each in row[1:4] if each is not None]
    least = min([0.0, *values])
    least = 0.0 if least >= 0 else -0.5 if least >= -0.5 else -1.0

    def at(value: float) -> float:
        inner = WIDTH - _LEFT - _RIGHT
        return round(_LEFT + inner * (max(value, least) - least) / (1 - least), 1)

    bottom = _TOP + _LINE * len(rows)
    found = []
    for number, (name, value, low, high, link, slot) in enumerate(rows):
        middle = value if value is not None else least
        ends = (at(low if low is not None else middle), at(high if high is not None else middle))
        y = _TOP + _LINE * number + _LINE / 2
        found.append(Estimate(_short(name), value, shown(value), y, *ends, at(middle), link, slot))
    steps = [least + (1 - least) * step / 4 for step in range(5)]
    return Forest(bottom + _AXIS, found, [Tick(at(step), shown(step)) for step in steps], bottom)


def ranges(rows: Sequence[tuple[str, float, float, float]]) -> Forest:
    """Of `(name, first quartile, median, third quartile)` of something from 0 up, such as minutes."""
    most = max((row[3] for row in rows), default=1.0) or 1.0
    step = next(step for step in (0.5, 1, 2, 5, 10, 20, 50, 100, 1_000, 100_000) if most / step <= 5)
    top = step * (int(most / step) + 1)

    def at(value: float) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * value / top, 1)

    bottom = _TOP + _LINE * len(rows)
    found = [
        Estimate(_short(name), middle, f"{middle:.1f}", _TOP + _LINE * (number + 0.5), at(low), at(high), at(middle))
        for number, (name, low, middle, high) in enumerate(rows)
    ]
    ticks = [Tick(at(step * number), f"{step * number:g}") for number in range(round(top / step) + 1)]
    return Forest(bottom + _AXIS, found, ticks, bottom)


def heat_map(
    names: Sequence[str], values: dict[tuple[int, int], tuple[float | None, str, str]], *, most: int = 12
) -> HeatMap:
    """Of the values of pairs (positions in `names`, the smaller first): `(value, title, link)`; 12 names at most."""
    names = names[:most]
    size = min((WIDTH - _LEFT) / max(len(names), 1), 56)
    top = _AXIS
    cells = []
    for (one, other), (value, title, link) in values.items():
        if one >= len(names) or other >= len(names):
            continue
        for row, column in ((one, other), (other, one)):
            level = -1 if value is None else min(_LEVELS - 1, max(0, int(value * _LEVELS)))
            x, y = round(_LEFT + column * size, 1), round(top + row * size, 1)
            cells.append(Cell(x, y, round(size - 2, 1), level, shown(value) if size > 24 else "", title, link))
    rows = [Tick(round(top + (number + 0.5) * size, 1), _short(name)) for number, name in enumerate(names)]
    columns = [
        Tick(round(_LEFT + (number + 0.5) * size, 1), name[: max(1, int(size // 7))])
        for number, name in enumerate(names)
    ]
    return HeatMap(top + size * len(names) + 2, cells, rows, columns)


def histogram(names: Sequence[str], first: Sequence[int], second: Sequence[int]) -> Histogram:
    """Two bars for each name: parts of each series, in percent."""
    top, tall = 18, 110
    parts = [[100 * n / (sum(series) or 1) for n in series] for series in (first, second)]
    most = max([*parts[0], *parts[1], 1])
    room = (WIDTH - 8) / max(len(names), 1)
    width = round(room * 0.38, 1)
    bars = []
    for number, name in enumerate(names):
        for side, series in enumerate(parts):
            height = round(tall * series[number] / most, 1)
            x = round(4 + number * room + room * 0.1 + side * (width + 1), 1)
            text = f"{series[number]:.0f}" if series[number] >= 0.5 else ""
            bars.append(Bar(x, round(top + tall - height, 1), width, height, name, text, bool(side)))
    bottom = top + tall
    ticks = [Tick(round(4 + (number + 0.5) * room, 1), name) for number, name in enumerate(names)]
    return Histogram(bottom + 22, bars, ticks, bottom)


def course(periods: Sequence[str], lines: Sequence[tuple[str, Sequence[float | None]]]) -> Course:
    """Values from 0 to 1 over some periods; what is undefined or below 0 leaves a gap or stands on the axis."""
    left, right, top, tall = 30, WIDTH - 10, 10, 120
    step = (right - left) / max(len(periods) - 1, 1)

    def place(number: int, value: float) -> tuple[float, float]:
        return (
            round(left + number * step if len(periods) > 1 else (left + right) / 2, 1),
            round(top + tall * (1 - max(0.0, value)), 1),
        )

    found = []
    for number, (name, values) in enumerate(lines):
        dots = [place(at, value) for at, value in enumerate(values) if value is not None]
        found.append(Line(name, " ".join(f"{x},{y}" for x, y in dots), dots, number))
    ticks = [Tick(round(top + tall * (1 - value), 1), shown(value)) for value in (0.0, 0.5, 1.0)]
    shown_ones = sorted({0, len(periods) // 2, len(periods) - 1}) if periods else []
    words = [Tick(place(number, 0)[0], periods[number]) for number in shown_ones]
    return Course(top + tall + 24, found, ticks, words, top + tall, left, right)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
