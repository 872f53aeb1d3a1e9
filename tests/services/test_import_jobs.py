"""Files that the worker imports: kept until then, mapped as told, reported, and undone while nobody built on them."""

from __future__ import annotations

import gzip
from io import BytesIO
from typing import Any

import orjson
import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from annotations.domain.errors import InvalidData, NotAllowed, StateRefused, TooLarge
from annotations.models import (
    AnnotationSet,
    Article,
    Change,
    Decision,
    ImportedArticle,
    Job,
    JobChunk,
    JobState,
    Label,
    Membership,
    Project,
    Relation,
    Span,
    User,
)
from annotations.selectors.import_preview import preview_of
from annotations.selectors.imports import CHUNK, report_rows, stored_file, what_prevents_undo
from annotations.selectors.jobs import jobs_visible_to
from annotations.services.annotation_sets import move_set
from annotations.services.bins import bin_articles, empty_bin
from annotations.services.changes import apply_changes
from annotations.services.imports import uploads
from annotations.services.imports.undoing import undo_import
from annotations.services.imports.uploads import (
    ImportOptions,
    prepare_import,
    start_import,
    stop_import,
    upload_files,
)
from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job
from annotations.services.queue import claim_next_article
from tests.factories import a_member, a_project, put_span
from tests.services.test_imports import a_span, by, document, gold, lines, put

pytestmark = pytest.mark.django_db

LINE = lines(document("d1", gold(a_span(label="person"))))


@pytest.fixture
def project() -> Project:
    return a_project()


@pytest.fixture
def ada(project: Project) -> User:
    return a_member(project, "ada")


@pytest.fixture
def manager(project: Project, ada: User) -> Membership:
    return Membership.objects.select_related("user", "project").get(project=project, user=ada)


def uploaded(manager: Membership, *files: bytes, names: tuple[str, ...] = ("a.jsonl", "b.jsonl")) -> Job:
    return upload_files(
        member=manager, files=[(name, "", BytesIO(data)) for name, data in zip(names, files, strict=False)]
    )


def imported(manager: Membership, *files: bytes, options: ImportOptions | None = None, **more: Any) -> Job:
    job = uploaded(manager, *files, **more)
    prepare_import(member=manager, job_id=job.pk, options=options or ImportOptions(), formats={})
    start_import(member=manager, job_id=job.pk)
    while do_next_job(handlers=HANDLERS):
        pass
    job.refresh_from_db()
    return job


def everything() -> list[Any]:
    tables = (Article, AnnotationSet, Span, Relation, Change, Decision, ImportedArticle)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_files_wait_until_they_are_started_and_go_when_they_are_in(manager: Membership) -> None:
    job = uploaded(manager, LINE, gzip.compress(lines(document("d2"))), names=("../../a.jsonl", "b.jsonl.gz"))
    assert [(file["name"], file["format"]) for file in job.arguments["files"]] == [
        ("a.jsonl", "jsonl"),
        ("b.jsonl.gz", "jsonl"),
    ]
    assert do_next_job(handlers=HANDLERS) is None
    assert not jobs_visible_to(manager).exists()
    start_import(member=manager, job_id=job.pk)
    assert start_import(member=manager, job_id=job.pk).state == JobState.WAITING
    do_next_job(handlers=HANDLERS)
    job.refresh_from_db()
    assert (job.state, job.report["created"], job.report["spans"], job.done) == (JobState.DONE, 2, 1, job.total)
    assert not JobChunk.objects.exists()
    assert set(Article.objects.values_list("external_id", flat=True)) == {"d1", "d2"}


