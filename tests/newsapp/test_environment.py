"""What the environment says, and how wrong values are refused."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from newsapp import embedded, environment
from newsapp.environment import Refusal


def test_a_database_url_is_read_with_its_escapes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://ada%40lab:s%2Fe%3Acret@db.lab:6543/news%20room")
    assert environment.database(tmp_path) == {
        "HOST": "db.lab",
        "PORT": "6543",
        "NAME": "news room",
        "USER": "ada@lab",
        "PASSWORD": "s/e:cret",
    }


def test_a_database_url_may_name_a_folder_of_sockets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada@/news?host=/run/postgresql")
    assert environment.database(tmp_path)["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada@db.lab:port/news",
        "postgresql://ada@[db.lab/news",
        "postgresql://ada@db.lab/",
        "postgresql://db.lab/news",
        "postgresql://ada@db.lab/news?sslmode=require",
        "sqlite:///news.db",
        "news",
    ],
)
def test_a_wrong_database_url_is_refused_by_name(url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(Refusal, match=r"^DATABASE_URL [^\n]+\.$"):
        environment.database(tmp_path)


def test_a_secret_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "home" / "secret-key"
    secret = environment.kept_secret(path, length=40)
    assert (len(secret), environment.kept_secret(path, length=40)) == (40, secret)
    assert [path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777] == [0o600, 0o700]


def test_a_home_opened_to_others_is_closed_again_and_nothing_above_it(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    environment.prepare(home)
    assert [home.stat().st_mode & 0o777, tmp_path.stat().st_mode & 0o777] == [0o700, 0o755]


def test_a_folder_with_other_things_is_no_home_and_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    tmp_path.chmod(0o755)
    with pytest.raises(Refusal, match="holds other things"):
        environment.prepare(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_a_long_home_has_its_socket_in_a_short_folder() -> None:
    short, long = Path("/srv/newsapp"), Path("/srv") / ("n" * 120)
    assert embedded.socket_folder(short) == short / "postgres" / "socket"
    assert len(os.fsencode(embedded.socket_folder(long))) < 60
    assert embedded.socket_folder(long) == embedded.socket_folder(long)
    assert embedded.socket_folder(long) != embedded.socket_folder(long / "other")


def test_every_variable_that_is_read_is_documented_and_every_documented_one_is_read() -> None:
    """Read: named in a call of `environment`'s functions or to `os.environ`. Documented: in the table of operating.md."""
    call = re.compile(r"""(?:environ(?:\.get\(|\[)|(?:flag|number|words|one_of|text|networks)\()\s*["']([A-Z_]+)["']""")
    sources = [*(environment.ROOT / "newsapp").rglob("*.py"), *(environment.ROOT / "annotations").rglob("*.py")]
    read = {name for path in sources for name in call.findall(path.read_text())}
    # Set by Newsapp itself for its own processes.
    ours = {"DJANGO_SETTINGS_MODULE", "NEWSAPP_READY", "NEWSAPP_SOCKET", "PROMETHEUS_MULTIPROC_DIR"}
    page = (environment.ROOT / "docs" / "operating.md").read_text()
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    documented = {name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row)}
    assert read - ours == documented
