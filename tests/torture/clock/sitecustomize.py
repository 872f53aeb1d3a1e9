"""Loaded by every Python of the site under torture before anything else: its clocks go as far wrong as a file says."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

_FILE = Path(os.environ["TORTURE_CLOCK"])
_true_time: Callable[[], float] = time.time
_true_now: Callable[[], datetime] = timezone.now


def _wrong_by() -> float:
    try:
        return float(_FILE.read_text())
    except (OSError, ValueError):  # it is being written
        return 0.0


def _time() -> float:
    return _true_time() + _wrong_by()


def _now() -> datetime:
    return _true_now() + timedelta(seconds=_wrong_by())


time.time = _time
timezone.now = _now