def test_a_large_file_is_read_in_pieces(manager: Membership) -> None:
    data = bytes(range(256)) * (2 * CHUNK // 256) + b"end"
    job = upload_files(member=manager, files=[("a.txt", "text", BytesIO(data))])
    assert JobChunk.objects.count() == 3
    with stored_file(job, 0) as stream:
        assert stream.read() == data
        stream.seek(CHUNK - 1)
        assert stream.read(3) == data[CHUNK - 1 : CHUNK + 2]


def test_who_may_not_manage_may_not_upload(project: Project, manager: Membership) -> None:
    a_member(project, "ben")
    ben = Membership.objects.get(user__username="ben")
    with pytest.raises(NotAllowed):
        uploaded(ben, LINE)
    job = uploaded(manager, LINE)
    for service in (start_import, stop_import, undo_import):
        with pytest.raises(NotAllowed):
            service(member=ben, job_id=job.pk)


def test_too_much_is_refused_and_nothing_kept(manager: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidData, match="There is no file"):
        upload_files(member=manager, files=[])
    monkeypatch.setattr(uploads, "MAX_TOTAL", 100)
    with pytest.raises(TooLarge):
        uploaded(manager, b"x" * 60, b"x" * 60)
    assert not Job.objects.exists()


def test_labels_become_those_of_the_project_or_are_left_out(manager: Membership) -> None:
    spans = [a_span("1", "person"), a_span("2", "org", 9, 20), a_span("3", "noise", 0, 3), a_span("4", "actor")]
    link = {"label": "knows", "source": "1", "target": "2"}
    data = lines(document("d1", gold(*spans, relations=[link, {"label": "x", "source": "2", "target": "3"}])))
    options = ImportOptions(labels={"person": "actor", "org": "actor", "noise": ""})
    job = imported(manager, data, options=options)
    stored = [
        (label, list(map(list, fragments)))
        for label, fragments in Span.objects.order_by("start").values_list("label__key", "fragments")
    ]
    assert stored == [("actor", [[0, 8]]), ("actor", [[9, 20]])]
    assert Relation.objects.count() == 1
    assert {loss["kind"]: loss["count"] for loss in job.report["losses"]} == {
        "spans_dropped": 1, "spans_merged": 1, "relations_dropped": 1,
    }  # fmt: skip
    assert not Label.objects.filter(key__in=("person", "org", "noise")).exists()


SAID = document(
    "d1",
    gold(
        a_span("1"),
        a_span("2", "claim", 9, 20),
        relations=[
            {"label": "said_by", "source": "2", "target": "1"},
            {"label": "made_by", "source": "2", "target": "1"},
            {"label": "says", "source": "1", "target": "2"},
            {"label": "near", "source": "1", "target": "2"},
        ],
    ),
)


def test_relation_labels_become_those_of_the_project_or_new_ones_or_are_left_out(manager: Membership) -> None:
    mapping = {"said_by": "made_by", "says": ""}
    job = imported(manager, lines(SAID), options=ImportOptions(relation_labels=mapping))
    stored = Relation.objects.order_by("label__key").values_list("label__key", "source__label__key")
    assert list(stored) == [("made_by", "claim"), ("near", "actor")]
    assert job.report["added"] == ["relation label near"]
    assert {loss["kind"]: loss["count"] for loss in job.report["losses"]} == {"relations_dropped": 2}


def test_the_preview_counts_relations_that_do_not_fit_what_they_become(manager: Membership) -> None:
    job = uploaded(manager, lines(SAID))
    for relations, labels, misfits in (
        ({}, {}, [0, 0, 0, 0]),
        ({"said_by": "made_by", "says": "made_by", "near": ""}, {}, [0, 0, 1, 0]),
        ({"says": "made_by"}, {"actor": "claim", "claim": "actor"}, [0, 1, 0, 0]),
        ({"says": "made_by"}, {"actor": ""}, [0, 0, 0, 0]),
    ):
        options = ImportOptions(relation_labels=relations, labels=labels)
        found = preview_of(prepare_import(member=manager, job_id=job.pk, options=options, formats={})).relations
        assert [(one.label, one.times, one.is_known) for one in found] == [
            ("said_by", 1, False), ("made_by", 1, True), ("says", 1, False), ("near", 1, False),
        ]  # fmt: skip
        assert [one.misfits for one in found] == misfits


def test_columns_of_a_table_are_what_one_says(manager: Membership) -> None:
    table = b"nr,headline,artikel,text,secret\n1,T,Ana said so.,teaser,x\n"
    columns = {"nr": "id", "artikel": "text", "text": "teaser", "secret": ""}
    job = imported(manager, table, names=("a.csv",), options=ImportOptions(columns=columns))
    assert job.report["problems"] == []
    article = Article.objects.get()
    assert (article.external_id, article.title, article.text) == ("1", "T", "Ana said so.")
    assert article.metadata == {"teaser": "teaser"}


def test_the_preview_shows_the_first_articles_and_what_is_new(manager: Membership) -> None:
    sets = (gold(a_span(label="person"), a_span("2", "actor", 12, 18)),)
    job = uploaded(manager, lines(document("d1", *sets, title="T"), document("d2"), {"id": "x"}))
    found = preview_of(job)
    assert (found.read, found.problem_count, found.complete) == (2, 1, True)
    assert found.labels == [("person", 1, False), ("actor", 1, True)]
    assert [(shown.document.id, shown.is_cut) for shown in found.articles] == [("d1", False), ("d2", False)]
    assert [sign.label.key for sign in found.articles[0].signs] == ["person", "actor"]


def test_the_preview_finds_the_unit_of_offsets(manager: Membership) -> None:
    spans = [{"id": "s", "label": "actor", "fragments": [[3, 6]], "quote": "Ana"}]
    data = lines({"id": "d1", "text": "🙂 Ana.", "annotation_sets": [gold(*spans)]})
    assert preview_of(uploaded(manager, data)).unit == "utf-16"


def test_a_preview_says_when_nobody_is_named_and_lists_columns(manager: Membership) -> None:
    job = uploaded(manager, b"id,text,label,start,end,Mood\n1,Ana.,actor,0,3,good\n", names=("a.csv",))
    found = preview_of(job)
    assert found.needs_kind
    assert [(column.name, column.ours) for column in found.columns][-1] == ("Mood", "")
    prepare_import(member=manager, job_id=job.pk, options=ImportOptions(kind="gold"), formats={})
    job.refresh_from_db()
    assert not preview_of(job).needs_kind


def test_an_import_whose_worker_died_is_counted_once(manager: Membership) -> None:
    job = uploaded(manager, lines(document("d1", gold(a_span()))), lines(document("d2")))
    start_import(member=manager, job_id=job.pk)
    put(manager.user, manager.project, lines(document("d0")))

    def dying(job: Job, progress: Any) -> Any:
        HANDLERS["import"](job, progress)
        raise KeyError

    with transaction.atomic():
        do_next_job(handlers={"import": dying})
    report = Job.objects.get(pk=job.pk)
    # As a worker leaves it that was killed after its last step, when only the end is not written.
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, finished_at=None, error="")
    do_next_job(handlers=HANDLERS)
    report.refresh_from_db()
    assert (report.state, report.report["created"]) == (JobState.DONE, 2)
    # As one leaves it that was killed after the last batch: its files still there, no report yet.
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING, finished_at=None, error="", report={})
    again = uploaded(manager, lines(document("d1", gold(a_span()))), lines(document("d2")))
    JobChunk.objects.filter(job=again).update(job=report)
    do_next_job(handlers=HANDLERS)
    report.refresh_from_db()
    assert (report.state, report.report["created"], report.report["skipped"], report.report["spans"]) == (
        JobState.DONE, 2, 0, 1,
    )  # fmt: skip


