"""Files in and out from the command line."""

from __future__ import annotations

import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotations.models import AnnotationSet, Article, Project, Release
from annotations.selectors.verification import differences
from tests.factories import a_member, a_project
from tests.formats.documents import wikinews

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project() -> Project:
    made = a_project()
    a_member(made, "ada")
    return made


def run(name: str, *arguments: Any, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=err, **options)
    except CommandError as error:
        err.write(f"{error}\n")
    return out.getvalue(), err.getvalue()


def test_a_file_goes_in_and_comes_out_and_everything_is_as_promised(project: Project, tmp_path: Path) -> None:
    file, exported, again = tmp_path / "wikinews.jsonl", tmp_path / "gold.jsonl", tmp_path / "again.jsonl"
    file.write_bytes(wikinews())
    printed = f"{file}: 24 created, 0 updated, 0 skipped, 2714 spans, 207 relations, 0 problems.\n"
    assert run("import_documents", "press", file) == (printed, "")
    assert list(differences()) == []
    assert run("export_documents", "press", "-o", exported) == ("", "")
    assert run("import_documents", "press", exported) == (
        f"{exported}: 0 created, 0 updated, 24 skipped, 0 spans, 0 relations, 0 problems.\n", "",
    )  # fmt: skip
    run("export_documents", "press", "--output", again)
    assert again.read_bytes() == exported.read_bytes()
    assert len(exported.read_bytes().splitlines()) == 24
    assert {path.name for path in tmp_path.iterdir()} == {"wikinews.jsonl", "gold.jsonl", "again.jsonl"}


def test_problems_duplicates_and_additions_are_printed(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "articles.csv"
    file.write_text("id,text,label,start,end\na,Ana spoke.,person,0,3\nb,Ana spoke.,,,\nc,,,,\n")
    assert run("import_documents", "press", file, "--kind", "annotator", "--annotator", "ben") == (
        (
            f"{file}: 2 created, 0 updated, 0 skipped, 1 spans, 0 relations, 1 problems.\n"
            "  added: label person\n  added: annotator ben@press\n  line 3: b has the text of a.\n"
        ),
        "  line 4 (c): text is missing.\n1 lines have a problem; the others are in.\n",
    )
    assert AnnotationSet.objects.get().state == "submitted"


def exit_code(*arguments: Any) -> int:
    try:
        call_command(*map(str, arguments), stdout=StringIO(), stderr=StringIO())
    except CommandError as error:
        return error.returncode
    return 0


def test_the_exit_code_tells_what_became_of_it(project: Project, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text('{"id": "a", "text": "Ana."}\n')
    bad.write_text('{"id": "b"}\n')
    assert exit_code("import_documents", "press", good) == 0
    assert exit_code("import_documents", "press", bad, good) == 1
    assert exit_code("import_documents", "press", good, "/nowhere/x") == 2
    assert exit_code("import_documents", "nowhere", good) == 2


def test_a_file_comes_through_standard_input(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "wire.txt"
    file.write_text("Ana said so.")
    with file.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        printed, _errors = run("import_documents", "press", "-", "--name", "wire.txt")
    assert printed == "-: 1 created, 0 updated, 0 skipped, 0 spans, 0 relations, 0 problems.\n"
    assert Article.objects.get().external_id == "wire"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("import_documents", "nowhere", "x"), "There is no project nowhere."),
        (("import_documents", "press", "/nowhere/x.txt"), "/nowhere/x.txt: No such file or directory"),
        (("import_documents", "press", "x", "--as", "eve"), "The project has no member eve."),
        (("export_documents", "press", "-o", "/nowhere/x"), "/nowhere/x: No such file or directory"),
        (("export_documents", "nowhere"), "There is no project nowhere."),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(project: Project, arguments: tuple[str, ...], sentence: str) -> None:
    assert run(*arguments) == ("", f"{sentence}\n")
    assert not Article.objects.exists()


def test_an_export_goes_to_standard_output(project: Project, capfdbinary: Any) -> None:
    run("export_documents", "press", "--sets", "all", "--include-empty", "--format", "csv")
    assert capfdbinary.readouterr().out.startswith(b"id,title,text,")


def test_an_export_can_be_narrowed_and_withheld(project: Project, tmp_path: Path) -> None:
    file, exported = tmp_path / "wikinews.jsonl", tmp_path / "out.csv"
    file.write_bytes(wikinews())
    run("import_documents", "press", file)
    options = ("--article-state", "done", "--pseudonyms", "--split", "8/1/1", "--text", "quotes", "--quote-length", "9")
    assert run("export_documents", "press", "--format", "csv", *options, "-o", exported) == ("", "")
    assert b"text_sha256" in exported.read_bytes()
    refused = run("export_documents", "press", "--published-after", "x", "-o", exported)
    assert refused == ("", "published_after is a date such as 2026-11-24.\n")


def test_a_release_is_made_and_written(project: Project, tmp_path: Path) -> None:
    file, archive = tmp_path / "wikinews.jsonl", tmp_path / "press.zip"
    file.write_bytes(wikinews())
    run("import_documents", "press", file)
    out, err = run("release_documents", "press", "1.0", "--formats", "csv", "--notes", "First.", "-o", archive)
    release = Release.objects.get()
    assert (out, err) == (f"1.0: {release.sha256}, {release.size} bytes, {release.pk}\n", "")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == release.sha256
    taken = "There is a release of this name; releases never change.\n"
    assert run("release_documents", "press", "1.0") == ("", taken)
