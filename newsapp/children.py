"""The programs that run.py starts and keeps running: the web server and the worker, and how one follows another."""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Final

from newsapp import environment, lifeline
from newsapp.environment import Refusal

_WEB_SERVER: Final = ["-m", "gunicorn", "-c", "python:newsapp.serving", "newsapp.wsgi:application"]
_WORKER: Final = ["-m", "newsapp.worker"]
_PREPARATION: Final = ["-m", "newsapp.start"]
_LONGEST_START: Final = 120.0
_BACKLOG: Final = 2048

logger = logging.getLogger("newsapp.run")


def listening(host: str, port: int) -> socket.socket:
    """The socket that all web servers of this start share; what arrives while none is there waits in it.

    Raises:
        Refusal: somebody else took the port since it was looked at.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    shared = socket.socket(family, kind, protocol)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        shared.bind(address)
        shared.listen(_BACKLOG)
    except OSError as error:
        shared.close()
        raise Refusal(f"PORT {port} cannot be used: {error.strerror}.") from None
    return shared


class Child:
    """A program that is started again whenever it ends, until told to stop."""

    def __init__(self, name: str, arguments: list[str], descriptors: Mapping[str, int]) -> None:
        """`descriptors` are inherited; the program finds their numbers in the variables of these names."""
        self._name, self._arguments, self._descriptors = name, arguments, descriptors
        self._process = self._launch()
        self._resume_at = 0.0

    def look(self) -> None:
        """Start it again if it ended: at once, and when it keeps ending, every two seconds."""
        if self._process.poll() is None or time.monotonic() < self._resume_at:
            return
        logger.warning("the %s ended with %s; it is started again", self._name, self._process.returncode)
        self._resume_at = time.monotonic() + 2
        self._process = self._launch()

    def has_ended(self) -> bool:
        """Whether it is not running now."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """Let it finish what it does, for fifteen seconds at most."""
        _end(self._process)

    def follow(self) -> None:
        """Start it anew with the code that is there now, and let the old one finish what it does."""
        before, self._process = self._process, self._launch()
        _end(before)

    def follow_when_ready(self) -> bool:
        """As `follow`, but the old one serves until the new one says it can; False: it cannot, the old one stays."""
        reading, writing = os.pipe()
        try:
            after = self._launch({"NEWSAPP_READY": writing})
        finally:
            os.close(writing)
        with os.fdopen(reading, "rb") as ready, selectors.DefaultSelector() as selector:
            selector.register(ready, selectors.EVENT_READ)
            if not (selector.select(_LONGEST_START) and ready.read(1)):
                after.kill()
                after.wait()
                return False
        before, self._process = self._process, after
        _end(before)
        return True

    def _launch(self, more: Mapping[str, int] | None = None) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches the starter alone, which stops all in order.
        given = {**self._descriptors, **(more or {})}
        return subprocess.Popen(
            [sys.executable, *self._arguments],
            cwd=environment.ROOT,
            env={**os.environ, **{name: str(number) for name, number in given.items()}},
            pass_fds=list(given.values()),
            start_new_session=True,
        )


class Children:
    """The web server and the worker."""

    def __init__(self, descriptors: Mapping[str, int]) -> None:
        self.web = Child("web server", _WEB_SERVER, descriptors)
        self.worker = Child("worker", _WORKER, {"NEWSAPP_LIFELINE": descriptors["NEWSAPP_LIFELINE"]})

    def look(self) -> None:
        """Start again what ended."""
        self.web.look()
        self.worker.look()

    def reload(self) -> None:
        """Go over to the code that is there now: its tables and static files first, then one server after the other.

        Requests under way are answered by the old server, new ones by the new; nothing is refused in between. When the
        new version cannot be prepared or does not start, the old one goes on.
        """
        prepared = subprocess.run(
            [sys.executable, *_PREPARATION], cwd=environment.ROOT, start_new_session=True, check=False
        )
        if prepared.returncode:
            logger.error("the new version could not be prepared; the old one goes on")
        elif not self.web.follow_when_ready():
            logger.error("the new version does not start; the old one goes on")
        else:
            self.worker.follow()
            logger.info("serving the code that is there now")

    def stop(self) -> None:
        """Both, one after the other."""
        self.web.stop()
        self.worker.stop()


@contextlib.contextmanager
def serving(shared: socket.socket) -> Iterator[Children]:
    """What serves, stopped at the end."""
    with lifeline.thrown() as line, shared:
        children = Children({"NEWSAPP_LIFELINE": line, "NEWSAPP_SOCKET": shared.fileno()})
        try:
            yield children
        finally:
            children.stop()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
