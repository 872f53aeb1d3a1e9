"""Blind means blind: no page, endpoint, export, count, error or header tells an annotator what another one did.

The addresses come from the URL configuration itself: a new one is asked from the day it is there. Everything others did
has words that occur nowhere else, and what may be counted is asked with and without their work.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.urls.converters import get_converters

from annotations.models import (
    AnnotationSet,
    Article,
    Change,
    Decision,
    Disagreement,
    Entity,
    Membership,
    Precedent,
    Project,
    Relation,
    Span,
    User,
)
from annotations.services.annotation_sets import flag_set, move_set
from annotations.services.changes import apply_changes
from annotations.services.comments import begin_thread
from annotations.services.decisions import decide
from annotations.services.jobs import enqueue_job
from tests.factories import a_member, a_project, a_set, a_span, an_article, put_relation, the_cast

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "canary"
SECRET_TEXT = f"Nobody but one has read of the {CANARY}quote in Oslo."
ADDRESSES_OUTSIDE = {"sign-in", "sign-out", "invitation", "password-reset", "practice-begin"}
METHODS = {"web": ("GET", "POST"), "api": ("GET", "POST", "PUT", "PATCH", "DELETE")}
QUERIES = {
    "export": [f"format=jsonl&sets={sets}&state=all" for sets in ("gold", "annotators", "all", "majority")],
    "export-download": [f"format=jsonl&sets={sets}&include=empty" for sets in ("gold", "annotators", "all")],
    "statements": ["sets=annotators"],
    "articles": ["state=submitted", "state=done", f"search={CANARY}quote"],
    "precedents": ["state=draft"],
    "my-spans": ["search=Oslo"],
}


@dataclass
class World:
    """Ben's work on an article which others have submitted and a reviewer has begun to decide on."""

    project: Project
    shared: Article
    theirs: Article
    own: AnnotationSet
    own_span: Span
    ids: dict[str, list[str]] = field(default_factory=dict)

    @property
    def secrets(self) -> list[str]:
        """What must not be told: ids of others' objects."""
        return [key for keys in self.ids.values() for key in keys]


def a_world() -> World:
    project = a_project("press", annotators_per_article=3)
    cast = the_cast(project)
    project.guideline_versions.create(number=1, markdown="# Claim\n")
    shared = an_article(project, external_id="shared", title="Port of Brevik")
    theirs = an_article(project, SECRET_TEXT, external_id="other", title="Another", open_slots=0)
    own = a_set(shared, cast["ben"])
    return World(project, shared, theirs, own, a_span(own, "actor", (26, 40)))


def others_work(world: World) -> None:
    """Two others annotate both articles, ask, flag; a reviewer decides with a reason and a rule."""
    people = [a_member(world.project, f"{CANARY}{name}") for name in ("chi", "dan")]
    dora = User.objects.get(username="dora")
    for number, person in enumerate(people):
        for article in (world.shared, world.theirs):
            work = a_set(article, person)
            ends = (0, 20) if number else (3, 20)
            claim = a_span(work, "claim", ends, note=f"{CANARY}note", entity=f"{CANARY}entity")
            place = article.text.index("Oslo")
            target = a_span(work, "location", (place, place + 4))
            link = put_relation("located_in", claim.pk, target.pk)
            apply_changes(actor=person, annotation_set_id=work.pk, changes=[link])
            begin_thread(actor=person, annotation_set_id=work.pk, kind="question", text=f"{CANARY}question")
            flag_set(actor=person, annotation_set_id=work.pk, reason=f"{CANARY}flag")
            move_set(actor=person, annotation_set_id=work.pk, action="submit")
    for row in Disagreement.objects.filter(kind="boundary", article=world.shared):
        decide(actor=dora, disagreement_id=row.pk, versions=[1], reason=f"{CANARY}reason", rule=f"{CANARY}rule in Oslo")
    enqueue_job(kind="gamma", project=world.project, by=dora)
    others = AnnotationSet.objects.exclude(pk=world.own.pk)
    world.ids = {
        "set": _ids(others),
        "span": _ids(Span.objects.filter(annotation_set__in=others)),
        "relation": _ids(Relation.objects.filter(annotation_set__in=others)),
        "change": _ids(Change.objects.filter(annotation_set__in=others))[:2],
        "entity": _ids(Entity.objects.all()),
        "disagreement": _ids(Disagreement.objects.all()),
        "decision": _ids(Decision.objects.all()),
        "precedent": _ids(Precedent.objects.all()),
        "comment": [str(key) for each in others for key in each.comments.values_list("pk", flat=True)],
    }


def _ids(rows: Any) -> list[str]:
    return [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)]


def patterns() -> Iterator[tuple[str, URLPattern, str]]:
    """Every address of pages and of the API that somebody signed in can ask: which face, the pattern, its prefix."""
    resolver: Any = get_resolver()
    for each in resolver.url_patterns:
        if getattr(each, "app_name", None) == "api":
            yield from (("api", pattern, "/api/v1/") for pattern in each.url_patterns)
        elif isinstance(each, URLPattern):
            yield "web", each, "/"
        elif getattr(each, "app_name", None) != "admin":
            # second factors and single sign-on lie deeper: tests/security asks them
            yield from (("web", pattern, "/") for pattern in each.url_patterns if isinstance(pattern, URLPattern))


