"""Backups on a schedule: due, made by the worker, proven, thinned out, copied; a damaged one is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from annotations.models import Backup, Job, JobState, Project
from annotations.selectors.backups import backup_state
from annotations.services.backups import make_backup, record_backup, request_backup_when_due
from annotations.services.jobs import do_next_job
from tests.factories import a_member, a_project

pytestmark = pytest.mark.django_db


def proven(*, hours_ago: int) -> Backup:
    at = timezone.now() - timedelta(hours=hours_ago)
    return record_backup(
        name="newsapp-20261124T031500Z",
        made_at=at,
        verified_at=at,
        size=2**20,
        sha256="0" * 64,
        said="",
        is_copied=False,
    )


def test_without_a_folder_there_is_no_schedule() -> None:
    assert request_backup_when_due() is None


@override_settings(BACKUP_FOLDER="/srv/backups", BACKUP_HOURS=24)
def test_a_backup_is_due_when_the_last_is_old_and_none_is_on_its_way() -> None:
    first = request_backup_when_due()
    assert first is not None
    assert (first.kind, first.project) == ("backup", None)
    assert request_backup_when_due() is None  # it waits
    Job.objects.update(state=JobState.FAILED)
    assert request_backup_when_due() is None  # it failed just now
    Job.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    assert request_backup_when_due() is not None
    Job.objects.all().delete()
    proven(hours_ago=23)
    assert request_backup_when_due() is None
    with override_settings(BACKUP_HOURS=22):
        assert request_backup_when_due() is not None


@override_settings(BACKUP_FOLDER="/dev/null/backups", BACKUP_COPY="", BACKUP_KEEP=3)
def test_one_that_cannot_be_made_is_a_failed_job_with_the_reason() -> None:
    Job.objects.create(kind="backup")
    job = do_next_job(handlers={"backup": make_backup})
    assert job is not None
    assert job.state == JobState.FAILED
    assert "could not be written to /dev/null/backups" in job.error
    assert backup_state().error == job.error


def test_a_manager_sees_the_last_verified_backup_and_red_after_48_hours() -> None:
    ada = a_member(a_project(), "ada")
    client = Client()
    client.force_login(ada)
    address = reverse("project", args=["press"])
    assert "No backup of the site was made and verified yet." in client.get(address).content.decode()
    Project.objects.update(created_at=timezone.now() - timedelta(hours=49))
    assert "more than 48 hours ago" in client.get(address).content.decode()
    proven(hours_ago=47)
    page = client.get(address).content.decode()
    assert ("Last verified backup: " in page, "more than 48 hours ago" in page) == (True, False)
    Backup.objects.update(verified_at=timezone.now() - timedelta(hours=49))
    assert "more than 48 hours ago" in client.get(address).content.decode()
    Job.objects.create(kind="backup", state=JobState.DONE, report={"damaged": ["/srv/newsapp-1"]})
    page = client.get(address).content.decode()
    assert ("is damaged" in page, "/srv/newsapp-1" in page) == (True, False)  # where it lies is the operator's
    client.force_login(a_member(ada.memberships.get().project, "ben"))
    assert "backup" not in client.get(address).content.decode()
