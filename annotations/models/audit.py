"""Who did what when: a log of what people and their programs do to projects, members, exports, decisions, accounts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F

from annotations.domain.identifiers import uuid7
from annotations.models.projects import Project


class AuditEntry(models.Model):
    """One deed, written in the transaction that did it; append-only (a trigger sees to it).

    People are named by their accounts, so that an account which loses its name loses it here, too. `object` is what it
    was done to, when that is no person: a key, a number, an id. `details` is JSON without any text of articles.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    object = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)
    # The token of the program that did it, and the request's id in the log; null and empty for commands.
    token = models.UUIDField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            # the page of a project, and that of all, newest first
            models.Index(F("project"), F("at").desc(), F("id").desc(), name="audit_of_project"),
            models.Index(F("at").desc(), F("id").desc(), name="audit_of_all"),
        ]
