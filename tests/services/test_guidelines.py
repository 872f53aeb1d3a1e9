"""Publishing the guideline."""

from __future__ import annotations

import pytest

from annotations.domain.errors import InvalidData, NotAllowed, NotFound
from annotations.models import AnnotationSet, GuidelineVersion, Membership, Project
from annotations.selectors.guidelines import guideline_news
from annotations.services.annotation_sets import move_set
from annotations.services.guidelines import MAX_CHARACTERS, publish_guideline, read_guideline
from annotations.services.queue import claim_next_article
from tests.factories import a_project, an_article, the_cast

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


def news(project: Project, username: str) -> tuple[int, int, list[tuple[str, str]]] | None:
    found = guideline_news(membership(project, username))
    if found is None:
        return None
    changed = [(line.kind, line.text) for line in found.lines if line.kind in {"added", "removed"}]
    return (found.before, found.version.number, changed)


def test_a_new_version_is_told_to_each_member_with_what_changed_until_it_is_read(project: Project) -> None:
    publish_guideline(member=membership(project), markdown="# Claim\n\nWords.")
    assert (news(project, "ada"), news(project, "ben")) == (None, (0, 1, []))
    read_guideline(member=membership(project, "ben"), number=1)
    assert news(project, "ben") is None
    publish_guideline(member=membership(project), markdown="# Claim\n\nAll words.")
    publish_guideline(member=membership(project), markdown="# Claim\n\nAll the words.")
    assert news(project, "ben") == (1, 3, [("removed", "Words."), ("added", "All the words.")])
    assert news(project, "chi") == (0, 3, [])
    read_guideline(member=membership(project, "ben"), number=3)
    read_guideline(member=membership(project, "ben"), number=2)
    assert news(project, "ben") is None
    with pytest.raises(NotFound):
        read_guideline(member=membership(project, "ben"), number=4)


def test_who_joined_after_a_version_is_told_of_the_next_one_only(project: Project) -> None:
    publish_guideline(member=membership(project), markdown="one")
    Membership.objects.filter(user__username="chi").update(guideline_seen=None)
    assert news(project, "chi") is None
    publish_guideline(member=membership(project), markdown="two")
    assert news(project, "chi") == (1, 2, [("removed", "one"), ("added", "two")])


def test_work_is_kept_with_the_version_in_force_when_it_was_submitted(project: Project) -> None:
    an_article(project)
    ben = membership(project, "ben").user
    publish_guideline(member=membership(project), markdown="one")
    claim = claim_next_article(actor=ben, slug="press")
    assert claim is not None
    assert claim.guideline is not None
    assert claim.guideline.number == 1
    publish_guideline(member=membership(project), markdown="two")
    for action in ("submit", "reopen"):
        move_set(actor=ben, annotation_set_id=claim.pk, action=action)
        assert AnnotationSet.objects.values_list("guideline__number", flat=True).get() == 2
    publish_guideline(member=membership(project), markdown="three")
    move_set(actor=ben, annotation_set_id=claim.pk, action="submit")
    assert AnnotationSet.objects.values_list("guideline__number", flat=True).get() == 3
