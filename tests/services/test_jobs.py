"""Jobs are done once, taken up again when their worker dies, and end with a report or a sentence."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from annotations.domain.errors import InvalidData, StateRefused
from annotations.models import Job, JobState
from annotations.services.jobs import (
    ATTEMPTS,
    DEAD_AFTER,
    Handler,
    Interrupted,
    Progress,
    cancel_job,
    do_next_job,
    enqueue_job,
    unfinished,
)
from tests.factories import a_member, a_project

pytestmark = pytest.mark.django_db


def count_to_three(_job: Job, progress: Progress) -> Mapping[str, Any]:
    for number in range(3):
        progress(number, 3)
    progress(3, 3)
    return {"counted": 3}


HANDLERS: dict[str, Handler] = {"count": count_to_three}


def a_job(kind: str = "count", **columns: Any) -> Job:
    job = enqueue_job(kind=kind, project=None, by=None)
    Job.objects.filter(pk=job.pk).update(**columns)
    return job


def state_of(job: Job) -> tuple[str, int, int, dict[str, Any], str]:
    job.refresh_from_db()
    return (job.state, job.done, job.total, job.report, job.error)


def test_a_job_is_done_with_a_report() -> None:
    job = a_job()
    assert do_next_job(handlers=HANDLERS) == job
    assert state_of(job) == (JobState.DONE, 3, 3, {"counted": 3}, "")
    assert do_next_job(handlers=HANDLERS) is None


def test_the_oldest_comes_first() -> None:
    first, second = a_job(), a_job()
    assert [do_next_job(handlers=HANDLERS), do_next_job(handlers=HANDLERS)] == [first, second]


def test_what_is_wrong_is_said_in_a_sentence() -> None:
    def refuse(_job: Job, _progress: Progress) -> Mapping[str, Any]:
        raise InvalidData("The file is empty.")

    job = a_job("refuse")
    do_next_job(handlers={"refuse": refuse})
    assert state_of(job) == (JobState.FAILED, 0, 0, {}, "The file is empty.")


def test_an_unforeseen_error_is_no_secret_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def break_down(_job: Job, _progress: Progress) -> Mapping[str, Any]:
        raise RuntimeError("internal words")

    job = a_job("break_down")
    do_next_job(handlers={"break_down": break_down})
    assert state_of(job)[4] == "Something went wrong on the server; its log says what."
    assert "internal words" in caplog.text


def test_an_unknown_kind_fails() -> None:
    job = a_job("dance")
    do_next_job(handlers=HANDLERS)
    assert state_of(job)[4] == "This version of Newsapp does not know such jobs."


def test_the_job_of_a_dead_worker_is_taken_up_again_and_one_at_work_is_not() -> None:
    alive = a_job(state=JobState.RUNNING, attempts=1, heartbeat_at=timezone.now())
    dead = a_job(state=JobState.RUNNING, attempts=1, done=2, heartbeat_at=timezone.now() - DEAD_AFTER * 2)
    assert (do_next_job(handlers=HANDLERS), do_next_job(handlers=HANDLERS)) == (dead, None)
    assert (state_of(dead)[0], state_of(alive)[0]) == (JobState.DONE, JobState.RUNNING)


def test_a_job_that_kills_its_workers_fails_at_last() -> None:
    job = a_job(state=JobState.RUNNING, attempts=ATTEMPTS, heartbeat_at=timezone.now() - timedelta(hours=1))
    do_next_job(handlers=HANDLERS)
    assert state_of(job)[::4] == (JobState.FAILED, "The worker ended 3 times while it did this.")


def test_a_job_taken_from_a_worker_that_was_thought_dead_cannot_be_ended_by_it() -> None:
    def slow(job: Job, progress: Progress) -> Mapping[str, Any]:
        Job.objects.filter(pk=job.pk).update(attempts=2)  # another worker has it now
        progress(1, 1)
        raise AssertionError

    job = a_job("slow")
    do_next_job(handlers={"slow": slow})
    assert state_of(job)[:2] == (JobState.RUNNING, 0)


def test_a_cancelled_job_ends_at_its_next_step() -> None:
    def endless(job: Job, progress: Progress) -> Mapping[str, Any]:
        progress(1, 9)
        cancel_job(job_id=job.pk)
        progress(9, 9)
        raise AssertionError

    job = a_job("endless")
    do_next_job(handlers={"endless": endless})
    assert state_of(job) == (JobState.CANCELLED, 1, 9, {}, "")
    with pytest.raises(StateRefused):
        cancel_job(job_id=job.pk)


def test_a_worker_told_to_stop_leaves_the_job_for_the_next() -> None:
    stopping = threading.Event()

    def long(_job: Job, progress: Progress) -> Mapping[str, Any]:
        stopping.set()
        progress(1, 9)
        raise AssertionError

    job = a_job("long")
    do_next_job(handlers={"long": long}, stopping=stopping)
    assert (*state_of(job)[:2], job.attempts) == (JobState.WAITING, 0, 0)


def test_one_job_of_a_kind_is_enough_for_a_project() -> None:
    project, other = a_project(), a_project("radio")
    ada = a_member(project, "ada")
    first = enqueue_job(kind="count", project=project, by=ada, alone=True)
    again = enqueue_job(kind="count", project=project, by=ada, alone=True)
    elsewhere = enqueue_job(kind="count", project=other, by=ada, alone=True)
    assert (first == again, first == elsewhere, unfinished(project=project, kind="count")) == (True, False, first)
    do_next_job(handlers=HANDLERS)
    assert enqueue_job(kind="count", project=project, by=ada, alone=True) != first


def test_the_command_does_what_is_there() -> None:
    job = a_job("dance")
    call_command("work", "--once", stdout=StringIO())
    assert state_of(job)[0] == JobState.FAILED


def test_progress_ends_a_job_that_is_gone() -> None:
    job = a_job()
    with pytest.raises(Interrupted):
        Progress(job, threading.Event())(1, 1)
