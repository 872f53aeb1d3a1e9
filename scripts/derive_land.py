#!/usr/bin/env python3
"""Derives the outlines of the land that maps are drawn on from Natural Earth (public domain), by the package
world-atlas 2.0.2 of npm.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python scripts/derive_land.py package/land-50m.json > annotations/domain/land.tsv

Needed only to make the list again; the application reads the list. A line is a ring: longitudes and latitudes in
tenths of a degree, the first point whole and then the steps from point to point.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

LEAST_POINTS = 4
LEAST_SIZE = 6  # tenths of a degree: smaller islands cannot be seen
FURTHEST_SOUTH = -600  # nobody is quoted from Antarctica, and its ring runs around the edge of the map


def points(topology: dict[str, Any], ring: list[int]) -> Iterator[tuple[float, float]]:
    """The points of a ring of arcs, in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    for number in ring:
        steps = topology["arcs"][number if number >= 0 else ~number]
        xs, ys = (list(accumulate(step[axis] for step in steps)) for axis in (0, 1))
        arc = [(x * sx + tx, y * sy + ty) for x, y in zip(xs, ys, strict=True)]
        yield from arc if number >= 0 else reversed(arc)


def unwrapped(ring: Iterator[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The points, those behind the date line as further in the same direction."""
    turn, last = 0, None
    for x, y in ring:
        if last is not None and abs(x - last) > 180:
            turn += 360 if x < last else -360
        last = x
        yield x + turn, y


def rings(topology: dict[str, Any]) -> Iterator[list[tuple[int, int]]]:
    """The rings worth drawing, in tenths of a degree; what reaches over the edge of the map is there twice."""
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            found = list(thinned(unwrapped(points(topology, ring))))
            sizes = [max(each[axis] for each in found) - min(each[axis] for each in found) for axis in (0, 1)]
            south = min(y for _, y in found)
            if len(found) >= LEAST_POINTS and max(sizes) >= LEAST_SIZE and south > FURTHEST_SOUTH:
                for turn in (0, -3600, 3600):
                    if any(abs(x + turn) < 1800 for x, _ in found):
                        yield [(x + turn, y) for x, y in found]


def thinned(ring: Iterator[tuple[float, float]]) -> Iterator[tuple[int, int]]:
    """The points in tenths of a degree, without those that are next to the one before."""
    last = None
    for x, y in ring:
        near = (round(x * 10), round(y * 10))
        if last is None or max(abs(near[0] - last[0]), abs(near[1] - last[1])) > 1:
            yield near
            last = near


def main() -> None:
    """Write the list."""
    topology = json.loads(Path(sys.argv[1]).read_bytes())
    source = "Natural Earth (https://www.naturalearthdata.com, public domain)"
    sys.stdout.write(f"# Derived from {source} by scripts/derive_land.py\n")
    for ring in sorted(rings(topology), key=lambda ring: (-len(ring), ring)):
        steps = [f"{x - a},{y - b}" for (a, b), (x, y) in pairwise(ring)]
        sys.stdout.write(f"{ring[0][0]},{ring[0][1]} {' '.join(steps)}\n")


if __name__ == "__main__":
    main()
