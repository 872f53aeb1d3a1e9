"""Publishing the guideline."""

from __future__ import annotations

import pytest

from annotations.domain.errors import InvalidData, NotAllowed
from annotations.models import GuidelineVersion, Membership, Project
from annotations.services.guidelines import MAX_CHARACTERS, publish_guideline
from tests.factories import a_project, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


def membership(project: Project, username: str = "ada") -> Membership:
    return Membership.objects.select_related("project", "user").get(project=project, user__username=username)


def test_versions_are_numbered_from_one_and_stay_as_they_were(project: Project) -> None:
    ada = membership(project)
    publish_guideline(member=ada, markdown="# Claim\r\n\r\nWords, not the verb.\r\n")
    publish_guideline(member=ada, markdown="# Claim\n\nWords.")
    assert list(GuidelineVersion.objects.values_list("number", "markdown", "published_by__username")) == [
        (1, "# Claim\n\nWords, not the verb.\n", "ada"),
        (2, "# Claim\n\nWords.\n", "ada"),
    ]


@pytest.mark.parametrize("markdown", ["", " \n ", "same", "same\r\n", "a\0b", "x" * (MAX_CHARACTERS + 1)])
def test_an_empty_unchanged_or_unkeepable_text_is_refused(project: Project, markdown: str) -> None:
    publish_guideline(member=membership(project), markdown="same")
    with pytest.raises(InvalidData) as refused:
        publish_guideline(member=membership(project), markdown=markdown)
    assert [problem.field for problem in refused.value.errors] == ["markdown"]
    assert GuidelineVersion.objects.count() == 1


@pytest.mark.parametrize("username", ["ben", "dora", "fay"])
def test_only_a_manager_publishes(project: Project, username: str) -> None:
    with pytest.raises(NotAllowed):
        publish_guideline(member=membership(project, username), markdown="mine")
