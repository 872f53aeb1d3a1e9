"""Programs read disagreements and settle them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from annotations.models import AnnotationSet, Article, ArticleOpening, Decision, Disagreement, Membership, Role, User
from tests import factories
from tests.services.test_decisions import gold
from tests.services.test_disagreements import at, submitted

pytestmark = pytest.mark.django_db
ROWS = "/api/v1/projects/press/disagreements/"


@pytest.fixture
def article() -> Article:
    project = factories.a_project()
    people = factories.the_cast(project)
    article = factories.an_article(project)
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"), ("location", "Oslo"))
    submitted(article, people["chi"], ("actor", "Solheim of"), ("location", "Oslo"), ("claim", "We lost nine days"))
    return article


def client_of(name: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(User.objects.get(username=name))
    return client


def of(row: Disagreement) -> str:
    return f"{ROWS}{row.pk}/decision/"


@pytest.fixture
def boundary(article: Article) -> Disagreement:
    return Disagreement.objects.get(article=article, kind="boundary")


def test_a_reviewer_lists_what_annotators_disagree_about(article: Article, boundary: Disagreement) -> None:
    response = client_of("dora").get(ROWS, {"kind": "boundary"})

    first, second = boundary.payload["versions"]
    assert response.status_code == 200
    assert response.json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "id": str(boundary.pk),
                "article": str(article.pk),
                "kind": "boundary",
                "label": "actor",
                "state": "open",
                "quote": "Ingrid Solheim of",
                "unanimous": False,
                "versions": [
                    {"digit": 1, "spans": first["spans"], "annotators": 1, "sources": first["sources"]},
                    {"digit": 2, "spans": second["spans"], "annotators": 1, "sources": second["sources"]},
                ],
                "alike": 0,
                "decision": None,
            }
        ],
    }


def test_names_are_shown_when_asked_for(article: Article) -> None:
    [row] = client_of("ada").get(ROWS, {"kind": "boundary", "names": "true"}).json()["results"]

    assert [version["annotators"] for version in row["versions"]] == [["ben"], ["chi"]]


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ({}, ["boundary", "missing"]),
        ({"unanimous": "true"}, ["agree", "boundary", "missing"]),
        ({"label": "claim"}, ["missing"]),
        ({"open": "false"}, []),
        ({"open": "true", "label": "actor"}, ["boundary"]),
    ],
)
def test_the_list_is_filtered(query: dict[str, str], kinds: list[str], article: Article) -> None:
    results = client_of("dora").get(ROWS, {"article": str(article.pk), **query}).json()["results"]

    assert sorted(row["kind"] for row in results) == kinds
    assert client_of("dora").get(ROWS, {"article": "0190a8a0-0000-7000-8000-000000000000"}).json()["results"] == []


@pytest.mark.parametrize("query", [{"kind": "mood"}, {"article": "a1"}, {"open": "perhaps"}, {"label": "x" * 41}])
def test_a_filter_that_makes_no_sense_is_a_problem(query: dict[str, str], article: Article) -> None:
    response = client_of("dora").get(ROWS, query)

    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == list(query)


def test_the_list_goes_on_by_cursor(article: Article) -> None:
    client, seen = client_of("dora"), []
    address: str | None = f"{ROWS}?article={article.pk}&unanimous=true&page_size=2"
    while address:
        page = client.get(address).json()
        seen += [row["kind"] for row in page["results"]]
        address = page["next"]

    assert seen == ["missing", "boundary", "agree"]


def test_the_number_of_queries_does_not_grow_with_the_list(article: Article) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(ROWS, {"names": "true"})
        return len(captured)

    client = client_of("dora")
    few = queries()
    people = factories.the_cast(article.project)
    for number in range(2, 5):
        other = factories.an_article(article.project, external_id=f"a{number}")
        submitted(other, people["ben"], ("actor", "Ingrid Solheim"), ("location", "Brevik"))
        submitted(other, people["chi"], ("actor", "Solheim of"))

    assert queries() == few


def test_seeing_the_list_is_seeing_the_work_of_others(article: Article) -> None:
    client_of("dora").get(ROWS)

    assert list(ArticleOpening.objects.values_list("article", "user__username")) == [(article.pk, "dora")]


def test_deciding_answers_the_row_as_it_is_now(article: Article, boundary: Disagreement) -> None:
    body = {"versions": [1], "reason": "Full name.", "rule": "Names whole."}

    response = client_of("dora").put(of(boundary), body, format="json")

    assert response.status_code == 200
    answer = response.json()
    decision = Decision.objects.get()
    assert (answer["state"], answer["decided"], answer["left"]) == ("decided", 1, 0)
    assert answer["decision"] == {
        "id": str(decision.pk),
        "kind": "disagreement",
        "versions": [1],
        "sources": boundary.payload["versions"][0]["sources"],
        "gold": decision.gold,
        "reason": "Full name.",
        "rule": "Names whole.",
        "by": "dora",
        "at": decision.at.isoformat(),
    }
    assert gold(article) == [("actor", "Ingrid Solheim")]

    assert client_of("dora").delete(of(boundary)).status_code == 204
    assert gold(article) == []
    assert client_of("dora").delete(of(boundary)).status_code == 404


def test_an_edited_span_is_checked_by_its_quote(article: Article, boundary: Disagreement) -> None:
    span = {"label": "actor", "fragments": [list(at("Ingrid Solheim of the Brevik"))], "quote": "Ingrid"}

    response = client_of("dora").put(of(boundary), {"spans": [span]}, format="json")
    assert response.status_code == 400
    assert "not “Ingrid”" in response.json()["detail"]

    span["quote"] = "Ingrid Solheim of the Brevik"
    assert client_of("dora").put(of(boundary), {"spans": [span]}, format="json").status_code == 200
    assert gold(article) == [("actor", "Ingrid Solheim of the Brevik")]


def test_a_second_reviewer_is_told_and_may_replace_what_he_saw(article: Article, boundary: Disagreement) -> None:
    first = client_of("dora").put(of(boundary), {"versions": [1]}, format="json").json()

    refused = client_of("ada").put(of(boundary), {"versions": [2]}, format="json")
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "dora has decided this already; undo that decision first.",
    )

    body = {"versions": [2], "replaces": first["decision"]["id"]}
    assert client_of("ada").put(of(boundary), body, format="json").status_code == 200
    assert gold(article) == [("actor", "Solheim of")]


@pytest.mark.parametrize(
    "body",
    [
        {"versions": "1"},
        {"versions": [9]},
        {"versions": [0]},
        {"spans": [{"label": "actor"}]},
        {"spans": [{"label": "actor", "fragments": [[0]]}]},
        {"spans": [{"label": "actor", "fragments": [[5, 5]]}]},
        {"spans": [{"label": "actor", "fragments": [[0, 4_000]]}]},
        {"spans": [{"label": "actor", "fragments": [[0, 4]], "attributes": {"mood": "good"}}]},
        {"reason": "\u0000"},
        {"replaces": "me"},
        {"versions": [1], "spans": [{"label": "actor", "fragments": [[0, 4]]}], "alike": True},
        [],
    ],
)
def test_what_cannot_be_decided_is_a_problem(body: Any, article: Article, boundary: Disagreement) -> None:
    response = client_of("dora").put(of(boundary), body, format="json")

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("name", "status"), [("eve", 404), ("ben", 403), ("fay", 403)])
def test_others_learn_and_decide_nothing(name: str, status: int, article: Article, boundary: Disagreement) -> None:
    client = client_of(name)
    answers = [
        client.get(ROWS),
        client.put(of(boundary), {"versions": [1]}, format="json"),
        client.delete(of(boundary)),
        client.post(f"/api/v1/articles/{article.pk}/gold/accept/", {"how": "unanimous"}, format="json"),
        client.patch(f"/api/v1/articles/{article.pk}/gold/", {"state": "done"}, format="json"),
    ]

    assert [answer.status_code for answer in answers] == [status] * 5
    assert not AnnotationSet.objects.filter(kind="gold").exists()


def test_who_annotated_a_blind_article_sees_and_decides_nothing_of_it(article: Article, boundary: Disagreement) -> None:
    Membership.objects.filter(user__username="ben").update(role=Role.REVIEWER)

    assert client_of("ben").get(ROWS).json()["results"] == []
    assert client_of("ben").put(of(boundary), {"versions": [1]}, format="json").status_code == 403


def test_a_disagreement_is_found_in_its_own_project_only(article: Article, boundary: Disagreement) -> None:
    other = factories.a_project("other")
    factories.a_member(other, "dora")

    response = client_of("dora").put(of(boundary).replace("/press/", "/other/"), {"versions": [1]}, format="json")

    assert response.status_code == 404


def test_agreement_is_accepted_and_gold_marked_as_done(article: Article, boundary: Disagreement) -> None:
    client, address = client_of("dora"), f"/api/v1/articles/{article.pk}/gold/"

    accepted = client.post(f"{address}accept/", {"how": "unanimous"}, format="json")
    assert (accepted.status_code, accepted.json()) == (200, {"decided": 1, "left": 0})
    refused = client.patch(address, {"state": "done"}, format="json")
    assert (refused.status_code, refused.json()["detail"]) == (409, "2 places are still to be decided.")
    for row in Disagreement.objects.filter(state="open"):
        client.put(of(row), {}, format="json")
    done = client.patch(address, {"state": "done"}, format="json")

    assert (done.status_code, done.json()["state"]) == (200, "done")
    assert gold(article) == [("location", "Oslo")]
