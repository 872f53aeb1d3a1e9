"""Pages of webhooks: made, tried, read and removed by a manager, where the operator allows them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import Membership, User, Webhook, WebhookDelivery
from annotations.services.webhooks import EVENTS
from annotations.web.forms.webhooks import EVENT_NAMES
from tests.factories import a_project, a_webhook, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Membership:
    the_cast(project := a_project())
    return Membership.objects.select_related("project", "user").get(project=project, role="manager")


@pytest.fixture
def ada(client: Client, manager: Membership, settings: Any) -> Client:
    settings.WEBHOOKS = True
    client.force_login(User.objects.get(username="ada"))
    return client


def address(name: str, *more: object) -> str:
    return reverse(name, args=["press", *more])


def test_each_event_has_a_name() -> None:
    assert tuple(EVENT_NAMES) == EVENTS


def test_the_secret_is_shown_in_the_answer_alone(ada: Client) -> None:
    sent = {"url": "https://hooks.example/newsapp", "events": ["article.done", "annotation_set.submitted"]}
    made = ada.post(address("webhooks"), sent)
    webhook = Webhook.objects.get()
    found = re.search(r'id="secret" value="([^"]+)"', made.content.decode())
    assert found is not None
    assert found[1] == webhook.secret
    assert "no-store" in made["Cache-Control"]
    assert webhook.events == ["annotation_set.submitted", "article.done"]
    for page in (address("webhooks"), address("webhook", webhook.pk)):
        text = ada.get(page).content.decode()
        assert webhook.secret not in text
        assert webhook.url in text


@pytest.mark.parametrize(
    ("url", "events", "sentence"),
    [
        ("http://hooks.example/", ["article.done"], "Only addresses that begin with https:// are called."),
        ("https://hooks.example/", [], "Choose at least one."),
        ("https://hooks.example/", ["article.read"], "is not one of the available choices"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(
    ada: Client, url: str, events: list[str], sentence: str
) -> None:
    answer = ada.post(address("webhooks"), {"url": url, "events": events})
    text = answer.content.decode()
    assert (answer.status_code, Webhook.objects.count()) == (400, 0)
    assert sentence in text
    assert f'value="{url}"' in text


def test_the_same_address_twice_is_said_above_the_form(ada: Client, manager: Membership) -> None:
    answer = ada.post(address("webhooks"), {"url": a_webhook(manager).url, "events": ["article.done"]})
    assert answer.status_code == 409
    assert "This address is told already." in answer.content.decode()


def test_a_ping_is_put_down_and_what_became_of_it_is_shown(ada: Client, manager: Membership) -> None:
    webhook = a_webhook(manager)
    page = ada.post(address("webhook-ping", webhook.pk), follow=True).content.decode()
    delivery = WebhookDelivery.objects.get(webhook=webhook, event="ping")
    assert "waits to be sent" in page
    WebhookDelivery.objects.filter(pk=delivery.pk).update(attempts=7, next_at=None, status=503)
    for name, more in (("webhook", [webhook.pk]), ("webhooks", [])):
        text = ada.get(address(name, *more)).content.decode()
        assert "answered with 503" in text
        assert "given up after 7 attempts" in text
    WebhookDelivery.objects.filter(pk=delivery.pk).update(error="hooks.example has no <public> address.")
    assert "hooks.example has no &lt;public&gt; address." in ada.get(address("webhooks")).content.decode()


def test_one_is_removed(ada: Client, manager: Membership) -> None:
    webhook = a_webhook(manager)
    assert ada.post(address("webhook-remove", webhook.pk)).status_code == 302
    assert not Webhook.objects.exists()
    assert ada.get(address("webhook", webhook.pk)).status_code == 404


def test_where_they_are_switched_off_the_page_says_so_and_removes_only(
    ada: Client, manager: Membership, settings: Any
) -> None:
    settings.WEBHOOKS = False
    webhook = a_webhook(manager)
    text = ada.get(address("webhooks")).content.decode()
    assert "WEBHOOKS=1" in text
    assert "Add the webhook" not in text
    assert address("webhook-ping", webhook.pk) not in text
    answer = ada.post(address("webhooks"), {"url": "https://hooks.example/two", "events": ["article.done"]})
    assert answer.status_code == 409
    assert "Webhooks are switched off on this server" in answer.content.decode()
    assert ada.post(address("webhook-remove", webhook.pk)).status_code == 302
