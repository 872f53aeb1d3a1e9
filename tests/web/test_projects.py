"""Project pages: the list, a new one, the overview, settings, the queue's button, one's own articles."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import AnnotationSet, Membership, Project, User
from tests.factories import a_member, a_project, a_set, a_user, an_article, the_cast

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


def as_user(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def test_the_list_shows_one_s_own_projects_with_the_role() -> None:
    the_cast(a_project("press"))
    a_member(a_project("other"), "gus")
    shown = page(as_user("ben"), "projects")
    assert "Press" in shown
    assert "Annotator" in shown
    assert "Other" not in shown
    assert reverse("project-new") not in shown


def test_an_empty_list_says_what_to_do_next() -> None:
    a_user("eve")
    assert "Ask the manager of a project for an invitation link" in page(as_user("eve"), "projects")
    a_user("ada", may_create_projects=True)
    shown = page(as_user("ada"), "projects")
    assert "You are not in a project yet" in shown
    assert reverse("project-new") in shown


def test_ada_makes_a_project_and_is_told_what_to_do_next() -> None:
    a_user("ada", may_create_projects=True)
    client = as_user("ada")
    sent = {"name": "Harbour strike", "slug": "", "annotators_per_article": "3", "blind": "on"}
    response = client.post(reverse("project-new"), sent)
    project = Project.objects.get()
    assert response["Location"] == reverse("project", args=["harbour-strike"])
    assert (project.annotators_per_article, project.blind) == (3, True)
    home = page(client, "project", "harbour-strike")
    assert "What to do next" in home
    assert "Write the guideline" in home


def test_a_slug_that_is_taken_is_said_at_its_field() -> None:
    a_project("press")
    a_user("ada", may_create_projects=True)
    sent = {"name": "Press", "slug": "press", "annotators_per_article": "2"}
    shown = as_user("ada").post(reverse("project-new"), sent).content.decode()
    assert "Another project has this address" in shown
    assert 'aria-describedby="id_slug_helptext id_slug_error"' in shown


def test_the_overview_shows_everybody_s_progress_to_reviewers_only() -> None:
    project = a_project()
    cast = the_cast(project)
    a_set(an_article(project), cast["chi"], "submitted")
    for username, sees in (("ada", True), ("dora", True), ("ben", False)):
        shown = page(as_user(username), "project", "press")
        assert ("Last submitted" in shown) == sees
        assert ("chi" in shown) == sees
        assert ("ready for review" in shown) == sees


def test_every_number_of_the_overview_leads_to_its_articles() -> None:
    project = a_project()
    the_cast(project)
    an_article(project)
    shown = page(as_user("dora"), "project", "press")
    for state in ("new", "in_progress", "submitted", "done"):
        assert f"{reverse('articles', args=['press'])}?state={state}" in shown


def test_a_reader_has_no_button_to_label_and_no_sections_to_manage() -> None:
    the_cast(a_project())
    shown = page(as_user("fay"), "project", "press")
    assert reverse("next-article", args=["press"]) not in shown
    for name in ("members", "project-settings"):
        assert reverse(name, args=["press"]) not in shown


def test_the_button_claims_an_article_and_goes_to_its_desk() -> None:
    project = a_project()
    the_cast(project)
    an_article(project)
    response = as_user("ben").post(reverse("next-article", args=["press"]))
    claim = AnnotationSet.objects.get()
    assert claim.annotator is not None
    assert claim.annotator.username == "ben"
    assert response["Location"] == reverse("desk", args=[claim.pk])


def test_an_empty_queue_says_so() -> None:
    the_cast(a_project())
    response = as_user("ben").post(reverse("next-article", args=["press"]), follow=True)
    assert "There is no article for you to label now." in response.content.decode()


def test_settings_are_saved() -> None:
    project = a_project()
    the_cast(project)
    sent = {"name": "Ports", "description": "Who said it", "annotators_per_article": "3"}
    as_user("ada").post(reverse("project-settings", args=["press"]), sent)
    project.refresh_from_db()
    assert (project.name, project.description, project.annotators_per_article, project.blind) == (
        "Ports", "Who said it", 3, False,
    )  # fmt: skip


def test_a_project_is_archived_and_taken_out_again() -> None:
    project = a_project()
    the_cast(project)
    client = as_user("ada")
    client.post(reverse("project-archive", args=["press"]), {"archived": "yes"})
    assert "archived" in page(client, "projects")
    project.refresh_from_db()
    assert project.archived_at is not None
    client.post(reverse("project-archive", args=["press"]), {"archived": "no"})
    project.refresh_from_db()
    assert project.archived_at is None


def test_my_articles_can_be_narrowed_and_reopened() -> None:
    project = a_project()
    ben = the_cast(project)["ben"]
    done = a_set(an_article(project, title="The strike"), ben, "submitted")
    a_set(an_article(project, title="The ferry", external_id="a2"), ben)
    client = as_user("ben")
    shown = page(client, "my-articles", query="?state=submitted")
    assert "The strike" in shown
    assert "The ferry" not in shown
    assert client.post(reverse("reopen", args=[done.pk]))["Location"] == reverse("desk", args=[done.pk])
    done.refresh_from_db()
    assert done.state == "in_progress"


def test_my_articles_are_empty_with_a_hint() -> None:
    a_user("eve")
    assert "Open a project and label its next article" in page(as_user("eve"), "my-articles")


def test_who_left_a_project_does_not_see_it_any_more() -> None:
    project = a_project()
    ben = the_cast(project)["ben"]
    Membership.objects.filter(user=ben).update(removed_at=project.created_at)
    assert as_user("ben").get(reverse("project", args=["press"])).status_code == 404
    assert "Press" not in page(as_user("ben"), "projects")
