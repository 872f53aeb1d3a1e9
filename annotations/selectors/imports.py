"""Imports as managers see them: what was brought in when, what became of it, and whether it can be undone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, Final, cast
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from annotations import policies
from annotations.domain.errors import NotFound
from annotations.formats.tables.columns import escape
from annotations.models import Job, JobChunk, JobState, Membership

CHUNK: Final = 2**20
"""Bytes of an uploaded file in each row; the last has fewer."""

_SETS_BEGUN: Final = """
SELECT count(DISTINCT i.article_id) FROM annotations_importedarticle i
  JOIN annotations_annotationset s ON s.article_id = i.article_id
 WHERE i.job_id = %(job)s AND i.before IS NULL
   AND NOT EXISTS (SELECT 1 FROM annotations_change c
                    WHERE c.annotation_set_id = s.id AND c.revision = 1 AND c.batch = i.job_id)
"""
_SETS_CHANGED: Final = """
SELECT count(DISTINCT i.article_id) FROM annotations_importedarticle i
  JOIN annotations_annotationset s ON s.article_id = i.article_id
  JOIN annotations_change c ON c.annotation_set_id = s.id AND c.revision = 1 AND c.batch = i.job_id
 WHERE i.job_id = %(job)s
   AND (s.revision > 1 OR EXISTS (SELECT 1 FROM annotations_comment t WHERE t.annotation_set_id = s.id))
"""
_DECIDED: Final = """
SELECT count(DISTINCT i.article_id) FROM annotations_importedarticle i
  JOIN annotations_decision d ON d.article_id = i.article_id AND d.batch <> i.job_id AND d.undone_at IS NULL
 WHERE i.job_id = %(job)s
"""
_LATER: Final = """
SELECT count(DISTINCT i.article_id) FROM annotations_importedarticle i
  JOIN annotations_importedarticle l ON l.article_id = i.article_id AND l.job_id <> i.job_id AND l.id > i.id
 WHERE i.job_id = %(job)s
"""
_BINNED: Final = """
SELECT count(DISTINCT i.article_id) FROM annotations_importedarticle i
  JOIN annotations_binnedarticle b ON b.article_id = i.article_id
 WHERE i.job_id = %(job)s
"""
_CORRECTED: Final = """
SELECT count(DISTINCT i.article_id) FROM annotations_importedarticle i
  JOIN annotations_article a ON a.id = i.article_id AND a.superseded_by_id IS NOT NULL
 WHERE i.job_id = %(job)s
