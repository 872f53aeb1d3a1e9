"""The pages of the network and the map: picture, table and file say the same."""

from __future__ import annotations

import pytest
from django.test import Client

from annotations.models import Project, User
from tests.api.test_networks import project as project  # noqa: PLC0414 - the fixture

pytestmark = pytest.mark.django_db


def page(name: str, address: str, **headers: str) -> str:
    client = Client()
    client.force_login(User.objects.get(username=name))
    response = client.get(f"/projects/press/{address}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_the_network_is_drawn_and_each_number_leads_to_its_statements(project: Project) -> None:
    shown = page("dora", "network/?sets=annotators")
    assert shown.count('<g class="node ') == 4 + 2  # two stand in the key
    assert (
        '<a href="/projects/press/statements/?actor=Port&amp;concept=the%20strike&amp;attribute=stance%3Asupports'
        '&amp;sets=annotators">1</a>' in shown
    )
    assert "style=" not in shown.partition("<main")[2]


def test_actors_in_conflict_are_listed_with_their_concepts(project: Project) -> None:
    shown = page("dora", "network/?sets=annotators&kind=conflict")
    assert shown.count('<a class="tag" href="/projects/press/statements/?concept=the%20strike') == 2
    assert "No edge is that heavy" in page("dora", "network/?sets=annotators&kind=conflict&least=2")


def test_htmx_gets_the_picture_alone(project: Project) -> None:
    assert "<h1>" not in page("dora", "network/?sets=annotators", **{"HX-Request": "true"})
    assert "<h1>" not in page("dora", "places/?sets=annotators", **{"HX-Request": "true"})


def test_the_map_has_a_point_and_the_table_says_which_places_are_nowhere(project: Project) -> None:
    shown = page("dora", "places/?sets=annotators")
    assert shown.count('<g class="spot">') == 1
    assert "Of 1 place it is not known where it is" in shown
    assert 'href="/projects/press/statements/?location=Oslo&amp;sets=annotators">3</a>' in shown
    assert '"name": "Oslo"' in page("dora", "places/download/?sets=annotators")


def test_wrong_filters_are_ignored_with_a_sentence(project: Project) -> None:
    assert 'class="error"' in page("dora", "network/?least=-3&kind=nonsense")
