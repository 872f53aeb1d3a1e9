"""`manage.py export_documents PROJECT --format F`: stream the dataset."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.domain.errors import NewsappError
from annotations.domain.withholding import LEVELS
from annotations.formats import WRITERS
from annotations.management.commands.import_documents import project_and_manager
from annotations.selectors.documents import SETS
from annotations.selectors.progress import ARTICLE_STATES
from annotations.services.export_options import QUOTE_LENGTH, Options
from annotations.services.exports import export_documents


class Command(BaseCommand):
    """Write a project's documents to a file or to standard output."""

    help = "Export a project's documents, sorted, of one moment; the same data gives the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Of what, which sets, in which form, where to."""
        parser.add_argument("project", metavar="PROJECT", help="the project's slug")
        parser.add_argument("--format", choices=sorted(WRITERS), default="jsonl")
        add_options(parser)
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
                is_seen=options["actor"] is not None,
                **options_given(options, "format", "byte_order_mark"),
            )
        except NewsappError as error:
            raise CommandError(error.detail) from error
        try:
            if options["output"] is None:
                _write(export, sys.stdout.buffer)
            else:
                written_whole(export, options["output"])
        except OSError as error:
            raise CommandError(f"{options['output'] or 'standard output'}: {error.strerror}") from error
        finally:
            export.close()


def add_options(parser: CommandParser) -> None:
    """The arguments that say which articles and sets, and what of them."""
    parser.add_argument("--sets", choices=SETS, default="gold")
    parser.add_argument("--state", choices=["submitted", "all"], default="submitted", help="of annotators' sets")
    parser.add_argument("--include-empty", action="store_true", help="articles without such sets, too")
    parser.add_argument("--search", metavar="WORDS", help="articles with these words")
    parser.add_argument("--article-state", choices=ARTICLE_STATES, help="articles in this state")
    parser.add_argument("--outlet", help="articles of this outlet")
    parser.add_argument("--published-after", metavar="DATE")
    parser.add_argument("--published-before", metavar="DATE")
    parser.add_argument("--pseudonyms", action="store_true", help="annotator-1 … instead of people")
    parser.add_argument("--split", metavar="80/10/10", help="train, dev and test in each article's metadata")
    parser.add_argument("--text", choices=LEVELS, default="full", help="how much of the texts goes out")
    parser.add_argument("--quote-length", type=int, default=QUOTE_LENGTH, help="code points, with --text quotes")


def options_given(options: dict[str, Any], *others: str) -> Options:
    """What `add_options` found, and `others`, as the service takes it."""
    names = ("sets", "state", "pseudonyms", "text", "quote_length", *others)
    narrowing = ("search", "article_state", "outlet", "published_after", "published_before", "split")
    given = {name: options[name] for name in names} | {name: options[name] or "" for name in narrowing}
    return cast("Options", given | {"include": "empty" if options["include_empty"] else ""})


def _write(pieces: Iterable[bytes], target: BinaryIO) -> None:
    target.writelines(pieces)
    target.flush()


def written_whole(pieces: Iterable[bytes], path: Path) -> None:
    """Write beside the file and put it in its place at the end: who reads it never sees a half."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(pieces, file)
        beside.chmod(0o666 & ~_umask())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
