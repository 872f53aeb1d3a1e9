"""`make run`: start everything, serve, and stop everything again.

    this process ── PostgreSQL (embedded, shared with other commands of the same home)
        ├── web workers (WEB_WORKERS; one that dies is replaced)
        └── worker (jobs that run longer than a request; started again when it ends)

It stays in the foreground. Ctrl-C or SIGTERM stops the workers, then PostgreSQL, and ends with 0. What cannot work
ends with 2 and one sentence. When PostgreSQL dies it is started again: its files recover by themselves.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from newsapp import embedded, environment, lifeline, start
from newsapp.environment import Refusal

_STOPPING = (signal.SIGINT, signal.SIGTERM)
_WEB_SERVER = ["-m", "gunicorn", "-c", "python:newsapp.serving", "newsapp.wsgi:application"]
_WORKER = ["-m", "newsapp.worker"]


def main() -> int:
    """Serve until told to stop; the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")
    for number in _STOPPING:
        signal.signal(number, _leave)
    try:
        run()
    except Refusal as refusal:
        print(f"Newsapp cannot start. {refusal}", file=sys.stderr)
        return 2
    return 0


def run() -> None:
    """Check what can be wrong, prepare the data, serve."""
    host = os.environ.get("HOST", "").strip() or "127.0.0.1"
    port = environment.number("PORT", default=8000, least=1, most=65_535)
    environment.number("WEB_WORKERS", default=2, least=1, most=64)
    demo = environment.flag("NEWSAPP_DEMO", default=True)
    home = environment.home()
    database = environment.database(home)
    start.check_port(host, port)
    environment.prepare(home)
    if not start.was_here(home):
        _log("making the database and the pages; the first start takes a little longer")
    with contextlib.ExitStack() as stack:
        if environment.is_embedded():
            stack.enter_context(_kept_alive(stack.enter_context(embedded.running(home))))
        start.check_database(database)
        accounts = _prepare(home, demo=demo)
        children = stack.enter_context(_children())
        ready = _announce_when_ready(host, port, accounts)
        while True:
            time.sleep(0.2)
            if children[0].has_ended() and not ready.is_set():
                raise Refusal("The web server ended at once; the lines above say why.")
            for child in children:
                child.look()


def _prepare(home: Path, *, demo: bool) -> list[str]:
    """Tables, static files and the demo; the lines to print about the demo accounts."""
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connection

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Refusal(str(error)) from None
    with start.alone(environment.database(home)):
        start.migrate()
        start.gather_static_files(home)
        if demo:
            start.load_demo(home)
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    password = start.demo_password(home)
    if not demo or not password.exists():
        return []
    names = ", ".join(f"{name} ({role})" for name, role in start.DEMO_ACCOUNTS.items())
    return [f"Demo accounts: {names}", f"Their password: {password.read_text().strip()}  (kept in {password})"]


@contextlib.contextmanager
def _kept_alive(server: embedded.Server) -> Iterator[None]:
    """Start PostgreSQL again when it dies."""
    stopping = threading.Event()

    def watch() -> None:
        while not stopping.wait(0.25):
            try:
                if server.restart_if_dead():
                    _log("PostgreSQL had died; it was started again")
            except (Refusal, OSError) as error:
                _log(f"PostgreSQL has died and does not start: {error}")
                stopping.wait(5)

    thread = threading.Thread(target=watch, name="postgresql")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


class _Child:
    """A program that is started again whenever it ends, until told to stop."""

    def __init__(self, name: str, arguments: list[str], line: int) -> None:
        self._name, self._arguments, self._line = name, arguments, line
        self._process = self._launch()
        self._resume_at = 0.0

    def look(self) -> None:
        """Start it again if it ended: at once, and when it keeps ending, every two seconds."""
        if self._process.poll() is None or time.monotonic() < self._resume_at:
            return
        _log(f"the {self._name} ended with {self._process.returncode}; it is started again")
        self._resume_at = time.monotonic() + 2
        self._process = self._launch()

    def has_ended(self) -> bool:
        """Whether it is not running now."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """Let it finish what it does, for fifteen seconds at most."""
        self._process.terminate()
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _launch(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches the starter alone, which stops all in order.
        return subprocess.Popen(
            [sys.executable, *self._arguments], cwd=environment.ROOT, pass_fds=[self._line], start_new_session=True
        )


@contextlib.contextmanager
def _children() -> Iterator[list[_Child]]:
    """What serves, stopped at the end."""
    with lifeline.thrown() as line:
        children = [_Child("web server", _WEB_SERVER, line), _Child("worker", _WORKER, line)]
        try:
            yield children
        finally:
            for child in children:
                child.stop()


def _announce_when_ready(host: str, port: int, accounts: list[str]) -> threading.Event:
    """Print the address and the accounts once a page is answered; the event is set then."""
    ready = threading.Event()
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
    address = f"[{shown}]" if ":" in shown else shown

    def announce() -> None:
        while not _answers(shown, port):
            time.sleep(0.05)
        ready.set()
        print("\n".join([f"Newsapp serves at http://{address}:{port}/", *accounts, "Ctrl-C stops it."]), flush=True)

    threading.Thread(target=announce, name="announcement", daemon=True).start()
    return ready


def _answers(host: str, port: int) -> bool:
    name = environment.words("ALLOWED_HOSTS", default=["localhost"])[0]
    request = f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((host, port), timeout=10) as connection:
            connection.sendall(request.encode())
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False


def _log(words: str) -> None:
    print(f"Newsapp: {words}.", file=sys.stderr, flush=True)


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Unwind, which stops all that was started; another signal does not disturb that."""
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
