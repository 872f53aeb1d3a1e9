"""Labels and relation labels, for programs."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.models import Project
from tests.api.test_projects import Program
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


CLAIM = {
    "key": "claim",
    "name": "Claim",
    "colour": 1,
    "shortcut": "c",
    "line_style": "dashed",
    "position": 1,
    "archived": False,
    "attributes": [
        {"key": "stance", "name": "Stance", "choices": ["supports", "opposes", "neutral"]},
        {"key": "form", "name": "Form", "choices": ["direct", "indirect"]},
    ],
}


def test_a_label_with_all_that_belongs_to_it(project: Project) -> None:
    assert Program("ben").ask("GET", "projects/press/labels/claim/").json() == CLAIM


def test_a_label_is_made_with_its_attributes(project: Project) -> None:
    mood = {"key": "mood", "name": "Mood", "choices": ["good", "bad"]}
    made = Program("ada").ask(
        "POST", "projects/press/labels/", {"name": "Event", "shortcut": "v", "attributes": [mood]}
    )
    assert made.status_code == 201
    assert made.json() == {
        "key": "event", "name": "Event", "colour": 3, "shortcut": "v", "line_style": "double", "position": 3,
        "archived": False, "attributes": [mood],
    }  # fmt: skip


def test_only_what_is_given_changes(project: Project) -> None:
    changed = Program("ada").ask("PATCH", "projects/press/labels/claim/", {"colour": 7, "archived": True})
    assert changed.json() == CLAIM | {"colour": 7, "archived": True}


def test_attributes_given_are_all_there_are_then(project: Project) -> None:
    stance = {"key": "stance", "name": "Stance", "choices": ["for", "against"]}
    changed = Program("ada").ask("PATCH", "projects/press/labels/claim/", {"attributes": [stance]})
    assert changed.json() == CLAIM | {"attributes": [stance]}


def test_an_attribute_in_use_stays_and_nothing_else_changes(project: Project) -> None:
    ben = project.memberships.get(user__username="ben").user
    a_span(a_set(an_article(project), ben), "claim", (0, 20), attributes={"stance": "opposes"})
    refused = Program("ada").ask("PATCH", "projects/press/labels/claim/", {"name": "C", "attributes": []})
    assert refused.status_code == 409
    assert Program("ada").ask("GET", "projects/press/labels/claim/").json() == CLAIM


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x", "key": "Not a key"},
        {"name": "x", "key": "actor"},
        {"name": "x", "shortcut": "s"},
        {"name": "x", "shortcut": "a"},
        {"name": "x", "colour": 12},
        {"name": "x", "colour": -1},
        {"name": "x", "line_style": "zigzag"},
        {"name": "x", "attributes": [{"key": "k", "name": "K", "choices": []}]},
        {"name": "x", "attributes": [{"key": "k", "name": "K", "choices": ["  "]}]},
        {"name": "x", "attributes": "none"},
        {"name": ["x"]},
        [],
        "x",
        None,
    ],
)
def test_what_breaks_a_rule_is_a_400_and_makes_nothing(project: Project, body: Any) -> None:
    refused = Program("ada").ask("POST", "projects/press/labels/", body)
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert project.labels.count() == 3


def test_relation_labels_are_made_and_changed(project: Project) -> None:
    ada = Program("ada")
    made = ada.ask("POST", "projects/press/relation-labels/", {"name": "Answers", "source_label": "claim"})
    wanted = {
        "key": "answers", "name": "Answers", "source_label": "claim", "target_label": None, "shortcut": "", "many": True,
        "position": 2, "archived": False,
    }  # fmt: skip
    assert (made.status_code, made.json()) == (201, wanted)
    changed = ada.ask("PATCH", "projects/press/relation-labels/answers/", {"many": False, "archived": True})
    assert changed.json() == wanted | {"many": False, "archived": True}
    assert ada.ask("GET", "projects/press/relation-labels/answers/").json() == changed.json()
    unknown = ada.ask("POST", "projects/press/relation-labels/", {"name": "X", "target_label": "nothing"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, "target_label")
