"""Jobs: what runs longer than a request is put down here, and done by the worker (`manage.py work`).

A job is done at least once: when its worker dies, the next one takes it up again from the start. So a handler writes
in transactions of its own, and doing it twice must give the same as once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import Error, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from annotations.domain.errors import NewsappError, StateRefused
from annotations.models import Heartbeat, Job, JobState, Project, User

HEARTBEAT: Final = 3.0
"""Seconds between two signs of life of a worker at work."""
DEAD_AFTER: Final = timedelta(seconds=20)
ATTEMPTS: Final = 3
_LEAST_PAUSE: Final = 0.25

logger = logging.getLogger("annotations.jobs")

type Handler = Callable[[Job, "Progress"], Mapping[str, Any]]
"""Does a job, says how far it is, and returns its report (JSON)."""


class Interrupted(Exception):
    """The job is no longer this worker's: it was cancelled, or the worker is told to stop."""


class Progress:
    """How far a job is; every call is also where a cancelled job ends, so call it often (it writes seldom)."""

    def __init__(self, job: Job, stopping: threading.Event) -> None:
        self._job, self._stopping, self._written_at = job, stopping, 0.0

    def __call__(self, done: int, total: int) -> None:
        """Tell that `done` of `total` pieces are done.

        Raises:
            Interrupted: the job is to end here.
        """
        now = time.monotonic()
        if now - self._written_at < _LEAST_PAUSE and done < total and not self._stopping.is_set():
            return
        self._written_at = now
        if self._stopping.is_set() or not _still(self._job).update(done=done, total=total, heartbeat_at=timezone.now()):
            raise Interrupted


def enqueue_job(
    *,
    kind: str,
    project: Project | None,
    by: User | None,
    arguments: Mapping[str, Any] | None = None,
    alone: bool = False,
) -> Job:
    """Put a job down for the worker; `kind` is one of `job_kinds.HANDLERS`, `arguments` are JSON.

    `alone`: while a job of this kind waits or runs in the project, that one is the answer.
    """
    with transaction.atomic():
        if alone and project is not None:
            Project.objects.select_for_update(no_key=True).only("pk").get(pk=project.pk)
            there = unfinished(project=project, kind=kind)
            if there is not None:
                return there
        return Job.objects.create(kind=kind, project=project, by=by, arguments=dict(arguments or {}))


def unfinished(*, project: Project, kind: str) -> Job | None:
    """The job of this kind that waits or runs in the project."""
    states = (JobState.WAITING, JobState.RUNNING)
    return Job.objects.filter(project=project, kind=kind, state__in=states).order_by("created_at", "id").first()


def cancel_job(*, job_id: UUID) -> Job:
    """End a job that waits or runs; a running one ends at its next step, and what it has done so far stays.

    Raises:
        StateRefused: it has ended already.
    """
    ended = Job.objects.filter(pk=job_id, state__in=[JobState.WAITING, JobState.RUNNING]).update(
        state=JobState.CANCELLED, finished_at=timezone.now()
    )
    if not ended:
        raise StateRefused(_("This job has ended already."))
    return Job.objects.get(pk=job_id)


def show_worker_alive() -> None:
    """A worker's sign of life; `selectors.operating.worker_seen` looks for it."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


def do_next_job(*, handlers: Mapping[str, Handler], stopping: threading.Event | None = None) -> Job | None:
    """Take the oldest job that waits, or that a dead worker left, and do it; None where there is nothing to do."""
    job = _taken()
    if job is None:
        return None
    with _alive(job), translation.override(job.language):
        _do(job, handlers, stopping or threading.Event())
    job.refresh_from_db()
    return job


def _taken() -> Job | None:
    """The job, marked as running."""
    with transaction.atomic():
        left = Q(state=JobState.RUNNING, heartbeat_at__lt=timezone.now() - DEAD_AFTER)
        jobs = Job.objects.select_for_update(skip_locked=True, of=("self",)).order_by("created_at", "id")
        job = jobs.filter(Q(state=JobState.WAITING) | left, project__binned_at=None).first()
        if job is None:
            return None
        now = timezone.now()
        job.state, job.attempts = JobState.RUNNING, job.attempts + 1
        job.started_at, job.heartbeat_at, job.done = job.started_at or now, now, 0
        job.save(update_fields=["state", "attempts", "started_at", "heartbeat_at", "done"])
    return job


def _do(job: Job, handlers: Mapping[str, Handler], stopping: threading.Event) -> None:
    """Do it; one that killed its workers again and again has failed."""
    if job.attempts > ATTEMPTS:
        _end(job, JobState.FAILED, error=_("The worker ended %(n)d times while it did this.") % {"n": ATTEMPTS})
        return
    try:
        handler = handlers[job.kind]
    except KeyError:
        _end(job, JobState.FAILED, error=_("This version of Newsapp does not know such jobs."))
        return
    try:
        report = handler(job, Progress(job, stopping))
    except Interrupted:
        # Told to stop: it is there for the next worker at once, and this attempt does not count.
        _still(job).update(state=JobState.WAITING, attempts=F("attempts") - 1, done=0)
    except NewsappError as error:
        _end(job, JobState.FAILED, error=error.detail)
    except (OperationalError, InterfaceError):
        raise  # the database went away: the job stays as one of a dead worker, and is taken up again
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job.kind)
        _end(job, JobState.FAILED, error=_("Something went wrong on the server; its log says what."))
    else:
        _end(job, JobState.DONE, report=dict(report))


def _end(job: Job, state: JobState, **values: Any) -> None:
    _still(job).update(state=state, finished_at=timezone.now(), **values)


def _still(job: Job) -> Any:
    """The job's row, as long as it is this worker's: not cancelled, not taken up by another."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


@contextmanager
def _alive(job: Job) -> Iterator[None]:
    """Signs of life from a thread of its own, while the handler computes."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(HEARTBEAT):
            with suppress(Error):
                _still(job).update(heartbeat_at=timezone.now())
            connection.close()

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
