"""Pages by cursor stay right while rows come and go: what stays is given once, in order, forwards and back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotations.models import Entity, Label, Project
from tests.factories import a_project, the_cast

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/projects/press/entities/?page_size=3"


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(the_cast(a_project("press"))["ada"])
    return client


def make(*names: str, label: str = "actor") -> None:
    project = Project.objects.get()
    kind = Label.objects.get(project=project, key=label)
    Entity.objects.bulk_create(Entity(project=project, label=kind, name=name, listed=True) for name in names)


def names(page: dict[str, Any]) -> list[str]:
    return [each["name"] for each in page["results"]]


def test_rows_deleted_and_added_between_pages_move_no_other(ada: Client) -> None:
    make(*"bdfhjl")
    first = ada.get(ADDRESS).json()
    Entity.objects.filter(name__in=["b", "d", "f"]).delete()  # the whole page, its edge too
    make("a", "g")
    second = ada.get(first["next"]).json()
    assert (names(first), names(second)) == (["b", "d", "f"], ["g", "h", "j"])
    assert names(ada.get(second["previous"]).json()) == ["a"]


def test_rows_of_one_name_are_told_apart(ada: Client) -> None:
    for label in ("actor", "claim", "location"):
        make("same", "tail", label=label)
    found, address = [], ADDRESS.replace("=3", "=1")
    while address:
        page = ada.get(address).json()
        found += [each["id"] for each in page["results"]]
        if len(found) == 2:
            Entity.objects.filter(pk=found[0]).delete()  # an offset would now leave one out
        address = page["next"]
    assert len(set(found)) == len(found) == 6


@pytest.mark.parametrize(
    "cursor",
    [
        "guess",
        "-",
        "W10=",
        "-W10=",
        "WyJ4IiwgIngiXQ==",
        "é",
        "==",
        "WyJhIiwgbnVsbF0=",
        "W251bGwsIG51bGxd",
        "WyJcdTAwMDAiLCAiMSJd",
        "WyJcdWQ4MDAiLCAiMSJd",
    ],
)
def test_a_cursor_that_is_none_is_a_404(ada: Client, cursor: str) -> None:
    answer = ada.get(ADDRESS, {"cursor": cursor})
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no such page of the list."


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    there=st.sets(st.text("abcdef", min_size=1, max_size=2), max_size=12),
    comes=st.lists(st.tuples(st.booleans(), st.text("abcdef", min_size=1, max_size=2)), max_size=6),
)
def test_what_is_there_all_the_time_is_given_once(ada: Client, there: set[str], comes: list[tuple[bool, str]]) -> None:
    Entity.objects.all().delete()
    make(*there)
    stays, found, address = set(there), [], ADDRESS
    while address:
        page = ada.get(address).json()
        found += names(page)
        address = page["next"]
        if comes:
            adds, name = comes.pop()
            if adds and not Entity.objects.filter(name=name).exists():
                make(name)
            elif not adds:
                Entity.objects.filter(name=name).delete()
                stays.discard(name)
    assert found == sorted(set(found))
    assert stays <= set(found)
