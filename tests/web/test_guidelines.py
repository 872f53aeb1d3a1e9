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
    assert '<h2 id="title-1">Claim</h2>' in newest
    assert "<p>Words.</p>" in newest
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


def test_any_two_versions_are_compared_and_what_is_not_a_version_is_said(ada: Client) -> None:
    for text in ("one word", "one more word", "one other word"):
        ada.post(address("guideline-new"), {"markdown": text})
    shown = ada.get(address("guideline-difference", 3) + "?from=1").content.decode()
    assert "one <ins>other </ins>word" in shown
    assert ada.get(address("guideline-difference", 3) + "?from=1&to=2").headers["Location"] == (
        address("guideline-difference", 2) + "?from=1"
    )
    assert ada.get(address("guideline-difference", 3) + "?from=9").status_code == 404
    assert ada.get(address("guideline-difference", 3) + "?from=x").status_code == 400


def test_a_search_leaves_the_sections_that_have_all_the_words(ada: Client) -> None:
    ada.post(address("guideline-new"), {"markdown": "## Claim\n\nWords of people.\n\n## Actor\n\nPeople.\n"})
    shown = ada.get(address("guideline") + "?search=people+WORDS").content.decode()
    assert "1 section has “people WORDS”." in shown
    assert ("Claim</h2>" in shown, "Actor</h2>" in shown) == (True, False)


def test_a_new_version_is_announced_on_the_overview_until_it_is_read(ada: Client, project: Project) -> None:
    ben = Client()
    ben.force_login(project.memberships.get(user__username="ben").user)
    for text in ("Words.", "All words."):
        ada.post(address("guideline-new"), {"markdown": text})
    overview = reverse("project", args=["press"])
    assert "Version 2 of the guideline is in force" in ben.get(overview).content.decode()
    assert "Version 2 of the guideline is in force" not in ada.get(overview).content.decode()
    assert ben.post(address("guideline-read", 2), headers={"HX-Request": "true"}).content == b""
    assert "Version 2 of the guideline is in force" not in ben.get(overview).content.decode()
    assert ben.post(address("guideline-read", 2), {"next": "https://example.org/"}).headers["Location"] == (
        address("guideline")
    )
