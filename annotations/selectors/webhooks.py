"""The webhooks of a project with what became of their last delivery."""

from __future__ import annotations

from annotations import policies
from annotations.models import Membership, Webhook, WebhookDelivery


def webhooks_of(member: Membership) -> list[tuple[Webhook, WebhookDelivery | None]]:
    """Each webhook with the newest of its deliveries, the oldest webhook first.

    Raises:
        NotAllowed: not a manager.
    """
    policies.check_can_manage(member)
    of_each = WebhookDelivery.objects.filter(webhook__project=member.project_id).order_by("webhook", "-pk")
    newest = {delivery.webhook_id: delivery for delivery in of_each.distinct("webhook")}
    found = Webhook.objects.filter(project=member.project_id).order_by("pk")
    return [(webhook, newest.get(webhook.pk)) for webhook in found]
