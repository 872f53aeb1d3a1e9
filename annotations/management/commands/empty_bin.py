"""`manage.py empty_bin PROJECT`: destroy for good what is in a project's bin."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.models import Project
from annotations.selectors.bins import contents_of
from annotations.services.bins import destroy_project, empty_bin


class Command(BaseCommand):
    """For the operator alone: no page and no address of the API empties a bin."""

    help = "Destroy what is in the project's bin, or all of a project that is in the bin. Only a backup brings it back."

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
        if found.binned_at is not None:
            self._destroy(found, yes=yes)
            return
        count = found.binned.count()
        if not yes and input(f"Destroy {count} articles and all work on them? Type the project's address: ") != project:
            raise CommandError("Nothing was destroyed.")
        gone = empty_bin(project=found)
        self.stdout.write(f"Destroyed: {gone.articles} articles, {gone.sets} annotation sets, {gone.spans} spans.")

    def _destroy(self, project: Project, *, yes: bool) -> None:
        count = contents_of(project).articles
        question = (
            f"The whole project “{project.name}” is in the bin. Destroy it, {count} articles and all work on them? "
        )
        if not yes and input(f"{question}Type the project's address: ") != project.slug:
            raise CommandError("Nothing was destroyed.")
        gone = destroy_project(project=project)
        self.stdout.write(
            f"Destroyed: the project {project.slug}, {gone.articles} articles, {gone.sets} annotation sets,"
            f" {gone.spans} spans."
        )
