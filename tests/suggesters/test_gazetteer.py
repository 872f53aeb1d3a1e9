"""Places are offered with coordinates; what the text shows to be something else is not."""

from __future__ import annotations

import pytest

from annotations.suggesters import ENGINES, suggest
from annotations.suggesters.gazetteer import places
from annotations.suggesters.proposals import Context


def offered(text: str) -> list[str]:
    return [text[slice(*each.fragments[0])] for each in suggest(Context(text=text), [ENGINES["gazetteer"]])]


def test_a_place_has_its_name_and_coordinates() -> None:
    (proposal,) = suggest(Context(text="The ferry to Trondheim waits."), [ENGINES["gazetteer"]])
    assert (proposal.label, proposal.fragments, proposal.entity) == ("location", ((13, 22),), "Trondheim")
    assert (round(proposal.latitude or 0), round(proposal.longitude or 0)) == (63, 10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ships wait off Germany and in the U.S. until May.", ["Germany", "U.S."]),
        ("She moved to Washington D.C. in May.", ["Washington D.C."]),
        ("In Mountain View, California, it rains.", ["California"]),
        ("Er wohnt in München und Köln.", ["München", "Köln"]),
        ("Il vit à Londres.", ["Londres"]),
        ("Vive en Nueva York.", ["Nueva York"]),
        ("They left Paris, France.", ["Paris", "France"]),
    ],
)
def test_places_are_found(text: str, expected: list[str]) -> None:
    assert offered(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Valeska Paris left. Paris was born at sea.",  # a person, also where the last name is alone
        "Jackson smiled.",  # a name of persons as often
        "A pro-Beijing party and US$ 20.",
        "He reads the Sydney Morning Herald.",
        "Environment Canada declined.",
        "Norway rejected the appeal.",  # acts
        "Swedish rangers and Germans",  # demonyms
        "The Nice thing about Reading is Bath.",
    ],
)
def test_what_is_no_place_is_not_offered(text: str) -> None:
    assert offered(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ships off the Langesund strait", ["the Langesund strait"]),
        ("at Volgograd Arena on Friday", ["Volgograd", "Volgograd Arena"]),
        ("in the Century City Towers", ["the Century City Towers"]),
        ("a bridge and the street", []),
        ("over\nJamarat Bridge", ["Jamarat Bridge"]),
    ],
)
def test_sites_are_known_by_their_last_word(text: str, expected: list[str]) -> None:
    assert offered(text) == expected


def test_the_label_must_exist() -> None:
    assert suggest(Context(text="in Oslo", labels=frozenset({"actor"})), [ENGINES["gazetteer"]]) == []


def test_the_list_is_sound() -> None:
    known = places()
    assert len(known) > 5_000
    assert all(-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180 for place in known.values())
    assert {place.kind for place in known.values()} == {"continent", "country", "region", "capital", "city"}
    assert {"Oslo", "Norway", "Norwegen", "Texas", "Bavaria", "Europe"} <= known.keys()
