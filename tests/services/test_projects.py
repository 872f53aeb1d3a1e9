"""Making projects and changing their rules."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.domain.errors import InvalidData, NotAllowed
from annotations.models import Article, Label, Membership, Project
from annotations.services import projects
from tests.factories import a_project, a_user, an_article, the_cast

pytestmark = pytest.mark.django_db


def membership(project: Project, username: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(project=project, user__username=username)


def test_a_new_project_has_the_default_labels_and_its_maker_as_manager() -> None:
    ada = a_user("ada", may_create_projects=True)
    project = projects.create_project(actor=ada, name="Harbour strike")
    assert (project.slug, project.annotators_per_article, project.blind) == ("harbour-strike", 2, True)
    assert membership(project, "ada").role == "manager"
    assert list(project.labels.values_list("key", "name", "shortcut", "colour", "line_style")) == [
        ("actor", "Actor", "a", 0, "solid"),
        ("claim", "Claim", "c", 1, "dashed"),
        ("location", "Location", "l", 2, "dotted"),
    ]
    assert list(project.relation_labels.values_list("key", "source_label__key", "target_label__key", "shortcut")) == [
        ("made_by", "claim", "actor", "m"),
        ("located_in", "claim", "location", "k"),
    ]
    claim = Label.objects.get(project=project, key="claim")
    assert list(claim.attributes.values_list("key", "choices")) == [
        ("stance", ["supports", "opposes", "neutral"]),
        ("form", ["direct", "indirect"]),
    ]


def test_slugs_are_made_of_the_name_and_never_the_same() -> None:
    ada = a_user("ada", may_create_projects=True)
    slugs = [projects.create_project(actor=ada, name=name).slug for name in ("Élection 2027!", "Election 2027", "漁港")]
    assert slugs == ["election-2027", "election-2027-2", "project"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "x", "slug": "no spaces"}, "slug"),
        ({"name": "x", "slug": "press"}, "slug"),
        ({"name": "x", "annotators_per_article": 0}, "annotators_per_article"),
        ({"name": "x", "annotators_per_article": 21}, "annotators_per_article"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_is_made(values: dict[str, Any], field: str) -> None:
    a_project("press")
    with pytest.raises(InvalidData) as refused:
        projects.create_project(actor=a_user("ada", may_create_projects=True), **values)
    assert {problem.field for problem in refused.value.errors} == {field}
    assert Project.objects.count() == 1


def test_not_everybody_may_create_projects() -> None:
    with pytest.raises(NotAllowed):
        projects.create_project(actor=a_user("ben"), name="Mine")
    assert not Project.objects.exists()


def test_more_annotators_an_article_means_more_open_slots() -> None:
    project = a_project()
    the_cast(project)
    an_article(project)
    an_article(project, external_id="a2", open_slots=0)
    projects.change_project(member=membership(project, "ada"), annotators_per_article=3)
    assert list(Article.objects.order_by("external_id").values_list("open_slots", flat=True)) == [3, 1]
    projects.change_project(member=membership(project, "ada"), annotators_per_article=1)
    assert list(Article.objects.order_by("external_id").values_list("open_slots", flat=True)) == [1, -1]


def test_only_what_is_given_changes() -> None:
    project = a_project()
    the_cast(project)
    projects.change_project(member=membership(project, "ada"), name="Ports")
    project.refresh_from_db()
    assert (project.name, project.blind, project.annotators_per_article) == ("Ports", True, 2)


@pytest.mark.parametrize("username", ["ben", "dora", "fay"])
def test_only_a_manager_changes_the_rules(username: str) -> None:
    project = a_project()
    the_cast(project)
    with pytest.raises(NotAllowed):
        projects.change_project(member=membership(project, username), blind=False)
    with pytest.raises(NotAllowed):
        projects.archive_project(member=membership(project, username), archived=True)


def test_a_project_is_archived_and_taken_out_again() -> None:
    project = a_project()
    the_cast(project)
    assert projects.archive_project(member=membership(project, "ada"), archived=True).archived_at is not None
    assert projects.archive_project(member=membership(project, "ada"), archived=False).archived_at is None
