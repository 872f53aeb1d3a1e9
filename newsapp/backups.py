"""Backups with PostgreSQL's own tools: written, proven by restoring them beside, and only then called backups.

A backup is a folder `newsapp-20261124T101500Z` with `database.dump` (the custom format of pg_dump) and
`manifest.json`: size and SHA-256 of the dump, the versions, and what `verify` counted in the restored copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from newsapp import embedded, environment
from newsapp.environment import Database, Refusal
from newsapp.postgres import own_binaries

DUMP: Final = "database.dump"
MANIFEST: Final = "manifest.json"
_NAME: Final = re.compile(r"newsapp-\d{8}T\d{6}Z\Z")
_FORM: Final = 1
# Rights are not in the dump, which names no roles; these are the only ones the tables take away (0002, 0008). A dump of
# an earlier version lacks what came later, and gets it by the migrations that follow.
_RIGHTS: Final = "".join(
    f"DO $$ BEGIN IF to_regclass('public.annotations_{table}') IS NOT NULL THEN"
    f" REVOKE TRUNCATE ON public.annotations_{table} FROM CURRENT_USER; END IF; END $$;\n"
    for table in ("change", "auditentry")
)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What is known of a backup; `verified` is what `verify` said of the copy that was restored from it."""

    form: int
    made_at: str
    server: int
    size: int
    sha256: str
    verified: str
    verified_at: str


