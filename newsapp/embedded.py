"""The PostgreSQL that comes with Newsapp: one server per home, shared by all commands that run at the same time.

What a home holds of it: `postgres/data`, `postgres/socket` (or a folder in /tmp when that path is too long for a
socket), `postgres/log`, and `database-password`. Nobody but the application gets in: there is no TCP listener, the
socket lies in a folder closed to others, every login needs the password, and the superuser cannot log in at all.

Two lock files order the commands. Who needs the server holds `postgres.users` shared; `postgres.door` is held while
the server is started or stopped. The last to leave stops the server. The kernel drops both locks of a process that
dies, so a crash leaves nothing to clean up: the next command starts the server, or shares the one it finds.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from newsapp import environment
from newsapp.environment import Refusal
from newsapp.postgres import Account, account_of, binaries

PORT = "5432"  # only a part of the socket's file name: nothing listens on the network
NAME = "newsapp"  # of the database and of the role that owns it
_SOCKET_PATH_LIMIT = 100  # bytes; the kernel allows 107 of which the server needs some for its lock file
_HBA = "# Nobody enters without the password; there is no other line.\nlocal all all scram-sha-256\n"
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "log_checkpoints": "off",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # for data nobody needs again


def socket_folder(home: Path) -> Path:
    """The folder of the server's socket: a function of the home alone, so that every command finds it."""
    inside = home / "postgres" / "socket"
    if len(os.fsencode(inside / f".s.PGSQL.{PORT}.lock")) <= _SOCKET_PATH_LIMIT:
        return inside
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path("/tmp") / f"newsapp-{os.geteuid()}-{digest}"  # noqa: S108 - made 0700 and its owner is checked


