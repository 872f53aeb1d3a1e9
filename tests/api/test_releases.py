"""Releases through the API: made, listed, taken and compared."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from annotations.models import AnnotationSet, Article, Project, User
from tests.api.test_projects import Program
from tests.factories import a_project, a_set, an_article, the_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    gold = a_set(an_article(made, external_id="a", license="CC0"))
    AnnotationSet.objects.filter(pk=gold.pk).update(state="done")
    return made


def make(name: str, **body: Any) -> Any:
    client = Program("ada").client
    return client.post("/api/v1/projects/press/releases/", {"name": name, **body}, content_type="application/json")


def test_a_release_is_made_listed_and_taken(project: Project) -> None:
    made = make("1.0", notes="First.", formats=["csv"], options={"split": "8/1/1"})
    assert made.status_code == 201
    release = made.json()
    assert (release["name"], release["notes"], release["by"]) == ("1.0", "First.", "ada")
    assert release["manifest"]["query"] == {"sets": "gold", "split": "8/1/1"}
    assert release["manifest"]["licences"] == {"CC0": 1}
    fay = Program("fay", "read").client
    assert [each["id"] for each in fay.get("/api/v1/projects/press/releases/").json()["results"]] == [release["id"]]
    address = f"/api/v1/releases/{release['id']}/"
    assert fay.get(address).json() == release
    answer: Any = fay.get(f"{address}download/")
    data = b"".join(answer)
    assert hashlib.sha256(data).hexdigest() == release["sha256"]
    assert answer["ETag"] == f'"{release["sha256"]}"'
    assert (answer["Content-Length"], answer["Content-Type"]) == (str(len(data)), "application/zip")
    assert answer["Content-Disposition"] == 'attachment; filename="press-1.0.zip"'
    again = fay.get(f"{address}download/", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again["ETag"]) == (304, answer["ETag"])


def test_two_releases_are_compared(project: Project) -> None:
    first = make("1").json()["id"]
    gold = a_set(an_article(project, external_id="b"))
    AnnotationSet.objects.filter(pk=gold.pk).update(state="done")
    second = make("2").json()["id"]
    found = Program("fay", "read").client.get(f"/api/v1/releases/{first}/diff/{second}/").json()
    assert found["counts"]["articles"] == [1, 2]
    assert [(each["id"], each["state"]) for each in found["articles"]] == [("b", "added")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400), ({"name": ""}, 400), ({"name": "x", "sets": "x"}, 400), ({"name": "x", "formats": ["docx"]}, 400),
        ({"name": "x", "options": {"text": "x"}}, 400), ({"name": "x", "options": {"split": "x"}}, 400),
        ({"name": "x", "formats": ["brat"], "options": {"text": "hash"}}, 400), ({"name": "x\0"}, 400),
        ({"name": "there"}, 409),
    ],
)  # fmt: skip
def test_what_cannot_be_released_is_refused_with_a_sentence(project: Project, body: Any, status: int) -> None:
    make("there")
    answer = Program("ada").client.post("/api/v1/projects/press/releases/", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_a_blind_reviewer_who_annotates_takes_no_release_of_others_work(project: Project) -> None:
    key = make("work", sets="annotators").json()["id"]
    dora = Program("dora", "read").client
    assert dora.get(f"/api/v1/releases/{key}/download/").status_code == 200
    a_set(Article.objects.get(external_id="a"), User.objects.get(username="dora"))
    for path in ("download/", f"diff/{key}/"):
        assert dora.get(f"/api/v1/releases/{key}/{path}").status_code == 403
    assert dora.get(f"/api/v1/releases/{make('gold').json()['id']}/download/").status_code == 200
