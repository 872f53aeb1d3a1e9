"""The pages that bring files in: dropped, looked at, told how to be read, imported, reported, undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotations.models import Article, Job, Label, Project, Relation
from annotations.services.imports import uploads
from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job
from tests.factories import a_project, the_cast

pytestmark = pytest.mark.django_db

LINES = (
    b'{"id": "d1", "text": "Ana said <so>.", "annotation_sets": [{"kind": "gold", "spans": '
    b'[{"id": "s", "label": "person", "fragments": [[0, 3]], "quote": "Ana"}]}]}\n'
    b'{"id": "d2", "text": "Ana said <so>."}\n{"id": "d3"}\n'
)


@pytest.fixture
def project() -> Project:
    made = a_project()
    the_cast(made)
    return made


@pytest.fixture
def ada(client: Client, project: Project) -> Client:
    client.force_login(project.memberships.get(user__username="ada").user)
    return client


def upload(ada: Client, *files: tuple[str, bytes]) -> Any:
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return ada.post(reverse("imports", args=["press"]), {"file": sent})


def draft(ada: Client, *files: tuple[str, bytes]) -> str:
    answer = upload(ada, *files)
    assert answer.status_code == 302
    return str(answer["Location"])


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_files_are_looked_at_then_imported_and_reported(ada: Client) -> None:
    address = draft(ada, ("news.jsonl", LINES))
    shown = text_of(ada.get(address))
    for part in (
        "2 articles, 1 line with a problem",
        "Ana</span> said &lt;so&gt;.",
        "text is missing.",
        "person",
        "new",
    ):
        assert part in shown
    assert not Article.objects.exists()
    assert ada.post(address, {"start": "1", "format:0": "jsonl"})["Location"] == address
    assert "Waits for its turn" in text_of(ada.get(address))
    do_next_job(handlers=HANDLERS)
    assert ada.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    report = text_of(ada.get(address))
    for part in ("label person", "text is missing.", "<td>d2</td><td>d1</td>", "Undo the import"):
        assert part in report
    listed = text_of(ada.get(reverse("imports", args=["press"])))
    assert "news.jsonl" in listed
    job = Job.objects.get(kind="import")
    created = text_of(ada.get(reverse("articles", args=["press"]), {"import": str(job.pk)}))
    assert ("d1" in created, "No article fits" in created) == (True, False)


def test_whose_labels_they_are_is_asked_in_german_too(ada: Client) -> None:
    address = draft(ada, ("x.csv", b"id,text,label,start,end\n1,Ana.,human,0,3\n"))
    for options in ({}, {"kind": "annotator"}):
        preview = text_of(ada.post(address, options, headers={"Accept-Language": "de"}))
        assert "Eine Datei sagt nicht" in preview
        assert 'name="kind"' in preview


def test_options_are_for_files_that_do_not_say(ada: Client) -> None:
    table = b"id,text,label,start,end\n1,\xf0\x9f\x99\x82 Ana.,human,3,6\n"
    address = draft(ada, ("x.csv", table))
    assert "A file does not say whose labels these are" in text_of(ada.get(address))
    options = {"kind": "annotator", "annotator": "ben", "offsets": "utf-16", "newlines": "lf", "label:human": "actor"}
    preview = text_of(ada.post(address, options, headers={"HX-Request": "true"}))
    assert "<html" not in preview
    assert "1 span (ben)" in preview
    ada.post(address, {**options, "start": "1"})
    do_next_job(handlers=HANDLERS)
    [span] = Article.objects.get().annotation_sets.get().spans.all()
    assert (span.fragments, span.label.key) == (((2, 5),), "actor")


def test_relations_are_mapped_and_what_would_not_fit_is_said(ada: Client) -> None:
    table = b"id,text,label,start,end,span_id,relation,relation_source,relation_target\n"
    table += b"1,Ana said so.,actor,0,3,a,,,\n1,,claim,9,11,c,,,\n1,,,,,,said_by,c,a\n"
    address = draft(ada, ("x.csv", table))
    options = {"kind": "gold", "relation:said_by": "located_in"}
    shown = text_of(ada.post(address, options))
    assert "1 goes between other labels; its article would be refused." in shown
    assert '<option value="located_in" selected>located in (Claim → Location)</option>' in shown
    options["relation:said_by"] = "made_by"
    assert "goes between other labels" not in text_of(ada.post(address, options))
    ada.post(address, {**options, "start": "1"})
    do_next_job(handlers=HANDLERS)
    assert Relation.objects.get().label.key == "made_by"
    assert Job.objects.get(kind="import").report["added"] == []


def test_labels_of_the_file_that_are_archived_stay_what_they_are(ada: Client) -> None:
    Label.objects.filter(key__in=("actor", "location")).update(archived_at=timezone.now())
    table = b"id,text,label,start,end\n1,Ana said so.,actor,0,3\n"
    shown = text_of(ada.post(draft(ada, ("x.csv", table)), {"kind": "gold"}))
    assert '<option value="actor" selected>Actor</option>' in shown
    assert '<option value="location"' not in shown


def test_another_format_than_the_recognised_one_can_be_chosen(ada: Client) -> None:
    address = draft(ada, ("a.txt", b"id,text\n1,Ana.\n"), ("b.txt", b"Ben."))
    ada.post(address, {"format:0": "csv", "start": "1"})
    do_next_job(handlers=HANDLERS)
    assert set(Article.objects.values_list("external_id", flat=True)) == {"1", "b"}


def test_what_cannot_be_is_said(ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "There is no file." in text_of(upload(ada))
    address = draft(ada, ("a.txt", b"Ana."))
    assert "There is no format" in text_of(ada.post(address, {"format:0": "docx"}))
    assert ada.post(address, {"kind": "x"}).context["form"].errors
    monkeypatch.setattr(uploads, "MAX_TOTAL", 2)
    assert "The files are larger than" in text_of(upload(ada, ("a.txt", b"Ana.")))


def test_the_report_is_downloaded_as_a_table_and_as_json(ada: Client) -> None:
    address = draft(ada, ("news.jsonl", LINES))
    ada.post(address, {"start": "1"})
    do_next_job(handlers=HANDLERS)
    job = Job.objects.get(kind="import")
    table = ada.get(reverse("import-report", args=["press", job.pk, "csv"]))
    assert "attachment" in table["Content-Disposition"]
    assert "problem,news.jsonl,3,d3,text is missing." in text_of(table)
    whole: Any = ada.get(reverse("import-report", args=["press", job.pk, "json"]))
    assert whole.json()["created"] == 2


def test_an_import_is_thrown_away_or_undone(ada: Client) -> None:
    address = draft(ada, ("news.jsonl", LINES))
    assert ada.post(f"{address}stop/")["Location"] == reverse("imports", args=["press"])
    assert ada.get(address).status_code == 404
    address = draft(ada, ("news.jsonl", LINES))
    ada.post(address, {"start": "1"})
    do_next_job(handlers=HANDLERS)
    assert ada.post(f"{address}undo/").status_code == 302
    assert "ada has undone this import" in text_of(ada.get(address))
    assert ada.post(f"{address}undo/").status_code == 409
    assert not Article.objects.exists()
