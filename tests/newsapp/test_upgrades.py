"""A backup of each earlier version, with data in it, becomes this version's and verifies.

`upgrades/` holds them, one folder a version: made by that version's `manage.py backup` of its demo project. A release
adds its own before the next one changes the tables (docs/operating.md).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsapp import embedded
from tests.newsapp.test_backups import manage

KEPT = sorted((Path(__file__).parent / "upgrades").iterdir())


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(f"/var/tmp/newsapp-upgrade-{os.getpid()}")  # noqa: S108 - made for us alone
    folder.mkdir(mode=0o711)
    yield folder / "home"
    embedded.discard(folder / "home")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("version", KEPT, ids=[path.name for path in KEPT])
def test_the_data_of_an_earlier_version_is_carried_over(version: Path, home: Path) -> None:
    with embedded.running(home, settings=embedded.THROW_AWAY):
        restored = manage(home, "restore", str(version))
        assert restored.returncode == 0, restored.stderr
        assert "Everything is as promised" in restored.stdout
        assert manage(home, "migrate", "--check").returncode == 0
        documents = manage(home, "export_documents", "demo", "--as", "ada", "--format", "jsonl", "--sets", "all")
        assert documents.returncode == 0, documents.stderr
        assert documents.stdout.count("\n") > 5
