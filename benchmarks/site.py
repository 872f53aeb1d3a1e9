"""A Newsapp of its own for the measurement: started as `make run` starts it, in a folder that is removed afterwards."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Site:
    """Where it listens, its home, and the process that keeps the others."""

    port: int
    home: Path
    process: int

    def connection(self) -> HTTPConnection:
        """A connection that stays open."""
        return HTTPConnection("127.0.0.1", self.port, timeout=60)


@contextlib.contextmanager
def running() -> Iterator[Site]:
    """Start it, and make this process's Django work on its database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = Path(tempfile.mkdtemp(prefix="newsapp-bench-", dir="/var/tmp"))
    for name in ("DATABASE_URL", "DEBUG"):
        os.environ.pop(name, None)
    os.environ.update(NEWSAPP_HOME=str(home / "home"), PORT=str(port), NEWSAPP_DEMO="0")
    os.environ["DJANGO_SETTINGS_MODULE"] = "newsapp.settings"
    home.chmod(0o755)
    server = subprocess.Popen([sys.executable, "-m", "newsapp.run"], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, server)
        import django

        django.setup()
        yield Site(port, home / "home", server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(120)  # much that was written may still have to go to the disk
        finally:
            shutil.rmtree(home)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("The benchmark's own Newsapp did not start.")
