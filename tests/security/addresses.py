"""Every address there is, as the URL configuration says it: what stands in its places, and how it may be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """A pattern of the URL configuration: `route` from the root, with its `<converter:name>` places."""

    face: str
    name: str
    route: str

    @property
    def places(self) -> tuple[str, ...]:
        """The names of its places, in order."""
        return tuple(PLACE.findall(self.route))

    def filled(self, values: dict[str, str]) -> str:
        """The address with these values in its places."""
        return PLACE.sub(lambda found: values[found[1]], self.route)

    def __str__(self) -> str:
        return f"{self.face}:{self.name}"


@dataclass(frozen=True)
class Answer:
    """What came: the status, and headers with body as text."""

    status: int
    text: str


def addresses() -> Iterator[Address]:
    """All patterns but the operator's admin, which Django guards by `is_staff` (tests/test_admin.py)."""
    yield from _below(get_resolver(), "/", "web")


def _below(resolver: Any, prefix: str, face: str) -> Iterator[Address]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield Address(face, str(each.name), route)
        elif each.app_name != "admin":
            yield from _below(each, route, "api" if each.app_name == "api" else face)


def ask(client: Client, method: str, address: str, body: str = "") -> Answer:
    """The answer to a request, of JSON or of a form; what it wrote is taken back."""
    kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
    with transaction.atomic():
        response: Any = client.generic(method, address, body, content_type=kind)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return Answer(response.status_code, f"{headers}\n\n{content.decode(errors='replace')}")
