"""What whoever operates the site watches: the database, the worker, the queue, leases, jobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

from django.db import ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Count, Min, Q
from django.utils import timezone

from annotations.models import AnnotationSet, Article, Heartbeat, Job, JobState, SetState

_WORKER_LATE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number of now: `values` are (values of the labels, number), `meaning` is English."""

    name: str
    meaning: str
    values: Sequence[tuple[tuple[str, ...], float]]
    labels: tuple[str, ...] = ()


def has_all_migrations() -> bool:
    """Whether the tables have the form this version wants (or a later one's).

    Raises:
        django.db.Error: the database does not answer.
    """
    with connection.cursor() as cursor:
        try:
            cursor.execute("SELECT app, name FROM django_migrations")
        except ProgrammingError:  # nothing was migrated yet
            return False
        return _wanted() <= {(app, name) for app, name in cursor.fetchall()}


@cache
def _wanted() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations or ())


def worker_seen() -> bool:
    """Whether a worker gave a sign of life in the last half minute: by itself, or in a job it does."""
    since = timezone.now() - _WORKER_LATE
    return (
        Heartbeat.objects.filter(name="worker", at__gte=since).exists()
        or Job.objects.filter(state=JobState.RUNNING, heartbeat_at__gte=since).exists()
    )


def gauges() -> list[Gauge]:
    """All of them, by a handful of counts over partial indexes.

    Raises:
        django.db.Error: the database does not answer.
    """
    now = timezone.now()
    queue = Article.objects.filter(open_slots__gt=0).values_list("project__slug").annotate(number=Count("pk"))
    leases = AnnotationSet.objects.filter(state=SetState.IN_PROGRESS, lease_expires_at__isnull=False).aggregate(
        held=Count("pk", filter=Q(lease_expires_at__gte=now)), expired=Count("pk", filter=Q(lease_expires_at__lt=now))
    )
    jobs = dict.fromkeys(JobState.values, 0) | dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    waiting = Job.objects.filter(state=JobState.WAITING).aggregate(oldest=Min("created_at"))["oldest"]
    sign = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    return [
        Gauge(
            "newsapp_queue_articles",
            "Articles that still need an annotator.",
            [((slug,), number) for slug, number in queue.order_by("project__slug")],
            ("project",),
        ),
        Gauge(
            "newsapp_leases",
            "Claims in progress whose lease is held, or has run out.",
            [((state,), number) for state, number in leases.items()],
            ("state",),
        ),
        Gauge("newsapp_jobs", "Jobs by state.", [((state,), number) for state, number in jobs.items()], ("state",)),
        Gauge(
            "newsapp_job_waiting_seconds",
            "How long the oldest job has been waiting.",
            [((), (now - waiting).total_seconds() if waiting else 0)],
        ),
        Gauge(
            "newsapp_worker_seen_timestamp_seconds",
            "When a worker last gave a sign of life.",
            [((), sign.timestamp() if sign else 0)],
        ),
    ]
