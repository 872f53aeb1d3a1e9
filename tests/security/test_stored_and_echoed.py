"""Nothing that people type, import or ask for becomes markup of ours; and every answer keeps itself to its reader.

The payloads go into every column of text of every table, and the addresses come from the URL configuration: new columns
and new pages are tried from the day they are there.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, models, transaction
from django.test import Client

from annotations.models import ApiToken, Article, OneTimeLink, User
from tests.security.addresses import Address, Answer, addresses, ask
from tests.security.worlds import World, a_world, in_places

pytestmark = pytest.mark.django_db

PAYLOAD = "'\"><img src=x onerror=a()>"
MARKUP = ("<img src=x", 'href="javascript:', "href='javascript:")
NOT_FOR_PEOPLE = {
    "Change",  # append-only: what it holds came through the same doors as spans and relations
    "AuditEntry",  # append-only, too
    "RateLimit",
    "JobChunk",
    "Release",
}
CONSTRAINED = {
    "key",
    "slug",
    "digest",
    "password",
    "quote",
    "fingerprint",
    "shape",
    "text_sha256",
    "external_id",
    "source",
    "session_key",
}
PARAMETERS = ("search", "q", "next", "state", "label", "format", "sets", "cursor", "page", "outlet", "version", "sort")


def columns() -> Iterator[tuple[type[models.Model], models.Field]]:  # type: ignore[type-arg]
    """The columns in which people's words stand."""
    for model in apps.get_app_config("annotations").get_models():
        for field in model._meta.concrete_fields:
            free = (
                isinstance(field, models.CharField | models.TextField) and not field.choices and not field.is_relation
            )
            if free and model.__name__ not in NOT_FOR_PEOPLE and field.name not in CONSTRAINED:
                yield model, field


def poisoned() -> list[str]:
    """Put the payload into every column there is; those that refuse it."""
    refused = []
    for model, field in columns():
        if model is Article and field.name == "text":
            continue  # spans have their places in it: the world is made with such a text
        value: object = PAYLOAD[: field.max_length or 100]
        for row in model._default_manager.all():
            own = f"{value}{row.pk}"[: field.max_length] if field.unique else value
            try:
                with transaction.atomic():
                    model._default_manager.filter(pk=row.pk).update(**{field.name: own})
            except DatabaseError:
                refused.append(f"{model.__name__}.{field.name}")
    for model in apps.get_app_config("annotations").get_models():
        for each in model._meta.concrete_fields:
            if isinstance(each, ArrayField) and each.name == "aliases":
                model._default_manager.update(**{each.name: [PAYLOAD]})
    Article.objects.update(url="javascript:a()", metadata={PAYLOAD: PAYLOAD, "link": "javascript:a()"})
    return sorted(set(refused))


@pytest.fixture
def world() -> World:
    return a_world(f"{PAYLOAD}")


def answers(world: World, query: str = "") -> Iterator[tuple[Address, Answer]]:
    """What Ada, who may see all of it, is answered at every address."""
    client = Client()
    client.force_login(User.objects.filter(memberships__role="manager", memberships__project__slug="press").get())
    for address in (each for each in addresses() if "provider_id" not in each.places):
        for values in world.press["ben"]:
            yield address, ask(client, "GET", in_places(address, values) + query)


def html_with_markup(answer: Answer) -> bool:
    return "Content-Type: text/html" in answer.text and any(word in answer.text for word in MARKUP)


def test_what_is_stored_is_text_wherever_it_is_shown(world: World) -> None:
    assert poisoned() == []
    shown = {str(address): answer for address, answer in answers(world)}
    assert [name for name, answer in shown.items() if html_with_markup(answer)] == []
    escaped = [name for name, answer in shown.items() if "&lt;img src=x" in answer.text]
    assert {"web:articles", "web:article", "web:labels", "web:members", "web:entities", "web:precedents"} <= set(
        escaped
    )


def test_what_is_asked_for_is_not_echoed_as_markup(world: World) -> None:
    query = "?" + "&".join(f"{name}=%27%22%3E%3Cimg%20src=x%20onerror=a()%3E" for name in PARAMETERS)
    assert [str(address) for address, answer in answers(world, query) if html_with_markup(answer)] == []


WANTED = (
    "X-Content-Type-Options: nosniff",
    "Referrer-Policy: same-origin",
    "Cross-Origin-Opener-Policy: same-origin",
    "X-Frame-Options: DENY",
    "Content-Security-Policy: default-src 'self'; ",
)
PAGES = tuple(
    f"Content-Type: {kind}"
    for kind in ("text/html", "application/json", "application/problem+json", "application/geo+json")
)


def test_every_answer_keeps_itself_to_its_reader(world: World) -> None:
    """Headers for the browser and for caches; uploads are no documents of our origin; no secret of anybody."""
    secrets = [
        *ApiToken.objects.values_list("digest", flat=True),
        *OneTimeLink.objects.values_list("digest", flat=True),
        *User.objects.values_list("password", flat=True),
    ]
    faults = set()
    for address, answer in answers(world):
        text = answer.text
        faults |= {(str(address), f"lacks {each}") for each in WANTED if each not in text}
        faults |= {(str(address), "tells a secret") for secret in secrets if secret in text}
        if answer.status != 200 or address.name in {"schema", "qr-code"}:  # written by us
            continue
        if not any(word in text for word in ("private", "no-store", "Cookie")):
            faults.add((str(address), "is kept by shared caches"))
        if not any(each in text for each in PAGES) and "Content-Disposition: attachment" not in text:
            faults.add((str(address), "is shown instead of downloaded"))
    assert faults == set()
