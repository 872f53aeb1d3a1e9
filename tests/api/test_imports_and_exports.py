"""Files in and out through the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotations.api import files, imports
from annotations.formats import ENDINGS, MEDIA_TYPES, READERS, WRITERS
from annotations.models import Article, Job, JobChunk, Project
from annotations.services.exports import AT_ONCE, export_documents
from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job
from tests.api.test_projects import Program
from tests.factories import a_member, a_project, the_cast
from tests.formats.documents import wikinews

pytestmark = pytest.mark.django_db

LINE = b'{"id": "d1", "text": "Ana said so.", "annotation_sets": [{"kind": "gold"}]}\n'


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


def post(program: Program, data: Any, query: str = "", content_type: str = "application/octet-stream") -> Any:
    return program.client.generic("POST", f"/api/v1/projects/press/imports/{query}", data, content_type=content_type)


def upload(program: Program, name: str, data: bytes, query: str = "", field: str = "file") -> Any:
    file = SimpleUploadedFile(name, data)
    return program.client.post(f"/api/v1/projects/press/imports/{query}", {field: file})


def test_a_raw_body_is_imported_and_reported(project: Project) -> None:
    answer = post(Program("ada"), LINE + b"{\n", "?format=jsonl", "application/x-ndjson")
    assert answer.status_code == 200
    report = answer.json()
    job = Job.objects.get(pk=report.pop("id"))
    assert (job.kind, job.state, job.report["created"]) == ("import", "done", 1)
    assert report == {
        "created": 1, "updated": 0, "skipped": 0, "corrected": 0, "corrections": [], "spans": 0, "relations": 0, "added": [], "duplicate_count": 0,
        "duplicates": [], "near_copy_count": 0, "near_copies": [], "problem_count": 1,
        "problems": [
            {
                "line": 2,
                "id": "",
                "reason": "the line is not JSON: unexpected end of data at character 1.",
                "file": "",
            }
        ],
        "losses": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("a.jsonl", LINE, "d1"),
        ("a.csv", b"id,text\nd2,Ana said so.\n", "d2"),
        ("wire story.txt", b"Ana said so.", "wire story"),
        ("a.bin", LINE, "d1"),
    ],
)
def test_the_format_of_an_uploaded_file_is_recognised(project: Project, name: str, data: bytes, key: str) -> None:
    answer = upload(Program("ada"), name, data)
    assert (answer.status_code, answer.json()["created"]) == (200, 1)
    assert Article.objects.get().external_id == key


def test_a_raw_text_needs_a_name(project: Project) -> None:
    ada = Program("ada")
    assert post(ada, b"Ana.", "?format=text", "text/plain").json()["problem_count"] == 1
    assert post(ada, b"Ana.", "?name=a.txt", "text/plain").json()["created"] == 1


@pytest.mark.parametrize(
    "query", ["?format=docx", "?format=jsonl&kind=x", "?offsets=miles", "?newlines=x", "?strict=x", "?annotator=%00"]
)
def test_an_option_that_is_none_is_a_400(project: Project, query: str) -> None:
    answer = post(Program("ada"), LINE, query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "application/json", "text/plain; charset=latin-1", "x"]
)
def test_the_type_of_a_raw_body_does_not_matter(project: Project, content_type: str) -> None:
    assert post(Program("ada"), LINE, "?format=jsonl", content_type).json()["created"] == 1


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "application/json", "multipart/form-data"]
)
def test_an_empty_body_is_a_400(project: Project, content_type: str) -> None:
    assert post(Program("ada"), b"", "?format=jsonl", content_type).status_code == 400


def test_a_form_without_the_file_is_a_400(project: Project) -> None:
    answer = upload(Program("ada"), "a.jsonl", LINE, field="document")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "file")


def test_a_file_that_is_too_large_is_a_413(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_TOTAL", len(LINE) - 1)
    ada = Program("ada")
    assert post(ada, LINE, "?format=jsonl").status_code == 413
    assert upload(ada, "a.jsonl", LINE).status_code == 413
    assert not Article.objects.exists()


def test_a_large_file_is_taken_and_imported_by_the_worker(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MAX_UPLOAD", len(LINE) - 1)
    ada = Program("ada")
    answer = upload(ada, "a.jsonl", LINE, "?strict=true")
    job = answer.json()
    assert (answer.status_code, job["kind"], job["state"]) == (202, "import", "waiting")
    assert answer["Location"].endswith(f"/api/v1/projects/press/jobs/{job['id']}/")
    assert not Article.objects.exists()
    do_next_job(handlers=HANDLERS)
    done = ada.client.get(answer["Location"]).json()
    assert (done["state"], done["report"]["created"], done["done"] == done["total"]) == ("done", 1, True)
    assert not JobChunk.objects.exists()


def test_a_program_may_ask_not_to_wait_and_undo_it_later(project: Project) -> None:
    ada = Program("ada")
    path = "/api/v1/projects/press/imports/"
    answer: Any = ada.client.generic(
        "POST", f"{path}?name=a.txt", b"Ana.", content_type="text/plain", headers={"Prefer": "respond-async"}
    )
    assert (answer.status_code, answer["Preference-Applied"]) == (202, "respond-async")
    undo = f"{path}{answer.json()['id']}/undo/"
    assert ada.client.post(undo).status_code == 409
    do_next_job(handlers=HANDLERS)
    assert Article.objects.count() == 1
    assert ada.client.post(undo).status_code == 200
    assert not Article.objects.exists()
    assert "undone already" in ada.client.post(undo).json()["detail"]


@pytest.mark.parametrize(("name", "status"), [("ben", 403), ("dora", 403), ("fay", 403), ("eve", 404)])
def test_only_managers_import(project: Project, name: str, status: int) -> None:
    assert post(Program(name), LINE, "?format=jsonl").status_code == status
    assert post(Program("ada", "annotate"), LINE, "?format=jsonl").status_code == 403
    assert not Article.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_went_in_comes_out(project: Project) -> None:
    ada = Program("ada")
    assert post(ada, wikinews(), "?format=jsonl").json()["spans"] == 2_714
    answer = ada.client.get("/api/v1/projects/press/export/?format=jsonl&sets=gold")
    assert answer.streaming
    assert answer["Content-Type"] == "application/jsonl"
    assert answer["Content-Disposition"] == 'attachment; filename="press-gold.jsonl"'
    exported = b"".join(answer)
    assert len(exported.splitlines()) == 24
    a_member(a_project("second"), "ada")
    ada.client.generic("POST", "/api/v1/projects/second/imports/?format=jsonl", exported)
    assert b"".join(ada.client.get("/api/v1/projects/second/export/")) == exported
    table = b"".join(ada.client.get("/api/v1/projects/press/export/?format=csv&byte_order_mark=true"))
    assert table.startswith(b"\xef\xbb\xbfid,title,text,")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        ("ada", "?format=docx", 400), ("ada", "?sets=x", 400), ("ada", "?state=x", 400), ("ada", "?include=x", 400),
        ("ada", "?split=8", 400), ("ada", "?text=hash&format=brat", 400), ("ada", "?quote_length=0", 400),
        ("ada", "?published_before=x", 400), ("ada", "?article_state=x", 400),
        ("ben", "?search=said&split=8/1/1&text=quotes&quote_length=9&pseudonyms=true&article_state=done", 200),
        ("ben", "?sets=gold", 403), ("fay", "?sets=all", 403), ("eve", "", 404), ("ben", "", 200), ("fay", "", 200),
        ("dora", "?sets=all&state=all&include=empty&format=tsv", 200),
    ],
)  # fmt: skip
def test_each_role_gets_what_it_may(project: Project, name: str, query: str, status: int) -> None:
    answer = Program(name, "read").client.get(f"/api/v1/projects/press/export/{query}")
    assert answer.status_code == status
    answer.close()


@pytest.mark.django_db(transaction=True)
def test_a_busy_server_says_when_to_come_back(project: Project) -> None:
    ada = Program("ada")
    running = [
        export_documents(actor=project.memberships.get(user__username="ada").user, project=project, format="jsonl")
        for _ in range(AT_ONCE)
    ]
    try:
        answer = ada.client.get("/api/v1/projects/press/export/")
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert answer.json()["detail"] == "Too many exports are running; please try again in some seconds."
    finally:
        for export in running:
            export.close()
    left = ada.client.get("/api/v1/projects/press/export/")
    assert left.status_code == 200
    left.close()
    assert b"".join(ada.client.get("/api/v1/projects/press/export/")) == b""


LABELLED = (
    b'{"id":"d1","text":"Ana\\nRuiz said so.","annotation_sets":[{"kind":"gold","spans":['
    b'{"id":"s1","label":"actor","fragments":[[0,8]],"note":"who?"}]}]}\n'
)


@pytest.mark.django_db(transaction=True)
def test_losses_are_counted_before_the_download(project: Project) -> None:
    ada = Program("ada")
    assert post(ada, LABELLED, "?format=jsonl").json()["problems"] == []
    assert ada.client.get("/api/v1/projects/press/export/losses/?format=brat").json() == {
        "format": "brat",
        "articles": 1,
        "annotation_sets": 1,
        "spans": 1,
        "relations": 0,
        "losses": [
            {
                "kind": "ids_dropped",
                "count": 1,
                "sentence": "1 span or relation is called by a number of the format's own.",
            }
        ],
    }
    assert ada.client.get("/api/v1/projects/press/export/losses/?format=csv&sets=gold").json() == {
        "format": "csv",
        "articles": 1,
        "annotation_sets": 1,
        "spans": 1,
        "relations": 0,
        "losses": [],
    }
    assert ada.client.get("/api/v1/projects/press/export/losses/?format=pdf").status_code == 400
    assert ada.client.get("/api/v1/projects/press/export/losses/?format=brat&colour=red").status_code == 400


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("key", WRITERS)
def test_every_format_goes_out_with_its_type_and_name(project: Project, key: str) -> None:
    ada = Program("ada")
    assert post(ada, LABELLED, "?format=jsonl").json()["problems"] == []
    answer = ada.client.get(f"/api/v1/projects/press/export/?format={key}")
    assert (answer.status_code, answer["Content-Type"]) == (200, MEDIA_TYPES[key])
    assert answer["Content-Disposition"] == f'attachment; filename="press-gold.{ENDINGS[key]}"'
    data = b"".join(answer)
    assert data
    if key in READERS:
        a_member(a_project("second"), "ada")
        report = ada.client.generic("POST", f"/api/v1/projects/second/imports/?format={key}", data).json()
        assert (report["problems"], report["created"], report["spans"]) == ([], 1, 1)


def test_what_of_a_file_has_no_place_here_is_counted(project: Project) -> None:
    region = {"id": "a", "type": "labels", "value": {"start": 0, "end": 3, "text": "Ana", "labels": ["actor"]}}
    result = [region, {"id": "b", "type": "rectangle", "value": {"x": 1}}]
    task = {"data": {"id": "d1", "text": "Ana."}, "annotations": [{"ground_truth": True, "result": result}]}
    report = post(Program("ada"), json.dumps([task]), "?format=label-studio").json()
    assert (report["created"], report["spans"], report["problems"]) == (1, 1, [])
    assert report["losses"] == [
        {
            "kind": "others_dropped",
            "count": 1,
            "sentence": "1 thing of the file has no place here and is left out.",
        }
    ]
