"""Pages of members."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import OneTimeLink, Project, User
from tests.factories import a_project, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


@pytest.fixture
def ada(project: Project, client: Client) -> Client:
    client.force_login(User.objects.get(username="ada"))
    return client


def address(name: str, *more: object) -> str:
    return reverse(name, args=["press", *more])


def link_on(page: str) -> str:
    found = re.search(r'id="secret" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def test_an_invitation_link_is_shown_once_and_lets_somebody_in(ada: Client) -> None:
    made = ada.post(address("invite"), {"role": "annotator"})
    link = link_on(made.content.decode())
    assert link.startswith("http://testserver/invitations/")
    assert "no-store" in made["Cache-Control"]
    later = ada.get(address("members")).content.decode()
    assert link not in later
    assert "Open invitations" in later
    eve = Client()
    eve.force_login(User.objects.get(username="eve"))
    assert eve.post(link).status_code == 302
    assert eve.get(reverse("project", args=["press"])).status_code == 200
    assert "Open invitations" not in ada.get(address("members")).content.decode()


def test_an_invitation_is_withdrawn(ada: Client) -> None:
    link = link_on(ada.post(address("invite"), {"role": "annotator"}).content.decode())
    ada.post(address("invitation-withdraw", OneTimeLink.objects.get().pk))
    assert Client().get(link).status_code == 409


def test_a_role_is_changed_from_the_list(ada: Client, project: Project) -> None:
    shown = ada.post(address("member-role", "ben"), {"role": "reviewer"}, follow=True).content.decode()
    assert "ben: Reviewer." in shown
    assert project.memberships.get(user__username="ben").role == "reviewer"


def test_a_manager_who_gives_the_role_away_is_led_to_where_the_new_one_may_go(ada: Client) -> None:
    ada.post(address("member-role", "ben"), {"role": "manager"})
    response = ada.post(address("member-role", "ada"), {"role": "reader"})
    assert response["Location"] == address("project")


def test_who_leaves_goes_back_to_the_list_of_projects(ada: Client) -> None:
    ada.post(address("member-role", "ben"), {"role": "manager"})
    assert ada.post(address("member-remove", "ada"))["Location"] == reverse("projects")


def test_the_last_manager_stays_and_the_page_says_why(ada: Client) -> None:
    response = ada.post(address("member-remove", "ada"))
    assert response.status_code == 409
    assert "A project needs a manager; make somebody else one first." in response.content.decode()


def test_a_link_for_a_new_password_is_shown_to_the_manager(ada: Client) -> None:
    page = ada.post(address("member-password", "ben")).content.decode()
    assert "Link for ben to choose a new password" in page
    assert "For the account ben." in Client().get(link_on(page)).content.decode()


def test_reviewers_see_the_names_but_not_the_invitations(ada: Client) -> None:
    ada.post(address("invite"), {"role": "annotator"})
    dora = Client()
    dora.force_login(User.objects.get(username="dora"))
    shown = dora.get(address("members")).content.decode()
    assert "ben" in shown
    assert "Open invitations" not in shown
    assert address("invite") not in shown


def test_members_whose_names_come_from_imports_can_be_managed(ada: Client, project: Project) -> None:
    imported = User.objects.create(username="j. doe/2@press", is_active=False)
    project.memberships.create(user=imported, role="annotator")
    shown = ada.get(address("members")).content.decode()
    assert "from an import, cannot sign in" in shown
    ada.post(address("member-remove", imported.username))
    assert project.memberships.get(user=imported).removed_at is not None