"""


_PREVENTING: Final = (
    (
        _BINNED,
        ngettext_lazy(
            "%(n)d article of it is in the bin; restore it first.",
            "%(n)d articles of it are in the bin; restore them first.",
            "n",
        ),
    ),
    (
        _LATER,
        ngettext_lazy(
            "A later import changed %(n)d article of this one; undo that one first.",
            "A later import changed %(n)d articles of this one; undo that one first.",
            "n",
        ),
    ),
    (
        _CORRECTED,
        ngettext_lazy(
            "A later import brought a corrected version of %(n)d article; undo that one first.",
            "A later import brought corrected versions of %(n)d articles; undo that one first.",
            "n",
        ),
    ),
    (
        _SETS_BEGUN,
        ngettext_lazy(
            "Somebody has begun to label %(n)d of the articles.",
            "Somebody has begun to label %(n)d of the articles.",
            "n",
        ),
    ),
    (
        _SETS_CHANGED,
        ngettext_lazy(
            "The labels it brought were worked on in %(n)d article.",
            "The labels it brought were worked on in %(n)d articles.",
            "n",
        ),
    ),
    (
        _DECIDED,
        ngettext_lazy(
            "Reviewers have decided on %(n)d of the articles.", "Reviewers have decided on %(n)d of the articles.", "n"
        ),
    ),
)


def imports_of(member: Membership) -> QuerySet[Job]:
    """The imports of the project, newest first, without those that are still being prepared."""
    policies.check_can_manage(member)
    jobs = Job.objects.filter(project=member.project_id, kind="import").exclude(state=JobState.DRAFT)
    return jobs.select_related("by").order_by("-created_at", "-id")


def import_of(member: Membership, job_id: UUID) -> Job:
    """One of them, also one that is being prepared.

    Raises:
        NotFound, NotAllowed: no such import, or not a manager.
    """
    policies.check_can_manage(member)
    job = Job.objects.select_related("by", "project").filter(project=member.project_id, kind="import", pk=job_id)
    if (found := job.first()) is None:
        raise NotFound(_("There is no such import."))
    return found


def file_names(job: Job) -> list[str]:
    """What the files were called."""
    return [file["name"] for file in job.arguments.get("files", ())]


def what_prevents_undo(job: Job) -> str:
    """Why an import cannot be taken back, as a sentence; empty when it can."""
    if job.arguments.get("undone"):
        return _("This import is undone already.")
    if job.state in {JobState.DRAFT, JobState.WAITING, JobState.RUNNING}:
        return _("This import is under way.")
    with connection.cursor() as cursor:
        for query, sentence in _PREVENTING:
            cursor.execute(query, {"job": job.pk})
            ((count,),) = cursor.fetchall()
            if count:
                return str(sentence % {"n": count})
    return ""


class StoredFile(io.RawIOBase):
    """A file that was uploaded for a job, read from the database a piece at a time; it can seek."""

    def __init__(self, job_id: UUID, name: str, size: int) -> None:
        self._job_id, self._name, self._size = job_id, name, size
        self._at = 0
        self._loaded: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """It is only read."""
        return True

    def seekable(self) -> bool:
        """Archives need it."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a byte."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """The byte that is read next."""
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """As much as the piece at hand has."""
        number, start = divmod(self._at, CHUNK)
        if self._at >= self._size:
            return 0
        if self._loaded[0] != number:
            content = JobChunk.objects.filter(job=self._job_id, name=self._name, number=number)
            self._loaded = number, bytes(content.values_list("content", flat=True).get())
        data = self._loaded[1][start : start + len(buffer)]
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def stored_file(job: Job, number: int) -> BinaryIO:
    """The uploaded file with this number, to be read."""
    raw = StoredFile(job.pk, str(number), job.arguments["files"][number]["size"])
    return cast("BinaryIO", io.BufferedReader(raw, buffer_size=CHUNK))


def report_rows(job: Job) -> Iterator[bytes]:
    """The report as a table: a row for each problem, copy, addition and loss."""
    yield _row("what", "file", "line", "article", "text")
    report = job.report
    for name in ("created", "updated", "skipped", "corrected", "spans", "relations"):
        yield _row(name, "", "", "", str(report.get(name, 0)))
    for problem in report.get("problems", ()):
        yield _row("problem", problem["file"], problem["line"], problem["id"], problem["reason"])
    for one in report.get("duplicates", ()):
        yield _row("duplicate", one["file"], one["line"], one["id"], one["duplicate_of"])
    for one in report.get("corrections", ()):
        fate = f"kept {one['kept']}, moved {one['moved']}, lost {one['lost']}"
        yield _row("corrected", one["file"], one["line"], one["id"], fate)
        for lost in one["lost_spans"]:
            yield _row("lost span", one["file"], one["line"], one["id"], lost)
    for one in report.get("near_copies", ()):
        yield _row("near copy", one["file"], one["line"], one["id"], one["near"])
    for added in report.get("added", ()):
        yield _row("added", "", "", "", added)
    for loss in report.get("losses", ()):
        yield _row("loss", "", "", "", loss["sentence"])


def _row(what: str, file: str, line: int | str, article: str, text: str) -> bytes:
    row = io.StringIO()
    csv.writer(row).writerow([what, escape(file), line, escape(article), escape(text)])
    return row.getvalue().encode()
