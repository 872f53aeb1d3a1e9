"""Somebody signed in, with a browser whose connection stays open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

import orjson

from benchmarks.site import Site

if TYPE_CHECKING:
    from annotations.models import User

_CSRF: Final = "c" * 32


class Refused(Exception):
    """What was asked for was not given."""


class Put(NamedTuple):
    """A change that writes a span, and the span."""

    change: dict[str, Any]
    span: UUID


class Visitor:
    """Asks for pages and sends changes as the pages' scripts do."""

    def __init__(self, site: Site, session: str) -> None:
        self._connection = site.connection()
        self._headers = {
            "Cookie": f"sessionid={session}; csrftoken={_CSRF}",
            "X-CSRFToken": _CSRF,
            "Content-Type": "application/json",
        }

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> bytes:
        """The body of the answer, or where it leads; raises `Refused`."""
        content = None if body is None else orjson.dumps(body)
        self._connection.request(method, path, content, self._headers | headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in {200, 204, 302}:
            raise Refused(f"{method} {path} answered {answer.status}: {content[:300]!r}")
        return answer.headers.get("Location", "").encode() or content

    def claim(self, slug: str) -> str:
        """The set of the queue's next article, as the button claims it."""
        where = self.ask("POST", f"/projects/{slug}/next/").decode()
        if not where.startswith("/desk/"):
            raise Refused(f"The queue of {slug} led to {where}")
        return where.removeprefix("/desk/").strip("/")

    def open_desk(self, annotation_set: str) -> None:
        """The page of the set."""
        self.ask("GET", f"/desk/{annotation_set}/")

    def save(self, annotation_set: str, *changes: dict[str, Any]) -> None:
        """Changes of the set, as the desk sends them."""
        address = f"/api/v1/annotation-sets/{annotation_set}/changes/"
        content = self.ask("POST", address, {"changes": changes}, **{"HX-Request": "true"})
        if content.count(b'"status": "applied"') != len(changes):
            raise Refused(f"A save was not applied: {content[-500:]!r}")

    def move(self, annotation_set: str, action: str) -> None:
        """Submit, or say that the page is still open (`lease`)."""
        self.ask("POST", f"/api/v1/annotation-sets/{annotation_set}/{action}/", {}, **{"HX-Request": "true"})


def signed_in(user: User) -> str:
    """The key of a new session."""
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def put_span(start: int, end: int, *, label: str = "actor", before: Put | None = None) -> Put:
    """A new span, or another place for one that the same client has written before."""
    from annotations.domain.identifiers import uuid7

    change, span = uuid7(), before.span if before else uuid7()
    body = {
        "id": str(change), "action": "put_span", "object": str(span), "base": before and before.change["id"],
        "value": {"label": label, "fragments": [[start, end]]},
    }  # fmt: skip
    return Put(body, span)
