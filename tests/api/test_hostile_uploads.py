"""Hostile files through the API and through the import page: a sentence, nothing stored, and the server goes on."""

from __future__ import annotations

from io import BytesIO
from itertools import batched
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from annotations.models import AnnotationSet, Article, Entity, Job, JobChunk, JobState, Label, Membership, Project, User
from annotations.selectors.import_preview import preview_of
from annotations.services.imports.uploads import ImportOptions, prepare_import, start_import, upload_files
from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job
from tests.api.test_projects import Program
from tests.factories import a_project, the_cast
from tests.formats.test_hostile_files import CASES, packed

pytestmark = pytest.mark.django_db

FINE = b'{"id": "fine", "text": "Ana said so."}\n'
GROUPS = [list(group) for group in batched(CASES, 20)]


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


def everything() -> dict[str, int]:
    tables = (Article, AnnotationSet, Label, Entity, Membership, User)
    return {table.__name__: table.objects.count() for table in tables}


def post(client: Client, data: bytes, query: str) -> Any:
    return client.generic("POST", f"/api/v1/projects/press/imports/{query}", data, content_type="application/x")


def case_of(name: str) -> tuple[str, str, str, bytes, str]:
    """Format, file name, kind, file, and what the problem says."""
    key, data, sentence = CASES[name]
    if data == b"TWICE":
        with pytest.warns(UserWarning, match="Duplicate name"):
            data = packed(("a.txt", "x"), ("a.txt", "y"))
    kind = "gold" if key in {"webanno", "cas-xmi", "cas-json"} and not data.startswith(b"PK") else ""
    return key, {"csv": "d.csv", "html": "d.html"}.get(key, "d"), kind, data, sentence


def test_there_are_at_least_sixty_cases() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("cases", GROUPS, ids=lambda group: group[0])
def test_a_hostile_upload_is_a_problem_in_a_sentence_and_leaves_nothing(project: Project, cases: list[str]) -> None:
    ada = Program("ada").client
    before = everything()
    for case in cases:
        key, name, kind, data, sentence = case_of(case)
        answer = post(ada, data, f"?format={key}&name={name}" + (f"&kind={kind}" if kind else ""))
        assert answer.status_code == 200, case
        report = answer.json()
        found = [problem["reason"] for problem in report["problems"]]
        assert any(sentence in reason for reason in found), (case, found)
        assert all(reason.endswith((".", "?")) for reason in found), (case, found)
        good = report["created"]  # what else the file held is in: only the bad part is left out
        assert Article.objects.count() == before["Article"] + good, case
        if not good:
            assert everything() == before, case
        before = everything()
    assert post(ada, FINE, "?format=jsonl").json()["created"] == 1


@pytest.mark.parametrize("cases", GROUPS[:3], ids=lambda group: group[0])
def test_a_hostile_upload_neither_breaks_the_preview_nor_the_worker(project: Project, cases: list[str]) -> None:
    member = Membership.objects.select_related("user", "project").get(user__username="ada")
    for case in cases[::2]:
        key, name, kind, data, _sentence = case_of(case)
        job = upload_files(member=member, files=[(name, key, BytesIO(data))])
        prepare_import(member=member, job_id=job.pk, options=ImportOptions(kind=kind), formats={})
        job.refresh_from_db()
        assert preview_of(job).problem_count >= 1, case
        start_import(member=member, job_id=job.pk)
        while do_next_job(handlers=HANDLERS):
            pass
        job.refresh_from_db()
        assert (job.state, job.report["problem_count"] >= 1) == (JobState.DONE, True), (case, job.error)
    assert not JobChunk.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "/etc/cron.d/x.txt", "..\\..\\x.txt", "a\r\nX: y.txt", "<script>.txt", "x" * 600]
)
def test_the_name_of_a_file_is_only_a_name(project: Project, name: str) -> None:
    answer: Any = Program("ada").client.post(
        "/api/v1/projects/press/imports/", {"file": SimpleUploadedFile(name, b"Ana said so.")}
    )
    assert answer.status_code in {200, 400}
    assert not Job.objects.filter(state=JobState.RUNNING).exists()
