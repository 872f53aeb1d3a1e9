"""`manage.py create_user USER`: make an account."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.domain.errors import InvalidData
from annotations.services import accounts


class Command(BaseCommand):
    """Make an account; the password is asked for, or read from standard input."""

    help = "Make an account. There is no default password: it is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, where the password comes from, and rights."""
        parser.add_argument("username", metavar="USER")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--email", default="")
        parser.add_argument("--staff", action="store_true", help="may use the administration and create projects")
        parser.add_argument("--may-create-projects", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Make the account, or say why not."""
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else _asked()
        try:
            user = accounts.create_user(
                username=options["username"],
                password=password,
                email=options["email"],
                staff=options["staff"],
                may_create_projects=options["may_create_projects"],
            )
        except InvalidData as error:
            reasons = " ".join(problem.message for problem in error.errors)
            raise CommandError(f"{error.detail} {reasons}".strip()) from None
        self.stdout.write(self.style.SUCCESS(f"Account {user.username} is made."))


def _asked() -> str:
    password = getpass("Password: ")
    if password != getpass("Once more: "):
        raise CommandError("These were two different passwords.")
    return password
