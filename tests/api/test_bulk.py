"""Many sets at once: each by its own rules, none in the way of another, and nobody sees more than one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, Project
from tests.factories import a_project, a_set, an_article, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def sets() -> dict[str, AnnotationSet]:
    project: Project = a_project("press")
    cast = the_cast(project)
    article = an_article(project)
    found = {name: a_set(article, cast[name]) for name in ("ben", "chi")}
    found["other"] = a_set(an_article(project, external_id="b"), cast["ben"])
    return found


def change() -> dict[str, Any]:
    value = {"label": "actor", "fragments": [[26, 40]]}
    return {"id": str(uuid7()), "action": "put_span", "object": str(uuid7()), "base": None, "value": value}


def client_of(name: str) -> Client:
    client = Client()
    client.login(username=name, password=name * 2)
    return client


def test_changes_to_several_sets_and_a_refusal_between_them(sets: dict[str, AnnotationSet]) -> None:
    parts = [{"annotation_set": str(sets[name].pk), "changes": [change()]} for name in ("ben", "chi", "other")]
    answer = client_of("ben").post(
        "/api/v1/projects/press/changes/", {"sets": [*parts, 7]}, content_type="application/json"
    )
    assert answer.status_code == 200
    rows = answer.json()["sets"]
    assert [(row["status"], row["revision"], len(row["results"])) for row in rows] == [
        (200, 1, 1), (404, None, 0), (200, 1, 1), (404, None, 0),
    ]  # fmt: skip
    assert [row["annotation_set"] for row in rows[:3]] == [part["annotation_set"] for part in parts]


def test_a_set_of_another_project_is_none(sets: dict[str, AnnotationSet]) -> None:
    elsewhere = a_project("elsewhere")
    cast = the_cast(elsewhere)
    work = a_set(an_article(elsewhere), cast["ben"])
    body = {"sets": [{"annotation_set": str(work.pk), "changes": [change()]}]}
    answer = client_of("ben").post("/api/v1/projects/press/changes/", body, content_type="application/json")
    assert [row["status"] for row in answer.json()["sets"]] == [404]


@pytest.mark.parametrize("body", [[], {}, {"sets": 1}, {"sets": [{}] * 51}])
def test_a_body_of_another_form_is_refused(sets: dict[str, AnnotationSet], body: Any) -> None:
    answer = client_of("ben").post("/api/v1/projects/press/changes/", body, content_type="application/json")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("name", "query", "found"),
    [
        ("dora", "", ["ben", "chi", "other"]),
        ("dora", "?annotator=chi", ["chi"]),
        ("dora", "?kind=gold", []),
        ("ben", "", ["ben", "other"]),
        ("chi", "?annotator=ben", []),
        ("fay", "", []),
    ],
)
def test_the_list_has_the_sets_one_may_see(
    sets: dict[str, AnnotationSet], name: str, query: str, found: list[str]
) -> None:
    answer = client_of(name).get(f"/api/v1/projects/press/annotation-sets/{query}").json()
    assert {row["id"] for row in answer["results"]} == {str(sets[key].pk) for key in found}
