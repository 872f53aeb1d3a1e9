"""The advisories other tools of this kind had to publish, each as a test that ours does not have it.

What is tested elsewhere is listed in SECURITY.md.
"""

from __future__ import annotations

import ast
import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from django.views.decorators.debug import sensitive_post_parameters

from annotations.domain.documents import AnnotationSet, Document
from annotations.formats import READERS, WRITERS, ReadOptions, WriteOptions
from annotations.models import Membership
from annotations.services.imports import import_documents
from newsapp import environment
from newsapp.urls import urlpatterns as real_urls
from tests.factories import a_project, the_cast
from tests.security.addresses import addresses

SOURCES = sorted(path for folder in ("annotations", "newsapp") for path in (environment.ROOT / folder).rglob("*.py"))
TEMPLATES = [
    path
    for folder in ("templates", "annotations")
    for path in (environment.ROOT / folder).rglob("*")
    if path.suffix in {".html", ".svg", ".txt"}
]
RENDERERS = {"annotations/templatetags/desk.py", "annotations/selectors/guidelines.py"}
"""Who may say that a text is markup: the segments of articles, escaped piece by piece, and the sanitised guideline."""
RUNS_OR_LOADS = {"pickle", "shelve", "marshal", "dill", "joblib", "cloudpickle", "torch", "yaml", "xmlrpc"}
ASKS_OTHERS = {"urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "telnetlib"}


def names(source: Path) -> str:
    return source.relative_to(environment.ROOT).as_posix()


def imported(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def called(source: Path) -> set[str]:
    calls = [node.func for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Call)]
    return {node.id for node in calls if isinstance(node, ast.Name)}


# CVE-2026-22033: stored cross-site scripting through `|safe` in a template


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_takes_a_text_for_markup_or_runs_what_stands_in_it(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\|\s*safe(seq)?\b|autoescape\s+off|\{%\s*debug", text)
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_only_the_renderers_say_that_a_text_is_markup() -> None:
    said = {
        names(source) for source in SOURCES if re.search(r"\b(mark_safe|SafeString\(|format_html)", source.read_text())
    }
    assert said <= RENDERERS


# CVE-2025-5173: code run from a file


def test_no_code_is_run_and_no_object_loaded_from_what_is_stored_or_sent() -> None:
    assert {names(source) for source in SOURCES if called(source) & {"eval", "exec", "compile", "__import__"}} == set()
    loads = {names(source) for source in SOURCES for name in imported(source) if name.split(".")[0] in RUNS_OR_LOADS}
    assert loads == set()


def test_no_command_is_put_together_for_a_shell() -> None:
    assert [
        names(source) for source in SOURCES if re.search(r"shell=True|os\.system|os\.popen", source.read_text())
    ] == []


# CVE-2022-36551, CVE-2023-47116, CVE-2025-25297, and the open report on webhooks: requests made by the server


def test_one_module_asks_other_servers_and_it_looks_at_the_address_first() -> None:
    """Webhooks: off unless the operator says so, and to public addresses (tests/services/test_webhooks.py)."""
    asking = {names(source) for source in SOURCES for name in imported(source) if name in ASKS_OTHERS}
    assert asking == {"annotations/services/calls.py"}


LURES = {
    "html": b"<html><head><base href='http://192.0.2.1/'><link rel=stylesheet href='//192.0.2.1/a.css'>"
    b"<meta http-equiv=refresh content='0;url=http://192.0.2.1/'></head><body><article><p>We lost nine days in Oslo,"
    b" said the union of the port.</p><img src='http://192.0.2.1/a.png'><iframe src='file:///etc/passwd'></iframe>"
    b"</article></body></html>",
    "jsonl": b'{"id": "a", "text": "http://192.0.2.1/", "url": "http://192.0.2.1/secret"}',
    "label-studio": b'[{"data": {"text": "http://192.0.2.1/a", "url": "s3://bucket/key", "image": "/etc/passwd"}}]',
    "text": b"file:///etc/passwd",
    "cas-xmi": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    b'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmi:version="2.0">'
    b'<cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="&amp;e;"/></xmi:XMI>',
}


@pytest.mark.parametrize("key", LURES)
def test_reading_a_file_opens_no_connection_and_no_other_file(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("A connection was opened.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    items = list(READERS[key](BytesIO(LURES[key]), ReadOptions(name=f"a.{key}")))
    assert items
    assert not any("root:" in (item.document.text if item.document else item.problem) for item in items)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["url", "source_url", "file", "path"])
def test_an_import_takes_a_file_never_an_address(field: str) -> None:
    client = Client()
    client.force_login(the_cast(a_project("press"))["ada"])
    response = client.post("/projects/press/import/", {field: "http://192.0.2.1/articles.jsonl", "format": "jsonl"})
    assert response.status_code in {200, 400}
    assert not Membership.objects.get(user__username="ada").project.articles.exists()


# CVE-2023-47117: filters that reach columns nobody named


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["annotator__password__startswith", "project__members__user__password", "ordering"])
def test_no_list_of_the_api_takes_a_filter_it_does_not_name(name: str) -> None:
    client = Client()
    client.force_login(the_cast(a_project("press"))["ada"])
    lists = [each for each in addresses() if each.face == "api" and set(each.places) <= {"slug"}]
    taken = {}
    for address in lists:
        response = client.get(address.filled({"slug": "press"}), {name: "x"})
        if response.status_code not in {400, 405} and address.name not in {"docs", "schema"}:
            taken[str(address)] = response.status_code
    assert taken == {}


# GHSA-cpmr-mw4j-99r7, CVE-2025-25295: files outside the folder


@pytest.mark.parametrize(
    "address",
    [
        "/static/../newsapp/settings.py",
        "/static/..%2fnewsapp/settings.py",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static//etc/passwd",
        "/static/css/../../manage.py",
        "/static../manage.py",
        "/static/..\\newsapp\\settings.py",
    ],
)
@pytest.mark.django_db
def test_no_address_reaches_a_file_outside_the_folder_of_static_files(address: str) -> None:
    response = Client().get(address)
    assert response.status_code in {302, 400, 404}


@pytest.mark.parametrize("key", ["brat", "conll", "webanno", "cas-xmi", "cas-json"])
def test_no_name_leads_out_of_an_exported_archive(key: str) -> None:
    import zipfile

    evil = "../../etc/passwd"
    one = AnnotationSet(kind="annotator", annotator="/root/.ssh/..\\x", state="submitted")
    documents = [Document(id=name, text="Oslo", annotation_sets=(one,)) for name in (evil, "/abs", "C:\\x", "a/../b")]
    data = b"".join(WRITERS[key](documents, WriteOptions()))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = archive.namelist()
    assert members
    for name in members:
        assert not name.startswith("/")
        assert ".." not in name.split("/")
        assert not set(name) & set("\\:")


# Potato GHSA-q9m2-fhv9-3jcf: another spelling of an address goes around the check


@pytest.mark.django_db
def test_no_spelling_of_an_address_opens_what_needs_signing_in() -> None:
    the_cast(a_project("press"))
    opened = []
    for address in ("/projects/press/", "/api/v1/projects/press/", "/projects/press/members/", "/admin/"):
        for spelling in (
            "/" + address, address.upper(), f"{address}%2e/", f"{address}..;/", f"/sign-in/..{address}",
            f"/static/..{address}", f"/.{address}", address.replace("/", "//"), f"{address}?next=/", f"{address};.css",
        ):  # fmt: skip
            response = Client().get(spelling)
            if response.status_code == 200:
                opened.append(spelling)
    assert opened == []


# CVE-2023-43791, default passwords: what every installation has in common


def test_no_secret_stands_in_the_program() -> None:
    pattern = re.compile(r"(SECRET_KEY|PASSWORD|password|secret)\s*=\s*[\"'][^\"'{}\s]{4,}[\"']")
    assert [names(source) for source in SOURCES if pattern.search(source.read_text())] == []


def test_two_installations_have_different_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = environment.secret_key(tmp_path / "a"), environment.secret_key(tmp_path / "b")
    assert first != second
    assert min(len(first), len(second)) >= 64


# CVE-2025-25297: the words of a failure in the answer


@sensitive_post_parameters("password")
def fail(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("internal words")


urlpatterns = [path("fails/", fail), path("api/v1/fails/", fail), path("", include(real_urls))]
handler500 = "annotations.web.http.server_error"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/fails/", "/api/v1/fails/"])
@override_settings(ROOT_URLCONF="tests.security.test_advisories")
def test_a_failure_is_a_sentence_to_who_asked_and_no_secret_in_the_log(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(raise_request_exception=False, headers={"Authorization": "Token abcdefgh"})
    with caplog.at_level(logging.WARNING):
        response = client.post(address, {"password": "a harbour at night"})
    answer = response.content.decode()
    assert response.status_code == 500
    assert "internal words" not in answer
    assert "Traceback" not in answer
    assert "internal words" in caplog.text  # the operator reads what it was
    assert not [secret for secret in ("harbour at night", "abcdefgh") if secret in answer + caplog.text]


@pytest.mark.django_db
def test_signing_in_leaves_no_password_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    a_project("press")
    with caplog.at_level(logging.DEBUG):
        Client().post("/sign-in/", {"username": "ben", "password": "a harbour at night"})
        Client().get("/api/v1/projects/", headers={"Authorization": "Token a-harbour-at-night"})
    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert "harbour" not in said


# What Django itself looks for


def test_the_check_for_deployment_is_clean(tmp_path: Path) -> None:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("NEWSAPP_", "SECRET_", "DJANGO_"))
    }
    surroundings = {**kept, "NEWSAPP_HOME": str(tmp_path), "HTTPS": "1", "ALLOWED_HOSTS": "newsapp.example.org"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=environment.ROOT, env=surroundings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (1 silenced)."), done.stderr


@pytest.mark.django_db
def test_an_archive_that_leads_out_is_refused_member_by_member_and_nothing_is_written(tmp_path: Path) -> None:
    import zipfile

    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../outside.txt", "Oslo")
        archive.writestr("inside.txt", "Oslo")
    project = a_project("press")
    report = import_documents(
        actor=the_cast(project)["ada"], project=project, stream=BytesIO(buffer.getvalue()), format="text", name="a.zip"
    )
    assert (report.created, len(report.problems)) == (1, 1)
    assert not list(tmp_path.parent.glob("**/outside.txt"))
