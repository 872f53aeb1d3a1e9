"""Bring articles and annotation sets in from a file: one transaction a file, a bad line never stops the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, StateRefused
from annotations.formats import READERS, Item, ReadOptions
from annotations.models import Job, JobState, Project, User
from annotations.services import audit
from annotations.services.imports.reports import Duplicate, ImportReport, Problem
from annotations.services.imports.storing import Intake, batches

__all__ = [
    "CORRECTIONS", "KIND", "MAX_UPLOAD", "Duplicate", "ImportReport", "Problem", "accepts_corrections", "check_format",
    "import_documents", "import_items",
]  # fmt: skip

KIND: Final = "import"
"""The kind of job that is an import, at once or by the worker."""
CORRECTIONS: Final = ("refuse", "accept")
"""What becomes of an article of the same id with another text."""
# What a request may bring at once; more goes to the worker, and the command line takes files of any size.
MAX_UPLOAD: Final = 50 * 2**20


def import_documents(
    *,
    actor: User,
    project: Project,
    stream: BinaryIO,
    format: str,  # noqa: A002 - what it is called everywhere
    name: str = "",
    kind: str = "",
    annotator: str = "",
    offsets: str = "auto",
    newlines: str = "auto",
    strict: bool = False,
    corrections: str = "refuse",
    recorded: bool = True,
) -> ImportReport:
    """Read a file and store what is new in it; all or, when anything fails, nothing.

    `name` is the file's; `kind` and `annotator` are for sets that say none; `offsets` (code-point, utf-16, byte) and
    `newlines` (lf, crlf) say how offsets were counted, `auto` lets the quotes decide. Labels the project lacks are
    added, or with `strict` refused. An article of the same id with another text is a problem, or with `corrections`
    `accept` a new version, to which the work on the old one is carried over. What is `recorded` stands in the list of
    imports and can be undone.

    Raises:
        NotFound, NotAllowed: as `policies` says.
        InvalidData: an option that is none.
        StateRefused: somebody changed the same articles meanwhile.
    """
    check_format(format)
    options = ReadOptions(name=name, kind=kind, annotator=annotator, offsets=offsets, newlines=newlines)
    return import_items(
        actor=actor,
        project=project,
        items=READERS[format](stream, options),
        name=name,
        strict=strict,
        corrections=corrections,
        recorded=recorded,
    )


def check_format(key: str) -> None:
    """Raises InvalidData unless there is a reader of this name."""
    if key not in READERS:
        formats = ", ".join(READERS)
        detail = _("There is no format “%(format)s” to import; there are %(formats)s.") % {
            "format": key[:40],
            "formats": formats,
        }
        raise InvalidData(detail, [FieldError("format", detail)])


def import_items(
    *,
    actor: User,
    project: Project,
    items: Iterable[Item],
    name: str = "",
    strict: bool = False,
    corrections: str = "refuse",
    recorded: bool = True,
) -> ImportReport:
    """Store what a reader yields, as `import_documents` does; `name` is the file's."""
    member = policies.check_member(user=actor, slug=project.slug)
    policies.check_can_manage(member)
    accepts = accepts_corrections(corrections)
    report = ImportReport(file=name)
    try:
        with transaction.atomic():
            # One import of a project at a time; labelling goes on meanwhile.
            locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
            job = _recorded(locked, actor, {"files": [{"name": name}]}) if recorded else None
            intake = Intake(project=locked, job=job, author=actor.pk, report=report, strict=strict, corrections=accepts)
            for batch in batches(items, report):
                intake.store(batch)
            if job is not None:
                report.id = str(job.pk)
                Job.objects.filter(pk=job.pk).update(report=report.as_json(), finished_at=timezone.now())
            audit.record("articles.imported", actor=actor, project=project, **report.counts)
    except IntegrityError as error:
        raise StateRefused(
            _("Somebody changed the same articles at the same time. Nothing was stored; please import the file again.")
        ) from error
    return report


def accepts_corrections(choice: str) -> bool:
    """Whether the choice (refuse, accept) takes new versions of texts.

    Raises:
        InvalidData: it is neither.
    """
    if choice not in CORRECTIONS:
        detail = _("corrections is one of %(choices)s.") % {"choices": ", ".join(CORRECTIONS)}
        raise InvalidData(detail, [FieldError("corrections", detail)])
    return choice == "accept"


def _recorded(project: Project, actor: User, arguments: Mapping[str, Any]) -> Job:
    """The record of an import that is done at once: a job that nobody else has to do."""
    now = timezone.now()
    return Job.objects.create(
        kind=KIND, project=project, by=actor, arguments=dict(arguments), state=JobState.DONE, started_at=now
    )