def test_a_prepared_import_is_thrown_away_a_waiting_one_ends(manager: Membership) -> None:
    assert stop_import(member=manager, job_id=uploaded(manager, LINE).pk) is None
    assert not Job.objects.exists()
    job = uploaded(manager, LINE)
    start_import(member=manager, job_id=job.pk)
    stopped = stop_import(member=manager, job_id=job.pk)
    assert stopped is not None
    assert (stopped.state, JobChunk.objects.count()) == (JobState.CANCELLED, 0)
    with pytest.raises(StateRefused):
        stop_import(member=manager, job_id=job.pk)
    with pytest.raises(StateRefused):
        prepare_import(member=manager, job_id=job.pk, options=ImportOptions(), formats={})


def test_undoing_an_import_leaves_what_was_there_before(manager: Membership) -> None:
    put(
        manager.user,
        manager.project,
        lines(document("d1", by("ben", a_span()), outlet="Old", published_at="2020-01-01")),
    )
    before = everything()
    data = lines(
        document("d1", gold(a_span()), by("chi", a_span("2", end=3)), outlet="New", published_at="2026-11-24"),
        document(
            "d2",
            gold(
                a_span(), a_span("2", "claim", 9, 20), relations=[{"label": "made_by", "source": "2", "target": "s1"}]
            ),
        ),
    )
    job = imported(manager, data)
    assert (job.report["created"], job.report["updated"], what_prevents_undo(job)) == (1, 1, "")
    undo_import(member=manager, job_id=job.pk)
    after = everything()
    assert after == before
    job.refresh_from_db()
    assert job.arguments["undone"]["by"] == "ada"
    with pytest.raises(StateRefused, match="undone already"):
        undo_import(member=manager, job_id=job.pk)
    assert imported(manager, data).report["created"] == 1


