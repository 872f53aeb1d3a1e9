"""`manage.py export_documents PROJECT --format F`: stream the dataset."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.domain.errors import NewsappError
from annotations.formats import WRITERS
from annotations.management.commands.import_documents import project_and_manager
from annotations.selectors.documents import SETS
from annotations.services.exports import Export, export_documents


class Command(BaseCommand):
    """Write a project's documents to a file or to standard output."""

    help = "Export a project's documents, sorted, of one moment; the same data gives the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Of what, which sets, in which form, where to."""
        parser.add_argument("project", metavar="PROJECT", help="the project's slug")
        parser.add_argument("--format", choices=sorted(WRITERS), default="jsonl")
        parser.add_argument("--sets", choices=SETS, default="gold")
        parser.add_argument("--state", choices=["submitted", "all"], default="submitted", help="of annotators' sets")
        parser.add_argument("--include-empty", action="store_true", help="articles without such sets, too")
        parser.add_argument("--byte-order-mark", action="store_true", help="begin tables with one, for spreadsheets")
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="standard output if left out")
        parser.add_argument("--as", dest="actor", metavar="USER", help="whose role decides; a manager's if left out")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Stream it. A file is there whole or not at all.

        Raises:
            CommandError: no such project or manager, not allowed, or the file cannot be written.
        """
        project, actor = project_and_manager(options["project"], options["actor"])
        try:
            export = export_documents(
                actor=actor,
                project=project,
                format=options["format"],
                sets=options["sets"],
                state=options["state"],
                include="empty" if options["include_empty"] else "",
                byte_order_mark=options["byte_order_mark"],
                is_seen=options["actor"] is not None,
            )
        except NewsappError as error:
            raise CommandError(error.detail) from error
        try:
            if options["output"] is None:
                _write(export, sys.stdout.buffer)
            else:
                _replace(export, options["output"])
        except OSError as error:
            raise CommandError(f"{options['output'] or 'standard output'}: {error.strerror}") from error
        finally:
            export.close()


def _write(export: Export, target: BinaryIO) -> None:
    target.writelines(export)
    target.flush()


def _replace(export: Export, path: Path) -> None:
    """Write beside the file and put it in its place at the end: who reads it never sees a half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(export, file)
        beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
