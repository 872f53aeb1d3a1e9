"""Places: where mentions are, as GeoJSON (RFC 7946) and as a map drawn over the outlines of the land.

Coordinates are degrees. The map is an equidistant projection, true to scale at the middle of what it shows: a part of
the world around the places, never smaller than `LEAST_DEGREES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from math import cos, radians, sqrt
from typing import Any, Final

from annotations.domain.placing import Words, words_beside

WIDTH: Final = 960
FONT: Final = 12
LEAST_DEGREES: Final = 14.0
_TALLEST: Final = 640
_FLATTEST: Final = 380
_COARSE: Final = 1.2  # units of the view box: nearer points of an outline are left out
_STEPS: Final = (1, 2, 5, 10, 15, 30)
LAND: Final = "Natural Earth (naturalearthdata.com), public domain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that is named: how often, in how many statements and articles; without coordinates where none are known.

    `source` says whence they are: `entity`, `gazetteer`, or empty.
    """

    name: str
    mentions: int
    statements: int
    articles: int
    latitude: float | None = None
    longitude: float | None = None
    entity: str = ""
    source: str = ""

    @property
    def located(self) -> bool:
        """Whether it is known where it is."""
        return self.latitude is not None and self.longitude is not None


def feature_collection(places: Iterable[Place], *, attribution: str) -> dict[str, Any]:
    """GeoJSON: a point for each place, null where it is not known where it is."""
    return {"type": "FeatureCollection", "features": [_feature(place) for place in places], "attribution": attribution}


def _feature(place: Place) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [place.longitude, place.latitude]} if place.located else None
    return {
        "type": "Feature",
        "geometry": point,
        "properties": {
            "name": place.name,
            "mentions": place.mentions,
            "statements": place.statements,
            "articles": place.articles,
            "entity": place.entity or None,
            "coordinates_from": place.source or None,
        },
    }


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map: its middle, its radius, its name where there is room for it."""

    place: Place
    x: float
    y: float
    radius: float
    words: Words | None


@dataclass(frozen=True, slots=True)
class Map:
    """The map: `land` and `grid` are paths of SVG."""

    width: int
    height: int
    land: str
    grid: str
    spots: Sequence[Spot]


@dataclass(frozen=True, slots=True)
class _View:
    """The part of the world that is shown, in degrees, and how large it is drawn."""

    west: float
    north: float
    across: float  # units of the view box a degree, along the parallels
    down: float  # and along the meridians
    height: int

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        return (longitude - self.west) * self.across, (self.north - latitude) * self.down


def map_of(places: Iterable[Place]) -> Map:
    """The map of the places whose coordinates are known."""
    located = sorted((place for place in places if place.located), key=lambda place: (-place.mentions, place.name))
    where = [(place.longitude or 0.0, place.latitude or 0.0) for place in located]
    view = _view(where)
    most = max((place.mentions for place in located), default=1)
    points = [
        (*view.at(*at), 3 + 13 * sqrt(place.mentions / most), place.name)
        for place, at in zip(located, where, strict=True)
    ]
    words = words_beside(points, size=FONT, width=WIDTH, height=view.height)
    spots = [
        Spot(place, round(x, 1), round(y, 1), round(radius, 1), beside)
        for place, (x, y, radius, _name), beside in zip(located, points, words, strict=True)
    ]
    return Map(WIDTH, view.height, _land(view), _grid(view), spots)


def _view(where: Sequence[tuple[float, float]]) -> _View:
    if not where:
        where = [(-179.0, 70.0), (179.0, -50.0)]
    west, east = min(x for x, _ in where), max(x for x, _ in where)
    south, north = min(y for _, y in where), max(y for _, y in where)
    middle = radians((south + north) / 2)
    narrow = max(cos(middle), 0.2)
    wide = min(max((east - west) * 1.16, LEAST_DEGREES / narrow), 360.0)
    tall = max((north - south) * 1.2, 1.0)
    scale = min(WIDTH / wide, _TALLEST / (tall / narrow))  # units a degree of longitude
    height = round(min(max(tall / narrow * scale, _FLATTEST), _TALLEST))
    wide, tall = WIDTH / scale, height / scale * narrow
    left, top = (west + east - wide) / 2, (south + north + tall) / 2
    return _View(left, top, scale, scale / narrow, height)


@cache
def _rings() -> tuple[tuple[tuple[float, float], ...], ...]:
    """The outlines of the land: longitude and latitude of each point."""
    lines = files("annotations.domain").joinpath("land.tsv").read_text("utf-8").splitlines()[1:]
    found = []
    for line in lines:
        steps = [tuple(map(int, step.split(","))) for step in line.split()]
        xs, ys = accumulate(x for x, _ in steps), accumulate(y for _, y in steps)
        found.append(tuple((x / 10, y / 10) for x, y in zip(xs, ys, strict=True)))
    return tuple(found)


def _land(view: _View) -> str:
    return "".join(_ring(view, ring) for ring in _rings())


def _ring(view: _View, ring: Iterable[tuple[float, float]]) -> str:
    """A path, what lies outside pulled to the edge; nothing where all of it does."""
    edge = 20.0
    drawn: list[tuple[float, float]] = []
    inside = False
    for point in ring:
        x, y = view.at(*point)
        near = (min(max(x, -edge), WIDTH + edge), min(max(y, -edge), view.height + edge))
        inside = inside or (0 <= x <= WIDTH and 0 <= y <= view.height)
        if not drawn or max(abs(near[0] - drawn[-1][0]), abs(near[1] - drawn[-1][1])) >= _COARSE:
            drawn.append(near)
    # A view within a continent has none of its outline's points inside, and all of it around.
    surrounds = len({(x < 0, x > WIDTH, y < 0, y > view.height) for x, y in drawn}) > 2
    if len(drawn) < 3 or not (inside or surrounds):
        return ""
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in drawn) + "Z"


def _grid(view: _View) -> str:
    """Meridians and parallels, a dozen at most of either."""
    wide, tall = WIDTH / view.across, view.height / view.down
    step = next((step for step in _STEPS if max(wide, tall) / step <= 12), _STEPS[-1])
    lines = [f"M{view.at(x, 0)[0]:.1f} 0V{view.height}" for x in _multiples(view.west, view.west + wide, step)]
    lines += [f"M0 {view.at(0, y)[1]:.1f}H{WIDTH}" for y in _multiples(view.north - tall, view.north, step)]
    return "".join(lines)


def _multiples(low: float, high: float, step: int) -> Iterator[int]:
    first = int(low // step + 1) * step
    yield from range(first, int(high) + 1, step)