@contextlib.contextmanager
def running(home: Path, *, password: str = "", settings: dict[str, str] | None = None) -> Iterator[Server]:
    """Keep the server of this home running for as long as the block lasts.

    The role's password is the one kept in the home, unless one is given (it counts when the files are made).
    """
    environment.prepare(home)
    password = password or environment.kept_secret(home / "database-password", length=48)
    server = Server(home, password=password, settings={**_SETTINGS, **(settings or {})})
    users = os.open(home / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with _door(home):
            fcntl.flock(users, fcntl.LOCK_SH)
            server.start()
        yield server
    finally:
        with _door(home):
            fcntl.flock(users, fcntl.LOCK_UN)
            if _alone(users):
                server.stop()
            else:
                server.leave_to_others()
        os.close(users)


def discard(home: Path) -> bool:
    """Delete a home nobody uses, its server stopped before; False when somebody uses it or it is none."""
    try:
        users = os.open(home / "postgres.users", os.O_RDWR)
    except OSError:
        return False
    try:
        with _door(home):
            if not _alone(users):
                return False
            Server(home, password="", settings={}).stop()
            shutil.rmtree(home, ignore_errors=True)
            if home not in socket_folder(home).parents:
                shutil.rmtree(socket_folder(home), ignore_errors=True)
            return True
    finally:
        os.close(users)


@contextlib.contextmanager
def _door(home: Path) -> Iterator[None]:
    door = os.open(home / "postgres.door", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
    finally:
        os.close(door)


def _alone(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(users, fcntl.LOCK_UN)
    return True


@dataclass
class Server:
    """One PostgreSQL server; `start`, `stop` and `ensure` are called with the door held, or through `running`."""

    home: Path
    password: str = field(repr=False)
    settings: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def folder(self) -> Path:
        """What belongs to the server's account."""
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        """The database files."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's messages since its last start, the ones before in `log.1`."""
        return self.folder / "log"

    def is_running(self) -> bool:
        """Whether the server's main process lives (it may still be recovering)."""
        if self.process is not None:
            self.process.poll()  # takes a dead child off the process table: PostgreSQL would think it alive
        return _is_server(self._recorded_process(), self.data)

    def restart_if_dead(self) -> bool:
        """Bring a server that died back; True when it had died. The files recover by themselves."""
        if self.is_running():
            return False
        with _door(self.home):
            self.start()
        return True

    def start(self) -> None:
        """Start the server unless it runs, and wait until it answers."""
        if not self.is_running():
            account = account_of(self.home)
            tools = binaries(account)
            self._make_folders(account)
            if not (self.data / "PG_VERSION").exists():
                self._initialise(account, tools)
            self._launch_until_it_lives(account, tools)
        while not self._is_ready():
            if not self.is_running() and not self._is_starting():
                raise self._refusal()
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, everything committed is on the disk."""
        server = self._recorded_process()
        for request, patience in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
            if self.is_running():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(server, request)
            deadline = time.monotonic() + patience
            while self.is_running() and time.monotonic() < deadline:
                time.sleep(0.01)
        if self.process is not None:
            self.process.wait()

    def leave_to_others(self) -> None:
        """Forget that the server is our child: it goes on for the commands that still use it."""
        if self.process is not None:
            self.process.returncode = 0  # else Python would complain of a child nobody waited for
            self.process = None

    def _make_folders(self, account: Account) -> None:
        for folder in (self.folder, socket_folder(self.home)):
            with contextlib.suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                account.own(folder)
            state = folder.lstat()
            if folder.is_symlink() or state.st_uid != account.uid or state.st_mode & 0o077:
                raise Refusal(f"The folder {folder} belongs to somebody else or is open to others; remove it.")
        account.check_reach(self.folder)

    def _initialise(self, account: Account, tools: Path) -> None:
        """Make the files in a draft folder that becomes the real one when nothing is missing."""
        draft = self.folder / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        _complete(
            account,
            [tools / "initdb", "--pgdata", draft, "--username", "postgres", "--auth", "reject", "--encoding", "UTF8",
             "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions",
             *(["--no-sync"] if self.settings.get("fsync") == "off" else [])],
        )  # fmt: skip
        (draft / "pg_hba.conf").write_text(_HBA)
        _complete(
            account,
            [tools / "postgres", "--single", "-j", "-D", draft, "postgres"],
            # A statement ends at an empty line in this mode. The password comes by standard input, not as an
            # argument, for arguments are public; it has letters and digits only.
            f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{self.password}';\n\n"
            f"CREATE DATABASE {NAME} OWNER {NAME};\n\n"
            f"REVOKE CONNECT ON DATABASE {NAME} FROM PUBLIC;\n\n",
        )
        draft.rename(self.data)

    def _clear_the_way(self) -> None:
        """Remove what a killed server left, where PostgreSQL itself would not dare to.

        Its pid file may name a process number that belongs to another program by now, or to a dead child nobody
        collected. We know that no server of these files runs, so the file is made to name us: PostgreSQL ignores
        its own parent there, and still makes sure that no process uses the shared memory the file names.
        """
        sockets = socket_folder(self.home)
        (sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
        (sockets / f".s.PGSQL.{PORT}").unlink(missing_ok=True)
        record = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            _, separator, rest = record.read_text().partition("\n")
            with record.open("r+") as file:  # in place: the owner and the mode stay
                file.write(f"{os.getpid()}{separator}{rest}")
                file.truncate()

    def _launch(self, account: Account, tools: Path) -> None:
        options = {**self.settings, "unix_socket_directories": str(socket_folder(self.home))}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with contextlib.suppress(FileNotFoundError):
            self.log.rename(self.log.with_suffix(".1"))
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "ab") as log:
            # A session of its own: Ctrl-C in the terminal reaches the starter, which stops the server in order.
            self.process = subprocess.Popen(
                [tools / "postgres", "-D", self.data, *arguments],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                **account.options(self.data),
            )  # fmt: skip

    def _launch_until_it_lives(self, account: Account, tools: Path) -> None:
        """Start the server; after a kill, once the last of its processes has let go of the shared memory."""
        deadline = time.monotonic() + 30
        while True:
            self._clear_the_way()
            self._launch(account, tools)
            while self._is_starting() and not self._is_ready() and not self.is_running():
                time.sleep(0.01)
            if self._is_starting():
                return  # it has written its pid file; with much to recover it may need long to be ready
            if "shared memory block" not in self._last_words() or time.monotonic() > deadline:
                raise self._refusal()
            time.sleep(0.2)

    def _is_starting(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _refusal(self) -> Refusal:
        return Refusal(f"The embedded PostgreSQL did not start; its last words, from {self.log}: {self._last_words()}")

    def _is_ready(self) -> bool:
        lines = self._record()
        return len(lines) > 7 and lines[7].strip() == "ready" and self.is_running()

    def _recorded_process(self) -> int:
        """The process number in the server's pid file; 0 when there is none."""
        lines = self._record()
        return int(lines[0]) if lines and lines[0].strip().isdecimal() else 0

    def _record(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            return " / ".join(self.log.read_text(errors="replace").strip().splitlines()[-3:])
        return "none"


def _is_server(process: int, data: Path) -> bool:
    """Whether this process lives and works in this data folder, as PostgreSQL's main process does."""
    if process <= 1 or process == os.getpid():
        return False
    if not Path("/proc/self/cwd").exists():
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
    try:
        return Path(f"/proc/{process}/cwd").samefile(data)  # a dead child that was not collected has none
    except OSError:
        return False


def _complete(account: Account, command: Sequence[str | Path], words: str = "") -> None:
    done = subprocess.run(
        command, input=words, text=True, capture_output=True, check=False, **account.options(Path("/"))
    )
    if done.returncode or "ERROR:" in done.stderr or "FATAL:" in done.stderr:
        last = " / ".join(done.stderr.strip().splitlines()[-3:])
        raise Refusal(f"The embedded PostgreSQL could not be set up: {last}")
