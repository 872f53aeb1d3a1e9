"""`manage.py learn_dictionary PROJECT`: learn the phrases of all submitted work of a project again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.models import Project
from annotations.services.dictionary import learn_all


class Command(BaseCommand):
    """Also counts a phrase in the articles that were submitted before it was labelled for the first time."""

    help = "Learn the phrases of all submitted work of a project again."

    def add_arguments(self, parser: CommandParser) -> None:
        """The project."""
        parser.add_argument("project", help="the project's slug")

    def handle(self, *args: Any, project: str, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Learn, and say from how much."""
        found = Project.objects.filter(slug=project).first()
        if found is None:
            raise CommandError(f"There is no project “{project}”.")
        articles = learn_all(project=found)
        self.stdout.write(f"Learnt from {articles} {'article' if articles == 1 else 'articles'}.")
