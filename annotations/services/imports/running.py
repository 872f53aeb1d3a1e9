"""The worker's part of an import: batch after batch, each in a transaction of its own, so that progress is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.documents import Document
from annotations.domain.errors import StateRefused
from annotations.formats import READERS, Item
from annotations.models import Job, JobChunk, JobState, Project, User
from annotations.selectors.imports import stored_file
from annotations.services import audit
from annotations.services.imports.mapping import mapped
from annotations.services.imports.reports import ImportReport
from annotations.services.imports.storing import Intake, batches
from annotations.services.imports.uploads import ImportOptions
from annotations.services.jobs import Interrupted, Progress

_COUNTED: Final = """
SELECT count(DISTINCT i.article_id) FILTER (WHERE i.before IS NULL),
       count(DISTINCT i.article_id) FILTER (WHERE i.before ? 'columns'),
       count(DISTINCT i.article_id) FILTER (WHERE i.before ? 'version_of'),
       (SELECT count(*) FROM annotations_span p JOIN annotations_change c
            ON c.annotation_set_id = p.annotation_set_id AND c.revision = 1 AND c.batch = %(job)s
         WHERE p.revision = 1 AND p.annotation_set_id IN (SELECT s.id FROM annotations_annotationset s
           JOIN annotations_importedarticle j ON j.article_id = s.article_id AND j.job_id = %(job)s)),
       (SELECT count(*) FROM annotations_relation p JOIN annotations_change c
            ON c.annotation_set_id = p.annotation_set_id AND c.revision = 1 AND c.batch = %(job)s
         WHERE p.revision = 1 AND p.annotation_set_id IN (SELECT s.id FROM annotations_annotationset s
           JOIN annotations_importedarticle j ON j.article_id = s.article_id AND j.job_id = %(job)s))
  FROM annotations_importedarticle i WHERE i.job_id = %(job)s
"""


def run_import(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Store what is new in the files of a job; after a worker died, the next one finds what was stored and goes on."""
    actor, project = _who_and_where(job)
    policies.check_can_manage(policies.check_member(user=actor, slug=project.slug))
    if job.attempts > 1 and job.report:
        report_of_before: Mapping[str, Any] = job.report
        return report_of_before  # an earlier worker died after its last step
    options = ImportOptions(**job.arguments["options"])
    report = ImportReport(id=str(job.pk))
    done = 0
    for number, file in enumerate(job.arguments["files"]):
        report.file = file["name"]
        with stored_file(job, number) as stream:
            read = READERS[file["format"]](stream, options.for_file(file["name"]))
            for batch in batches(mapped(read, options.labels, options.relation_labels), report):
                progress((done + min(stream.tell(), file["size"])) // 1024, job.total)
                _store(job, actor, batch, report, options)
        done += file["size"]
    if job.attempts > 1:
        _count_again(job, report)
    progress(job.total, job.total)
    with transaction.atomic():
        JobChunk.objects.filter(job=job).delete()
        Job.objects.filter(pk=job.pk).update(report=report.as_json())
        audit.record("articles.imported", actor=actor, project=project, **report.counts)
    return report.as_json()


def _who_and_where(job: Job) -> tuple[User, Project]:
    if job.by is None or job.project is None:
        raise StateRefused(_("An import needs a manager and a project."))
    return job.by, job.project


def _store(
    job: Job, actor: User, batch: Sequence[tuple[Item, Document]], report: ImportReport, options: ImportOptions
) -> None:
    try:
        with transaction.atomic():
            project = Project.objects.select_for_update(no_key=True).get(jobs=job.pk)
            # Who undoes or stops the import waits for this batch.
            if not Job.objects.select_for_update().filter(pk=job.pk, state=JobState.RUNNING).exists():
                raise Interrupted
            intake = Intake(
                project=project,
                job=job,
                author=actor.pk,
                report=report,
                strict=options.strict,
                corrections=options.corrections == "accept",
            )
            intake.store(batch)
    except IntegrityError as error:
        raise StateRefused(
            _("Somebody changed the same articles at the same time. Undo what was imported so far, and import again.")
        ) from error


def _count_again(job: Job, report: ImportReport) -> None:
    """What an earlier worker stored was skipped this time, and counts as what it was."""
    seen = report.created + report.updated + report.corrected + report.skipped
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"job": job.pk})
        ((report.created, report.updated, report.corrected, report.spans, report.relations),) = cursor.fetchall()
    report.skipped = max(0, seen - report.created - report.updated - report.corrected)
