"""Every address of the API × every role × the outsider × nobody × every scope of a token: who gets what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import get_resolver
from pytest_django import DjangoDbBlocker

from annotations.models import AnnotationSet, Disagreement, Membership, Relation, Span, User
from annotations.services import accounts, members
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.comments import begin_thread
from annotations.services.entities import create_entity
from annotations.services.imports import import_documents
from annotations.services.jobs import enqueue_job
from annotations.services.precedents import create_precedent
from annotations.services.webhooks import create_webhook
from annotations.suggesters.proposals import proposal_uuid
from tests.factories import a_project, a_release, a_set, a_span, an_article, put_relation, the_cast
from tests.standing import standing, taken_back

pytestmark = pytest.mark.django_db

CAST = ("ada", "ben", "chi", "dora", "fay", "eve")
READ, ANNOTATE, MANAGE = "read", "annotate", "manage"
SCOPES = {READ: (READ, ANNOTATE, MANAGE), ANNOTATE: (ANNOTATE, MANAGE), MANAGE: (MANAGE,)}


@dataclass(frozen=True)
class Door:
    """An address, how it is asked, which scope it needs, and what each of the cast gets."""

    method: str
    path: str
    statuses: tuple[int, int, int, int, int, int]
    body: Any = None
    scope: str = MANAGE

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


NEW = "019a0000-0000-7000-8000-000000000001"  # the same in every worker: it is part of the names of tests
SPAN = {"annotation_set": "SET", "label": "location", "fragments": [[74, 78]]}
RELATION = {"annotation_set": "SET", "label": "located_in", "source": "CLAIM", "target": "PLACE"}
NO = {"engine": "quotes", "label": "claim", "fragments": [[0, 21]], "verdict": "rejected"}
MEMBERS = (200, 200, 200, 200, 200, 404)
REVIEWERS = (200, 403, 403, 200, 403, 404)
MANAGERS = (200, 403, 403, 403, 403, 404)
MADE = (201, 403, 403, 403, 403, 404)
DOORS = [
    Door("GET", "account/", (200, 200, 200, 200, 200, 200), scope=READ),
    Door("PATCH", "account/", (200, 200, 200, 200, 200, 200), {"preferences": {"theme": "dark"}}),
    Door("GET", "projects/", (200, 200, 200, 200, 200, 200), scope=READ),
    Door("POST", "projects/", (201, 403, 403, 403, 403, 403), {"name": "Another"}),
    Door("GET", "projects/press/", MEMBERS, scope=READ),
    Door("PATCH", "projects/press/", MANAGERS, {"name": "Ports"}),
    Door("DELETE", "projects/press/", (204, 403, 403, 403, 403, 404)),
    Door("GET", "bin/", (200, 200, 200, 200, 200, 200), scope=READ),
    Door("POST", "bin/press/restore/", (404, 404, 404, 404, 404, 404)),
    Door("GET", "projects/press/audit/", MANAGERS, scope=READ),
    Door("GET", "projects/press/bin/", MANAGERS, scope=READ),
    Door("POST", "projects/press/bin/", (400, 403, 403, 403, 403, 404), {"articles": []}),
    Door("POST", f"projects/press/bin/{NEW}/restore/", (404, 403, 403, 403, 403, 404)),
    Door("GET", "projects/press/labels/", MEMBERS, scope=READ),
    Door("POST", "projects/press/labels/", MADE, {"name": "Event"}),
    Door("GET", "projects/press/labels/actor/", MEMBERS, scope=READ),
    Door("PATCH", "projects/press/labels/actor/", MANAGERS, {"name": "Agent"}),
    Door("GET", "projects/press/relation-labels/", MEMBERS, scope=READ),
    Door("POST", "projects/press/relation-labels/", MADE, {"name": "Answers"}),
    Door("GET", "projects/press/relation-labels/made_by/", MEMBERS, scope=READ),
    Door("PATCH", "projects/press/relation-labels/made_by/", MANAGERS, {"name": "Said by"}),
    Door("GET", "projects/press/members/", REVIEWERS, scope=READ),
    Door("POST", "projects/press/members/", (409, 403, 403, 403, 403, 404), {"username": "ben", "role": "reader"}),
    Door("GET", "projects/press/members/chi/", REVIEWERS, scope=READ),
    Door("PATCH", "projects/press/members/chi/", MANAGERS, {"role": "reader"}),
    Door("DELETE", "projects/press/members/chi/", (204, 403, 403, 403, 403, 404)),
    Door("GET", "projects/press/invitations/", MANAGERS, scope=READ),
    Door("POST", "projects/press/invitations/", MADE, {"role": "reader"}),
    Door("DELETE", "projects/press/invitations/INVITATION/", (204, 403, 403, 403, 403, 404)),
    Door("GET", "projects/press/guidelines/", MEMBERS, scope=READ),
    Door("POST", "projects/press/guidelines/", MADE, {"markdown": "# Two"}),
    Door("GET", "projects/press/guidelines/1/", MEMBERS, scope=READ),
    Door("GET", "projects/press/articles/", MEMBERS, scope=READ),
    Door("POST", "projects/press/articles/", MADE, {"id": "x", "text": "x"}),
    Door("GET", "articles/OPEN/", (200, 200, 404, 200, 200, 404), scope=READ),
    Door("POST", "projects/press/imports/?format=jsonl", MANAGERS, {"id": "x", "text": "x"}),
    Door("POST", "projects/press/imports/IMPORT/undo/", MANAGERS),
    Door("GET", "projects/press/export/?format=jsonl", MEMBERS, scope=READ),
    Door("GET", "projects/press/export/?format=jsonl&sets=gold", (200, 403, 403, 200, 200, 404), scope=READ),
    Door("GET", "projects/press/export/?format=jsonl&sets=annotators", (200, 200, 200, 200, 403, 404), scope=READ),
    Door("GET", "projects/press/releases/", (200, 403, 403, 200, 200, 404), scope=READ),
    Door("POST", "projects/press/releases/", (400, 403, 403, 403, 403, 404), {"name": ""}),
    Door("GET", "releases/RELEASE/", (200, 403, 403, 200, 200, 404), scope=READ),
    Door("GET", "releases/WORK/", (200, 403, 403, 200, 404, 404), scope=READ),
    Door("GET", "releases/RELEASE/download/", (200, 403, 403, 200, 200, 404), scope=READ),
    Door("GET", "releases/WORK/download/", (200, 403, 403, 200, 404, 404), scope=READ),
    Door("GET", "releases/RELEASE/diff/RELEASE/", (200, 403, 403, 200, 200, 404), scope=READ),
    Door("GET", "releases/RELEASE/diff/WORK/", (200, 403, 403, 200, 404, 404), scope=READ),
    Door("GET", "projects/press/entities/", MEMBERS, scope=READ),
    Door("POST", "projects/press/entities/", (201, 403, 403, 201, 403, 404), {"label": "actor", "name": "Oslo"}),
    Door("GET", "projects/press/entities/ENTITY/", MEMBERS, scope=READ),
    Door("PATCH", "projects/press/entities/ENTITY/", REVIEWERS, {"latitude": 59.9, "longitude": 10.7}),
    Door("POST", "projects/press/entities/ENTITY/merge/", REVIEWERS, {"into": "OTHER"}),
    Door("POST", "projects/press/entities/ENTITY/unmerge/", (409, 403, 403, 409, 403, 404)),
    Door("GET", "projects/press/statements/", MEMBERS, scope=READ),
    Door("GET", "projects/press/statements/?sets=annotators", (200, 200, 200, 200, 403, 404), scope=READ),
    Door("GET", "projects/press/webhooks/", MANAGERS, scope=READ),
    Door("POST", "projects/press/webhooks/", MADE, {"url": "https://other.example/", "events": ["article.done"]}),
    Door("GET", "projects/press/webhooks/WEBHOOK/", MANAGERS, scope=READ),
    Door("GET", "projects/press/webhooks/WEBHOOK/deliveries/", MANAGERS, scope=READ),
    Door("POST", "projects/press/webhooks/WEBHOOK/deliveries/", (202, 403, 403, 403, 403, 404)),
    Door("DELETE", "projects/press/webhooks/WEBHOOK/", (204, 403, 403, 403, 403, 404)),
    Door("GET", "projects/press/annotation-sets/", MEMBERS, scope=READ),
    Door("POST", "projects/press/changes/", MEMBERS, {"sets": []}, ANNOTATE),
    Door("GET", "projects/press/network/?kind=conflict", MEMBERS, scope=READ),
    Door("GET", "projects/press/network/?sets=annotators&format=graphml", (200, 200, 200, 200, 403, 404), scope=READ),
    Door("GET", "projects/press/places/", MEMBERS, scope=READ),
    Door("GET", "projects/press/places/?sets=annotators", (200, 200, 200, 200, 403, 404), scope=READ),
    Door("GET", "projects/press/export/losses/?format=brat", MEMBERS, scope=READ),
    Door("GET", "projects/press/export/losses/?format=brat&sets=gold", (200, 403, 403, 200, 200, 404), scope=READ),
    Door("POST", "projects/press/queue/next/", (200, 200, 200, 200, 403, 404), scope=ANNOTATE),
    Door("GET", "annotation-sets/SET/", (200, 200, 404, 200, 404, 404), scope=READ),
    Door("GET", "annotation-sets/SET/changes/", (200, 200, 404, 200, 404, 404), scope=READ),
    Door("POST", "annotation-sets/SET/changes/", (403, 200, 404, 403, 404, 404), {"changes": []}, ANNOTATE),
    Door("POST", "annotation-sets/SET/undo/", (403, 200, 404, 403, 404, 404), {"id": NEW}, ANNOTATE),
    Door("POST", "annotation-sets/SET/redo/", (403, 404, 404, 403, 404, 404), {"id": NEW}, ANNOTATE),  # nothing undone
    Door("POST", "annotation-sets/SET/flag/", (201, 201, 404, 201, 404, 404), {"reason": "odd"}, ANNOTATE),
    Door("GET", "projects/press/assignments/", MANAGERS, scope=READ),
    Door("POST", "projects/press/assignments/", MANAGERS, {"annotator": "chi", "articles": ["OPEN"]}),
    Door("DELETE", "projects/press/assignments/SET/", (409, 403, 403, 403, 403, 404)),
    Door("GET", "annotation-sets/SET/comments/", (200, 200, 404, 200, 404, 404), scope=READ),
    Door("POST", "annotation-sets/SET/comments/", (201, 201, 404, 201, 404, 404), {"text": "odd"}, ANNOTATE),
    Door("PATCH", "comments/COMMENT/", (200, 200, 404, 200, 404, 404), {"resolved": True}, ANNOTATE),
    Door("GET", "projects/press/comments/", (200, 200, 200, 200, 403, 404), scope=READ),
    Door("GET", "annotation-sets/SET/suggestions/", (403, 200, 404, 403, 404, 404), scope=READ),
    Door("POST", "annotation-sets/SET/suggestions/SUGGESTION/verdict/", (403, 204, 404, 403, 404, 404), NO, ANNOTATE),
    Door("GET", "projects/press/suggestions/", MANAGERS, scope=READ),
    Door("POST", "projects/press/suggestions/", MANAGERS, {"engine": "quotes", "label": "claim", "is_on": False}),
    Door("POST", "annotation-sets/SET/lease/", (403, 200, 404, 403, 404, 404), scope=ANNOTATE),
    Door("POST", "annotation-sets/SET/submit/", (403, 200, 404, 403, 404, 404), scope=ANNOTATE),
    Door("POST", "annotation-sets/SET/skip/", (403, 200, 404, 403, 404, 404), {"reason": "ad"}, ANNOTATE),
    Door("POST", "annotation-sets/SET/release/", (403, 200, 404, 403, 404, 404), scope=ANNOTATE),
    Door("POST", "annotation-sets/SUBMITTED/reopen/", (403, 200, 404, 403, 404, 404), scope=ANNOTATE),
    Door("POST", "annotation-sets/SUBMITTED/return/", (200, 403, 404, 200, 404, 404), {"reason": "look"}, ANNOTATE),
    Door("GET", "spans/CLAIM/", (200, 200, 404, 200, 404, 404), scope=READ),
    Door("PUT", f"spans/{NEW}/", (403, 201, 404, 403, 404, 404), SPAN, ANNOTATE),
    Door("DELETE", "spans/CLAIM/", (403, 204, 404, 403, 404, 404), scope=ANNOTATE),
    Door("GET", "relations/RELATION/", (200, 200, 404, 200, 404, 404), scope=READ),
    Door("PUT", f"relations/{NEW}/", (403, 201, 404, 403, 404, 404), RELATION, ANNOTATE),
    Door("DELETE", "relations/RELATION/", (403, 204, 404, 403, 404, 404), scope=ANNOTATE),
    Door("GET", "projects/press/agreement/", REVIEWERS, scope=READ),
    Door("GET", "projects/press/agreement/?format=csv", REVIEWERS, scope=READ),
    Door("GET", "projects/press/jobs/", MEMBERS, scope=READ),
    Door("POST", "projects/press/jobs/", (202, 403, 403, 202, 403, 404), {"kind": "gamma"}),
    Door("GET", "projects/press/jobs/JOB/", (200, 404, 404, 200, 404, 404), scope=READ),
    Door("POST", "projects/press/jobs/JOB/cancel/", (200, 404, 404, 200, 404, 404)),
    Door("GET", "projects/press/disagreements/", REVIEWERS, scope=READ),
    Door("PUT", "projects/press/disagreements/ROW/decision/", REVIEWERS, {"versions": [1]}),
    Door("DELETE", "projects/press/disagreements/ROW/decision/", (404, 403, 403, 404, 403, 404)),
    Door("GET", "projects/press/disagreements/counts/", REVIEWERS, scope=READ),
    Door("POST", "projects/press/decisions/requeue/", REVIEWERS, {"before": 2}),
    Door("DELETE", f"projects/press/decisions/requeue/{NEW}/", (404, 403, 403, 404, 403, 404)),
    Door("GET", "projects/press/precedents/", MEMBERS, scope=READ),
    Door("POST", "projects/press/precedents/", (201, 403, 403, 201, 403, 404), {"rule": "Names whole."}),
    Door("GET", "projects/press/precedents/PRECEDENT/", MEMBERS, scope=READ),
    Door("PATCH", "projects/press/precedents/PRECEDENT/", REVIEWERS, {"withdrawn": True}),
    Door("GET", "projects/press/feedback/", (200, 200, 200, 200, 403, 404), scope=READ),
    Door("GET", "articles/DONE/feedback/", (404, 200, 404, 404, 404, 404), scope=READ),
    Door("PATCH", "articles/DONE/", (200, 403, 404, 403, 403, 404), {"purpose": "training"}),
    Door("GET", "projects/press/clashes/", REVIEWERS, scope=READ),
    Door("POST", "projects/press/clashes/", (404, 403, 403, 404, 403, 404), {"key": "Oslo"}),
    Door("GET", "projects/press/accuracy/", MANAGERS, scope=READ),
    Door("PATCH", "projects/press/accuracy/chi/", MANAGERS, {"trained": True}),
    Door("GET", "projects/press/appeals/", (200, 200, 200, 200, 403, 404), scope=READ),
    Door("GET", "projects/press/appeals/?state=open", (200, 403, 403, 200, 403, 404), scope=READ),
    Door("POST", "projects/press/appeals/", (404, 404, 404, 404, 403, 404), {"decision": NEW, "text": "?"}, ANNOTATE),
    Door("PATCH", f"projects/press/appeals/{NEW}/", (404, 403, 403, 404, 403, 404), {"outcome": "changed"}),
    Door("GET", "articles/DONE/gold/", (200, 200, 404, 200, 200, 404), scope=READ),
    Door("PATCH", "articles/CLOSED/gold/", (409, 403, 403, 409, 403, 404), {"state": "done"}),
    Door("POST", "articles/CLOSED/gold/accept/", REVIEWERS, {"how": "unanimous"}),
]


@pytest.fixture(scope="module")
def places(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    with standing(django_db_blocker), override_settings(WEBHOOKS=True):
        yield make_places()


def make_places() -> dict[str, str]:
    """Ben's work in progress on one article, Ben's and Chi's submitted work on another, which differs; a free third."""
    project = a_project("press")
    cast = the_cast(project)
    User.objects.filter(username="ada").update(may_create_projects=True)
    project.guideline_versions.create(number=1, markdown="# Claim\n")
    opened, closed = an_article(project, external_id="open"), an_article(project, external_id="closed", open_slots=0)
    an_article(project, external_id="free")
    work = a_set(opened, cast["ben"])
    claim, actor = a_span(work, "claim", (0, 20)), a_span(work, "actor", (26, 40))
    place = a_span(work, "location", (48, 54))
    link = put_relation("made_by", claim.pk, actor.pk)
    apply_changes(actor=cast["ben"], annotation_set_id=work.pk, changes=[link])
    for name, fragment in (("ben", (26, 40)), ("chi", (33, 40))):
        done = a_set(closed, cast[name])
        a_span(done, "actor", fragment)
        move_set(actor=cast[name], annotation_set_id=done.pk, action="submit")
    settled = an_article(project, external_id="settled", open_slots=0)
    a_set(settled, cast["ben"], "submitted")
    gold = a_set(settled)
    AnnotationSet.objects.filter(pk=gold.pk).update(state="done")
    manager = Membership.objects.select_related("project", "user").get(project=project, role="manager")
    entities = [create_entity(member=manager, label="location", name=name) for name in ("Oslo", "Kristiania")]
    invitation, _secret = members.invite(member=manager, role="annotator")
    question = begin_thread(actor=cast["ben"], annotation_set_id=work.pk, kind="question", text="One or two?")
    return {
        "COMMENT": str(question.pk),
        "SUGGESTION": str(proposal_uuid(opened.pk, "quotes", "claim", ((0, 21),))),
        "OPEN": str(opened.pk),
        "CLOSED": str(closed.pk),
        "SET": str(work.pk),
        "SUBMITTED": str(AnnotationSet.objects.get(article=closed, annotator=cast["ben"]).pk),
        "CLAIM": str(claim.pk),
        "PLACE": str(place.pk),
        "RELATION": str(Relation.objects.get().pk),
        "DONE": str(settled.pk),
        "PRECEDENT": str(create_precedent(member=manager, rule="Names whole.", quote="Ingrid Solheim").pk),
        "IMPORT": import_documents(
            actor=cast["ada"], project=project, stream=BytesIO(b'{"id":"new","text":"x"}'), format="jsonl"
        ).id,
        "JOB": str(enqueue_job(kind="gamma", project=project, by=cast["ada"]).pk),
        "ROW": str(Disagreement.objects.get().pk),
        "INVITATION": str(invitation.pk),
        "RELEASE": str(a_release(project, cast["ada"]).pk),
        "WORK": str(a_release(project, cast["ada"], "annotators").pk),
        "ENTITY": str(entities[0].pk),
        "WEBHOOK": str(create_webhook(member=manager, url="https://hooks.example/", events=["article.done"]).pk),
        "OTHER": str(entities[1].pk),
    }


