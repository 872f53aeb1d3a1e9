"""`manage.py create_token USER`: print a token for the API."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from annotations.models import TokenScope, User
from annotations.services import accounts


class Command(BaseCommand):
    """Make a token and print it, alone on its line, so that scripts can take it."""

    help = "Make a token for the API and print it. It is shown only now; only its digest is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose token, what for, how far it reaches."""
        parser.add_argument("username", metavar="USER")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--scope", choices=TokenScope.values, default=TokenScope.MANAGE.value)

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Print the secret."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']}.")
        if not user.is_active:
            raise CommandError(f"The account {user.username} cannot sign in, so a token of it would open nothing.")
        _token, secret = accounts.create_token(user=user, name=options["name"], scope=options["scope"])
        self.stdout.write(secret)
