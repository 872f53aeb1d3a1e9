"""How the data is backed up: the last proven backup, and what went wrong since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Min
from django.utils import timezone

from annotations.models import Backup, Job, JobState, Project

KIND: Final = "backup"
_OLD: Final = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class BackupState:
    """`last` is the newest backup that was proven; `is_late` after 48 hours without one, counted from the first
    project where there never was one; `error` and `damaged` are what the last scheduled one said.
    """

    last: Backup | None
    is_late: bool
    error: str
    damaged: tuple[str, ...]


def backup_state() -> BackupState:
    """Of the whole site: one backup holds all projects."""
    last = last_backup()
    since = last.verified_at if last else Project.objects.aggregate(first=Min("created_at"))["first"]
    jobs = Job.objects.filter(kind=KIND, state__in=(JobState.DONE, JobState.FAILED)).order_by("-created_at", "-id")
    job = jobs.first()
    return BackupState(
        last=last,
        is_late=since is not None and timezone.now() - since > _OLD,
        error=job.error if job else "",
        damaged=tuple(job.report.get("damaged", ())) if job else (),
    )


def last_backup() -> Backup | None:
    """The newest that was proven."""
    return Backup.objects.order_by("-verified_at", "-id").first()
