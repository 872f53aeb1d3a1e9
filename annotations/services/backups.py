"""Backups on a schedule: the worker has them made, proven, thinned out and copied, as the operator set it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.domain.errors import StateRefused
from annotations.models import Backup, Job, JobState
from annotations.selectors.backups import KIND, last_backup
from annotations.services.jobs import Interrupted, Progress, enqueue_job

_AGAIN_AFTER: Final = timedelta(hours=1)  # a failure
_LOCK: Final = 7_398_150_442  # the advisory lock of the schedule; any number that nobody else uses


def record_backup(
    *, name: str, made_at: datetime, verified_at: datetime, size: int, sha256: str, said: str, is_copied: bool
) -> Backup:
    """Keep that a backup was proven, however it was begun."""
    return Backup.objects.create(
        name=name, made_at=made_at, verified_at=verified_at, size=size, sha256=sha256, said=said, is_copied=is_copied
    )


@transaction.atomic
def request_backup_when_due() -> Job | None:
    """Put a backup down for the worker when a folder is set, the last one is old enough, and none is on its way.

    Several workers may ask at once; one of them gets the job.
    """
    if not settings.BACKUP_FOLDER:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    now = timezone.now()
    last = last_backup()
    if last is not None and now - last.verified_at < timedelta(hours=settings.BACKUP_HOURS):
        return None
    jobs = Job.objects.filter(kind=KIND)
    if jobs.filter(state__in=(JobState.WAITING, JobState.RUNNING)).exists():
        return None
    if jobs.filter(created_at__gt=now - _AGAIN_AFTER).exclude(state=JobState.DONE).exists():
        return None
    return enqueue_job(kind=KIND, project=None, by=None)


def make_backup(job: Job, progress: Progress) -> Mapping[str, Any]:  # noqa: ARG001 - a handler's signature
    """The worker's part: the command in a process of its own, which cleans up behind itself when it is stopped.

    Raises:
        StateRefused: it could not be made or proven; says why.
    """
    command = [sys.executable, str(settings.ROOT / "manage.py"), "backup", settings.BACKUP_FOLDER, "--check"]
    command += ["--keep", str(settings.BACKUP_KEEP)]
    if settings.BACKUP_COPY:
        command += ["--copy", settings.BACKUP_COPY]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        while True:
            progress(0, 1)
            try:
                said, complaint = process.communicate(timeout=1)
                break
            except subprocess.TimeoutExpired:
                continue
    except Interrupted:
        process.terminate()
        process.communicate()
        raise
    if process.returncode:
        lines = complaint.strip().splitlines()
        raise StateRefused(lines[-1] if lines else _("The backup ended without a word."))
    lines = said.splitlines()
    damaged = [line.removeprefix("DAMAGED ") for line in lines if line.startswith("DAMAGED ")]
    return {"said": lines[0] if lines else "", "damaged": damaged}
