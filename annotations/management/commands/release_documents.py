"""`manage.py release_documents PROJECT NAME`: freeze a project's data into a release."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from annotations.domain.errors import NewsappError
from annotations.formats import WRITERS
from annotations.management.commands.export_documents import add_options, options_given, written_whole
from annotations.management.commands.import_documents import project_and_manager
from annotations.selectors.releases import pieces_of
from annotations.services.releases import make_release


class Command(BaseCommand):
    """Make a release, however large, and say what it is called and what its checksum is."""

    help = "Freeze a project's data into a release that never changes; progress goes to standard error."

    def add_arguments(self, parser: CommandParser) -> None:
        """Of what, under which name, what is in it."""
        parser.add_argument("project", metavar="PROJECT", help="the project's slug")
        parser.add_argument("name", metavar="NAME", help="what the release is called, once in the project")
        parser.add_argument("--notes", default="", help="what is to be said of it")
        parser.add_argument(
            "--formats", nargs="+", choices=sorted(WRITERS), default=[], help="beside native JSON Lines"
        )
        add_options(parser)
        parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write the archive to a file, too")
        parser.add_argument("--as", dest="actor", metavar="USER", help="a manager; the project's first if left out")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Make it.

        Raises:
            CommandError: no such project or manager, an option that is none, or the name is taken.
        """
        project, actor = project_and_manager(options["project"], options["actor"])
        quiet = True if options["verbosity"] == 0 else None  # None: where standard error is a terminal
        with tqdm(desc=options["name"], unit=" articles", disable=quiet) as bar:

            def told(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            try:
                release = make_release(
                    actor=actor,
                    project=project,
                    name=options["name"],
                    notes=options["notes"],
                    formats=options["formats"],
                    options=options_given(options),
                    told=told,
                )
            except NewsappError as error:
                raise CommandError(error.detail) from error
        if options["output"] is not None:
            try:
                written_whole(pieces_of(release), options["output"])
            except OSError as error:
                raise CommandError(f"{options['output']}: {error.strerror}") from error
        self.stdout.write(f"{release.name}: {release.sha256}, {release.size} bytes, {release.pk}")
