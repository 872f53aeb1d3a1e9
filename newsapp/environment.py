"""What the environment says: every variable Newsapp reads, checked, with a sentence that names the wrong one.

Nothing here knows Django or opens a connection, so the settings, the starter and the tests can all ask.
"""

from __future__ import annotations

import os
import secrets
import string
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, TypedDict
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
HOME_OF_ROOT = Path("/var/lib/newsapp")
_ALPHABET = string.ascii_letters + string.digits
_OURS = {"secret-key", "database-password", "postgres", "programs"}  # and what begins so, up to a dot
_YES, _NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}

type Network = IPv4Network | IPv6Network


class Refusal(Exception):
    """Newsapp cannot start like this; the message is one sentence for the person at the terminal."""


class Database(TypedDict):
    """Connection details as Django's DATABASES names them; HOST is a folder when the server listens on a socket."""

    HOST: str
    PORT: str
    NAME: str
    USER: str
    PASSWORD: str


def home() -> Path:
    """The folder of the data (NEWSAPP_HOME): `.newsapp` beside the code, `/var/lib/newsapp` for root."""
    named = os.environ.get("NEWSAPP_HOME", "").strip()
    if named:
        return Path(named).expanduser().absolute()
    return HOME_OF_ROOT if os.geteuid() == 0 else ROOT / ".newsapp"


def flag(name: str, *, default: bool) -> bool:
    """A switch: 1, true, yes, on or 0, false, no, off."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.strip().lower() in _YES:
        return True
    if value.strip().lower() in _NO:
        return False
    raise Refusal(f"{name} is {value!r}, but must be 1 or 0.")


def words(name: str, *, default: list[str]) -> list[str]:
    """A list, separated by commas or spaces."""
    value = os.environ.get(name)
    return default if value is None else value.replace(",", " ").split()


def number(name: str, *, default: int, least: int, most: int) -> int:
    """A whole number between `least` and `most`, both allowed."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if value.isascii() and value.isdecimal() and len(value) < 10 and least <= int(value) <= most:
        return int(value)
    raise Refusal(f"{name} is {value!r}, but must be a whole number from {least} to {most}.")


def one_of(name: str, *, default: str, known: Sequence[str]) -> str:
    """A word of a few."""
    value = os.environ.get(name, "").strip().lower() or default
    if value not in known:
        raise Refusal(f"{name} is {value!r}, but must be one of: {', '.join(known)}.")
    return value


def text(name: str) -> str:
    """Any text; empty when it is not set."""
    return os.environ.get(name, "").strip()


def networks(name: str) -> list[Network]:
    """Addresses and networks, as `127.0.0.1 10.0.0.0/8 fd00::/8`."""
    try:
        return [ip_network(word) for word in words(name, default=[])]
    except ValueError as error:
        raise Refusal(f"{name} must name addresses or networks, as 127.0.0.1 or 10.0.0.0/8: {error}.") from None


def secret_key(folder: Path) -> str:
    """Django's secret key: SECRET_KEY, else generated once and kept in the home."""
    return os.environ.get("SECRET_KEY") or kept_secret(folder / "secret-key", length=64)


def single_sign_on() -> dict[str, Any]:
    """The one provider of OpenID Connect of OIDC_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, as allauth reads it.

    OIDC_NAME is what the button says.

    Raises:
        Refusal: only some of the three are given, or the address has no HTTPS.
    """
    given = {
        "OIDC_URL": os.environ.get("OIDC_URL", "").strip(),
        "OIDC_CLIENT_ID": os.environ.get("OIDC_CLIENT_ID", "").strip(),
        "OIDC_CLIENT_SECRET": os.environ.get("OIDC_CLIENT_SECRET", "").strip(),
    }
    if not any(given.values()):
        return {}
    if missing := [name for name, value in given.items() if not value]:
        raise Refusal(f"{missing[0]} is missing: single sign-on needs OIDC_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
    parts = urlsplit(given["OIDC_URL"])
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
        raise Refusal("OIDC_URL must be an address with https://.")
    provider = {
        "provider_id": "sso",
        "name": os.environ.get("OIDC_NAME", "").strip() or parts.hostname,
        "client_id": given["OIDC_CLIENT_ID"],
        "secret": given["OIDC_CLIENT_SECRET"],
        "settings": {"server_url": given["OIDC_URL"], "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [provider]}}


def static_root(folder: Path) -> Path:
    """Where the hashed and compressed static files are gathered."""
    return folder / "static"


def database(folder: Path) -> Database:
    """The database of DATABASE_URL, else the one on the embedded server of this home."""
    url = os.environ.get("DATABASE_URL", "").strip()
    return _database_of(url) if url else embedded_database(folder)


def embedded_database(folder: Path) -> Database:
    """The database on the embedded server of this home."""
    from newsapp import embedded

    return {
        "HOST": str(embedded.socket_folder(folder)),
        "PORT": embedded.PORT,
        "NAME": embedded.NAME,
        "USER": embedded.NAME,
        "PASSWORD": kept_secret(folder / "database-password", length=48),
    }


def is_embedded() -> bool:
    """Whether the database is the one that comes with Newsapp."""
    return not os.environ.get("DATABASE_URL", "").strip()


def _database_of(url: str) -> Database:
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError:
        raise Refusal("DATABASE_URL cannot be read; its form is postgresql://USER:PASSWORD@HOST:5432/NAME.") from None
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    port = query.pop("port", "") or port
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise Refusal("DATABASE_URL must begin with postgresql:// (Newsapp works on PostgreSQL only).")
    if query:
        keys = ", ".join(sorted(query))
        raise Refusal(f"DATABASE_URL has options that are not known here ({keys}); set libpq's PG… variables instead.")
    if not host or not name or not parts.username:
        raise Refusal("DATABASE_URL needs a user, a host and a database: postgresql://USER:PASSWORD@HOST:5432/NAME.")
    return {
        "HOST": host,
        "PORT": port,
        "NAME": name,
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
    }


def prepare(folder: Path) -> None:
    """Make the home, closed to everybody else; nothing above it is changed but that missing folders are made.

    A folder that holds something else is refused: closing `/tmp` to others, say, would break the machine.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        inside = {entry.name.partition(".")[0] for entry in folder.iterdir()}
        if inside and not inside & _OURS:
            raise Refusal(
                f"NEWSAPP_HOME={folder} holds other things; name an empty folder or one that is not there yet."
            )
        state = folder.stat()
        if state.st_uid == os.geteuid() and state.st_mode & 0o067:
            folder.chmod(0o700)
    except OSError as error:
        raise Refusal(f"NEWSAPP_HOME={folder} cannot be used: {_reason(error)}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refusal(f"NEWSAPP_HOME={folder} cannot be used: it may not be written.")


def kept_secret(path: Path, *, length: int) -> str:
    """The secret in `path`; made at the first call, readable by its owner only. Two first calls at once agree."""
    prepare(path.parent)
    try:
        if not path.exists():
            _write_once(path, "".join(secrets.choice(_ALPHABET) for _ in range(length)))
        return path.read_text("ascii").strip()
    except OSError as error:
        raise Refusal(f"NEWSAPP_HOME={path.parent} cannot be used: {path.name}: {_reason(error)}.") from None


def _write_once(path: Path, text: str) -> None:
    """Write the whole file or nothing, and never over an existing one."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first: its secret stands
    finally:
        draft.unlink()


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
