"""`manage.py backup DIR`: dump the database, prove the dump by restoring it beside, and keep it."""

from __future__ import annotations

import signal
import sys
import threading
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from annotations.services.backups import record_backup
from newsapp import environment
from newsapp.backups import copy_backup, damaged_in, write_backup


class Command(BaseCommand):
    """Writes a folder of its own into DIR; what could not be proven does not stay."""

    help = "Dump the database into DIR, and prove the dump by restoring and verifying it in a scratch database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, how many, and what else to look after."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="made when it is not there")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="delete all in DIR but the newest N")
        parser.add_argument("--copy", type=Path, metavar="DIR", help="copy it here, too, and keep as many here")
        parser.add_argument("--check", action="store_true", help="read all backups in DIR again and name damaged ones")

    def handle(
        self,
        *args: Any,  # noqa: ARG002 - Django's signature
        folder: Path,
        keep: int = 0,
        copy: Path | None = None,
        check: bool = False,
        **options: Any,  # noqa: ARG002 - Django's signature
    ) -> None:
        """Print where the backup is, what was verified, and which older ones are damaged.

        Raises:
            CommandError: it could not be written or not be proven; the exit code is 1.
        """
        if keep < 0:
            raise CommandError("--keep is a number from 0 on.")
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _leave)  # unwind: the scratch server is stopped and the draft removed
        try:
            path, manifest = write_backup(environment.database(environment.home()), folder, keep=keep)
            if copy is not None:
                copy_backup(path, copy, keep=keep)
        except environment.Refusal as refusal:
            raise CommandError(str(refusal)) from None
        record_backup(
            name=path.name,
            made_at=datetime.fromisoformat(manifest.made_at),
            verified_at=datetime.fromisoformat(manifest.verified_at),
            size=manifest.size,
            sha256=manifest.sha256,
            said=manifest.verified,
            is_copied=copy is not None,
        )
        self.stdout.write(f"{path}: {manifest.size / 2**20:.1f} MiB, restored beside and verified. {manifest.verified}")
        if check:
            for name in [*damaged_in(folder), *(damaged_in(copy) if copy else ())]:
                self.stdout.write(f"DAMAGED {name}")


def _leave(_number: int, _frame: Any) -> None:
    sys.exit(1)
