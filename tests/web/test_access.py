"""Every page × every role × the outsider × nobody: who gets what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from annotations.models import AnnotationSet, Article, Membership, Project, SignIn, User
from annotations.services import accounts, members
from annotations.services.comments import begin_thread
from annotations.services.entities import create_entity
from annotations.services.imports.uploads import upload_files
from annotations.services.jobs import enqueue_job
from annotations.services.precedents import create_precedent
from annotations.web.urls import urlpatterns
from tests.factories import a_project, a_release, a_set, a_webhook, an_article, the_cast
from tests.security.addresses import ask as asked
from tests.standing import standing

pytestmark = pytest.mark.django_db

OK, MOVED, REFUSED, HIDDEN, WRONG, STATE = 200, 302, 403, 404, 400, 409
EVERYBODY = {"ada": OK, "ben": OK, "dora": OK, "fay": OK, "eve": HIDDEN}
REVIEWERS = {"ada": OK, "ben": REFUSED, "dora": OK, "fay": REFUSED, "eve": HIDDEN}
MANAGERS = {"ada": OK, "ben": REFUSED, "dora": REFUSED, "fay": REFUSED, "eve": HIDDEN}


def said(statuses: dict[str, int], answer: int) -> dict[str, int]:
    """Where a page answers, the form answers with this status."""
    return {name: answer if status == OK else status for name, status in statuses.items()}


def moved(statuses: dict[str, int]) -> dict[str, int]:
    """Where a page answers, the form goes on to another page."""
    return said(statuses, MOVED)


@dataclass(frozen=True)
class Door:
    """An address, how it is asked, and what each of the cast gets; `None` is nobody, who is sent to sign in."""

    name: str
    statuses: dict[str, int]
    args: tuple[str, ...] = ("press",)
    sent: dict[str, str] | None = None

    def __str__(self) -> str:
        return f"{'GET' if self.sent is None else 'POST'} {self.name}"


CLAIM = {"name": "C", "colour": "1", "line_style": "dashed", "position": "1"}
NEW_PROJECT = {"ada": OK, "ben": REFUSED, "dora": REFUSED, "fay": REFUSED, "eve": REFUSED}
ALL_FIVE = dict.fromkeys(("ada", "ben", "dora", "fay", "eve"), OK)
DISCUSSING = {"ada": OK, "ben": OK, "dora": OK, "fay": HIDDEN, "eve": HIDDEN}
DOORS = [
    Door("projects", ALL_FIVE, ()),
    Door("practice", ALL_FIVE, ()),
    Door("practice", moved(ALL_FIVE), (), {}),
    Door("practice-begin", moved(ALL_FIVE), (), {}),
    Door("my-articles", ALL_FIVE, ()),
    Door("my-spans", ALL_FIVE, ()),
    Door("account", ALL_FIVE, ()),
    Door("account-preferences", moved(ALL_FIVE), (), {"theme": "dark", "text_size": "large"}),
    Door("account-keys", moved(ALL_FIVE), (), {"reset": "yes"}),
    Door("tokens", ALL_FIVE, (), {"name": "notebook", "scope": "read"}),
    Door("token-revoke", dict.fromkeys(ALL_FIVE, HIDDEN) | {"ben": MOVED}, ("TOKEN",), {}),
    Door("session-end", dict.fromkeys(ALL_FIVE, HIDDEN) | {"ben": MOVED}, ("SIGN_IN",), {}),
    Door("sessions-end-others", moved(ALL_FIVE), (), {}),
    Door("own-data", ALL_FIVE, ()),
    Door("account-password", dict.fromkeys(ALL_FIVE, WRONG), (), {"old": "guess", "password": "a harbour at night"}),
    Door("project-new", NEW_PROJECT, ()),
    Door("project-new", moved(NEW_PROJECT), (), {"name": "Another", "annotators_per_article": "2"}),
    Door("project", EVERYBODY),
    Door("next-article", moved(EVERYBODY) | {"fay": REFUSED}, sent={}),
    Door("project-settings", MANAGERS),
    Door("project-settings", moved(MANAGERS), sent={"name": "Press", "annotators_per_article": "2"}),
    Door("project-archive", moved(MANAGERS), sent={"archived": "yes"}),
    Door("project-bin", MANAGERS),
    Door("project-bin", said(MANAGERS, WRONG), sent={"name": "another"}),
    Door("project-restore", dict.fromkeys(ALL_FIVE, HIDDEN), sent={}),
    Door("webhooks", MANAGERS),
    Door("webhooks", said(MANAGERS, STATE), sent={"url": "https://hooks.example/", "events": "article.done"}),
    Door("webhook", MANAGERS, ("press", "WEBHOOK")),
    Door("webhook-ping", said(MANAGERS, STATE), ("press", "WEBHOOK"), {}),
    Door("webhook-remove", moved(MANAGERS), ("press", "WEBHOOK"), {}),
    Door("bin", MANAGERS),
    Door("bin-new", MANAGERS),
    Door("bin-new", said(MANAGERS, WRONG), sent={"outlet": "Nowhere"}),
    Door("bin-restore", said(MANAGERS, HIDDEN), ("press", "SET"), {}),
    Door("member-restore", said(MANAGERS, HIDDEN), ("press", "ben"), {}),
    Door("audit", MANAGERS),
    Door("audit-download", MANAGERS),
    Door("site-audit", dict.fromkeys(ALL_FIVE, REFUSED), ()),
    Door("site-audit-download", dict.fromkeys(ALL_FIVE, REFUSED), ()),
    Door("imports", MANAGERS),
    Door("imports", MANAGERS, sent={}),
    Door("import", MANAGERS, ("press", "IMPORT")),
    Door("import", MANAGERS, ("press", "IMPORT"), {}),
    Door("import-report", MANAGERS, ("press", "IMPORT", "csv")),
    Door("import-undo", said(MANAGERS, STATE), ("press", "IMPORT"), {}),
    Door("import-stop", moved(MANAGERS), ("press", "IMPORT"), {}),
    Door("exports", EVERYBODY),
    Door("articles", EVERYBODY),
    Door("article", EVERYBODY, ("ARTICLE",)),
    Door("article-history", EVERYBODY, ("ARTICLE",)),
    Door("article-offer", said(REVIEWERS, STATE), ("ARTICLE",), {}),
    Door("reopen", {"ada": REFUSED, "ben": MOVED, "dora": REFUSED, "fay": HIDDEN, "eve": HIDDEN}, ("SET",), {}),
    Door("statements", EVERYBODY),
    Door("statements-download", EVERYBODY),
    Door("network", EVERYBODY),
    Door("network-download", EVERYBODY),
    Door("places", EVERYBODY),
    Door("places-download", EVERYBODY),
    Door("entities", EVERYBODY),
    Door("entity-new", REVIEWERS),
    Door("entity-new", moved(REVIEWERS) | {"ada": OK}, sent={"label": "actor", "name": "Per Moe"}),  # after Dora
    Door("entity", EVERYBODY, ("press", "ENTITY")),
    Door("entity", moved(REVIEWERS), ("press", "ENTITY"), {"aliases": "Kristiania"}),
    Door("entity-merge", moved(REVIEWERS) | {"ada": STATE}, ("press", "ENTITY"), {"into": "Kristiania"}),
    Door("entity-unmerge", said(REVIEWERS, STATE), ("press", "ENTITY"), {}),
    Door("labels", EVERYBODY),
    Door("label-new", MANAGERS),
    Door("label-new", moved(MANAGERS), sent={"name": "Place", "colour": "3", "line_style": "solid", "shortcut": ""}),
    Door("label", MANAGERS, ("press", "claim")),
    Door("label", moved(MANAGERS), ("press", "claim"), CLAIM),
    Door("label-archive", moved(MANAGERS), ("press", "claim"), {"archived": "yes"}),
    Door("attribute-new", MANAGERS, ("press", "claim")),
    Door("attribute-new", moved(MANAGERS), ("press", "claim"), {"name": "Mood", "choices": "good\nbad"}),
    Door("attribute", MANAGERS, ("press", "claim", "stance")),
    Door("attribute", moved(MANAGERS), ("press", "claim", "stance"), {"name": "Stance", "choices": "for\nagainst"}),
    Door("attribute-remove", moved(MANAGERS), ("press", "claim", "stance"), {}),
    Door("relation-label-new", MANAGERS),
    Door("relation-label-new", moved(MANAGERS), sent={"name": "Answers"}),
    Door("relation-label", MANAGERS, ("press", "made_by")),
    Door("relation-label", moved(MANAGERS), ("press", "made_by"), {"name": "Said by"}),
    Door("relation-label-archive", moved(MANAGERS), ("press", "made_by"), {"archived": "yes"}),
    Door("guideline", EVERYBODY),
    Door("guideline-version", EVERYBODY, ("press", "1")),
    Door("guideline-difference", EVERYBODY, ("press", "1")),
    Door("guideline-read", moved(EVERYBODY), ("press", "1"), {}),
    Door("guideline-new", MANAGERS),
    Door("guideline-new", moved(MANAGERS), sent={"markdown": "# Other"}),
    Door("guideline-new", MANAGERS, sent={"markdown": "# Other", "preview": "yes"}),
    Door("readings", REVIEWERS),
    Door("article-readings", REVIEWERS, ("ARTICLE",)),
    Door("assignments", MANAGERS),
    Door("assignments", moved(MANAGERS), sent={"annotator": "chi", "first": "1"}),
    Door("assignment-withdraw", said(MANAGERS, STATE), ("press", "SET"), {}),
    Door("questions", EVERYBODY | {"fay": REFUSED}),
    Door("set-comments", DISCUSSING, ("SET",)),
    Door("set-comments", moved(DISCUSSING), ("SET",), {"kind": "question", "text": "One or two?"}),
    Door("article-comments", REVIEWERS, ("ARTICLE",)),
    Door("comment-answer", moved(DISCUSSING), ("COMMENT",), {"text": "One."}),
    Door("comment-resolve", moved(DISCUSSING), ("COMMENT",), {"resolved": "yes"}),
    Door("desk", {"ada": OK, "ben": OK, "dora": OK, "fay": HIDDEN, "eve": HIDDEN}, ("SET",)),
    Door("desk-suggestions", {"ada": REFUSED, "ben": OK, "dora": REFUSED, "fay": HIDDEN, "eve": HIDDEN}, ("SET",)),
    Door("suggestions", MANAGERS),
    Door("suggestion-verdicts", MANAGERS),
    Door("engine-switch", moved(MANAGERS), sent={"engine": "quotes", "label": "claim", "is_on": "no"}),
    Door("review", REVIEWERS),
    Door("review-article", REVIEWERS, ("press", "ARTICLE")),
    Door("review-decide", said(REVIEWERS, WRONG), ("press", "ARTICLE"), {}),
    Door("review-undo", said(REVIEWERS, WRONG), ("press", "ARTICLE"), {}),
    Door("review-accept", said(REVIEWERS, WRONG), ("press", "ARTICLE"), {}),
    Door("review-finish", said(REVIEWERS, STATE), ("press", "ARTICLE"), {"done": "0"}),
    Door("review-remark", said(REVIEWERS, WRONG), ("press", "ARTICLE"), {}),
    Door("review-alike", said(REVIEWERS, HIDDEN), ("press", "ARTICLE")),
    Door("review-accept-all", moved(REVIEWERS), sent={"how": "unanimous"}),
    Door("review-undo-all", said(REVIEWERS, WRONG), sent={}),
    Door("agreement", REVIEWERS),
    Door("agreement-job", moved(REVIEWERS), sent={}),
    Door("job", said(REVIEWERS, MOVED) | {"ben": HIDDEN, "fay": HIDDEN}, ("press", "JOB")),
    Door("job-cancel", said(REVIEWERS, MOVED) | {"ben": HIDDEN, "fay": HIDDEN, "ada": STATE}, ("press", "JOB"), {}),
    Door("disagreements", REVIEWERS),
    Door("decisions", REVIEWERS),
    Door("decisions-requeue", moved(REVIEWERS), sent={"before": "2"}),
    Door("decisions-requeue-undo", said(REVIEWERS, WRONG), sent={}),
    Door("precedents", EVERYBODY),
    Door("precedents", moved(REVIEWERS), sent={"rule": "Names whole."}),
    Door("precedent", moved(REVIEWERS), ("press", "PRECEDENT"), {"withdrawn": "1"}),
    Door("similar-precedents", EVERYBODY, ("ARTICLE",)),
    Door("gold", EVERYBODY | {"ben": HIDDEN}, ("ARTICLE",)),
    Door("feedback", EVERYBODY | {"fay": REFUSED}),
    Door("article-feedback", dict.fromkeys(EVERYBODY, HIDDEN), ("ARTICLE",)),
    Door("appeal", dict.fromkeys(EVERYBODY, HIDDEN), ("ARTICLE", "ARTICLE"), {"text": "Why?"}),
    Door("queue", MANAGERS),
    Door("agreement-now", moved(REVIEWERS)),
    Door("clashes", REVIEWERS),
    Door("clashes", said(REVIEWERS, HIDDEN), sent={"quote": "Oslo"}),
    Door("accuracy", MANAGERS),
    Door("accuracy-trained", moved(MANAGERS), ("press", "chi"), {"trained": "1"}),
    Door("article-purpose", moved(MANAGERS), ("ARTICLE",), {"purpose": "work"}),
    Door("appeals", REVIEWERS),
    Door("appeal-answer", said(REVIEWERS, HIDDEN), ("press", "ARTICLE"), {"outcome": "changed"}),
    Door("review-return", said(REVIEWERS, HIDDEN), ("press", "ARTICLE"), {}),
    Door("imports", MANAGERS),
    Door("imports", MANAGERS, sent={}),
    Door("exports", EVERYBODY),
    Door("export-download", EVERYBODY),
    Door("releases", EVERYBODY | {"ben": REFUSED}),
    Door("release-new", MANAGERS),
    Door("release-new", MANAGERS, sent={"name": ""}),
    Door("release", EVERYBODY | {"ben": REFUSED}, ("press", "RELEASE")),
    Door("release", REVIEWERS | {"fay": HIDDEN}, ("press", "WORK")),
    Door("release-download", EVERYBODY | {"ben": REFUSED}, ("press", "RELEASE")),
    Door("release-download", REVIEWERS | {"fay": HIDDEN}, ("press", "WORK")),
    Door("release-difference", EVERYBODY | {"ben": REFUSED}, ("press", "RELEASE", "RELEASE")),
    Door("release-difference", REVIEWERS | {"fay": HIDDEN}, ("press", "RELEASE", "WORK")),
    Door("members", REVIEWERS),
    Door("invite", MANAGERS, sent={"role": "annotator"}),
    Door("invitation-withdraw", moved(MANAGERS), ("press", "INVITATION"), {}),
    Door("member-role", moved(MANAGERS), ("press", "chi"), {"role": "reviewer"}),
    Door("member-remove", moved(MANAGERS), ("press", "chi"), {}),
    Door("member-password", MANAGERS, ("press", "chi"), {}),
]


@pytest.fixture(scope="module")
def places(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    with standing(django_db_blocker):
        yield make_places()


def make_places() -> dict[str, str]:
    """A project with an article that Ben has submitted, an open invitation, a guideline."""
    project: Project = a_project("press")
    cast: dict[str, User] = the_cast(project)
    User.objects.filter(username="ada").update(may_create_projects=True)
    article: Article = an_article(project)
    done: AnnotationSet = a_set(article, cast["ben"], "submitted")
    project.guideline_versions.create(number=1, markdown="# Claim\n")
    manager = Membership.objects.select_related("project", "user").get(project=project, role="manager")
    oslo = create_entity(member=manager, label="location", name="Oslo")
    create_entity(member=manager, label="location", name="Kristiania")
    link, _secret = members.invite(member=manager, role="annotator")
    precedent = create_precedent(member=manager, rule="Names whole.")
    token, _secret = accounts.create_token(user=cast["ben"], name="notebook")
    question = begin_thread(actor=cast["ben"], annotation_set_id=done.pk, kind="question", text="One or two?")
    return {
        "COMMENT": str(question.pk),
        "RELEASE": str(a_release(project, cast["ada"]).pk),
        "WORK": str(a_release(project, cast["ada"], "annotators").pk),
        "ENTITY": str(oslo.pk),
        "ARTICLE": str(article.pk),
        "IMPORT": str(upload_files(member=manager, files=[("a.txt", "", BytesIO(b"Ana."))]).pk),
        "JOB": str(enqueue_job(kind="gamma", project=project, by=None).pk),
        "SET": str(done.pk),
        "INVITATION": str(link.pk),
        "PRECEDENT": str(precedent.pk),
        "TOKEN": str(token.pk),
        "SIGN_IN": str(signed_in_elsewhere(cast["ben"])),
        "WEBHOOK": str(a_webhook(manager).pk),
    }


def signed_in_elsewhere(user: User) -> UUID:
    client = Client(headers={"User-Agent": "Lynx"})
    client.force_login(user)
    return SignIn.objects.get(session_key=client.session.session_key).pk


def ask(door: Door, places: dict[str, str], username: str | None) -> Any:
    client = Client(raise_request_exception=True)
    if username:
        client.force_login(User.objects.get(username=username))
    address = reverse(door.name, args=[places.get(arg, arg) for arg in door.args])
    send: Callable[..., Any] = client.get if door.sent is None else client.post
    response = send(address, door.sent or {})
    if response.streaming:
        list(response.streaming_content)
    return response


def test_every_page_is_in_the_matrix() -> None:
    for_nobody = {"sign-in", "sign-out", "invitation", "password-reset"}
    assert {pattern.name for pattern in urlpatterns} - for_nobody == {door.name for door in DOORS}


def test_every_way_to_ask_a_page_is_in_the_matrix(places: dict[str, str]) -> None:
    client = Client()
    client.force_login(User.objects.get(username="ada"))
    taken = set()
    for name, address in {
        (door.name, reverse(door.name, args=[places.get(arg, arg) for arg in door.args])) for door in DOORS
    }:
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if asked(client, method, address).status != 405:
                taken.add((method, name))
    assert taken - {("GET" if door.sent is None else "POST", door.name) for door in DOORS} == set()


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_each_of_the_cast_gets_what_the_role_allows(door: Door, places: dict[str, str]) -> None:
    got = {}
    for name in ("eve", "fay", "dora", "ben", "ada"):  # who may do it, last
        got[name] = ask(door, places, name).status_code
    assert got == door.statuses


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_nobody_is_sent_to_sign_in_and_comes_back(door: Door, places: dict[str, str]) -> None:
    response = ask(door, places, None)
    assert response.status_code == MOVED
    assert response["Location"].startswith(f"{reverse('sign-in')}?next=")


@pytest.mark.parametrize("door", [door for door in DOORS if door.sent is not None], ids=str)
def test_nothing_is_written_without_the_token_of_the_form(door: Door, places: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(username="ada"))
    address = reverse(door.name, args=[places.get(arg, arg) for arg in door.args])
    response = client.post(address, door.sent or {})
    assert response.status_code == REFUSED
    assert "This form is out of date" in response.content.decode()


def test_what_writes_cannot_be_asked_for_by_a_link(places: dict[str, str]) -> None:
    pages_too = {door.name for door in DOORS if door.sent is None}
    client = Client()
    client.force_login(User.objects.get(username="ada"))
    for door in DOORS:
        if door.sent is not None and door.name not in pages_too:
            address = reverse(door.name, args=[places.get(arg, arg) for arg in door.args])
            assert client.get(address).status_code == 405
