"""Backups that were made and proven; the files lie where the operator wants them."""

from __future__ import annotations

from django.db import models

from annotations.domain.identifiers import uuid7


class Backup(models.Model):
    """A dump that was restored beside and verified there. `size` is in bytes, `said` what `verify` counted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    verified_at = models.DateTimeField(db_index=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    said = models.TextField()
    # Whether another copy lies in the folder for copies (BACKUP_COPY).
    is_copied = models.BooleanField(default=False)
