"""Every page and every form is given what nobody should send: each says no, or shows what there is; none fails."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from annotations.models import User
from tests.standing import taken_back
from tests.web.test_access import DOORS, Door
from tests.web.test_access import places as places  # noqa: PLC0414 - the same project

pytestmark = pytest.mark.django_db

BAD = [
    "",
    "a\x00b",
    "x" * 120_000,
    "9" * 30,
    "-1",
    "2026-13-45",
    '[[0, 99999999999999999999], [5, 1], ["a", null]]',
    "%s %(x)s {0} \\",
    "\u202e\ufffe😀\r\n",
]
NAMES = ["search", "state", "outlet", "published_after", "project", "page", "before", "label", "kind", "from", "next"]
FIELDS = [
    "versions",
    "spans",
    "fragments",
    "names",
    "how",
    "done",
    "decision",
    "position",
    "shortcut",
    "choices",
    "slug",
]
FILES = [
    b"",
    b"\x00",
    b"PK\x03\x04garbage",
    b"\xff\xfe\x00",
    b"[[[[[[",
    b'{"id": "\\ud800", "text": "x"}\n',
    b'"a","b\n',
]
READ_QUERIES = {"articles", "my-spans", "review", "article-history"}
PAGES = [door for door in DOORS if door.sent is None]
FORMS = [door for door in DOORS if door.sent is not None]


@pytest.fixture
def ada(places: dict[str, str]) -> Client:
    client = Client()
    client.force_login(User.objects.get(username="ada"))
    return client


def address_of(door: Door, places: dict[str, str]) -> str:
    return reverse(door.name, args=[places.get(arg, arg) for arg in door.args])


def answer(client: Client, method: str, address: str, sent: dict[str, Any] | None = None) -> int:
    """The status; what was written is taken back. A defect is raised by the client with its trace."""
    with taken_back():
        response: Any = getattr(client, method)(address, sent or {})
        if response.streaming:
            list(response.streaming_content)
    return int(response.status_code)


@pytest.mark.parametrize("door", PAGES, ids=str)
def test_a_page_bears_any_query(door: Door, places: dict[str, str], ada: Client) -> None:
    address = address_of(door, places)
    for bad in BAD:
        short = quote(bad[:2_000], safe="")
        queries = [f"{name}={short}" for name in NAMES] if door.name in READ_QUERIES else []
        for query in ["&".join(f"{name}={short}" for name in NAMES), *queries]:
            assert answer(ada, "get", f"{address}?{query}") < 500
    assert answer(ada, "get", f"{address}?search=%ff%fe&state=%ed%a0%80&page=%") < 500


@pytest.mark.parametrize("door", FORMS, ids=str)
def test_a_form_bears_any_value_in_any_field(door: Door, places: dict[str, str], ada: Client) -> None:
    address = address_of(door, places)
    good = door.sent or {}
    for bad in BAD:
        for field in [*good, *(FIELDS if door.name == "review-decide" else ())]:
            assert answer(ada, "post", address, good | {field: bad}) < 500
        assert answer(ada, "post", address, dict.fromkeys([*good, *NAMES, *FIELDS, "reason", "rule"], bad)) < 500


@pytest.mark.parametrize("door", FORMS, ids=str)
def test_a_form_bears_any_body(door: Door, places: dict[str, str], ada: Client) -> None:
    address = address_of(door, places)
    bodies = [
        ("multipart/form-data", b"garbage"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\x00\xff'),
        ("application/json", b"[]"),
        ("application/x-www-form-urlencoded; charset=utf-99", b"a=1"),
        ("application/x-www-form-urlencoded", b"name=%ff&=&&%00=%00"),
        ("text/plain", b"\xff"),
    ]
    for content_type, body in bodies:
        with taken_back():
            assert ada.generic("POST", address, body, content_type=content_type).status_code < 500


@pytest.mark.parametrize("name", ["articles.zip", "articles.csv", "\u202e😀" * 200])
@pytest.mark.parametrize("content", FILES)
def test_a_file_of_any_bytes_is_imported_or_refused(
    name: str, content: bytes, places: dict[str, str], ada: Client
) -> None:
    for form in ("", "jsonl", "csv", "zip"):
        sent = {"file": SimpleUploadedFile(name, content), "format": form, "kind": "gold", "offsets": "auto"}
        assert answer(ada, "post", reverse("imports", args=["press"]), sent) < 500


@pytest.mark.parametrize("path", ["a%00b", "%ff", "x" * 3_000, "..%2f..", "%0a", "9" * 40])
def test_any_address_is_answered(path: str, places: dict[str, str], ada: Client) -> None:
    for door in DOORS:
        for number in range(len(door.args)):
            args = [quote(places.get(arg, arg)) if at != number else path for at, arg in enumerate(door.args)]
            marks = [places.get(arg, arg) for arg in door.args]
            address = reverse(door.name, args=marks)
            for mark, arg in zip(marks, args, strict=True):
                address = address.replace(f"/{mark}/", f"/{arg}/", 1)
            assert answer(ada, "get" if door.sent is None else "post", address, door.sent) < 500
    members_of_api = f"/api/v1/projects/press/members/{path}/"
    for address in (
        members_of_api,
        f"/invitations/{path}/",
        f"/passwords/{path}/",
        f"/{path}",
        f"/api/v1/projects/{path}/",
    ):
        assert answer(ada, "get", address) < 500
        assert answer(ada, "post", address) < 500


@pytest.mark.parametrize("address", ["/projects/new/", "/api/v1/projects/", "/api/v1/projects/press/imports/"])
def test_a_body_without_its_length_is_refused_with_a_sentence(address: str, ada: Client) -> None:
    response = ada.post(address, headers={"Transfer-Encoding": "chunked"}, CONTENT_LENGTH="")
    assert response.status_code == 411
    assert "must say its Content-Length" in response.content.decode()


def test_any_value_signs_nobody_in(places: dict[str, str]) -> None:
    for bad in BAD:
        for sent in ({"username": bad, "password": "x"}, {"username": "ada", "password": bad, "next": bad}):
            assert answer(Client(), "post", reverse("sign-in"), sent) < 500
