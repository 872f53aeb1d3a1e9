"""Jobs as those see them who may: one's own, and all of a project for its reviewers and managers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations import policies
from annotations.domain.errors import NotFound
from annotations.models import Job, JobState, Membership

KIND_NAMES: Final = {
    "agreement": gettext_lazy("Agreement"),
    "gamma": gettext_lazy("Gamma"),
    "import": gettext_lazy("Import"),
    "release": gettext_lazy("Release"),
}
_PATIENCE: Final = timedelta(seconds=30)


def jobs_visible_to(member: Membership) -> QuerySet[Job]:
    """The project's jobs, newest first; for those who may not review, their own."""
    jobs = Job.objects.filter(project=member.project_id).select_related("by").order_by("-created_at", "-id")
    # Nobody asked for what learns, and an import that is being prepared has not been asked for yet.
    jobs = jobs.exclude(kind="dictionary").exclude(state=JobState.DRAFT)
    return jobs if policies.can_review(member) else jobs.filter(by=member.user_id)


def job_of(member: Membership, job_id: UUID) -> Job:
    """One of them.

    Raises:
        NotFound: no such job, or one the person may not see.
    """
    job = jobs_visible_to(member).filter(pk=job_id).first()
    if job is None:
        raise NotFound(_("There is no such job."))
    return job


def is_at_work(job: Job) -> bool:
    """Whether it waits or runs."""
    return job.state in {JobState.WAITING, JobState.RUNNING}


def is_forgotten(job: Job) -> bool:
    """Whether it waits although no worker is busy with another: perhaps none runs."""
    if job.state != JobState.WAITING or job.created_at > timezone.now() - _PATIENCE:
        return False
    return not Job.objects.filter(state=JobState.RUNNING, heartbeat_at__gt=timezone.now() - _PATIENCE).exists()


def job_json(job: Job) -> dict[str, Any]:
    """The wire form; the report of agreement, which has an address of its own, is left out."""
    return {
        "id": str(job.pk),
        "kind": job.kind,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "report": {} if job.kind == "agreement" else job.report,
        "error": job.error,
        "by": job.by.username if job.by else None,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }
