"""What runs longer than a request: its state, its progress and its report."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7
from annotations.models.projects import Project


class JobState(models.TextChoices):
    """Where a job stands."""

    DRAFT = "draft", _("Being prepared")
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Job(models.Model):
    """One piece of work for the worker. `heartbeat_at` tells a running job from one whose worker died.

    `language` is that of who asked: the sentences of the report and the error are written in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, null=True, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=40)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    language = models.CharField(max_length=10, default=get_language, db_default="en")
    attempts = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.CheckConstraint(name="job_state_known", condition=Q(state__in=JobState.values))]
        indexes = [
            # the worker: the next to do
            models.Index(
                name="job_to_do",
                fields=["created_at", "id"],
                condition=Q(state__in=["waiting", "running"]),
            ),
            # the latest of a kind
            models.Index(F("project"), F("kind"), F("created_at").desc(), name="job_of_project"),
        ]


class JobChunk(models.Model):
    """A piece of a file that a job reads or has written; in the database, so that every machine and backup has it."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    name = models.CharField(max_length=200)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="job_chunk_once", fields=["job", "name", "number"])]


class Heartbeat(models.Model):
    """The last sign of life of something that runs beside the web server."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()


class ArticleAgreement(models.Model):
    """What one article adds to the measures of agreement; good while `fingerprint` fits its submitted sets."""

    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    payload = models.JSONField()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="agreement_once_per_article", fields=["article", "kind"])]


class ImportedArticle(models.Model):
    """An article that an import brought (`before` is null) or changed (what it was before): what undoing it needs."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="imported", db_index=False)
    article = models.ForeignKey("Article", on_delete=models.CASCADE, related_name="imports")
    before = models.JSONField(null=True)

    class Meta:
        indexes = [
            # undoing an import, and what it brought
            models.Index(name="imported_by_job", fields=["job", "article"])
        ]
