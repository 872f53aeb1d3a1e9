"""`manage.py verify`: check every promise of the data; exit 1 with a list on any difference."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.selectors.verification import counts, differences


class Command(BaseCommand):
    """Rebuilds every annotation set from its changes and compares."""

    help = "Check every promise of the data, rebuild annotation sets from their changes and compare."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Print a line for each difference.

        Raises:
            CommandError: there was one; the exit code is 1.
        """
        found = 0
        for difference in differences():
            self.stdout.write(difference)
            found += 1
        if found:
            raise CommandError(f"{found} differences.")
        checked = ", ".join(f"{number} {what}" for what, number in counts().items())
        self.stdout.write(f"Everything is as promised: {checked}.")
