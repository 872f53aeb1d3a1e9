"""`make run`: start everything, serve, and stop everything again.

    this process ── PostgreSQL (embedded, shared with other commands of the same home)
        ├── web workers (WEB_WORKERS; one that dies is replaced)
        └── worker (jobs that run longer than a request; started again when it ends)

It stays in the foreground. Ctrl-C or SIGTERM stops the workers, then PostgreSQL, and ends with 0. What cannot work
ends with 2 and one sentence. When PostgreSQL dies it is started again: its files recover by themselves. SIGHUP goes
over to the code that is there now without refusing a request; at a terminal it is the terminal's end, and stops all.
"""

from __future__ import annotations

import contextlib
import logging.config
import os
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from newsapp import children, embedded, environment, logs, start
from newsapp.environment import Refusal

_STOPPING = (signal.SIGINT, signal.SIGTERM)
_reload = threading.Event()

logger = logging.getLogger("newsapp.run")


def main() -> int:
    """Serve until told to stop; the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")
    for number in _STOPPING:
        signal.signal(number, _leave)
    signal.signal(signal.SIGHUP, _leave if sys.stdin.isatty() else _hear)
    try:
        style = environment.one_of("LOG_FORMAT", default="text", known=logs.STYLES)
        level = environment.one_of("LOG_LEVEL", default="info", known=logs.LEVELS)
        logging.config.dictConfig(logs.configuration(style=style, level=level))
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
        logger.info("making the database and the pages; the first start takes a little longer")
    with contextlib.ExitStack() as stack:
        if environment.is_embedded():
            stack.enter_context(_kept_alive(stack.enter_context(embedded.running(home))))
        start.check_database(database)
        accounts = _prepare(home, demo=demo)
        _make_room_for_metrics(home)
        serving = stack.enter_context(children.serving(children.listening(host, port)))
        ready = _announce_when_ready(host, port, accounts)
        while True:
            time.sleep(0.2)
            if serving.web.has_ended() and not ready.is_set():
                raise Refusal("The web server ended at once; the lines above say why.")
            if _reload.is_set():
                _reload.clear()
                serving.reload()
            serving.look()


def _prepare(home: Path, *, demo: bool) -> list[str]:
    """Tables, static files and the demo; the lines to print about the demo accounts."""
    start.prepare(home, demo=demo)
    password = start.demo_password(home)
    if not demo or not password.exists():
        return []
    names = ", ".join(f"{name} ({role})" for name, role in start.DEMO_ACCOUNTS.items())
    return [f"Demo accounts: {names}", f"Their password: {password.read_text().strip()}  (kept in {password})"]


def _make_room_for_metrics(home: Path) -> None:
    """An empty folder in which the processes of the web server count together."""
    folder = home / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


@contextlib.contextmanager
def _kept_alive(server: embedded.Server) -> Iterator[None]:
    """Start PostgreSQL again when it dies."""
    stopping = threading.Event()

    def watch() -> None:
        while not stopping.wait(0.25):
            try:
                if server.restart_if_dead():
                    logger.warning("PostgreSQL had died; it was started again")
            except (Refusal, OSError) as error:
                logger.error("PostgreSQL has died and does not start: %s", error)  # noqa: TRY400 - the sentence says it
                stopping.wait(5)

    thread = threading.Thread(target=watch, name="postgresql")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


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


def _hear(_number: int, _frame: FrameType | None) -> None:
    """Somebody wants the code that is there now to serve."""
    _reload.set()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Unwind, which stops all that was started; another signal does not disturb that."""
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
