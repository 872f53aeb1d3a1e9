"""`manage.py forget_second_factor NAME`: for who lost the telephone and the recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management import BaseCommand, CommandError, CommandParser

from annotations.models import User


class Command(BaseCommand):
    """Take the second factors of an account away."""

    help = "Take the app, the passkeys and the recovery codes of an account away: the password alone lets in again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("username", metavar="USER")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Take them away, and say how many they were."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']}.")
        _count, rows = Authenticator.objects.filter(user=user).delete()
        self.stdout.write(f"{rows.get('mfa.Authenticator', 0)} taken away from {user.username}.")