def write_backup(database: Database, folder: Path, *, keep: int = 0) -> tuple[Path, Manifest]:
    """Dump the database into a new folder in `folder`, restore it into a scratch server, verify it there.

    What was not proven does not stay under a backup's name. `keep` backups stay at most, the oldest go (0: all stay).

    Raises:
        Refusal: the dump, the restoring or the verification failed; says why.
    """
    now = datetime.now(UTC)
    final = folder / f"newsapp-{now:%Y%m%dT%H%M%SZ}"
    draft = folder / f".{final.name}.{os.getpid()}"
    try:
        draft.mkdir(parents=True, mode=0o700)
        dump = draft / DUMP
        _dump(database, dump)
        size, digest = _measure(dump)
        said = _prove(dump)
        manifest = Manifest(
            form=_FORM,
            made_at=now.isoformat(timespec="seconds"),
            server=_server_version(database),
            size=size,
            sha256=digest,
            verified=said,
            verified_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        (draft / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n")
        _to_disk(draft)
        draft.rename(final)
    except OSError as error:
        raise Refusal(f"The backup could not be written to {folder}: {error.strerror or error}.") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for old in backups_in(folder)[keep:] if keep else ():
        shutil.rmtree(old)
    return final, manifest


def backups_in(folder: Path) -> list[Path]:
    """The backups in a folder, the newest first."""
    try:
        found = [path for path in folder.iterdir() if _NAME.match(path.name) and (path / MANIFEST).is_file()]
    except OSError:
        return []
    return sorted(found, key=lambda path: path.name, reverse=True)


def copy_backup(found: Path, folder: Path, *, keep: int = 0) -> Path:
    """Put a second copy of a backup into another folder, as a disk elsewhere that is mounted there, and check it.

    Raises:
        Refusal: it could not be copied, or the copy has other bytes.
    """
    final, draft = folder / found.name, folder / f".{found.name}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(found, draft)
        _to_disk(draft)
        draft.rename(final)
    except OSError as error:
        raise Refusal(f"The backup was made, but could not be copied to {folder}: {error.strerror or error}.") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    read_backup(final)
    for old in backups_in(folder)[keep:] if keep else ():
        shutil.rmtree(old)
    return final


def damaged_in(folder: Path) -> list[str]:
    """The backups in a folder whose bytes are not those that were written."""
    damaged = []
    for found in backups_in(folder):
        try:
            read_backup(found)
        except Refusal:
            damaged.append(str(found))
    return damaged


def read_backup(folder: Path) -> tuple[Path, Manifest]:
    """The backup that `folder` is, or the newest one in it, checked against its manifest.

    Raises:
        Refusal: there is none, or its bytes are not those that were written.
    """
    found = folder if (folder / MANIFEST).is_file() else next(iter(backups_in(folder)), None)
    if found is None:
        raise Refusal(f"There is no backup in {folder}.")
    try:
        manifest = Manifest(**json.loads((found / MANIFEST).read_text()))
        size, digest = _measure(found / DUMP)
    except (OSError, ValueError, TypeError) as error:
        raise Refusal(f"The backup {found} is damaged and was not restored: {error}.") from None
    if manifest.form != _FORM:
        raise Refusal(f"The backup {found} was made by a newer version; it was not restored.")
    if (size, digest) != (manifest.size, manifest.sha256):
        raise Refusal(f"The backup {found} is damaged and was not restored: {DUMP} has other bytes than were written.")
    return found, manifest


def restore_backup(database: Database, found: Path, *, replace: bool) -> None:
    """Put a checked backup into the database, in one transaction: whole or not at all.

    Raises:
        Refusal: the database holds something and `replace` is not set, or PostgreSQL refused.
    """
    if not replace and (tables := _tables(database)):
        raise Refusal(f"The database holds {tables} tables already; --replace puts the backup in their place.")
    before = "SET lock_timeout = '15s';\nSET client_min_messages = warning;\n"
    if replace:
        before += "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"
    _load(database, found / DUMP, before=before, after=_RIGHTS)


def _prove(dump: Path) -> str:
    """Restore into a scratch server of its own and verify there; what `verify` said."""
    home = Path(tempfile.mkdtemp(prefix="newsapp-proof-"))
    home.chmod(0o711)  # the user who runs PostgreSQL for root passes through it
    try:
        with embedded.running(home / "home", settings=embedded.THROW_AWAY):
            _load(environment.embedded_database(home / "home"), dump, before="", after=_RIGHTS)
            return _verify(home / "home")
    finally:
        embedded.discard(home / "home")
        shutil.rmtree(home, ignore_errors=True)


def _verify(home: Path) -> str:
    """What `verify` says of the embedded database of this home, whose server it shares with us."""
    asked = subprocess.run(
        [sys.executable, environment.ROOT / "manage.py", "verify"],
        env={**os.environ, "DATABASE_URL": "", "NEWSAPP_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode:
        words = " / ".join((asked.stdout + asked.stderr).strip().splitlines()[-3:])
        raise Refusal(f"The backup was restored beside for proof, but does not verify: {words}")
    return asked.stdout.strip()


def _dump(database: Database, path: Path) -> None:
    options = ("--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--file={path}")
    _run("pg_dump", *options, database=database, complaint="The database could not be dumped")


def _load(database: Database, dump: Path, *, before: str, after: str) -> None:
    """Give the dump to psql as SQL, between `before` and `after`, in one transaction."""
    reading = subprocess.Popen(
        [_tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-", dump],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    writing = subprocess.Popen(
        [_tool("psql"), "--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--set=ON_ERROR_STOP=1",
         "--output=/dev/null"],
        env=_environment(database), stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    if reading.stdout is None or writing.stdin is None:
        raise Refusal("PostgreSQL's programs could not be joined.")
    old = _server_version(database) < 170_000
    try:
        writing.stdin.write(before.encode())
        for line in reading.stdout:
            # A setting that servers before 17 do not know.
            if not (old and line.startswith(b"SET transaction_timeout")):
                writing.stdin.write(line)
        # A dump that breaks off may have left psql in the midst of rows: they end, and what fails then undoes all.
        writing.stdin.write(after.encode() if reading.wait() == 0 else b"\\.\nSELECT 1/0;\n")
    except BrokenPipeError:
        reading.kill()
    _, refusal = writing.communicate()
    _, damage = reading.communicate()
    if reading.returncode > 0 or writing.returncode:
        words = " ".join((damage if reading.returncode > 0 else refusal).decode(errors="replace").split())[:600]
        raise Refusal(f"The backup could not be restored, and nothing was changed: {words}")


def _run(tool: str, *options: str, database: Database, complaint: str) -> str:
    """What one of PostgreSQL's programs says, connected to the database."""
    done = subprocess.run(
        [_tool(tool), *options], env=_environment(database), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refusal(f"{complaint}: {' '.join(done.stderr.split())[:600]}")
    return done.stdout.strip()


def _environment(database: Database) -> dict[str, str]:
    """Connection details as libpq reads them: a password among the arguments would be public."""
    details = {
        "PGHOST": database["HOST"],
        "PGPORT": database["PORT"],
        "PGDATABASE": database["NAME"],
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGCLIENTENCODING": "UTF8",
    }
    return {**os.environ, **{name: value for name, value in details.items() if value}}


def _tool(name: str) -> Path:
    return own_binaries() / name


def _server_version(database: Database) -> int:
    return int(_ask(database, "SHOW server_version_num"))


def _tables(database: Database) -> int:
    return int(_ask(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))


def _ask(database: Database, question: str) -> str:
    options = ("--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--command", question)
    return _run("psql", *options, database=database, complaint="The database cannot be used")


def _measure(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return path.stat().st_size, digest


def _to_disk(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
