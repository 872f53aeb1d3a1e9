"""The worker that `make run` starts: it does jobs, is replaced when killed, and does not outlive its starter."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import psycopg

from newsapp import embedded
from tests.homes import home
from tests.newsapp.test_run import PATIENCE, free_port, newsapp

__all__ = ["home"]


def until[Found](look: Callable[[], Found]) -> Found:
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def workers_of(starter: int) -> list[int]:
    """The process numbers of the starter's workers."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == starter and b"newsapp.worker" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def states(home: Path, job: str, *, insert: bool = False) -> str:
    """What became of a job of a kind that nobody knows; `insert` puts it down."""
    password = (home / "database-password").read_text().strip()
    with psycopg.connect(
        host=str(embedded.socket_folder(home)), port=embedded.PORT, dbname="newsapp", user="newsapp", password=password
    ) as connection:
        if insert:
            connection.execute(
                "INSERT INTO annotations_job (id, kind, arguments, state, done, total, report, error, attempts, created_at)"
                " VALUES (%s, 'unknown', '{}', 'waiting', 0, 0, '{}', '', 0, now())",
                [job],
            )
        row = connection.execute("SELECT state FROM annotations_job WHERE id = %s", [job]).fetchone()
    return str(row[0]) if row else ""


def is_done(home: Path, job: str) -> bool:
    return states(home, job) == "failed"


def test_the_worker_does_jobs_is_replaced_and_leaves_with_its_starter(home: Path) -> None:
    with newsapp(home, free_port()) as process:
        first, second = str(uuid4()), str(uuid4())
        (worker,) = until(lambda: workers_of(process.pid))
        states(home, first, insert=True)
        until(lambda: is_done(home, first))
        os.kill(worker, signal.SIGKILL)
        (replaced,) = until(lambda: [one for one in workers_of(process.pid) if one != worker])
        states(home, second, insert=True)
        until(lambda: is_done(home, second))
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert not Path(f"/proc/{replaced}").exists()


def test_a_worker_whose_starter_was_killed_ends(home: Path) -> None:
    with newsapp(home, free_port()) as process:
        (worker,) = until(lambda: workers_of(process.pid))
        process.kill()
        until(lambda: not Path(f"/proc/{worker}").exists())