def filled(text: str, places: dict[str, str]) -> str:
    for word, value in places.items():
        text = text.replace(word, value)
    return text


def ask(door: Door, places: dict[str, str], client: Client) -> int:
    """The status of the answer; what it wrote is taken back, so that everybody asks the same."""
    body = "" if door.body is None else filled(json.dumps(door.body), places)
    with taken_back():
        response: Any = client.generic(
            door.method, f"/api/v1/{filled(door.path, places)}", body, content_type="application/json"
        )
        if response.streaming:
            list(response.streaming_content)
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json"
    return int(response.status_code)


def program(username: str, scope: str = MANAGE) -> Client:
    _token, secret = accounts.create_token(user=User.objects.get(username=username), name="test", scope=scope)
    return Client(headers={"Authorization": f"Token {secret}"})


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_each_of_the_cast_gets_what_the_role_allows(door: Door, places: dict[str, str]) -> None:
    assert tuple(ask(door, places, program(name)) for name in CAST) == door.statuses


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_nobody_gets_a_challenge_and_a_token_reaches_as_far_as_its_scope(door: Door, places: dict[str, str]) -> None:
    assert ask(door, places, Client()) == 401
    who = CAST[max(range(6), key=lambda number: door.statuses[number] < 300)]
    full = ask(door, places, program(who))
    for scope in (READ, ANNOTATE, MANAGE):
        assert ask(door, places, program(who, scope)) == (full if scope in SCOPES[door.scope] else 403)


