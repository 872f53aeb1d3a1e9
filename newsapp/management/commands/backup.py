"""`manage.py backup DIR`: dump the database, prove the dump by restoring it beside, and keep it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsapp import environment
from newsapp.backups import write_backup


class Command(BaseCommand):
    """Writes a folder of its own into DIR; what could not be proven does not stay."""

    help = "Dump the database into DIR, and prove the dump by restoring and verifying it in a scratch database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, and how many."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="made when it is not there")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="delete all in DIR but the newest N")

    def handle(self, *args: Any, folder: Path, keep: int, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """Print where the backup is and what was verified.

        Raises:
            CommandError: it could not be written or not be proven; the exit code is 1.
        """
        if keep < 0:
            raise CommandError("--keep is a number from 0 on.")
        try:
            path, manifest = write_backup(environment.database(environment.home()), folder, keep=keep)
        except environment.Refusal as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{path}: {manifest.size / 2**20:.1f} MiB, restored beside and verified. {manifest.verified}")
