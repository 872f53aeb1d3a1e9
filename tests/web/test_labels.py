"""Pages of labels."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Label, Project
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return a_project()


@pytest.fixture
def ada(project: Project, client: Client) -> Client:
    client.force_login(the_cast(project)["ada"])
    return client


def address(name: str, *more: str) -> str:
    return reverse(name, args=["press", *more])


def test_a_new_label_offers_the_next_free_colour_and_line(ada: Client) -> None:
    shown = ada.get(address("label-new")).content.decode()
    chosen = [tag for tag in re.findall("<input[^>]*>", shown) if " checked" in tag]
    assert [re.findall('(?:name|value)="([^"]*)"', tag) for tag in chosen] == [
        ["colour", "3"],
        ["line_style", "double"],
    ]


def test_a_label_is_made_changed_and_archived(ada: Client, project: Project) -> None:
    sent = {"name": "Event", "colour": "4", "line_style": "double", "shortcut": "v"}
    assert ada.post(address("label-new"), sent)["Location"] == address("labels")
    changed = sent | {"name": "Happening", "position": "0"}
    assert ada.post(address("label", "event"), changed)["Location"] == address("labels")
    ada.post(address("label-archive", "event"), {"archived": "yes"})
    label = Label.objects.get(project=project, key="event")
    assert (label.name, label.colour, label.line_style, label.shortcut) == ("Happening", 4, "double", "v")
    assert label.position == 0
    assert label.archived_at is not None
    ada.post(address("label-archive", "event"), {"archived": "no"})
    label.refresh_from_db()
    assert label.archived_at is None


def test_a_letter_that_is_taken_is_said_at_its_field(ada: Client) -> None:
    sent = {"name": "Event", "colour": "4", "line_style": "double", "shortcut": "a"}
    assert "Another one of this project has it already." in ada.post(address("label-new"), sent).content.decode()


def test_an_attribute_is_made_changed_and_taken_away(ada: Client, project: Project) -> None:
    ada.post(address("attribute-new", "actor"), {"name": "Kind", "key": "", "choices": "person\r\ngroup\r\n"})
    ada.post(address("attribute", "actor", "kind"), {"name": "Sort", "choices": "person\nparty"})
    attribute = project.labels.get(key="actor").attributes.get()
    assert (attribute.key, attribute.name, attribute.choices) == ("kind", "Sort", ["person", "party"])
    ada.post(address("attribute-remove", "actor", "kind"))
    assert not project.labels.get(key="actor").attributes.exists()


def test_an_attribute_in_use_is_not_taken_away_and_the_page_says_why(ada: Client, project: Project) -> None:
    ben = project.memberships.get(user__username="ben").user
    a_span(a_set(an_article(project), ben), "claim", (0, 20), attributes={"stance": "opposes"})
    response = ada.post(address("attribute-remove", "claim", "stance"))
    assert response.status_code == 409
    assert "Spans have this attribute; it has to stay." in response.content.decode()


def test_a_kind_of_link_is_made_with_its_ends(ada: Client, project: Project) -> None:
    sent = {"name": "Answers", "source_label": "claim", "target_label": "", "shortcut": ""}
    ada.post(address("relation-label-new"), sent)
    relation = project.relation_labels.get(key="answers")
    assert (str(relation.source_label), relation.target_label, relation.many) == ("Claim", None, False)


def test_annotators_read_the_labels_and_see_nothing_to_press(client: Client, project: Project) -> None:
    client.force_login(the_cast(project)["ben"])
    shown = client.get(address("labels")).content.decode()
    assert "Stance: supports, opposes, neutral" in shown
    assert address("label-new") not in shown
    assert "Edit" not in shown


def test_a_project_without_labels_says_what_that_means(client: Client, project: Project) -> None:
    client.force_login(the_cast(project)["ada"])
    project.relation_labels.all().delete()
    project.labels.all().delete()
    assert "Nothing can be labelled without one." in client.get(address("labels")).content.decode()
