"""`manage.py restore DIR`: put a backup into the database, whole or not at all."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from newsapp import environment
from newsapp.backups import read_backup, restore_backup


class Command(BaseCommand):
    """Takes a backup's folder, or the newest backup in a folder of them."""

    help = "Restore the backup DIR (or the newest one in DIR) into the database, which must be empty without --replace."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and whether it may replace what is there."""
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="drop what the database holds; stop Newsapp before",
        )

    def handle(self, *args: Any, folder: Path, replace: bool, **options: Any) -> None:  # noqa: ARG002
        """Check, restore, bring the tables to this version, verify.

        Raises:
            CommandError: damaged, not empty, or refused by PostgreSQL; nothing was changed then.
        """
        try:
            found, manifest = read_backup(folder)
            restore_backup(environment.database(environment.home()), found, replace=replace)
        except environment.Refusal as refusal:
            raise CommandError(str(refusal)) from None
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(f"Restored {found}, made {manifest.made_at}.")
        call_command("verify", stdout=self.stdout)
