"""A release is a frozen state of a project's data that can be cited; its bytes are in the database and never change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.domain.identifiers import uuid7
from annotations.models.projects import Project


class Release(models.Model):
    """Named bytes with a manifest: sha256, counts, guideline version, what was asked for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="releases")
    name = models.CharField(max_length=100)
    notes = models.TextField(blank=True, max_length=20_000)
    manifest = models.JSONField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(name="release_name_once_per_project", fields=["project", "name"]),
            models.CheckConstraint(name="release_has_a_name", condition=~Q(name="")),
        ]


class ReleaseChunk(models.Model):
    """A piece of a release's archive, in order."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="chunks", db_index=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(name="release_chunk_once", fields=["release", "number"])]
