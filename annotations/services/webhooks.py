"""Tell other programs what happened: events are put down with what they tell of, and sent by the worker.

The body is JSON, signed: `Newsapp-Signature: t=SECONDS,v1=HEX`, an HMAC-SHA256 of `SECONDS.BODY` by the webhook's
secret. Nothing of a text or a span is in it, only ids: who wants more asks the API, with the rights of a token.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.addresses import addresses_said, check_reachable, target_of
from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused
from annotations.models import Membership, Webhook, WebhookDelivery
from annotations.services import audit
from annotations.services.calls import CallFailed, post

EVENTS: Final = (
    "annotation_set.submitted",
    "annotation_set.returned",
    "annotation_set.reopened",
    "article.done",
    "article.reopened",
)
PING: Final = "ping"
MOST: Final = 10
"""Webhooks of a project."""
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720))
"""Between an attempt that failed and the next one; after the last it is given up."""
_AT_WORK: Final = timedelta(minutes=2)
_KEPT: Final = timedelta(days=30)


def create_webhook(*, member: Membership, url: str, events: Sequence[str]) -> Webhook:
    """Have an address told of these kinds of event; its secret is answered here and never again.

    Raises:
        NotAllowed, StateRefused: not by this person, not on this server, or too many.
        InvalidData: an address that is not called, an event that is none.
    """
    policies.check_can_manage(member)
    _check_switched_on()
    try:
        target = target_of(url)
        if said := addresses_said(target):  # a name is looked up by the worker, each time it calls
            check_reachable(said, scheme=target.scheme, allowed=settings.WEBHOOKS_MAY_REACH)
    except InvalidData as error:
        raise InvalidData(error.detail, [FieldError("url", error.detail)]) from None
    if target.scheme != "https" and not settings.WEBHOOKS_MAY_REACH:
        detail = _("Only addresses that begin with https:// are called.")
        raise InvalidData(detail, [FieldError("url", detail)])
    if not events or not set(events) <= set(EVENTS):
        detail = _("Events are: %(names)s.") % {"names": ", ".join(EVENTS)}
        raise InvalidData(detail, [FieldError("events", detail)])
    if Webhook.objects.filter(project=member.project).count() >= MOST:
        raise StateRefused(_("A project has at most %(n)d webhooks.") % {"n": MOST})
    try:
        with transaction.atomic():
            audit.record("webhook.created", actor=member.user, project=member.project, object=url, events=list(events))
            return Webhook.objects.create(
                project=member.project,
                url=url,
                events=[event for event in EVENTS if event in events],
                secret=secrets.token_urlsafe(32),
                created_by=member.user,
            )
    except IntegrityError:
        raise StateRefused(_("This address is told already.")) from None


def webhook_of(member: Membership, webhook_id: UUID) -> Webhook:
    """One of the project's.

    Raises:
        NotAllowed, NotFound: not for this person, or none.
    """
    policies.check_can_manage(member)
    found = Webhook.objects.filter(project=member.project_id, pk=webhook_id).first()
    if found is None:
        raise NotFound(_("There is no such webhook."))
    return found


def delete_webhook(*, member: Membership, webhook_id: UUID) -> None:
    """Tell the address nothing any more; what was told is forgotten."""
    webhook = webhook_of(member, webhook_id)
    with transaction.atomic():
        audit.record("webhook.deleted", actor=member.user, project=member.project, object=webhook.url)
        webhook.delete()


def send_ping(*, member: Membership, webhook_id: UUID) -> WebhookDelivery:
    """Send an event that tells nothing, to see whether it arrives."""
    webhook = webhook_of(member, webhook_id)
    _check_switched_on()
    return _put_down(webhook, PING, {})


def announce(event: str, *, project: UUID, **ids: Any) -> None:
    """Put an event down for the webhooks that want it, in the transaction of what it tells of."""
    if not settings.WEBHOOKS:
        return
    for webhook in Webhook.objects.select_related("project").filter(project=project, events__contains=[event]):
        _put_down(webhook, event, {name: str(value) for name, value in ids.items()})


def deliver_next() -> bool:
    """Send what is due longest; whether there was something."""
    if not settings.WEBHOOKS:
        return False
    now = timezone.now()
    with transaction.atomic():
        due = WebhookDelivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related("webhook")
        delivery = due.filter(next_at__lte=now, webhook__project__binned_at=None).order_by("next_at", "id").first()
        if delivery is None:
            return False
        delivery.attempts += 1
        delivery.next_at = now + _AT_WORK  # when the worker dies meanwhile, it is due again
        delivery.save(update_fields=["attempts", "next_at"])
    _send(delivery)
    return True


def signature(secret: str, body: bytes, at: int) -> str:
    """The value of the header `Newsapp-Signature`; `at` is in seconds since 1970."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _put_down(webhook: Webhook, event: str, ids: dict[str, str]) -> WebhookDelivery:
    now = timezone.now()
    delivery = WebhookDelivery(webhook=webhook, event=event, next_at=now)
    delivery.payload = {
        "id": str(delivery.pk), "event": event, "project": webhook.project.slug, "at": now.isoformat(), **ids,
    }  # fmt: skip
    delivery.save()
    return delivery


def _send(delivery: WebhookDelivery) -> None:
    body = orjson.dumps(delivery.payload)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Newsapp-Webhook/1",
        "Newsapp-Delivery": str(delivery.pk),
        "Newsapp-Event": delivery.event,
        "Newsapp-Signature": signature(delivery.webhook.secret, body, int(time.time())),
    }
    status, problem = None, ""
    try:
        allowed = settings.WEBHOOKS_MAY_REACH
        status = post(delivery.webhook.url, body=body, headers=headers, allowed=allowed)
    except CallFailed as error:
        problem = str(error)[:500]
    now = timezone.now()
    arrived = status is not None and 200 <= status < 300
    again = delivery.attempts <= len(PAUSES) and not arrived
    WebhookDelivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts).update(
        status=status,
        error=problem,
        delivered_at=now if arrived else None,
        next_at=now + PAUSES[delivery.attempts - 1] if again else None,
    )
    WebhookDelivery.objects.filter(
        webhook=delivery.webhook_id, next_at__isnull=True, created_at__lt=now - _KEPT
    ).delete()


def _check_switched_on() -> None:
    if not settings.WEBHOOKS:
        raise StateRefused(_("Webhooks are switched off on this server; its operator can set WEBHOOKS."))
