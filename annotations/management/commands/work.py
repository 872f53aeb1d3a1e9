"""`manage.py work`: do the jobs that were put down, one after another, until told to stop."""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, connection

from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job, show_worker_alive

_PAUSE: Final = 1.0  # seconds between two looks for something to do
_SIGN: Final = 5.0  # seconds between two signs of life

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
        shown = -_SIGN
        while not stopping.is_set():
            if time.monotonic() - shown >= _SIGN:
                shown = time.monotonic()
                _reaches_database(show_worker_alive)
            if not _reaches_database(lambda: do_next_job(handlers=HANDLERS, stopping=stopping)):
                if once:
                    return
                stopping.wait(_PAUSE)


def _reaches_database(do: Callable[[], object]) -> bool:
    """Whether it did something, and the database was there to do it."""
    try:
        return do() is not None
    except (OperationalError, InterfaceError):
        logger.warning("the database does not answer; the worker waits")
        return False
    finally:
        if not connection.in_atomic_block:
            connection.close()
