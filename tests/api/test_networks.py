"""Networks and places through the API, as those who may see the statements find them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import networkx as nx  # type: ignore[import-untyped]
import pytest
from django.test import Client
from geojson_pydantic import FeatureCollection

from annotations.models import ArticleOpening, Entity, Membership, Project
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.entities import merge_entities
from annotations.services.imports import import_documents
from tests.factories import a_member, a_project, a_set, a_span, an_article, put_relation, the_cast
from tests.formats.documents import wikinews

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.fixture
def project() -> Project:
    """Three actors on the strike: Ingrid opposes it, the union too, the port supports it; Ben has submitted that."""
    project = a_project("press")
    cast = the_cast(project)
    work = a_set(an_article(project, outlet="The Harbour"), cast["ben"])
    places = [a_span(work, "location", (48, 54)), a_span(work, "location", (74, 78), entity="Oslo")]
    for number, (actor, stance) in enumerate([("Ingrid", "opposes"), ("Union", "opposes"), ("Port", "supports")]):
        claim = a_span(work, "claim", (number, 20), entity="the strike", attributes={"stance": stance})
        who = a_span(work, "actor", (26 + number, 40), entity=actor)
        links = [put_relation("made_by", claim.pk, who.pk)]
        links += [put_relation("located_in", claim.pk, place.pk) for place in places]
        apply_changes(actor=cast["ben"], annotation_set_id=work.pk, changes=links)
    move_set(actor=cast["ben"], annotation_set_id=work.pk, action="submit")
    return project


def ask(client: Client, name: str, what: str, **query: Any) -> Any:
    client.login(username=name, password=name * 2)
    response = client.get(f"/api/v1/projects/press/{what}/", {"sets": "annotators", **query})
    assert response.status_code == 200, response.content
    return response


@pytest.mark.parametrize(
    ("kind", "edges"),
    [
        (
            "claims",
            [
                ("actor:Ingrid", "concept:the strike", "opposes", 1),
                ("actor:Port", "concept:the strike", "supports", 1),
                ("actor:Union", "concept:the strike", "opposes", 1),
            ],
        ),
        ("congruence", [("actor:Ingrid", "actor:Union", "congruence", 1)]),
        (
            "conflict",
            [("actor:Ingrid", "actor:Port", "conflict", 1), ("actor:Port", "actor:Union", "conflict", 1)],
        ),
    ],
)
def test_each_network_as_json_and_as_graphml(
    project: Project, client: Client, kind: str, edges: list[tuple[str, str, str, int]]
) -> None:
    found = ask(client, "dora", "network", kind=kind).json()
    shown = [(edge["source"], edge["target"], edge["relation"], edge["weight"]) for edge in found["edges"]]
    assert sorted(shown) == edges
    graph = nx.read_graphml(
        BytesIO(ask(client, "dora", "network", kind=kind, format="graphml").content), force_multigraph=True
    )
    read = [(source, target, data["relation"], data["weight"]) for source, target, data in graph.edges(data=True)]
    assert sorted((*sorted(each[:2]), *each[2:]) for each in read) == edges


def test_filters_and_the_least_weight_thin_the_network(project: Project, client: Client) -> None:
    assert ask(client, "dora", "network", least=2).json()["edges"] == []
    assert len(ask(client, "dora", "network", actor="port").json()["edges"]) == 1


def test_a_merged_actor_is_the_one_that_stays(project: Project, client: Client) -> None:
    ada = Membership.objects.select_related("project", "user").get(user__username="ada")
    union, ingrid = (Entity.objects.get(name=name) for name in ("Union", "Ingrid"))
    merge_entities(member=ada, entity_id=union.pk, into=ingrid.pk)
    [edge] = [each for each in ask(client, "dora", "network").json()["edges"] if each["relation"] == "opposes"]
    assert (edge["source"], edge["weight"]) == ("actor:Ingrid", 2)


def test_places_are_geojson_with_coordinates_of_the_entity_or_the_gazetteer(project: Project, client: Client) -> None:
    answer = ask(client, "dora", "places")
    assert answer["Content-Type"] == "application/geo+json"
    FeatureCollection.model_validate_json(answer.content)
    found = {each["properties"]["name"]: each for each in answer.json()["features"]}
    assert found["Brevik"]["geometry"] is None
    assert found["Oslo"]["properties"]["coordinates_from"] == "gazetteer"
    assert found["Oslo"]["properties"]["statements"] == 3
    Entity.objects.filter(name="Oslo").update(latitude=1.5, longitude=2.5)
    [oslo] = ask(client, "dora", "places", search="oslo").json()["features"]
    assert oslo["geometry"] == {"type": "Point", "coordinates": [2.5, 1.5]}
    assert oslo["properties"]["coordinates_from"] == "entity"


def test_who_reads_a_network_of_others_has_opened_their_articles(project: Project, client: Client) -> None:
    ask(client, "dora", "places")
    assert ArticleOpening.objects.filter(user__username="dora").count() == 1


def test_a_blind_annotator_finds_neither_actors_nor_places_of_others(project: Project, client: Client) -> None:
    assert ask(client, "chi", "network").json()["nodes"] == []
    assert ask(client, "chi", "places").json()["features"] == []
    assert len(ask(client, "ben", "network").json()["nodes"]) == 4


def test_the_network_of_real_articles_has_207_edges(client: Client) -> None:
    project = a_project("press")
    ada = a_member(project, "ada")
    import_documents(actor=ada, project=project, stream=BytesIO(wikinews()), format="jsonl", name="wikinews.jsonl")
    client.login(username="ada", password="adaada")
    answer = client.get("/api/v1/projects/press/network/?format=graphml")
    graph = nx.read_graphml(BytesIO(answer.content), force_multigraph=True)
    assert graph.number_of_edges() == 207
    places = client.get("/api/v1/projects/press/places/").content
    assert len(FeatureCollection.model_validate_json(places).features) > 20
