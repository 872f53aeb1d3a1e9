"""`manage.py empty_bin PROJECT`: destroy for good what is in a project's bin."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.models import Project
from annotations.services.bins import empty_bin


class Command(BaseCommand):
    """For the operator alone: no page and no address of the API empties a bin."""

    help = "Destroy what is in the project's bin, with all work on it. Only a backup brings it back."

    def add_arguments(self, parser: CommandParser) -> None:
        """The project's address, and that it is meant."""
        parser.add_argument("project", metavar="PROJECT", help="as in its address")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, project: str, yes: bool, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Ask, destroy, say how much it was.

        Raises:
            CommandError: no such project, or it is not meant.
        """
        found = Project.objects.filter(slug=project, bin_of=None).first()
        if found is None:
            raise CommandError(f"There is no project {project}.")
        count = found.binned.count()
        if not yes and input(f"Destroy {count} articles and all work on them? Type the project's address: ") != project:
            raise CommandError("Nothing was destroyed.")
        gone = empty_bin(project=found)
        self.stdout.write(f"Destroyed: {gone.articles} articles, {gone.sets} annotation sets, {gone.spans} spans.")
