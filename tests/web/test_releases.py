"""The pages of releases."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import AnnotationSet, Project, Release, User
from annotations.services import releases
from tests.factories import a_project, a_set, an_article, the_cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    gold = a_set(an_article(made, external_id="a", title="Dockers"))
    AnnotationSet.objects.filter(pk=gold.pk).update(state="done")
    return made


def signed_in(client: Client, name: str) -> Client:
    client.force_login(User.objects.get(username=name))
    return client


def make(client: Client, name: str, **sent: Any) -> Any:
    body = {"name": name, "sets": "gold", "state": "submitted", "text": "full", **sent}
    return signed_in(client, "ada").post(reverse("release-new", args=["press"]), body)


def test_a_release_is_made_and_stands_with_its_card(client: Client, project: Project) -> None:
    ada = signed_in(client, "ada")
    assert "No release yet" in ada.get(reverse("releases", args=["press"])).content.decode()
    answer = make(client, "1.0", notes="For the paper.", formats=["csv"], pseudonyms="on")
    release = Release.objects.get()
    assert release.manifest["query"] == {"sets": "gold", "pseudonyms": True}
    page = reverse("release", args=["press", release.pk])
    assert (answer.status_code, answer["Location"]) == (302, page)
    shown = ada.get(page).content.decode()
    for part in (
        release.sha256,
        "For the paper.",
        "<h2>What is in it</h2>",
        f"/api/v1/releases/{release.pk}/download/",
    ):
        assert part in shown
    assert ">1.0</a>" in ada.get(reverse("releases", args=["press"])).content.decode()
    taken: Any = ada.get(reverse("release-download", args=["press", release.pk]))
    assert len(b"".join(taken)) == release.size
    assert ada.get(
        reverse("release-download", args=["press", release.pk]), headers={"If-None-Match": taken["ETag"]}
    ).status_code == 304  # fmt: skip


def test_what_is_wrong_is_said_at_its_field(client: Client, project: Project) -> None:
    make(client, "1.0")
    assert list(make(client, "1.0").context["form"].errors) == ["name"]
    assert list(make(client, "2.0", split="many").context["form"].errors) == ["split"]
    assert list(make(client, "2.0", text="hash", formats=["brat"]).context["form"].errors) == ["text"]
    assert Release.objects.count() == 1


def test_two_releases_stand_beside_one_another(client: Client, project: Project) -> None:
    make(client, "1")
    gold = a_set(an_article(project, external_id="b", title="Harbour"))
    AnnotationSet.objects.filter(pk=gold.pk).update(state="done")
    make(client, "2", split="8/1/1")
    after, before = Release.objects.all()
    address = reverse("release-difference", args=["press", before.pk, after.pk])
    assert address in signed_in(client, "fay").get(reverse("release", args=["press", after.pk])).content.decode()
    shown = client.get(address).content.decode()
    for part in ("1 → 2", "Harbour", "new in it", "<code>split</code>"):
        assert part in shown


def test_a_large_one_is_shown_while_it_is_made(
    client: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "AT_ONCE", 0)
    assert make(client, "big")["Location"] == reverse("releases", args=["press"])
    shown = client.get(reverse("releases", args=["press"])).content.decode()
    assert "<h2>big</h2>" in shown
    assert "Waits for its turn." in shown
