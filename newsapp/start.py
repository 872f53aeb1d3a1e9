"""What has to be right before Newsapp serves: the port, the database, the tables, the static files, the demo."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from newsapp import environment
from newsapp.environment import Database, Refusal

OLDEST_POSTGRESQL = 15
DEMO_ACCOUNTS = {
    "ada": "manager",
    "ben": "annotator",
    "chi": "annotator",
    "dora": "reviewer",
    "eve": "no member",
}
_STATIC_STAMP = "static-files"
_LOCK_TIMEOUT = "3s"
_PAUSE = 1.0  # seconds
_TRIES = 100
_ONE_AT_A_TIME = 7_398_150_441  # the advisory lock of starting; any number will do that nobody else uses


def check_port(host: str, port: int) -> None:
    """Refuse an address that is taken, unknown, or not ours to use."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise Refusal(f"HOST is {host!r}, which is no address of this machine.") from None
    deadline = time.monotonic() + 2  # the port of a Newsapp that was just killed is free in a moment
    while (
        error := _binding_error(family, kind, protocol, address)
    ) == errno.EADDRINUSE and time.monotonic() < deadline:
        time.sleep(0.1)
    if error == errno.EADDRINUSE:
        raise Refusal(f"PORT {port} is in use by another program; choose another, as in `PORT=8001 make run`.")
    if error == errno.EACCES:
        raise Refusal(f"PORT {port} may not be used by this account; choose one above 1023.")
    if error:
        raise Refusal(f"HOST is {host!r}, which is no address of this machine.")


def check_database(database: Database) -> None:
    """Refuse a DATABASE_URL whose server does not let us in or is too old."""
    try:
        with _connection(database) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise Refusal(f"DATABASE_URL: the database cannot be used: {' '.join(str(error).split())}") from None
    if version < OLDEST_POSTGRESQL:
        raise Refusal(
            f"DATABASE_URL: the server is PostgreSQL {version}, but {OLDEST_POSTGRESQL} is the oldest that works."
        )


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Let one start at a time change the tables of this database."""
    with _connection(database) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
        yield


def prepare(home: Path, *, demo: bool) -> None:
    """Tables, static files and the demo, as this version wants them.

    Raises:
        Refusal: the settings are wrong.
    """
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connection

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Refusal(str(error)) from None
    with alone(environment.database(home)):
        migrate()
        gather_static_files(home)
        if demo:
            load_demo(home)
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def migrate() -> None:
    """Bring the tables to this version's form.

    Whoever waits for a lock makes all who come later wait, too: so we wait only for a moment, let them pass, and try
    again. A migration that was broken off left nothing behind.
    """
    from django.core.management import call_command
    from django.db import OperationalError, connection

    for tries_left in reversed(range(_TRIES)):
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{_LOCK_TIMEOUT}'")
        try:
            call_command("migrate", interactive=False, verbosity=0)
            break
        except OperationalError as error:
            if not tries_left or not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise
        time.sleep(_PAUSE)
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout")


def gather_static_files(home: Path) -> None:
    """Hash, compress and gather the static files, when any of them changed since the last time."""
    from django.core.management import call_command

    stamp = home / _STATIC_STAMP
    state = _state_of_static_files()
    if stamp.exists() and stamp.read_text() == state:
        return
    stamp.unlink(missing_ok=True)
    call_command(
        "collectstatic", interactive=False, verbosity=0, ignore_patterns=["rest_framework", "mfa", "account"]
    )  # of pages we do not show
    stamp.write_text(state)


def was_here(home: Path) -> bool:
    """Whether a start from this home got as far as to serve."""
    return (home / _STATIC_STAMP).exists()


def load_demo(home: Path) -> None:
    """Make the demo project and its accounts in an empty database; their password is random and kept in the home."""
    from django.contrib.auth import get_user_model
    from django.db import transaction

    from annotations.services.demo import load_demo as load

    if get_user_model().objects.exists():
        return
    with transaction.atomic():
        load(password=environment.kept_secret(demo_password(home), length=16))


def demo_password(home: Path) -> Path:
    """The file of the demo accounts' one password."""
    return home / "demo-password"


def _binding_error(family: int, kind: int, protocol: int, address: tuple[Any, ...]) -> int:
    """Why one cannot listen there: an errno, 0 when one can."""
    try:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return error.errno or errno.EIO
    return 0


def _connection(database: Database) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        make_conninfo(
            host=database["HOST"],
            port=database["PORT"] or None,
            dbname=database["NAME"],
            user=database["USER"],
            password=database["PASSWORD"] or None,
            connect_timeout=5,
        ),
        autocommit=True,
    )


def _state_of_static_files() -> str:
    """A digest of every source file's place, size and time, and of this installation."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(str(environment.ROOT).encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    prepare(environment.home(), demo=False)  # a new version beside the one that serves: children.py
