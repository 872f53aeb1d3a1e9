"""Suggestions for programs: listed, accepted with a change, rejected, and how good each engine is."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from annotations.models import AnnotationSet, Span, SuggestionVerdict
from annotations.services import accounts
from tests.factories import a_member, a_project, a_set, an_article

pytestmark = pytest.mark.django_db

TEXT = "They met in Oslo."


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    project.suggestions = True
    project.save()
    return a_set(an_article(project, TEXT, "a3", language="en"), a_member(project, "ben"))


def ask(username: str, method: str, path: str, body: Any = None) -> Any:
    user = a_member(AnnotationSet.objects.get().article.project, username)
    _token, secret = accounts.create_token(user=user, name="test", scope="manage")
    client = Client(headers={"Authorization": f"Token {secret}"})
    return client.generic(method, f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def listed(work: AnnotationSet) -> Any:
    return ask("ben", "GET", f"annotation-sets/{work.pk}/suggestions/").json()


def described(suggestion: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "engine", "version", "engines", "label", "fragments", "score")
    return {name: suggestion[name] for name in names}


def accepting(offer: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()), "action": "put_span", "object": str(uuid4()), "origin": "suggested",
        "value": {"label": offer["label"], "fragments": offer["fragments"], "entity": offer["entity"]},
        "suggestion": described(offer), **others,
    }  # fmt: skip


def test_a_suggestion_says_what_where_by_whom_and_how_sure(work: AnnotationSet) -> None:
    answer = listed(work)
    (oslo,) = answer["suggestions"]
    assert answer["offered"] is True
    assert {name: oslo[name] for name in ("engine", "engines", "label", "fragments", "quote", "entity", "links")} == {
        "engine": "gazetteer", "engines": ["gazetteer"], "label": "location", "fragments": [[12, 16]],
        "quote": "Oslo", "entity": "Oslo", "links": [],
    }  # fmt: skip
    assert (0 < oslo["score"] <= 1, round(oslo["latitude"]), round(oslo["longitude"])) == (True, 60, 11)


def test_the_change_accepts_it(work: AnnotationSet) -> None:
    (oslo,) = listed(work)["suggestions"]
    answer = ask("ben", "POST", f"annotation-sets/{work.pk}/changes/", {"changes": [accepting(oslo)]})
    assert [each["status"] for each in answer.json()["results"]] == ["applied"]
    verdict = SuggestionVerdict.objects.get()
    assert (verdict.verdict, verdict.span, str(verdict.suggestion)) == ("accepted", Span.objects.get().pk, oslo["id"])
    assert listed(work) == {"offered": True, "suggestions": []}


def test_a_program_rejects_it(work: AnnotationSet) -> None:
    (oslo,) = listed(work)["suggestions"]
    path = f"annotation-sets/{work.pk}/suggestions/{oslo['id']}/verdict/"
    body = described(oslo) | {"verdict": "rejected"}
    assert ask("ben", "POST", path, body).status_code == 204
    assert listed(work)["suggestions"] == []
    engines = ask("ada", "GET", "projects/press/suggestions/").json()
    assert engines == {
        "on": True,
        "engines": [
            {
                "engine": "gazetteer", "label": "location", "accepted": 0, "edited": 0, "rejected": 1, "precision": 0.0,
                "latest": 1, "latest_precision": 0.0, "is_on": True, "switched_off_by_itself": False,
            }
        ],
    }  # fmt: skip
    body = {"engine": "gazetteer", "label": "location", "is_on": False}
    assert ask("ada", "POST", "projects/press/suggestions/", body).json()["is_on"] is False


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"fragments": []}, "suggestion.fragments"),
        ({"fragments": [[4, 2]]}, "in reading order"),
        ({"fragments": [[0, 2], [2, 4]]}, "do not touch"),
        ({"score": 7}, "suggestion.score"),
        ({"engine": None}, "suggestion.engine"),
        ({"mood": "good"}, "suggestion.mood"),
        ({"engines": ["x"] * 21}, "suggestion.engines"),
    ],
    ids=str,
)
def test_what_cannot_be_read_is_refused_with_its_field(
    work: AnnotationSet, fault: dict[str, Any], sentence: str
) -> None:
    (oslo,) = listed(work)["suggestions"]
    change = accepting(oslo, suggestion=described(oslo) | fault)
    answer = ask("ben", "POST", f"annotation-sets/{work.pk}/changes/", {"changes": [change]})
    assert (answer.status_code, sentence in answer.json()["detail"]) == (400, True)
    path = f"annotation-sets/{work.pk}/suggestions/{oslo['id']}/verdict/"
    answer = ask("ben", "POST", path, described(oslo) | {"verdict": "rejected"} | fault)
    assert (answer.status_code, sentence in answer.json()["detail"]) == (400, True)


def test_only_a_new_span_accepts_a_suggestion(work: AnnotationSet) -> None:
    (oslo,) = listed(work)["suggestions"]
    change = accepting(oslo, action="delete_span")
    answer = ask("ben", "POST", f"annotation-sets/{work.pk}/changes/", {"changes": [change]})
    assert (answer.status_code, "Only `put_span`" in answer.json()["detail"]) == (400, True)
    nothing: list[Any] = ["x", 7, []]
    for suggestion in nothing:
        change = accepting(oslo, suggestion=suggestion)
        answer = ask("ben", "POST", f"annotation-sets/{work.pk}/changes/", {"changes": [change]})
        assert answer.status_code == 400


def test_submitted_work_is_offered_nothing(work: AnnotationSet) -> None:
    ask("ben", "POST", f"annotation-sets/{work.pk}/submit/")
    assert listed(work) == {"offered": False, "suggestions": []}


def test_a_project_can_switch_them_off(work: AnnotationSet) -> None:
    answer = ask("ada", "PATCH", "projects/press/", {"suggestions": False})
    assert answer.json()["suggestions"] is False
    assert listed(work) == {"offered": False, "suggestions": []}