def values_of(name: str, converter: str, world: World, *, with_theirs: bool) -> list[str]:
    """What stands for a part of an address: everything of the world that may be asked there."""
    mine = {"article_id": [str(world.shared.pk)], "set_id": [str(world.own.pk)], "uuid": [str(world.own_span.pk)]}
    if converter == "uuid":
        known = {
            "article_id": [str(world.theirs.pk)],
            "set_id": world.ids.get("set", []),
            "annotation_set": world.ids.get("set", []),
            "uuid": world.ids.get("span", [])[:2] + world.ids.get("relation", [])[:2],
            "entity_id": world.ids.get("entity", []),
        }
        theirs = known.get(name, [keys[0] for keys in world.ids.values() if keys])
        return mine.get(name, [str(world.own.pk)]) + (theirs if with_theirs else [])
    return {"slug": ["press"], "key": ["claim"], "attribute": ["stance"], "number": ["1"]}.get(name, ["ben"])


def addresses(world: World, *, with_theirs: bool) -> Iterator[tuple[str, str, str]]:
    """Face, name and address for every way to fill every pattern."""
    names = {type(converter): name for name, converter in get_converters().items()}
    for face, pattern, prefix in patterns():
        if pattern.name in ADDRESSES_OUTSIDE:
            continue
        converters = pattern.pattern.converters
        choices = [
            values_of(name, names[type(converter)], world, with_theirs=with_theirs)
            for name, converter in converters.items()
        ]
        for values in itertools.product(*choices):
            filled = re.sub(r"<[^>]+>", "{}", str(pattern.pattern)).format(*values)
            yield face, str(pattern.name), prefix + filled
            for query in QUERIES.get(str(pattern.name), []):
                yield face, str(pattern.name), f"{prefix}{filled}?{query}"


def ask(client: Client, method: str, address: str) -> str:
    """Status, headers and body; what it wrote is taken back."""
    with transaction.atomic():
        kind = "application/json" if address.startswith("/api/") else "application/x-www-form-urlencoded"
        body = "{}" if kind == "application/json" and method != "GET" else ""
        response: Any = client.generic(method, address, body, content_type=kind)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    assert response.status_code != 500, (method, address)
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{response.status_code}\n{headers}\n{content.decode(errors='replace')}"


def ben() -> Client:
    client = Client()
    client.force_login(User.objects.get(username="ben"))
    return client


def traces(text: str, address: str, world: World) -> list[str]:
    """What of others' work stands in the answer and was not in the question."""
    answer = text.lower().replace(address.lower(), "")
    return [word for word in (CANARY, *world.secrets) if word in answer and word not in address]


def found_by(client: Client, world: World, methods: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Each question whose answer told something, with what it told."""
    found = {
        f"{method} {address}": traces(ask(client, method, address), address, world)
        for face, _name, address in addresses(world, with_theirs=True)
        for method in methods[face]
    }
    return {question: seen for question, seen in found.items() if seen}


def test_no_answer_holds_a_trace_of_anothers_work() -> None:
    world = a_world()
    others_work(world)
    assert found_by(ben(), world, METHODS) == {}


def test_nor_does_one_after_the_annotator_has_submitted_and_before_the_article_is_done() -> None:
    world = a_world()
    others_work(world)
    move_set(actor=User.objects.get(username="ben"), annotation_set_id=world.own.pk, action="submit")
    Precedent.objects.all().delete()  # a rule is no longer hidden from who has submitted
    assert found_by(ben(), world, {"web": ("GET",), "api": ("GET",)}) == {}


_VARYING = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|csrftoken=[^\n]*|"csrf[^"]*":\s*"[^"]*"|nonce-[\w+/=-]+'
    r'|[?&]v=\w+|"lease_expires_at":\s*"[^"]*"|X-CSRFToken[^}]*}|Expires: [^\n]*'
    r'|X-Request-ID: [^\n]*|"request_id":\s*"[^"]*"',
    re.IGNORECASE,
)


# A nonce makes the one's ETag, a secret the other's picture; neither knows of any project.
_NEW_EACH_TIME = ("/api/v1/docs/", "/account/second-factor/qr-code.svg")


def test_what_is_counted_is_the_same_whether_others_have_worked_or_not() -> None:
    world = a_world()
    client = ben()
    asked = [a for _face, _name, a in addresses(world, with_theirs=False) if a not in _NEW_EACH_TIME]
    before = {address: _VARYING.sub("", ask(client, "GET", address)) for address in asked}
    others_work(world)
    after = {address: _VARYING.sub("", ask(client, "GET", address)) for address in asked}
    assert [address for address in asked if before[address] != after[address]] == []


def test_the_walk_finds_what_is_there_to_be_found() -> None:
    world = a_world()
    others_work(world)
    manager = Membership.objects.get(project=world.project, role="manager")
    client = Client()
    client.force_login(manager.user)
    found = {
        name
        for face, name, address in addresses(world, with_theirs=True)
        if face == "api" and traces(ask(client, "GET", address), address, world)
    }
    assert {"article", "annotation-set", "changes", "export", "members", "disagreements", "precedents"} <= found
