"""How far the work is: states of articles, one's own work, everybody's."""

from __future__ import annotations

import pytest

from annotations.domain.errors import NotAllowed
from annotations.models import Article, Membership, Project
from annotations.selectors.articles import articles_listed
from annotations.selectors.progress import (
    OwnProgress,
    ProjectProgress,
    own_progress,
    own_sets,
    progress_by_annotator,
    project_progress,
)
from annotations.selectors.projects import memberships_of, projects_of
from tests.factories import a_member, a_project, a_set, an_article, the_cast

pytestmark = pytest.mark.django_db


def membership(project: Project, username: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(project=project, user__username=username)


def states(project: Project, username: str) -> dict[str, str]:
    found = articles_listed(membership(project, username))
    return {article.external_id: article.work_state for article in found}


def five_articles(project: Project) -> None:
    """new, begun by Ben, all in hand, ready for review, done: by both annotators from the third on."""
    cast = the_cast(project)
    ben, chi = cast["ben"], cast["chi"]
    an_article(project, external_id="new")
    a_set(an_article(project, external_id="begun", open_slots=1), ben)
    for name, state in (("hand", "in_progress"), ("ready", "submitted"), ("done", "submitted")):
        article = an_article(project, external_id=name, open_slots=0)
        a_set(article, ben, "submitted")
        a_set(article, chi, state)
    gold = a_set(Article.objects.get(external_id="done"))
    gold.state = "done"
    gold.save()


@pytest.mark.parametrize("blind", [True, False])
def test_a_reviewer_sees_where_each_article_stands(*, blind: bool) -> None:
    project = a_project(blind=blind)
    five_articles(project)
    wanted = {"new": "new", "begun": "in_progress", "hand": "in_progress", "ready": "submitted", "done": "done"}
    assert states(project, "dora") == wanted
    assert project_progress(membership(project, "dora")) == ProjectProgress(5, 1, 2, 1, 1)


def test_a_blind_annotator_sees_only_what_the_own_work_says() -> None:
    project = a_project()
    five_articles(project)
    assert states(project, "ben") == {
        "begun": "in_progress", "hand": "submitted", "ready": "submitted", "done": "done",
    }  # fmt: skip
    assert states(project, "chi") == {"hand": "in_progress", "ready": "submitted", "done": "done"}


def test_a_blind_annotator_does_not_learn_that_an_article_is_done_before_submitting() -> None:
    project = a_project()
    five_articles(project)
    a_set(Article.objects.get(external_id="done"), a_member(project, "gus"))
    assert states(project, "gus") == {"done": "in_progress"}


def test_the_filter_of_states_says_the_same_as_the_states() -> None:
    project = a_project()
    five_articles(project)
    for username in ("dora", "ben"):
        found = states(project, username)
        for state in ("new", "in_progress", "submitted", "done"):
            listed = articles_listed(membership(project, username), state=state)
            assert {article.external_id for article in listed} == {name for name in found if found[name] == state}


def test_own_progress_counts_own_sets_of_this_project_only() -> None:
    project = a_project()
    five_articles(project)
    ben = membership(project, "ben")
    a_set(an_article(a_project("other"), external_id="x"), ben.user)
    assert own_progress(ben) == OwnProgress(in_progress=1, returned=0, submitted=3)


def test_reviewers_see_everybody_s_progress_and_nobody_else_does() -> None:
    project = a_project()
    five_articles(project)
    rows = progress_by_annotator(membership(project, "dora"))
    assert [(row.username, row.in_progress, row.submitted, row.skipped) for row in rows] == [
        ("ben", 1, 3, 0),
        ("chi", 1, 2, 0),
    ]
    for username in ("ben", "fay"):
        with pytest.raises(NotAllowed):
            progress_by_annotator(membership(project, username))


def test_my_articles_are_my_sets_in_projects_i_am_still_in() -> None:
    project = a_project()
    five_articles(project)
    ben = membership(project, "ben")
    assert [found.article.external_id for found in own_sets(ben.user_id)] == ["done", "ready", "hand", "begun"]
    Membership.objects.filter(pk=ben.pk).update(removed_at=ben.joined_at)
    assert list(own_sets(ben.user_id)) == []
    assert (list(projects_of(ben.user)), list(memberships_of(ben.user))) == ([], [])
