"""`manage.py work`: do the jobs that were put down, one after another, until told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection

from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job

_PAUSE: Final = 1.0  # seconds between two looks for something to do

logger = logging.getLogger("annotations.jobs")


class Command(BaseCommand):
    """The worker. `make run` starts one; more of them, on any machine, share the work."""

    help = "Do jobs (gamma, agreement of large projects, …) one after another until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        """Only the switch for doing what is there and no more."""
        parser.add_argument("--once", action="store_true", help="end when there is nothing to do")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:  # noqa: ARG002 - Django's signature
        """SIGTERM and SIGINT end it: a job under way goes back to those that wait, at its next step."""
        stopping = threading.Event()

        def stop(_number: int, _frame: FrameType | None) -> None:
            stopping.set()

        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, stop)
        while not stopping.is_set():
            if not _did_something(stopping):
                if once:
                    return
                stopping.wait(_PAUSE)


def _did_something(stopping: threading.Event) -> bool:
    try:
        return do_next_job(handlers=HANDLERS, stopping=stopping) is not None
    except (OperationalError, InterfaceError):
        logger.warning("the database does not answer; the worker waits")
        return False
    finally:
        if not connection.in_atomic_block:
            connection.close()
