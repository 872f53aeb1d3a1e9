"""Files on their way to an import by the worker: kept in the database until it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import InvalidData, StateRefused, TooLarge
from annotations.formats import ReadOptions, detect_file
from annotations.models import Job, JobChunk, JobState, Membership
from annotations.selectors.imports import CHUNK, import_of
from annotations.services.imports import KIND, accepts_corrections, check_format

MAX_FILES: Final = 1_000
MAX_TOTAL: Final = 512 * 2**20
"""Bytes of all files of one import, as they are sent (packed, if they are)."""
_FORGOTTEN_AFTER: Final = timedelta(hours=24)
_UNDER_WAY: Final = (JobState.DRAFT, JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How the files of an import are read; the first five as in `ReadOptions`.

    `labels` and `relation_labels` say what the files' labels are in the project (empty: leave such spans, such
    relations out), `columns` what the columns of tables are.
    """

    kind: str = ""
    annotator: str = ""
    offsets: str = "auto"
    newlines: str = "auto"
    strict: bool = False
    corrections: str = "refuse"
    labels: Mapping[str, str] = field(default_factory=dict)
    relation_labels: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    def for_file(self, name: str) -> ReadOptions:
        """What the reader of a file is told."""
        return ReadOptions(
            name=name,
            kind=self.kind,
            annotator=self.annotator,
            offsets=self.offsets,
            newlines=self.newlines,
            columns=self.columns,
        )


def upload_files(*, member: Membership, files: Iterable[tuple[str, str, BinaryIO]]) -> Job:
    """Keep files (name, format or empty, content that can seek) for an import that is still to be started.

    Raises:
        NotAllowed: not a manager.
        InvalidData: no file, too many, or a format that is none.
        TooLarge: more than `MAX_TOTAL`.
    """
    policies.check_can_manage(member)
    _forget_old(member)
    with transaction.atomic():
        job = Job.objects.create(kind=KIND, project=member.project, by=member.user, state=JobState.DRAFT)
        kept: list[dict[str, Any]] = []
        total = 0
        for number, (name, key, stream) in enumerate(files):
            if number >= MAX_FILES:
                raise InvalidData(_("At most %(n)d files at once; put them into a zip archive.") % {"n": MAX_FILES})
            if key:
                check_format(key)
            size = _keep(job, number, stream, left=MAX_TOTAL - total)
            total += size
            stream.seek(0)
            kept.append({"name": _plain(name), "size": size, "format": key or detect_file(stream, name)})
        if not kept:
            raise InvalidData(_("There is no file."))
        job.arguments = {"files": kept, "options": asdict(ImportOptions())}
        job.total = max(1, total // 1024)
        job.save(update_fields=["arguments", "total"])
    return job


def prepare_import(*, member: Membership, job_id: UUID, options: ImportOptions, formats: Mapping[int, str]) -> Job:
    """Say how the files are to be read; `formats` by the number of a file.

    Raises:
        NotFound, NotAllowed: no such import, or not a manager.
        StateRefused: it was started.
        InvalidData: an option or a format that is none.
    """
    import_of(member, job_id)
    options.for_file("")  # tells what is wrong
    accepts_corrections(options.corrections)
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).get(pk=job_id)
        if job.state != JobState.DRAFT:
            raise StateRefused(_("This import was started already."))
        files = job.arguments["files"]
        for number, key in formats.items():
            check_format(key)
            if 0 <= number < len(files):
                files[number]["format"] = key
        job.arguments["options"] = asdict(options)
        job.save(update_fields=["arguments"])
    return job


def start_import(*, member: Membership, job_id: UUID) -> Job:
    """Hand a prepared import to the worker; one that was started is the answer as it is.

    Raises:
        NotFound, NotAllowed: no such import, or not a manager.
    """
    import_of(member, job_id)
    Job.objects.filter(pk=job_id, state=JobState.DRAFT).update(state=JobState.WAITING, created_at=timezone.now())
    return Job.objects.get(pk=job_id)


def stop_import(*, member: Membership, job_id: UUID) -> Job | None:
    """Throw a prepared import away (then None); one that waits or runs ends, and what it brought so far stays.

    Raises:
        NotFound, NotAllowed: no such import, or not a manager.
        StateRefused: it has ended already.
    """
    import_of(member, job_id)
    with transaction.atomic():
        job = Job.objects.select_for_update(of=("self",)).get(pk=job_id)
        if job.state not in _UNDER_WAY:
            raise StateRefused(_("This import has ended already; it can be undone."))
        JobChunk.objects.filter(job=job).delete()
        if job.state == JobState.DRAFT:
            job.delete()
            return None
        job.state, job.finished_at = JobState.CANCELLED, timezone.now()
        job.save(update_fields=["state", "finished_at"])
    return job


def _keep(job: Job, number: int, stream: BinaryIO, *, left: int) -> int:
    size = piece_number = 0
    stream.seek(0)
    while piece := stream.read(CHUNK):
        size += len(piece)
        if size > left:
            raise TooLarge(
                _("The files are larger than %(n)d MiB; `manage.py import_documents` takes any size.")
                % {"n": MAX_TOTAL // 2**20}
            )
        JobChunk.objects.create(job=job, name=str(number), number=piece_number, content=piece)
        piece_number += 1
    return size


def _forget_old(member: Membership) -> None:
    """Files of imports that were never started, or that failed."""
    old = timezone.now() - _FORGOTTEN_AFTER
    jobs = Job.objects.filter(project=member.project_id, kind=KIND, created_at__lt=old)
    jobs.filter(state=JobState.DRAFT).delete()
    ended = jobs.filter(state__in=(JobState.FAILED, JobState.CANCELLED, JobState.DONE))
    JobChunk.objects.filter(job__in=ended).delete()


def _plain(name: str) -> str:
    """A name that can be kept and shown; folders are not."""
    tail = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter if letter.isprintable() else "_" for letter in tail)[:200] or "file"
