"""Statements and entities through the API: who said what, about where, under whichever name."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from annotations.models import Article, Membership, Project
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.entities import create_entity, merge_entities
from tests.factories import a_project, a_set, a_span, an_article, put_relation, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    """Ben has submitted one claim by Ingrid Solheim in Oslo."""
    project = a_project("press")
    cast = the_cast(project)
    article = an_article(project, outlet="The Harbour", published_at="2026-03-01", published_on="2026-03-01")
    work = a_set(article, cast["ben"])
    claim = a_span(work, "claim", (0, 20), (79, 95), entity="the strike", attributes={"stance": "opposes"})
    who = a_span(work, "actor", (26, 40), entity="Ingrid Solheim")
    where = a_span(work, "location", (73, 77))
    links = [put_relation("made_by", claim.pk, who.pk), put_relation("located_in", claim.pk, where.pk)]
    apply_changes(actor=cast["ben"], annotation_set_id=work.pk, changes=links)
    move_set(actor=cast["ben"], annotation_set_id=work.pk, action="submit")
    return project


def ask(client: Client, name: str, **query: Any) -> Any:
    client.login(username=name, password=name * 2)
    response = client.get("/api/v1/projects/press/statements/", {"sets": "annotators", **query})
    assert response.status_code == 200, response.content
    return response.json()["results"]


def test_a_statement_says_who_said_what_about_where(project: Project, client: Client) -> None:
    [found] = ask(client, "dora")
    article = Article.objects.get()
    for part in ("actor", "claim", "location"):
        found[part].pop("id")
    found.pop("annotation_set")
    assert found == {
        "actor": {
            "label": "actor", "fragments": [[26, 40]], "quote": "Ingrid Solheim", "entity": "Ingrid Solheim"
        },
        "claim": {
            "label": "claim", "fragments": [[0, 20], [79, 95]], "entity": "the strike",
            "quote": f"{article.text[0:20]} … {article.text[79:95]}",
        },
        "location": {"label": "location", "fragments": [[73, 77]], "quote": article.text[73:77], "entity": ""},
        "attributes": {"stance": "opposes"},
        "article": {
            "id": str(article.pk), "external_id": "a1", "title": "", "outlet": "The Harbour", "url": "",
            "published_at": "2026-03-01",
        },
        "annotator": "ben",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"actor": "ingrid solheim"}, 1),
        ({"actor": "Ingrid"}, 0),
        ({"location": "Oslo"}, 1),
        ({"location": "Bergen"}, 0),
        ({"concept": "the strike"}, 1),
        ({"attribute": "stance:opposes"}, 1),
        ({"attribute": "stance:supports"}, 0),
        ({"search": "nine days"}, 1),
        ({"search": "ten days"}, 0),
        ({"outlet": "The Harbour", "published_after": "2026-02-28"}, 1),
        ({"published_after": "2026-03-01"}, 0),
        ({"published_before": "2026-03-01"}, 0),
    ],
)
def test_the_list_is_narrowed_by_named_filters(
    query: dict[str, str], count: int, project: Project, client: Client
) -> None:
    assert len(ask(client, "dora", **query)) == count


def test_a_merged_entity_is_found_under_the_name_it_was_merged_into(project: Project, client: Client) -> None:
    ada = Membership.objects.select_related("project", "user").get(user__username="ada")
    kept = create_entity(member=ada, label="actor", name="I. Solheim", aliases=["Solheim"])
    merge_entities(member=ada, entity_id=project.entities.get(name="Ingrid Solheim").pk, into=kept.pk)
    for name in ("I. Solheim", "solheim"):
        [found] = ask(client, "dora", actor=name)
        assert found["actor"]["entity"] == "I. Solheim"
    assert client.get(f"/api/v1/projects/press/entities/{kept.pk}/").json()["mentions"] == 1


def test_a_blind_annotator_learns_nothing_of_the_work_and_entities_of_others(project: Project, client: Client) -> None:
    assert ask(client, "chi") == []
    assert client.get("/api/v1/projects/press/entities/").json()["results"] == []
    assert [found["annotator"] for found in ask(client, "ben")] == ["ben"]


def test_an_attribute_that_is_none_is_refused_with_a_sentence(project: Project, client: Client) -> None:
    client.login(username="dora", password="doradora")
    response = client.get("/api/v1/projects/press/statements/", {"attribute": "opposes"})
    assert response.status_code == 400
    assert response.json()["detail"] == "An attribute is asked for as key:choice, such as stance:opposes."


def test_a_merge_is_refused_across_labels_twice_and_into_itself(project: Project, client: Client) -> None:
    ada = Membership.objects.select_related("project", "user").get(user__username="ada")
    oslo, bergen = (create_entity(member=ada, label="location", name=name) for name in ("Oslo", "Bergen"))
    who = project.entities.get(name="Ingrid Solheim")
    client.login(username="ada", password="adaada")

    def merge(entity: Any, into: Any) -> int:
        address = f"/api/v1/projects/press/entities/{entity.pk}/merge/"
        return client.post(address, {"into": str(into.pk)}, content_type="application/json").status_code

    assert [merge(oslo, oslo), merge(oslo, who), merge(oslo, bergen), merge(oslo, bergen)] == [400, 400, 200, 409]
    assert client.post(f"/api/v1/projects/press/entities/{oslo.pk}/unmerge/").json()["merged_into"] is None
