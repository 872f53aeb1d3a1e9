"""Labels, attributes and relation labels."""

from __future__ import annotations

from typing import Any

import pytest

from annotations.domain.errors import FieldError, InvalidData, NotAllowed, NotFound, StateRefused
from annotations.models import Membership, Project
from annotations.services import labels
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


def membership(project: Project, username: str = "ada") -> Membership:
    return Membership.objects.select_related("project", "user").get(project=project, user__username=username)


def a_labelled_claim(project: Project, **attributes: str) -> None:
    ben = membership(project, "ben").user
    a_span(a_set(an_article(project), ben), "claim", (0, 20), attributes=attributes)


def test_a_new_label_takes_the_next_free_colour_line_and_place(project: Project) -> None:
    label = labels.create_label(member=membership(project), name="Public figure")
    assert (label.key, label.colour, label.line_style, label.position, label.shortcut) == (
        "public_figure", 3, "double", 3, "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "Actor"}, "key"),
        ({"name": "Other", "shortcut": "a"}, "shortcut"),
        ({"name": "Other", "shortcut": "s"}, "shortcut"),
        ({"name": "Other", "key": "Not a key"}, "key"),
        ({"name": "漁港"}, "key"),
        ({"name": "Other", "line_style": "zigzag"}, "line_style"),
        ({"name": ""}, "name"),
    ],
)
def test_a_label_that_breaks_a_rule_is_refused_at_its_field(
    project: Project, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        labels.create_label(member=membership(project), **values)
    assert field in {problem.field for problem in refused.value.errors}
    assert project.labels.count() == 3


def test_a_label_in_use_is_archived_and_keeps_its_spans(project: Project) -> None:
    a_labelled_claim(project)
    archived = labels.change_label(member=membership(project), key="claim", archived=True)
    assert archived.archived_at is not None
    again = labels.change_label(member=membership(project), key="claim", archived=False)
    assert again.archived_at is None


def test_the_letter_of_an_archived_label_is_free_until_it_comes_back(project: Project) -> None:
    ada = membership(project)
    labels.change_label(member=ada, key="actor", archived=True)
    labels.create_label(member=ada, name="Agent", shortcut="a")
    with pytest.raises(InvalidData) as refused:
        labels.change_label(member=ada, key="actor", archived=False)
    assert [problem.field for problem in refused.value.errors] == ["shortcut"]


def test_an_attribute_is_added_with_its_choices_in_order_and_once_each(project: Project) -> None:
    attribute = labels.put_attribute(
        member=membership(project), label="actor", name="Kind", choices=["person", " group ", "person", ""]
    )
    assert (attribute.key, attribute.choices, attribute.position) == ("kind", ["person", "group"], 0)


def test_a_choice_that_spans_have_has_to_stay(project: Project) -> None:
    a_labelled_claim(project, stance="opposes")
    ada = membership(project)
    with pytest.raises(InvalidData) as refused:
        labels.put_attribute(member=ada, label="claim", key="stance", name="Stance", choices=["supports"])
    assert refused.value.errors == (FieldError("choices", "Spans have “opposes”; it has to stay."),)
    kept = labels.put_attribute(member=ada, label="claim", key="stance", name="Stance", choices=["opposes"])
    assert kept.choices == ["opposes"]


def test_an_attribute_that_spans_have_has_to_stay(project: Project) -> None:
    a_labelled_claim(project, stance="opposes")
    with pytest.raises(StateRefused):
        labels.remove_attribute(member=membership(project), label="claim", key="stance")
    labels.remove_attribute(member=membership(project), label="claim", key="form")
    assert [attribute.key for attribute in project.labels.get(key="claim").attributes.all()] == ["stance"]


def test_attributes_given_as_a_whole_replace_those_there_were(project: Project) -> None:
    wanted = [{"key": "stance", "name": "Stance", "choices": ["for", "against"]}]
    labels.change_label(member=membership(project), key="claim", attributes=wanted)
    found = project.labels.get(key="claim").attributes.values_list("key", "choices")
    assert list(found) == [("stance", ["for", "against"])]


def test_a_relation_label_joins_labels_of_its_own_project(project: Project) -> None:
    ada = membership(project)
    relation = labels.create_relation_label(
        member=ada, name="Answers", source_label="claim", target_label="claim", many=False
    )
    assert (relation.key, str(relation.source_label), relation.many, relation.position) == (
        "answers",
        "Claim",
        False,
        2,
    )
    with pytest.raises(InvalidData) as refused:
        labels.create_relation_label(member=ada, name="Other", source_label="nothing")
    assert [problem.field for problem in refused.value.errors] == ["source_label"]


def test_a_relation_label_is_renamed_and_archived(project: Project) -> None:
    ada = membership(project)
    relation = labels.change_relation_label(member=ada, key="made_by", name="Said by", archived=True)
    assert (relation.name, relation.archived_at is None) == ("Said by", False)


@pytest.mark.parametrize("username", ["ben", "dora", "fay"])
def test_only_a_manager_changes_labels(project: Project, username: str) -> None:
    member = membership(project, username)
    for write in (
        lambda: labels.create_label(member=member, name="X"),
        lambda: labels.change_label(member=member, key="actor", name="X"),
        lambda: labels.put_attribute(member=member, label="actor", name="X", choices=["a"]),
        lambda: labels.remove_attribute(member=member, label="claim", key="form"),
        lambda: labels.create_relation_label(member=member, name="X"),
        lambda: labels.change_relation_label(member=member, key="made_by", name="X"),
    ):
        with pytest.raises(NotAllowed):
            write()


def test_what_is_not_there_is_not_found(project: Project) -> None:
    ada = membership(project)
    for write in (
        lambda: labels.change_label(member=ada, key="nothing", name="X"),
        lambda: labels.put_attribute(member=ada, label="nothing", name="X", choices=["a"]),
        lambda: labels.remove_attribute(member=ada, label="claim", key="nothing"),
        lambda: labels.change_relation_label(member=ada, key="nothing", name="X"),
    ):
        with pytest.raises(NotFound):
            write()
