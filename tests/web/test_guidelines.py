"""Pages of the guideline."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Project
from tests.factories import a_project, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return a_project()


@pytest.fixture
def ada(project: Project, client: Client) -> Client:
    client.force_login(the_cast(project)["ada"])
    return client


def address(name: str, *more: int) -> str:
    return reverse(name, args=["press", *more])


def test_the_next_version_is_published_and_shown_and_the_old_one_stays(ada: Client) -> None:
    ada.post(address("guideline-new"), {"markdown": "# Claim\n\nWords, *not* the verb."})
    ada.post(address("guideline-new"), {"markdown": "# Claim\n\nWords."})
    newest = ada.get(address("guideline")).content.decode()
    assert "<h1>Claim</h1>\n<p>Words.</p>" in newest
    assert "<p>Words, <em>not</em> the verb.</p>" in ada.get(address("guideline-version", 1)).content.decode()
    assert ada.get(address("guideline-version", 3)).status_code == 404


def test_the_difference_names_removed_and_added_lines(ada: Client) -> None:
    for text in ("same\n\nold", "same\n\nnew"):
        ada.post(address("guideline-new"), {"markdown": text})
    shown = ada.get(address("guideline-difference", 2)).content.decode()
    assert "<del>old</del>" in shown
    assert "<ins>new</ins>" in shown


def test_a_preview_publishes_nothing_and_is_a_part_for_htmx(ada: Client, project: Project) -> None:
    sent = {"markdown": "# Claim <script>alert(1)</script>", "preview": "yes"}
    whole = ada.post(address("guideline-new"), sent).content.decode()
    part = ada.post(address("guideline-new"), sent, headers={"HX-Request": "true"}).content.decode()
    assert "<h1>Claim &lt;script&gt;alert(1)&lt;/script&gt;</h1>" in part
    assert part.strip() in whole
    assert "<html" not in part
    assert not project.guideline_versions.exists()


def test_the_editor_begins_with_the_version_in_force(ada: Client) -> None:
    ada.post(address("guideline-new"), {"markdown": "# In force"})
    assert "# In force\n</textarea>" in ada.get(address("guideline-new")).content.decode()


def test_nothing_new_is_not_published(ada: Client, project: Project) -> None:
    for _time in range(2):
        response = ada.post(address("guideline-new"), {"markdown": "# Same"})
    assert "This is the version in force; nothing is different." in response.content.decode()
    assert project.guideline_versions.count() == 1


def test_an_empty_guideline_says_what_to_do_next(ada: Client, project: Project) -> None:
    assert "Say for each label what counts" in ada.get(address("guideline")).content.decode()
    ben = Client()
    ben.force_login(project.memberships.get(user__username="ben").user)
    assert "A manager of the project writes it." in ben.get(address("guideline")).content.decode()
