"""`manage.py import_documents PROJECT FILE…`: bring files in."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from annotations.domain.errors import NewsappError
from annotations.domain.offsets import Newlines, Unit
from annotations.formats import READERS, detect_file
from annotations.models import Project, Role, SetKind, User
from annotations.services.imports import CORRECTIONS, ImportReport, import_documents

_PROBLEMS: Final = 1
_NOT_TAKEN: Final = 2


class Command(BaseCommand):
    """Import files with a progress bar, one transaction each, and print what became of them.

    The exit code is 0 when everything is in, 1 when lines had a problem and the others are in, 2 when a file was not
    taken (those before it are in) or nothing could begin.
    """

    help = (
        "Import files into a project. Each file goes in whole or not at all; lines with a problem are reported on "
        "standard error, progress too. Exit code 0: all is in; 1: lines had a problem, the others are in; 2: a file "
        "was not taken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, what, and how to read it."""
        parser.add_argument("project", metavar="PROJECT", help="the project's slug")
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="- is standard input")
        parser.add_argument("--name", default="", help="what standard input is called; a plain text's name is its id")
        parser.add_argument("--format", choices=sorted(READERS), help="told by name or content if left out")
        parser.add_argument("--kind", choices=SetKind.values, default="", help="of sets that say none")
        parser.add_argument("--annotator", metavar="USER", default="", help="of sets that name none")
        parser.add_argument("--offsets", choices=["auto", *Unit], default="auto")
        parser.add_argument("--newlines", choices=["auto", *Newlines], default="auto")
        parser.add_argument(
            "--corrections",
            choices=CORRECTIONS,
            default="refuse",
            help="the same id with another text: a problem, or a new version",
        )
        parser.add_argument(
            "--strict", action=argparse.BooleanOptionalAction, default=False, help="refuse labels the project lacks"
        )
        parser.add_argument("--as", dest="actor", metavar="USER", help="a manager; the project's first if left out")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Import one file after the other.

        Raises:
            CommandError: no such project, manager or file, or something failed; what was printed before is stored.
        """
        project, actor = project_and_manager(options["project"], options["actor"])
        names = ("kind", "annotator", "offsets", "newlines", "strict", "corrections")
        problems = 0
        for path in options["files"]:
            try:
                name = options["name"] if str(path) == "-" else path.name
                with _opened(path) as file, _Progress(file, name, quiet=options["verbosity"] == 0) as stream:
                    report = import_documents(
                        actor=actor,
                        project=project,
                        stream=cast("BinaryIO", stream),
                        format=options["format"] or detect_file(file, name),
                        name=name,
                        **{name: options[name] for name in names},
                    )
            except (NewsappError, OSError) as error:
                reason = error.detail if isinstance(error, NewsappError) else error.strerror
                raise CommandError(f"{path}: {reason}", returncode=_NOT_TAKEN) from error
            problems += report.problem_count
            self._print(path, report)
        if problems:
            raise CommandError(f"{problems} lines have a problem; the others are in.", returncode=_PROBLEMS)

    def _print(self, path: Path, report: ImportReport) -> None:
        self.stdout.write(
            f"{path}: {report.created} created, {report.updated} updated, {report.skipped} skipped, "
            f"{report.spans} spans, {report.relations} relations, {report.problem_count} problems."
        )
        for added in report.added:
            self.stdout.write(f"  added: {added}")
        for duplicate in report.duplicates:
            self.stdout.write(f"  line {duplicate.line}: {duplicate.id} has the text of {duplicate.duplicate_of}.")
        for one in report.corrections:
            fate = f"{one.kept} spans kept, {one.moved} moved, {one.lost} lost"
            self.stdout.write(f"  line {one.line}: {one.id} is a corrected version; {fate}.")
        for copy in report.near_copies:
            self.stdout.write(f"  line {copy.line}: {copy.id} is nearly {copy.near} ({copy.similarity:.2f}).")
        for loss in report.losses.rows():
            self.stdout.write(f"  lost: {loss['sentence']}")
        for problem in report.problems:
            name = f" ({problem.id})" if problem.id else ""
            self.stderr.write(f"  line {problem.line}{name}: {problem.reason}")
        for kind, listed, count in (
            ("duplicates", len(report.duplicates), report.duplicate_count),
            ("near copies", len(report.near_copies), report.near_copy_count),
            ("problems", len(report.problems), report.problem_count),
        ):
            if count > listed:
                self.stdout.write(f"  and {count - listed} more {kind}.")


def project_and_manager(slug: str, username: str | None) -> tuple[Project, User]:
    """The project, and who acts in it: the member named, else the manager who has been there longest.

    Raises:
        CommandError: there is none.
    """
    project = Project.objects.filter(slug=slug).first()
    if project is None:
        raise CommandError(f"There is no project {slug}.", returncode=_NOT_TAKEN)
    members = project.memberships.filter(removed_at=None).select_related("user").order_by("joined_at", "pk")
    found = members.filter(user__username=username) if username else members.filter(role=Role.MANAGER)
    member = found.first()
    if member is None:
        raise CommandError(
            f"The project has no {f'member {username}' if username else 'manager'}.", returncode=_NOT_TAKEN
        )
    return project, member.user


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, or standard input, which stays open."""
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    with path.open("rb") as file:
        yield file


class _Progress(io.RawIOBase):
    """The file as it is read, with a bar on the terminal."""

    def __init__(self, file: BinaryIO, name: str, *, quiet: bool) -> None:
        self._file = file
        size = os.fstat(file.fileno()).st_size or None  # what comes through a pipe is as long as it is
        self._bar = tqdm(total=size, desc=name, unit="B", unit_scale=True, disable=True if quiet else None)

    def read(self, size: int | None = -1, /) -> bytes:
        """Bytes, counted."""
        return self._counted(self._file.read(-1 if size is None else size))

    def readline(self, size: int | None = -1, /) -> bytes:
        """A line, counted."""
        return self._counted(self._file.readline(-1 if size is None else size))

    def _counted(self, data: bytes) -> bytes:
        self._bar.update(len(data))
        return data

    def close(self) -> None:
        """The bar ends, the file is closed by whoever opened it."""
        self._bar.close()
        super().close()
