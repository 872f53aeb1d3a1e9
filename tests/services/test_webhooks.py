"""Webhooks: signed, sent by the worker, tried again, to no address that is not public, and nowhere else by a detour."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from annotations.domain.errors import InvalidData, NotAllowed, StateRefused
from annotations.models import AnnotationSet, Membership, Webhook, WebhookDelivery
from annotations.services.annotation_sets import move_set
from annotations.services.calls import CallFailed, post
from annotations.services.webhooks import PAUSES, create_webhook, deliver_next, send_ping
from tests.factories import a_project, a_set, an_article, the_cast

pytestmark = pytest.mark.django_db


class Listener(HTTPServer):
    """Somebody else's server, which keeps what it is sent and answers with `status`."""

    status = 200
    location = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.got: list[tuple[dict[str, str], bytes, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?a=b"


class Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server.got.append((dict(self.headers), body, self.path))
        self.send_response(server.status)
        if server.location:
            self.send_header("Location", server.location)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it
        """Nothing."""


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    settings.WEBHOOKS, settings.WEBHOOKS_MAY_REACH = True, [ip_network("127.0.0.0/8")]
    with Listener() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def ada() -> Membership:
    the_cast(a_project("press"))
    return Membership.objects.select_related("project", "user").get(user__username="ada")


def submit(member: Membership) -> AnnotationSet:
    ben = Membership.objects.get(user__username="ben").user
    work = a_set(an_article(member.project), ben)
    return move_set(actor=ben, annotation_set_id=work.pk, action="submit")


def test_what_happens_is_told_with_ids_alone_and_signed(ada: Membership, listener: Listener) -> None:
    made = create_webhook(member=ada, url=listener.url, events=["annotation_set.submitted"])
    work = submit(ada)
    assert deliver_next()
    [(headers, body, path)] = listener.got
    told = json.loads(body)
    delivery = WebhookDelivery.objects.get()
    assert path == "/hook?a=b"
    assert told.pop("at")
    assert told == {
        "id": str(delivery.pk),
        "event": "annotation_set.submitted",
        "project": "press",
        "article": str(work.article_id),
        "annotation_set": str(work.pk),
    }
    seconds, digest = (part.partition("=")[2] for part in headers["Newsapp-Signature"].split(","))
    expected = hmac.new(made.secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert digest == expected
    assert abs(int(seconds) - timezone.now().timestamp()) < 60
    assert (delivery.status, delivery.attempts, delivery.next_at, delivery.error) == (200, 1, None, "")
    assert not deliver_next()


def test_events_nobody_wants_are_not_put_down(ada: Membership, listener: Listener) -> None:
    create_webhook(member=ada, url=listener.url, events=["article.done"])
    submit(ada)
    assert not WebhookDelivery.objects.exists()


def test_what_fails_is_tried_again_later_and_later_and_then_given_up(ada: Membership, listener: Listener) -> None:
    listener.status = 500
    hook = create_webhook(member=ada, url=listener.url, events=["article.done"])
    delivery = send_ping(member=ada, webhook_id=hook.pk)
    pauses = []
    while deliver_next():
        delivery.refresh_from_db()
        if delivery.next_at:
            pauses.append(round((delivery.next_at - timezone.now()) / timedelta(minutes=1)))
            assert not deliver_next()
            WebhookDelivery.objects.update(next_at=timezone.now())
    assert pauses == [pause // timedelta(minutes=1) for pause in PAUSES]
    assert (delivery.status, delivery.attempts, delivery.next_at) == (500, len(PAUSES) + 1, None)


def test_a_redirection_is_not_followed(ada: Membership, listener: Listener) -> None:
    listener.status, listener.location = 307, listener.url
    send_ping(member=ada, webhook_id=create_webhook(member=ada, url=listener.url, events=["article.done"]).pk)
    deliver_next()
    assert len(listener.got) == 1
    assert WebhookDelivery.objects.get().status == 307


def test_an_address_that_is_not_public_is_not_called(ada: Membership, listener: Listener, settings: Any) -> None:
    hook = create_webhook(member=ada, url=listener.url, events=["article.done"])
    settings.WEBHOOKS_MAY_REACH = []
    Webhook.objects.update(url=listener.url.replace("http:", "https:"))
    send_ping(member=ada, webhook_id=hook.pk)
    deliver_next()
    assert listener.got == []
    assert WebhookDelivery.objects.get().error == "The name stands for an address that is not public."


def test_the_address_that_was_looked_at_is_the_one_that_is_called(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that stands for something else at the second look (DNS rebinding) is looked up once only."""
    looked = []

    def once(host: str, port: int, *_more: Any, **_options: Any) -> list[Any]:
        looked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr("annotations.services.calls.socket.getaddrinfo", once)

    url = f"http://rebinding.example:{listener.server_port}/"
    assert post(url, body=b"{}", headers={}, allowed=[ip_network("127.0.0.0/8")]) == 200
    assert [name for name in looked if name == "rebinding.example"] == ["rebinding.example"]
    assert listener.got[0][0]["Host"].startswith("rebinding.example")


def test_nobody_who_answers_is_a_sentence() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(CallFailed, match="did not answer"):
        post(f"http://127.0.0.1:{port}/", body=b"", headers={}, allowed=[ip_network("127.0.0.0/8")])


def test_the_worker_sends_what_is_due(ada: Membership, listener: Listener) -> None:
    hook = create_webhook(member=ada, url=listener.url, events=["article.done"])
    send_ping(member=ada, webhook_id=hook.pk)
    call_command("work", once=True)
    assert json.loads(listener.got[0][1])["event"] == "ping"


def test_switched_off_nothing_is_made_and_nothing_sent(ada: Membership, settings: Any) -> None:
    assert settings.WEBHOOKS is False
    with pytest.raises(StateRefused, match="switched off"):
        create_webhook(member=ada, url="https://a.example/", events=["article.done"])
    submit(ada)
    assert not deliver_next()


def test_only_managers_and_only_addresses_and_events_that_are_some(ada: Membership, settings: Any) -> None:
    settings.WEBHOOKS = True
    ben = Membership.objects.select_related("project", "user").get(user__username="ben")
    with pytest.raises(NotAllowed):
        create_webhook(member=ben, url="https://a.example/", events=["article.done"])
    for url, events in (
        ("http://a.example/", ["article.done"]),
        ("https://", ["article.done"]),
        ("https://192.168.0.7/", ["article.done"]),
        ("https://a.example/", ["nothing"]),
        ("https://a.example/", []),
    ):
        with pytest.raises(InvalidData):
            create_webhook(member=ada, url=url, events=events)
    create_webhook(member=ada, url="https://a.example/", events=["article.done"])
    with pytest.raises(StateRefused, match="told already"):
        create_webhook(member=ada, url="https://a.example/", events=["article.done"])
