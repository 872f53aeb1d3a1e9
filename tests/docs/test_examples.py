"""The examples of the documentation, run as they stand there against a live server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django.live_server_helper import LiveServer

from annotations.domain.documents import AnnotationSet, Document, Relation
from annotations.models import Membership, Project, User
from annotations.services import accounts
from annotations.services.entities import create_entity
from annotations.services.imports import import_documents
from annotations.services.webhooks import signature
from tests.factories import a_project, a_release, a_set, an_article, the_cast
from tests.formats.documents import FIXTURE, WITHOUT_SPANS, documents_in, read, span, wikinews, write

pytestmark = pytest.mark.django_db(transaction=True)

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, language: str) -> list[str]:
    """The code of a page, block by block."""
    text = (DOCS / page).read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture
def project(settings: Any) -> Project:
    """The shared articles as gold, and one more that waits for an annotator."""
    settings.WEBHOOKS = True
    project = a_project("demo")
    ada = the_cast(project)["ada"]
    import_documents(actor=ada, project=project, stream=BytesIO(wikinews()), format="jsonl", name="wikinews.jsonl")
    an_article(project, text="A fire in Vejle: the harbour of Vejle burns.", external_id="vejle", priority=-1)
    return project


@pytest.fixture
def environment(project: Project, live_server: LiveServer, tmp_path: Path) -> dict[str, str]:
    cache.clear()
    _token, secret = accounts.create_token(user=User.objects.get(username="ada"), name="docs")
    return {
        **os.environ,
        "NEWSAPP_API": f"{live_server.url}/api/v1",
        "NEWSAPP_PROJECT": "demo",
        "NEWSAPP_TOKEN": secret,
        "HF_HOME": str(tmp_path / "hf"),
        "HF_HUB_OFFLINE": "1",
        "PYTHONWARNINGS": "ignore",
    }


def run(code: str, environment: dict[str, str], folder: Path) -> list[str]:
    (folder / "example.py").write_text(code, "utf-8")
    done = subprocess.run(
        [sys.executable, "example.py"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_from_the_api_to_data(environment: dict[str, str], tmp_path: Path) -> None:
    printed = run("\n".join(blocks("from-api-to-data.md", "python")), environment, tmp_path)
    assert printed[0].startswith("207 claims by ")
    assert printed[2].startswith("{'")
    assert printed[3].startswith("207 edges from ")
    assert printed[4].startswith("24 documents, ")
    assert printed[5].startswith("24 sets, ")
    assert re.fullmatch(r"\d+ of \d+ places are on the map; United States is named most", printed[6])
    assert printed[7:] == ["304"]


def test_reading_an_export_in_python(environment: dict[str, str], project: Project, tmp_path: Path) -> None:
    reading, _signing, _labelling = blocks("data-users.md", "python")
    (tmp_path / "gold.jsonl").write_bytes(wikinews())
    assert len(run(reading, environment, tmp_path)) == 207


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed: there is no Rscript on the PATH")
def test_reading_an_export_in_r(tmp_path: Path) -> None:
    [reading] = blocks("data-users.md", "r")
    text = "-1 % NA,\nsaid Ana."
    spans = (
        span("NA", "claim", (0, 4), (5, 7), text=text),
        span("2", "actor", (14, 17), text=text),
    )
    one = AnnotationSet(
        kind="gold", spans=spans, relations=(Relation(id="r", label="made_by", source="NA", target="2"),)
    )
    odd = Document(id="007", text=text, annotation_sets=(one, replace(one, kind="suggestion", source="x")))
    articles = documents_in(read("jsonl", wikinews()))
    (tmp_path / "gold.csv").write_bytes(write("csv", FIXTURE, WITHOUT_SPANS, odd, *articles))
    (tmp_path / "example.R").write_text(reading, "utf-8")
    done = subprocess.run(
        ["Rscript", "--vanilla", "example.R"],
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout.splitlines()
    assert len(printed) == 207 + 3
    assert printed.count("007\tAna\t-1 % … NA") == 2
    assert "fixture\tAna Ruiz of the Bank of Spain\t“Rates 🙂 will rise,” … “and soon.”" in printed


def test_labelling_by_program(environment: dict[str, str], tmp_path: Path) -> None:
    _reading, _signing, labelling = blocks("data-users.md", "python")
    assert run(labelling, environment, tmp_path) == ["vejle 2 spans"]


def test_the_signature_of_a_webhook_is_checked() -> None:
    _reading, signing, _labelling = blocks("data-users.md", "python")
    made: dict[str, Any] = {}
    exec(signing, made)  # noqa: S102 - our own page
    body, now = b'{"event":"ping"}', int(time.time())
    assert made["is_ours"]("secret", signature("secret", body, now), body)
    assert not made["is_ours"]("other", signature("secret", body, now), body)
    assert not made["is_ours"]("secret", signature("secret", body, now - 600), body)


def test_every_line_of_curl(environment: dict[str, str], project: Project, tmp_path: Path) -> None:
    ada = Membership.objects.select_related("project", "user").get(user__username="ada")
    one, other = (str(create_entity(member=ada, label="location", name=name).pk) for name in ("Oslo", "Kristiania"))
    work = a_set(an_article(project, external_id="mine"), ada.user)
    (tmp_path / "articles.jsonl").write_text('{"id": "new", "text": "New."}\n')
    with zipfile.ZipFile(tmp_path / "articles.zip", "w") as archive:
        archive.writestr("newer.txt", "Newer.")
    code = "\n".join(block for block in blocks("data-users.md", "sh") if "curl " in block)
    earlier, later = (str(a_release(project, ada.user, sets).pk) for sets in ("gold", "majority"))
    code = code.replace("API=http://127.0.0.1:8000/api/v1\n", "").replace("releases/ID/", f"releases/{earlier}/")
    code = code.replace("/ID/", f"/{one}/").replace("OTHER", other).replace("EARLIER", earlier).replace("LATER", later)
    # Examples of an answer of 300 or more end the script, and its number tells how many were asked.
    script = (
        'set -eu\ncurl() { command curl --silent --show-error --fail --output out "$@"; echo asked; }\n'
        f'API="$NEWSAPP_API" TOKEN="$NEWSAPP_TOKEN" SET={work.pk}\n{code}'
    )
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["asked"] * len(re.findall(r"^curl ", code, re.MULTILINE))
    assert project.articles.filter(external_id__in=["new", "newer"]).count() == 2
