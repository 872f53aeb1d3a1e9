"""`manage.py erase_person NAME`: what names a person goes, the work stays under a pseudonym."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from annotations.domain.errors import NewsappError
from annotations.services.erasure import erase_person


class Command(BaseCommand):
    """Erase a person."""

    help = "Erase a person: name, address, password, settings, tokens and sessions go; the work stays, pseudonymous."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who."""
        parser.add_argument("username", metavar="USER")
        parser.add_argument("--yes", action="store_true", help="do not ask: it cannot be undone")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Ask, erase, and print the pseudonym."""
        name = options["username"]
        if not options["yes"] and input(f"Type {name} to erase this person for ever: ") != name:
            raise CommandError("Nothing was erased.")
        try:
            self.stdout.write(erase_person(username=name))
        except NewsappError as error:
            raise CommandError(error.detail) from None
