"""Comments, assignments and what a desk tells, by program."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from annotations.models import AnnotationSet, Article, Comment, Reading, User
from annotations.services import accounts
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def work() -> AnnotationSet:
    """Ben's work in a project that asks for reading evidence."""
    project = a_project()
    project.reading_evidence = True
    project.save()
    people = the_cast(project)
    work = a_set(an_article(project, "One.\n\nTwo.\n\nThree."), people["ben"])
    AnnotationSet.objects.update(started_at="2020-01-01T00:00Z")
    return work


def ask(username: str, method: str, path: str, body: Any = None) -> Any:
    _token, secret = accounts.create_token(user=User.objects.get(username=username), name="test", scope="manage")
    client = Client(headers={"Authorization": f"Token {secret}"})
    data = "" if body is None else json.dumps(body)
    return client.generic(method, f"/api/v1/{path}", data, content_type="application/json")


def test_a_question_and_its_answer_by_program(work: AnnotationSet) -> None:
    span = a_span(work, "actor", (0, 3))
    key = str(uuid4())
    path = f"annotation-sets/{work.pk}/comments/"
    body = {"id": key, "kind": "question", "text": "Is one an actor?", "span": str(span.pk)}
    asked = [ask("ben", "POST", path, body) for _twice in range(2)]
    assert [each.status_code for each in asked] == [201, 201]
    question = Comment.objects.get()
    at = question.at.isoformat().replace("+00:00", "Z")
    wanted = {
        "id": key,
        "annotation_set": str(work.pk),
        "article": None,
        "disagreement": None,
        "span": str(span.pk),
        "parent": None,
        "kind": "question",
        "text": "Is one an actor?",
        "author": "ben",
        "at": at,
        "seen_at": None,
        "resolved_at": None,
        "resolved_by": None,
    }
    assert [each.json() for each in asked] == [wanted, wanted]
    answer = ask("dora", "POST", path, {"parent": key, "text": "No."}).json()
    assert (answer["parent"], answer["kind"], answer["author"]) == (key, "comment", "dora")
    listed = ask("ben", "GET", path).json()["results"]
    assert [(each["text"], each["seen_at"] is None) for each in listed] == [("Is one an actor?", True), ("No.", False)]
    resolved = ask("dora", "PATCH", f"comments/{answer['id']}/", {"resolved": True}).json()
    assert (resolved["id"], resolved["resolved_by"]) == (key, "dora")
    threads = "projects/press/comments/"
    assert [len(ask("dora", "GET", threads + query).json()["results"]) for query in ("", "?state=resolved")] == [0, 1]
    assert ask("dora", "GET", threads + "?open=1").status_code == 400


def test_not_sure_by_program(work: AnnotationSet) -> None:
    body = {"kind": "unsure", "span": str(a_span(work, "actor", (0, 3)).pk)}
    path = f"annotation-sets/{work.pk}/comments/"
    assert ask("ben", "POST", path, {**body, "resolved": True}).status_code == 204
    assert ask("ben", "POST", path, body).json()["resolved_at"] is None
    assert ask("ben", "POST", path, {**body, "resolved": True}).json()["resolved_by"] == "ben"
    for wrong in ({"kind": "unsure"}, {"kind": "skip", "text": "x"}, {"text": ""}, {"text": "x", "span": "y"}):
        assert ask("ben", "POST", path, wrong).status_code == 400


def test_a_desk_tells_with_its_heartbeat_and_with_the_submission(work: AnnotationSet) -> None:
    path = f"annotation-sets/{work.pk}/"
    assert ask("ben", "POST", path + "lease/", {"active_seconds": 40, "paragraphs": [[0, 1]]}).status_code == 200
    for wrong in ({"active_seconds": -1}, {"paragraphs": [[0, 4]]}, {"paragraphs": [[2, 1]]}, {"paragraphs": [[1]]}):
        assert ask("ben", "POST", path + "lease/", wrong).status_code == 400
    visit = {"active_seconds": 20, "paragraphs": [[2, 3]]}
    assert ask("ben", "POST", path + "submit/", {"visit": visit}).json()["state"] == "submitted"
    assert AnnotationSet.objects.get().active_seconds == 60
    reading = Reading.objects.get()
    assert (reading.paragraphs, reading.total) == (((0, 1), (2, 3)), 3)
    assert ask("ben", "POST", path + "submit/", {"visit": visit}).json()["state"] == "submitted"
    assert AnnotationSet.objects.get().active_seconds == 60


def test_articles_are_assigned_and_taken_back_by_program(work: AnnotationSet) -> None:
    free = an_article(work.article.project, external_id="a2")
    path = "projects/press/assignments/"
    answer = ask("ada", "POST", path, {"annotator": "ben", "articles": [str(free.pk), str(work.article_id)]}).json()
    [given] = answer["assigned"]
    assert (given["external_id"], given["annotator"]) == ("a2", "ben")
    assert answer["refused"] == [{"article": str(work.article_id), "reason": "The person has it already."}]
    assert [each["id"] for each in ask("ada", "GET", path).json()["results"]] == [given["id"]]
    assert ask("ada", "DELETE", f"{path}{given['id']}/").status_code == 204
    assert Article.objects.get(pk=free.pk).open_slots == 2
    assert ask("ada", "POST", path, {"annotator": "eve", "articles": [str(free.pk)]}).status_code == 400
