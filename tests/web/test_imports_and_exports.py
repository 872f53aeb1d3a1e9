"""The pages that bring files in and hand the dataset out."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Project
from annotations.services.imports import import_documents
from tests.factories import a_project, a_set, an_article, the_cast

pytestmark = pytest.mark.django_db

LINES = (
    b'{"id": "d1", "text": "Ana said so.", "annotation_sets": [{"kind": "gold", "spans": '
    b'[{"id": "s", "label": "person", "fragments": [[0, 3]], "quote": "Ana"}]}]}\n'
    b'{"id": "d2", "text": "Ana said so."}\n{"id": "d3"}\n'
)


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


def page_of(client: Client, project: Project, username: str) -> Client:
    client.force_login(project.memberships.get(user__username=username).user)
    return client


def send(project: Project) -> None:
    ada = project.memberships.get(user__username="ada").user
    import_documents(actor=ada, project=project, stream=BytesIO(LINES), format="jsonl")


def test_the_export_page_counts_first(client: Client, project: Project) -> None:
    ben = project.memberships.get(user__username="ben").user
    a_set(an_article(project, external_id="a1"), ben, "submitted")
    a_set(an_article(project, external_id="a2"))
    an_article(project, external_id="a3")
    shown = page_of(client, project, "ada").get(reverse("exports", args=["press"])).content.decode()
    for part in ("The project has 3 articles.", "Gold – 1 article", "own work – 1 article", "suggestions – 2 articles"):
        assert part in shown
    own = page_of(client, project, "ben").get(reverse("exports", args=["press"])).content.decode()
    assert "Your own work – 1 article" in own
    assert "Gold" not in own
    assert "3 articles" not in own


@pytest.mark.django_db(transaction=True)
def test_the_dataset_is_downloaded(client: Client, project: Project) -> None:
    ada = page_of(client, project, "ada")
    send(project)
    address = reverse("export-download", args=["press"])
    answer: Any = ada.get(address, {"format": "jsonl", "sets": "gold", "state": "submitted", "include": ""})
    assert answer["Content-Disposition"] == 'attachment; filename="press-gold.jsonl"'
    assert b"".join(answer).count(b"\n") == 1
    table: Any = ada.get(address, {"format": "csv", "include": "empty", "byte_order_mark": "on"})
    assert b"".join(table).startswith(b"\xef\xbb\xbfid,")
    assert ada.get(address, {"format": "docx"}).status_code == 400
    assert page_of(client, project, "ben").get(address, {"sets": "gold"}).status_code == 403


@pytest.mark.parametrize(
    ("name", "statuses"), [("ada", (200, 200)), ("ben", (403, 200)), ("dora", (403, 200)), ("fay", (403, 200))]
)
def test_each_role_gets_its_pages(client: Client, project: Project, name: str, statuses: tuple[int, int]) -> None:
    someone = page_of(client, project, name)
    found = tuple(someone.get(reverse(page, args=["press"])).status_code for page in ("imports", "exports"))
    assert found == statuses


def test_eve_finds_nothing(client: Client, project: Project) -> None:
    client.force_login(the_cast(project)["eve"])
    for page in ("imports", "exports", "export-download"):
        assert client.get(reverse(page, args=["press"])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_export_page_counts_what_a_format_cannot_carry(client: Client, project: Project) -> None:
    ada = page_of(client, project, "ada")
    send(project)
    address = reverse("exports", args=["press"])
    shown = ada.get(address, {"format": "doccano", "sets": "gold", "count": "1"}).content.decode()
    assert "What doccano (JSON Lines) cannot carry" in shown
    assert "1 span or relation is called by a number of the format&#x27;s own." in shown
    assert '<option value="doccano" selected>' in shown
    assert "Nothing is lost." in ada.get(address, {"format": "csv", "sets": "gold", "count": "1"}).content.decode()
    empty = ada.get(address, {"format": "csv", "sets": "suggestions", "count": "1"}).content.decode()
    assert "No article has such labels" in empty
    assert ada.get(address, {"format": "docx", "count": "1"}).status_code == 400


@pytest.mark.django_db(transaction=True)
def test_the_export_page_tells_before_the_download(client: Client, project: Project) -> None:
    send(project)
    ada = page_of(client, project, "ada")
    address = reverse("exports", args=["press"])
    asked = {"format": "csv", "sets": "gold", "search": "said", "pseudonyms": "on", "split": "8/1/1"}
    told = ada.get(address, asked, headers={"HX-Request": "true"}).content.decode()
    assert "<main" not in told
    for part in (
        "<b>1</b><span>article</span>", "<b>1</b><span>span</span>", "Nothing is lost.", "-o press-gold.csv",
        "/api/v1/projects/press/export/?format=csv&amp;sets=gold&amp;search=said&amp;pseudonyms=true&amp;split=8%2F1%2F1",
    ):  # fmt: skip
        assert part in told
    wrong = ada.get(address, {"format": "brat", "text": "hash"}, headers={"HX-Request": "true"})
    assert "Only these formats can be without the texts" in wrong.content.decode()
    page = ada.get(address, {"split": "many"})
    assert page.status_code == 400
    assert "Three numbers for train, dev and test" in page.content.decode()
    written: Any = ada.get(reverse("export-download", args=["press"]), asked)
    assert b"".join(written).count(b'""split"":') == 1
    assert ada.get(reverse("export-download", args=["press"]), {"split": "many"}).status_code == 400
