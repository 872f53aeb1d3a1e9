"""A backup is proven before it is called one, goes whole into another home, and a damaged one goes nowhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsapp import embedded
from tests.homes import fill

MANAGE = Path(__file__).parents[2] / "manage.py"
LINE = '{"id": "a1", "title": "Nine days", "text": "“We lost nine days,” said Ingrid Solheim.", "annotation_sets": [{"kind": "gold", "spans": [{"id": "s1", "label": "claim", "fragments": [[0, 20]]}]}]}\n'


@pytest.fixture(scope="module")
def homes() -> Iterator[Path]:
    """A folder for homes that the server's user can pass, also when the tests run as root."""
    folder = Path(f"/var/tmp/newsapp-backups-{os.getpid()}")  # noqa: S108 - made for us alone
    folder.mkdir(mode=0o711)
    yield folder
    for home in folder.iterdir():
        embedded.discard(home)
    shutil.rmtree(folder, ignore_errors=True)


def manage(home: Path, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    environment = {
        key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    return subprocess.run(
        [sys.executable, MANAGE, *words],
        env={**environment, "NEWSAPP_HOME": str(home)}, input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def first(homes: Path) -> Iterator[Path]:
    """A home with one article in a project; its server is kept up for the commands, which share it."""
    home = homes / "first"
    home.mkdir()
    fill(home)
    with embedded.running(home, settings=embedded.THROW_AWAY):
        made = manage(
            home, "shell", "-v0", "-c",
            "from annotations.models import User; from annotations.services.projects import create_project; "
            "u = User.objects.create_user('ada', is_staff=True); create_project(actor=u, name='Press', slug='press')",
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        (homes / "articles.jsonl").write_text(LINE)
        assert manage(home, "import_documents", "press", str(homes / "articles.jsonl")).returncode == 0
        yield home


@pytest.fixture(scope="module")
def backups(homes: Path, first: Path) -> Path:
    """A folder with one backup of it."""
    made = manage(first, "backup", str(homes / "backups"))
    assert made.returncode == 0, made.stderr
    assert "restored beside and verified. Everything is as promised: 1 articles" in made.stdout
    return homes / "backups"


@pytest.fixture(scope="module")
def dataset(first: Path) -> str:
    """What the home exports, before anything is restored."""
    return export(first)


def export(home: Path) -> str:
    done = manage(home, "export_documents", "press", "--format", "jsonl", "--sets", "all")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_backup_restored_in_another_home_gives_the_same_export(homes: Path, dataset: str, backups: Path) -> None:
    restored = manage(homes / "second", "restore", str(backups))
    assert restored.returncode == 0, restored.stderr
    assert "Everything is as promised" in restored.stdout
    assert export(homes / "second") == dataset
    assert '"id":"a1"' in dataset
    rights = manage(
        homes / "second",
        "shell",
        "-v0",
        "-c",
        "from django.db import connection as c; c.cursor().execute('TRUNCATE annotations_change')",
    )
    assert "permission denied" in rights.stderr


def test_a_database_that_holds_something_is_replaced_only_when_asked(first: Path, dataset: str, backups: Path) -> None:
    refused = manage(first, "restore", str(backups))
    assert refused.returncode == 1
    assert "--replace puts the backup in their place" in refused.stderr
    assert manage(first, "restore", "--replace", str(backups)).returncode == 0
    assert export(first) == dataset


def test_a_damaged_backup_is_reported_and_not_restored(homes: Path, first: Path, dataset: str, backups: Path) -> None:
    damaged = homes / "damaged"
    shutil.copytree(backups, damaged)
    dump = next(damaged.glob("*/database.dump"))
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    refused = manage(first, "restore", "--replace", str(damaged))
    assert refused.returncode == 1
    assert "damaged and was not restored" in refused.stderr
    assert export(first) == dataset


def test_a_dump_that_breaks_off_leaves_the_database_as_it_was(
    homes: Path, first: Path, dataset: str, backups: Path
) -> None:
    """Whoever makes a manifest for broken bytes gets past the check of the sum, and not past the one transaction."""
    import hashlib
    import json

    broken = homes / "broken"
    shutil.copytree(backups, broken)
    dump = next(broken.glob("*/database.dump"))
    dump.write_bytes(dump.read_bytes()[:-600])
    manifest = dump.with_name("manifest.json")
    said = json.loads(manifest.read_text())
    said |= {"size": dump.stat().st_size, "sha256": hashlib.sha256(dump.read_bytes()).hexdigest()}
    manifest.write_text(json.dumps(said))
    refused = manage(first, "restore", "--replace", str(broken))
    assert refused.returncode == 1
    assert "nothing was changed" in refused.stderr
    assert export(first) == dataset


def test_what_cannot_be_written_is_one_sentence_and_leaves_nothing(homes: Path, first: Path) -> None:
    (homes / "taken").write_text("")
    refused = manage(first, "backup", str(homes / "taken"))
    assert refused.returncode == 1
    assert "could not be written to" in refused.stderr
    assert "Traceback" not in refused.stderr
    nothing = manage(first, "restore", str(homes / "taken"))
    assert "There is no backup in" in nothing.stderr


def test_the_worker_makes_them_on_a_schedule_keeps_a_few_copies_them_and_names_damaged_ones(
    homes: Path, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = homes / "scheduled", homes / "elsewhere"
    old, older = here / "newsapp-20200101T000000Z", here / "newsapp-20190101T000000Z"
    for folder in (old, older):
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text('{"form": 1}')
    for name, value in {"FOLDER": str(here), "COPY": str(there), "KEEP": "2"}.items():
        monkeypatch.setenv(f"BACKUP_{name}", value)
    models = "from annotations.models import Backup, Job; "
    assert manage(first, "shell", "-v0", "-c", f"{models}Backup.objects.all().delete()").returncode == 0
    worked = manage(first, "work", "--once")
    assert worked.returncode == 0, worked.stderr
    asked = f"{models}b = Backup.objects.get(); j = Job.objects.get(kind='backup'); print(b.name, b.is_copied, j.state, j.report['damaged'], j.error)"
    made = next(path for path in here.iterdir() if path != old)
    assert manage(first, "shell", "-v0", "-c", asked).stdout.strip() == f"{made.name} True done ['{old}']"
    assert sorted(path.name for path in here.iterdir()) == [old.name, made.name]
    assert (there / made.name / "database.dump").read_bytes() == (made / "database.dump").read_bytes()
    assert manage(first, "work", "--once").returncode == 0  # not due again
    assert len(list(here.iterdir())) == 2