def test_every_address_of_the_api_with_every_method_it_takes_is_in_the_matrix(places: dict[str, str]) -> None:
    resolver: Any = get_resolver()
    asked = {
        (door.method, resolver.resolve(f"/api/v1/{filled(door.path, places).partition('?')[0]}").url_name)
        for door in DOORS
    }
    api = next(each for each in resolver.url_patterns if getattr(each, "app_name", None) == "api")
    taken = {
        (method.upper(), pattern.name)
        for pattern in api.url_patterns
        if pattern.name not in {"schema", "docs"}  # for everybody: they tell of the API, not of data
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(pattern.callback.view_class, method)
    }
    assert taken == asked


def test_a_token_that_is_revoked_expired_or_of_an_inactive_account_opens_nothing(places: dict[str, str]) -> None:
    door = next(each for each in DOORS if str(each) == "GET projects/press/")
    for change in ({"revoked_at": "2020-01-01T00:00Z"}, {"expires_at": "2020-01-01T00:00Z"}):
        client = program("ben")
        User.objects.get(username="ben").api_tokens.update(**change)
        assert ask(door, places, client) == 401
    client = program("chi")
    User.objects.filter(username="chi").update(is_active=False)
    assert ask(door, places, client) == 401
    assert Span.objects.count() == 5
