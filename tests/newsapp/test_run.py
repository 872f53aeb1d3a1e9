"""`python -m newsapp.run` as people meet it: it starts, serves, recovers, stops, and says in one sentence why it cannot."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from newsapp import embedded, environment

NOBODY = 65_534
PATIENCE = 120  # seconds; a busy machine is slow, and nothing here waits longer than it must


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home for all tests of this file, where the server's account can reach it."""
    folder = Path(tempfile.mkdtemp(prefix="newsapp-run-"))
    yield folder
    embedded.discard(folder)
    shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def surroundings(home: Path, port: int, **more: str) -> dict[str, str]:
    """The environment of a person at a terminal: nothing of the test run's own."""
    ours = ("DATABASE_URL", "SECRET_KEY", "DJANGO_", "NEWSAPP_", "PYTEST_", "COV_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "NEWSAPP_HOME": str(home), "PORT": str(port), "NEWSAPP_DEMO": "0", **more}


@contextmanager
def newsapp(home: Path, port: int, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Newsapp in the foreground of another process, ready; whatever happens, it does not outlive the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "newsapp.run"],
        cwd=environment.ROOT, env=surroundings(home, port, **more), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        first = process.stdout.readline()
        assert first == f"Newsapp serves at http://127.0.0.1:{port}/\n", process.stderr.read()
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        process.stderr.close()


def refusal(home: Path, port: int, **more: str) -> tuple[int, str, str]:
    """The exit code and what was printed to both streams by a start that cannot succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "newsapp.run"],
        cwd=environment.ROOT, env=surroundings(home, port, **more), capture_output=True, text=True, timeout=PATIENCE,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def status(port: int) -> int:
    """What the sign-in page answers; 0 for no answer."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def has_tables(home: Path) -> bool:
    """Whether a client with the home's password finds the tables on the embedded server."""
    password = (home / "database-password").read_text().strip()
    try:
        with psycopg.connect(
            host=str(embedded.socket_folder(home)), port=embedded.PORT, dbname="newsapp", user="newsapp",
            password=password,
        ) as connection:  # fmt: skip
            return connection.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)
    except psycopg.OperationalError:
        return False


def main_process(home: Path) -> int:
    """The number of PostgreSQL's main process, 0 when there is none."""
    record = home / "postgres/data/postmaster.pid"
    return int(record.read_text().split()[0]) if record.exists() else 0


def is_running(home: Path) -> bool:
    return embedded.Server(home, password="", settings={}).is_running()


def wait_for_another_server(home: Path, before: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while main_process(home) in {0, before} or not has_tables(home):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_it_serves_and_stops_cleanly_and_starts_again_on_the_same_data(home: Path) -> None:
    for stop in (signal.SIGINT, signal.SIGTERM):
        port = free_port()
        with newsapp(home, port) as process:
            assert status(port) == 200
            assert has_tables(home)
            process.send_signal(stop)
            assert process.wait(PATIENCE) == 0
        assert status(port) == 0
        assert not is_running(home)


def test_other_commands_share_its_database_and_leave_it_running(home: Path) -> None:
    port = free_port()
    with newsapp(home, port) as process:
        server = main_process(home)
        done = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--check"],
            cwd=environment.ROOT, env=surroundings(home, port), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "")
        assert main_process(home) == server
        assert status(port) == 200
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_it_recovers_when_postgresql_is_killed_and_when_everything_is(home: Path) -> None:
    port = free_port()
    with newsapp(home, port) as process:
        before = main_process(home)
        os.kill(before, signal.SIGKILL)
        wait_for_another_server(home, before)
        assert status(port) == 200
        os.kill(main_process(home), signal.SIGKILL)
        os.killpg(process.pid, signal.SIGKILL)
    with newsapp(home, port) as process:
        assert status(port) == 200
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_nobody_else_can_connect_or_read(home: Path) -> None:
    with newsapp(home, free_port()) as process:
        sockets = embedded.socket_folder(home)
        secret_files = [home / name for name in ("database-password", "secret-key")]
        modes = [stat.st_mode & 0o777 for stat in (sockets.stat(), *(path.stat() for path in secret_files))]
        assert modes == [0o700, 0o600, 0o600]
        assert home.stat().st_mode & 0o067 == 0
        assert (home / "postgres/data/pg_hba.conf").read_text().splitlines()[1:] == ["local all all scram-sha-256"]
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(host=str(sockets), port=embedded.PORT, dbname="newsapp", user="newsapp", password="guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(host=str(sockets), port=embedded.PORT, dbname="postgres", user="postgres", password="guess")
        if os.geteuid() == 0:
            for command in (["ls", str(home)], ["ls", str(sockets)], ["cat", *map(str, secret_files)]):
                stranger = subprocess.run(
                    command, user=NOBODY, group=NOBODY, extra_groups=[], capture_output=True, check=False
                )
                assert (stranger.returncode == 0, stranger.stdout) == (False, b"")
        process.terminate()
        assert process.wait(PATIENCE) == 0


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = f"PORT {port} is in use by another program; choose another, as in `PORT=8001 make run`."
        assert refusal(tmp_path / "home", port) == (2, "", f"Newsapp cannot start. {sentence}\n")


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"DATABASE_URL": "mysql://root@localhost/news"}, "DATABASE_URL must begin with postgresql://"),
        ({"DATABASE_URL": "postgresql://localhost/news"}, "DATABASE_URL needs a user, a host and a database"),
        (
            {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/news"},
            "DATABASE_URL: the database cannot be used: connection",
        ),
        ({"NEWSAPP_HOME": "/dev/null/home"}, "NEWSAPP_HOME=/dev/null/home cannot be used: not a directory."),
        ({"PORT": "eighty"}, "PORT is 'eighty', but must be a whole number from 1 to 65535."),
        ({"WEB_WORKERS": "0"}, "WEB_WORKERS is '0', but must be a whole number from 1 to 64."),
        ({"NEWSAPP_DEMO": "maybe"}, "NEWSAPP_DEMO is 'maybe', but must be 1 or 0."),
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe', but must be 1 or 0."),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
        ({"HOST": "no.such.host.invalid"}, "HOST is 'no.such.host.invalid', which is no address of this machine."),
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_the_variable(
    variables: dict[str, str], words: str, home: Path
) -> None:
    code, printed, said = refusal(home, free_port(), **variables)
    assert (code, printed, said.count("\n")) == (2, "", 1)
    assert said.startswith(f"Newsapp cannot start. {words}")
