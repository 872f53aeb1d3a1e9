"""Articles, for programs: the list with its filters, one document in, one document out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from annotations.models import Article, ArticleOpening, Project, User
from tests.api.test_projects import Program
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


def listed(username: str, query: str = "") -> list[str]:
    answer = Program(username, "read").ask("GET", f"projects/press/articles/{query}")
    assert answer.status_code == 200
    return [row["external_id"] for row in answer.json()["results"]]


def test_a_row_of_the_list(project: Project) -> None:
    article = an_article(project, "Text", outlet="Courier", title="Title", published_at="2025-03-14", language="en")
    answer = Program("dora", "read").ask("GET", "projects/press/articles/")
    assert answer.json()["results"] == [
        {
            "id": str(article.pk), "external_id": "a1", "title": "Title", "outlet": "Courier", "author": "", "section": "",
            "url": "", "published_at": "2025-03-14", "language": "en", "license": "", "characters": 4, "state": "new",
        }
    ]  # fmt: skip


def test_the_list_is_filtered_by_named_fields(project: Project) -> None:
    an_article(project, "The ferry is late.", "a", outlet="Courier", language="en", published_on=date(2025, 3, 14))
    a_set(an_article(project, "A strike.", "b", language="en"), User.objects.get(username="ben"))
    assert listed("dora", "?search=ferries") == ["a"]
    assert listed("dora", "?outlet=Courier") == ["a"]
    assert listed("dora", "?published_after=2025-03-13") == ["a"]
    assert listed("dora", "?state=in_progress") == ["b"]
    assert listed("ben") == ["b"]


@pytest.mark.parametrize("query", ["?state=lost", "?published_after=yesterday", f"?search={'x' * 201}", "?search=%00"])
def test_a_filter_that_is_none_is_a_400(project: Project, query: str) -> None:
    assert Program("dora").ask("GET", f"projects/press/articles/{query}").status_code == 400


def test_one_document_comes_in_once(project: Project) -> None:
    ada = Program("ada")
    document = {
        "id": "wn-1",
        "text": "Solheim spoke.",
        "title": "Strike",
        "annotation_sets": [
            {
                "kind": "annotator",
                "annotator": "ben",
                "spans": [{"id": "s1", "label": "actor", "fragments": [[0, 7]], "quote": "Solheim"}],
            }
        ],
    }
    first = ada.ask("POST", "projects/press/articles/", document)
    article = Article.objects.get()
    assert (first.status_code, first.json()["id"], first.json()["created"]) == (201, str(article.pk), True)
    again = ada.ask("POST", "projects/press/articles/", document)
    assert (again.status_code, again.json()["created"], again.json()["report"]["skipped"]) == (200, False, 1)
    assert Article.objects.count() == 1


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        "text",
        {"id": "x"},
        {"id": "", "text": "x"},
        {"id": 7, "text": "x"},
        {"id": "x", "text": ""},
        {"id": "x", "text": "a\ud800b"},
        {"id": "x", "text": "a\0b"},
        {"id": "x", "text": "abc", "annotation_sets": [{"kind": "annotator", "annotator": "ben", "spans": [
            {"id": "s", "label": "actor", "fragments": [[0, 9]]}]}]},
    ],
)  # fmt: skip
def test_a_document_that_is_none_is_a_400_and_nothing_is_stored(project: Project, document: Any) -> None:
    refused = Program("ada").ask("POST", "projects/press/articles/", document)
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")
    assert not Article.objects.exists()


def test_an_article_comes_with_the_sets_one_may_see(project: Project) -> None:
    article = an_article(project, title="Strike")
    spans = {}
    for name in ("ben", "chi"):
        spans[name] = a_span(a_set(article, User.objects.get(username=name)))
    ben = Program("ben", "read").ask("GET", f"articles/{article.pk}/").json()
    assert {key: ben[key] for key in ("id", "external_id", "title", "text")} == {
        "id": str(article.pk), "external_id": "a1", "title": "Strike", "text": article.text,
    }  # fmt: skip
    [own] = ben["annotation_sets"]
    assert (own["annotator"], [span["id"] for span in own["spans"]]) == ("ben", [str(spans["ben"].pk)])
    dora = Program("dora", "read").ask("GET", f"articles/{article.pk}/").json()
    assert [each["annotator"] for each in dora["annotation_sets"]] == ["ben", "chi"]
    assert [opening.user.username for opening in ArticleOpening.objects.all()] == ["dora"]


def test_a_blind_annotator_and_an_outsider_learn_nothing_of_other_articles(project: Project) -> None:
    article = an_article(project)
    for name in ("ben", "eve"):
        assert Program(name).ask("GET", f"articles/{article.pk}/").status_code == 404
    assert listed("ben") == []
    assert listed("ben", "?search=Solheim") == []
