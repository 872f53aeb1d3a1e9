"""Homes on which Newsapp has served before: what a first start takes its time for is done once in a run, then copied."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsapp import embedded
from tests.newsapp.test_run import PATIENCE, free_port, newsapp


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Such a home for all tests of a file, without the demo, where the server's account can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="newsapp-home-"))
    fill(folder)
    yield folder
    embedded.discard(folder)
    shutil.rmtree(folder, ignore_errors=True)


def fill(folder: Path) -> None:
    """Make such a home of an empty folder."""
    first = _first()
    with Path(f"{first}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not first.exists():
            first.mkdir()
            with newsapp(first, free_port()) as process:
                process.send_signal(signal.SIGTERM)
                assert process.wait(PATIENCE) == 0
    subprocess.run(["cp", "-a", f"{first}/.", folder], check=True)  # its owners, too


def discard() -> None:
    """At the end of a run."""
    embedded.discard(_first())
    Path(f"{_first()}.lock").unlink(missing_ok=True)


def _first() -> Path:
    """Named like the run's own home, so that what a killed run leaves is removed by a later one."""
    return Path(f"{os.environ['NEWSAPP_TEST_HOME']}-first")
