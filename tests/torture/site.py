"""The site under torture: its processes, and the disk it lies on."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from newsapp import embedded, environment
from tests.newsapp.test_run import PATIENCE, free_port, main_process, status, surroundings

_CLOCK: Final = Path(__file__).parent / "clock"
_DISK: Final = 900 * 2**20


class Site:
    """Newsapp in processes of its own; `process` is its starter."""

    def __init__(self, home: Path, stack: contextlib.ExitStack) -> None:
        self.home, self.port = home, free_port()
        self.clock = home.parent / "clock"
        self._stack = stack
        self.start()

    def start(self) -> None:
        """Start it, and wait until it serves. What it says goes to a file: a pipe nobody reads would stop it."""
        self.set_clock(0)
        more = {"NEWSAPP_DEMO": "1", "PYTHONPATH": str(_CLOCK), "TORTURE_CLOCK": str(self.clock)}
        with (self.home.parent / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "newsapp.run"],
                cwd=environment.ROOT, env=surroundings(self.home, self.port, **more),
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._stack.callback(self._end)
        until = time.monotonic() + PATIENCE
        while status(self.port) != 200:
            assert self.process.poll() is None, (self.home.parent / "log").read_text()[-2_000:]
            assert time.monotonic() < until, "It does not start."
            time.sleep(0.1)

    def _end(self) -> None:
        """Ask it to stop; what does not is killed, so that nothing outlives the campaign."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(60)
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def deploy(self) -> None:
        """Stop it as an operator does, and start the version that is there now."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(PATIENCE) == 0
        self.start()

    def manage(self, *arguments: str) -> str:
        """What a command of manage.py prints, in the same home."""
        return manage(self.home, *arguments)

    def run_module(self, *arguments: str) -> str:
        """What a module prints that is run with the site's environment."""
        return _printed(self.home, "-m", *arguments)

    def set_clock(self, seconds: int) -> None:
        """How far the clock of the site's programs is from the true one (PostgreSQL's stays right)."""
        self.clock.write_text(f"{seconds}\n")

    def web_server(self) -> int:
        """The web server's master."""
        return self._child("gunicorn")

    def web_worker(self) -> int:
        """One of the web server's workers."""
        return _wait_for(lambda: children(self._child("gunicorn"))[-1:])

    def job_worker(self) -> int:
        """The worker that does jobs."""
        return self._child("newsapp.worker")

    def postgresql(self) -> int:
        """PostgreSQL's main process."""
        return _wait_for(lambda: [pid for pid in [main_process(self.home)] if pid and Path(f"/proc/{pid}").exists()])

    def session(self) -> int:
        """A process of PostgreSQL that serves a session of ours; killed, it takes all others with it."""
        return _wait_for(lambda: [pid for pid in children(self.postgresql()) if b" newsapp " in command(pid)][-1:])

    def _child(self, name: str) -> int:
        return _wait_for(lambda: [pid for pid in children(self.process.pid) if name.encode() in command(pid)][:1])


def manage(home: Path, *arguments: str) -> str:
    """What a command of manage.py prints, in this home."""
    return _printed(home, "manage.py", *arguments)


def _printed(home: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=environment.ROOT, env=surroundings(home, 1), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _wait_for(found: Callable[[], list[int]]) -> int:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if pids := found():
            return pids[0]
        time.sleep(0.02)
    raise AssertionError("There is no such process.")


def command(pid: int) -> bytes:
    """What the process is called by."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def children(pid: int) -> list[int]:
    """The processes a process started."""
    with contextlib.suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


@contextlib.contextmanager
def small_disk() -> Iterator[tuple[Path, str]]:
    """A home on a disk of its own that can be filled, and why not, where we may not make one."""
    folder = Path(tempfile.mkdtemp(prefix="newsapp-torture-"))
    image, home = folder / "disk", folder / "home"
    home.mkdir()
    why = ""
    with image.open("wb") as file:
        file.truncate(_DISK)
    try:
        for words in (["mkfs.ext4", "-q", "-F", str(image)], ["mount", "-o", "loop", str(image), str(home)]):
            subprocess.run(words, check=True, capture_output=True)
        (home / "lost+found").rmdir()
    except (OSError, subprocess.CalledProcessError) as error:
        why = f"this account cannot make a disk ({error})"
    folder.chmod(0o755)
    try:
        yield home, why
    finally:
        embedded.discard(home)
        if not why:
            subprocess.run(["umount", home], check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def full(home: Path) -> Iterator[None]:
    """The disk of this home has no byte left."""
    ballast = home / "ballast"
    try:
        with ballast.open("wb") as file:
            for size in (2**20, 2**12):
                with contextlib.suppress(OSError):
                    while True:
                        os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), size)
        yield
    finally:
        ballast.unlink()
