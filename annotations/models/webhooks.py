"""Webhooks: other programs are told what happened in a project, by a signed request; every attempt is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from annotations.domain.identifiers import uuid7
from annotations.models.projects import Project


class Webhook(models.Model):
    """An address that is told of some kinds of event. The secret signs, so it is kept as it is, and shown once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=2_000)
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="webhook_once_per_address", fields=["project", "url"])]


class WebhookDelivery(models.Model):
    """One event for one webhook. `next_at` is when it is tried (again); null: delivered, or given up."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event = models.CharField(max_length=40)
    payload = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            # the worker: what is due
            models.Index(name="delivery_due", fields=["next_at"], condition=Q(next_at__isnull=False)),
            # the latest of a webhook
            models.Index(F("webhook"), F("id").desc(), name="delivery_of_webhook"),
        ]
