"""Places as GeoJSON and as a map."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

from geojson_pydantic import FeatureCollection
from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.places import WIDTH, Place, _rings, feature_collection, map_of

OSLO = Place(name="Oslo", mentions=9, statements=2, articles=3, latitude=59.91, longitude=10.75, source="gazetteer")
QUAY = Place(name="the “quay” <7>", mentions=1, statements=0, articles=1, entity="019a0000-0000-7000-8000-000000000001")
placed = st.builds(
    Place,
    name=st.text(min_size=1, max_size=40),
    mentions=st.integers(1, 99),
    statements=st.just(0),
    articles=st.just(1),
    latitude=st.floats(-90, 90),
    longitude=st.floats(-180, 180),
)


def test_places_are_valid_geojson_and_one_that_is_nowhere_has_no_geometry() -> None:
    found = feature_collection([OSLO, QUAY], attribution="GeoNames")
    read: Any = FeatureCollection.model_validate_json(json.dumps(found))
    assert [feature.geometry for feature in read.features][1] is None
    assert found["features"][0] == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [10.75, 59.91]},
        "properties": {
            "name": "Oslo",
            "mentions": 9,
            "statements": 2,
            "articles": 3,
            "entity": None,
            "coordinates_from": "gazetteer",
        },
    }


@given(st.lists(placed, max_size=20))
def test_every_place_is_on_the_map_and_valid_geojson(places: list[Place]) -> None:
    drawn = map_of(places)
    assert len(drawn.spots) == len(places)
    assert all(-0.1 <= spot.x <= WIDTH + 0.1 and -0.1 <= spot.y <= drawn.height + 0.1 for spot in drawn.spots)
    FeatureCollection.model_validate_json(json.dumps(feature_collection(places, attribution="")))


def test_words_do_not_lie_on_each_other() -> None:
    close = [
        Place(name=f"Place {n}", mentions=n, statements=0, articles=1, latitude=50 + n / 5, longitude=8.0)
        for n in range(1, 40)
    ]
    named = [spot.words for spot in map_of(close).spots if spot.words]
    places = [(words.anchor, words.x, round(words.y)) for words in named]
    assert 1 < len(named) <= 39
    assert len(set(places)) == len(places)


def test_land_and_sea_are_where_they_are() -> None:
    rings = _rings()
    assert all(-540 <= x <= 540 and -60 <= y <= 90 for ring in rings for x, y in ring)
    assert len({round(x) for ring in rings for x, _ in ring}) > 300
    assert not any(_inside(ring, -30.0, 30.0) for ring in rings)  # the Atlantic
    assert any(_inside(ring, 10.0, 50.0) for ring in rings)  # Germany


def _inside(ring: tuple[tuple[float, float], ...], x: float, y: float) -> bool:
    crossings = [(a, b) for a, b in pairwise((*ring, ring[0])) if (a[1] > y) != (b[1] > y)]
    return sum(a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) > x for a, b in crossings) % 2 == 1


def test_a_map_of_one_place_shows_the_land_around_it() -> None:
    drawn = map_of([OSLO])
    assert re.fullmatch(r"(M-?\d+ -?\d+(L-?\d+ -?\d+)+Z)+", drawn.land)
    assert drawn.spots[0].words is not None