def test_what_was_built_on_prevents_the_undo(manager: Membership, project: Project) -> None:
    ben = a_member(project, "ben")
    job = imported(manager, lines(document("d1"), document("d2")))
    claimed = claim_next_article(actor=ben, slug=project.slug)
    assert claimed is not None
    with pytest.raises(StateRefused, match="begun to label 1 of"):
        undo_import(member=manager, job_id=job.pk)
    worked = imported(manager, lines(document("d3", by("ben", a_span()))))
    own = AnnotationSet.objects.get(article__external_id="d3")
    move_set(actor=ben, annotation_set_id=own.pk, action="reopen")
    apply_changes(actor=ben, annotation_set_id=own.pk, changes=[put_span("actor", (9, 20))])
    with pytest.raises(StateRefused, match="worked on in 1 article"):
        undo_import(member=manager, job_id=worked.pk)


def test_later_imports_are_undone_first(manager: Membership) -> None:
    first = imported(manager, lines(document("d1")))
    second = imported(manager, lines(document("d1", gold(a_span()))))
    with pytest.raises(StateRefused, match="A later import changed 1 article"):
        undo_import(member=manager, job_id=first.pk)
    undo_import(member=manager, job_id=second.pk)
    undo_import(member=manager, job_id=first.pk)
    assert not Article.objects.exists()


def test_an_import_at_once_can_be_undone_too(manager: Membership) -> None:
    report = put(manager.user, manager.project, LINE, name="news.jsonl")
    job = Job.objects.get(pk=report.id)
    assert (job.state, job.report["created"]) == (JobState.DONE, 1)
    undo_import(member=manager, job_id=job.pk)
    assert not Article.objects.exists()


def test_articles_in_the_bin_are_restored_before_an_import_is_undone_and_the_bin_can_be_emptied(
    manager: Membership,
) -> None:
    job = imported(manager, lines(document("d1", gold(a_span()))), lines(document("d2", gold(a_span()))))
    one, other = Article.objects.order_by("external_id")
    bin_articles(member=manager, article_ids=[one.pk])
    with pytest.raises(StateRefused, match="1 article of it is in the bin"):
        undo_import(member=manager, job_id=job.pk)
    empty_bin(project=manager.project)
    undo_import(member=manager, job_id=job.pk)
    assert not Article.objects.exists()
    assert other.external_id == "d2"


def test_the_log_stays_append_only_for_all_others(manager: Membership) -> None:
    put(manager.user, manager.project, LINE)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM annotations_change")


def test_the_report_is_a_table(manager: Membership) -> None:
    job = imported(manager, LINE + orjson.dumps({"id": "=x"}) + b"\n")
    rows = b"".join(report_rows(job)).decode().splitlines()
    assert rows[0] == "what,file,line,article,text"
    assert "problem,a.jsonl,2,'=x,text is missing." in rows
    assert "added,,,,label person" in rows
