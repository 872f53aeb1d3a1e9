"""Files go in whole or not at all, line by line where lines are wrong, and the same file twice changes nothing."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import orjson
import pytest

from annotations.domain.errors import InvalidData, NotAllowed, NotFound
from annotations.models import (
    AnnotationSet,
    Article,
    Change,
    Decision,
    Disagreement,
    Entity,
    Label,
    LabelAttribute,
    Membership,
    Project,
    Relation,
    Span,
    User,
)
from annotations.services.changes import apply_changes
from annotations.services.imports import ImportReport, import_documents
from tests.factories import a_member, a_project, a_user, put_span
from tests.formats.documents import wikinews

pytestmark = pytest.mark.django_db

TEXT = "Ana Ruiz of Madrid said so. So did Ben."


@pytest.fixture
def project() -> Project:
    return a_project()


@pytest.fixture
def ada(project: Project) -> User:
    return a_member(project, "ada")


def lines(*documents: dict[str, Any]) -> bytes:
    return b"".join(orjson.dumps(document) + b"\n" for document in documents)


def document(key: str = "d1", *sets: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": key, "text": TEXT, **more, "annotation_sets": list(sets)}


def a_span(key: str = "s1", label: str = "actor", start: int = 0, end: int = 8, **more: Any) -> dict[str, Any]:
    return {"id": key, "label": label, "fragments": [[start, end]], **more}


def by(annotator: str, *spans: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "annotator", "annotator": annotator, "spans": list(spans), **more}


def gold(*spans: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "gold", "spans": list(spans), **more}


def put(ada: User, project: Project, data: bytes, **options: Any) -> ImportReport:
    return import_documents(actor=ada, project=project, stream=BytesIO(data), **{"format": "jsonl", **options})


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.created, report.updated, report.skipped, report.spans, report.relations


def everything() -> list[Any]:
    """All that an import can touch."""
    tables = (Article, AnnotationSet, Span, Relation, Change, Decision, Entity, Label, LabelAttribute, Membership, User)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_real_articles_go_in_and_a_second_time_change_nothing(ada: User, project: Project) -> None:
    report = put(ada, project, wikinews())
    assert (counts(report), report.problems, report.duplicates) == ((24, 0, 0, 2_714, 207), [], [])
    before = everything()
    assert counts(put(ada, project, wikinews())) == (0, 0, 24, 0, 0)
    assert everything() == before


def test_only_a_manager_imports(ada: User, project: Project) -> None:
    ben, eve = a_member(project, "ben"), a_user("eve")
    with pytest.raises(NotAllowed):
        put(ben, project, lines(document()))
    with pytest.raises(NotFound):
        put(eve, project, lines(document()))
    assert not Article.objects.exists()


def test_an_unknown_format_is_refused(ada: User, project: Project) -> None:
    with pytest.raises(InvalidData) as refused:
        put(ada, project, b"", format="docx")
    assert refused.value.detail == (
        "There is no format “docx” to import; there are jsonl, text, csv, tsv, brat, doccano, label-studio, spacy, "
        "web-annotation, webanno, cas-xmi, cas-json, html, dna."
    )


def test_an_article_keeps_all_its_columns(ada: User, project: Project) -> None:
    columns = {
        "title": "T", "url": "https://x.test/", "outlet": "O", "author": "A", "section": "S",
        "published_at": "2026-11-24T08:00:00Z", "language": "en", "license": "CC0",
    }  # fmt: skip
    put(ada, project, lines(document(**columns, metadata={"a": [1, None]}, wire="agency")))
    article = Article.objects.get()
    assert {name: getattr(article, name) for name in columns} == columns
    assert (article.metadata, str(article.published_on)) == ({"a": [1, None], "wire": "agency"}, "2026-11-24")
    assert (article.text, article.characters, article.open_slots) == (TEXT, len(TEXT), 2)


def test_a_set_is_stored_with_one_line_of_history(ada: User, project: Project) -> None:
    ben = a_member(project, "ben")
    claim = a_span("c", "claim", 19, 26, attributes={"stance": "supports"}, note="n")
    who = a_span("a", entity="Ana Ruiz")
    relations = [{"label": "made_by", "source": "c", "target": "a"}]
    report = put(ada, project, lines(document("d1", by("ben", claim, who, relations=relations, guideline=7))))
    assert (counts(report), report.added) == ((1, 0, 0, 2, 1), [])
    stored = AnnotationSet.objects.get()
    assert (stored.annotator, stored.state, stored.revision, stored.imported_guideline) == (ben, "submitted", 1, 7)
    assert stored.submitted_at is not None
    assert Article.objects.get().open_slots == 1
    spans = {span.external_id: span for span in Span.objects.all()}
    assert (spans["a"].fragments, spans["a"].origin, spans["a"].revision) == (((0, 8),), "imported", 1)
    assert spans["a"].entity == Entity.objects.get(name="Ana Ruiz", label__key="actor")
    relation = Relation.objects.get()
    assert (relation.source, relation.target, relation.external_id) == (spans["c"], spans["a"], None)
    change = Change.objects.get()
    assert (change.action, change.revision, change.author, change.before) == ("import_set", 1, ada, None)
    assert change.after == {
        "spans": {
            str(spans["c"].pk): {
                "label": "claim", "fragments": [[19, 26]], "entity": "", "attributes": {"stance": "supports"},
                "note": "n", "origin": "imported", "external_id": "c",
            },
            str(spans["a"].pk): {
                "label": "actor", "fragments": [[0, 8]], "entity": "Ana Ruiz", "attributes": {}, "note": "",
                "origin": "imported", "external_id": "a",
            },
        },
        "relations": {
            str(relation.pk): {
                "label": "made_by", "source": str(spans["c"].pk), "target": str(spans["a"].pk), "external_id": None,
            },
        },
    }  # fmt: skip


def test_gold_is_a_decision(ada: User, project: Project) -> None:
    put(ada, project, lines(document("d1", gold(a_span()))))
    decision = Decision.objects.get()
    stored = AnnotationSet.objects.get()
    assert (decision.kind, decision.by, decision.gold) == ("import", ada, [str(Span.objects.get().pk)])
    assert (stored.kind, stored.state, decision.batch) == ("gold", "done", Change.objects.get().batch)
    assert Article.objects.get().open_slots == 2


def test_a_problem_names_line_and_reason_and_the_others_go_in(ada: User, project: Project) -> None:
    put(ada, project, lines(document("old")))
    data = lines(
        document("d1"),
        {"id": "old", "text": "Another text."},
        document("d2", by("ben", a_span("s", "Not A Key"))),
        document("d3", gold(a_span("s", "actor"), a_span("t", "actor", 12, 18), relations=[
            {"label": "made_by", "source": "s", "target": "t"}])),
        document("d4", gold(a_span("s", quote="Ben"))),
    ) + b"{\n" + lines(document("d5"))  # fmt: skip
    report = put(ada, project, data)
    assert [(problem.line, problem.id, problem.reason) for problem in report.problems] == [
        (2, "old", "There is an article with this id and another text; texts never change."),
        (3, "d2", "“Not A Key” cannot be a key: small letters, digits, - and _, beginning with a letter."),
        (4, "d3", "The relation “made_by” cannot go from actor to actor."),
        (5, "d4", "annotation_sets[0].spans[0] (s): the text at [0, 8) is “Ana Ruiz”, but the quote is “Ben”."),
        (6, "", "the line is not JSON: unexpected end of data at character 1."),
    ]
    assert (counts(report), report.problem_count) == ((2, 0, 0, 0, 0), 5)
    assert set(Article.objects.values_list("external_id", flat=True)) == {"old", "d1", "d5"}
    assert not User.objects.filter(username__startswith="ben").exists()


def test_what_the_project_lacks_is_added_and_told(ada: User, project: Project) -> None:
    spans = a_span("s", "law", attributes={"kind": "bill"}), a_span("c", "claim", attributes={"stance": "mixed"})
    relations = [{"label": "cites", "source": "s", "target": "c"}]
    data = lines(document("d1", by("ben", *spans, relations=relations)))
    refused = put(ada, project, data, strict=True)
    assert [problem.reason for problem in refused.problems] == [
        "The project lacks: law, law.kind = bill, claim.stance = mixed, cites."
    ]
    assert refused.added == []
    report = put(ada, project, data)
    assert report.added == [
        "label law", "attribute law.kind = bill", "attribute claim.stance = mixed", "relation label cites",
        "annotator ben@press",
    ]  # fmt: skip
    law = Label.objects.get(key="law")
    assert (law.name, law.shortcut, law.colour, law.position) == ("Law", "", 3, 3)
    assert LabelAttribute.objects.get(key="stance").choices == ["supports", "opposes", "neutral", "mixed"]


def test_an_annotator_nobody_knows_becomes_an_account_that_cannot_sign_in(ada: User, project: Project) -> None:
    a_user("ben")
    put(ada, project, lines(document("d1", by("ben")), document("d2", by("ben"), by("chi"))))
    ben, chi = User.objects.get(username="ben@press"), User.objects.get(username="chi@press")
    assert not ben.is_active
    assert not ben.has_usable_password()
    assert Membership.objects.get(user=ben).role == "annotator"
    assert AnnotationSet.objects.filter(annotator=ben).count() == 2
    assert AnnotationSet.objects.filter(annotator=chi).count() == 1
    assert AnnotationSet.objects.filter(annotator__username="ben").count() == 0


def test_an_account_of_that_name_outside_the_project_is_not_taken(ada: User, project: Project) -> None:
    a_user("ben@press")
    report = put(ada, project, lines(document("d1", by("ben"))))
    assert [problem.reason for problem in report.problems] == [
        "The account “ben@press” for this annotator's work exists, but is no member of the project."
    ]


def test_one_author_under_two_names_is_a_problem(ada: User, project: Project) -> None:
    report = put(ada, project, lines(document("d1", by("ben"), by("ben@press")), document("d2", by("chi"))))
    assert [problem.reason for problem in report.problems] == [
        "Two sets of the article are by the same author under two names."
    ]
    assert report.created == 1


def test_metadata_and_new_sets_are_added_to_an_article_that_is_there(ada: User, project: Project) -> None:
    put(ada, project, lines(document("d1", by("ben", a_span()), title="Old", outlet="O", metadata={"a": 1})))
    report = put(ada, project, lines(document("d1", by("chi", a_span()), title="New", metadata={"b": 2})))
    assert counts(report) == (0, 1, 0, 1, 0)
    article = Article.objects.get()
    assert (article.title, article.outlet, article.metadata, article.open_slots) == ("New", "O", {"a": 1, "b": 2}, 0)
    assert AnnotationSet.objects.count() == 2


def test_a_set_that_differs_is_a_problem_and_never_merged(ada: User, project: Project) -> None:
    put(ada, project, lines(document("d1", by("ben", a_span()))))
    before = everything()
    report = put(ada, project, lines(document("d1", by("ben", a_span(end=3)), by("chi"), title="New")))
    assert [problem.reason for problem in report.problems] == [
        "The article has another set of kind annotator (ben); sets are never merged."
    ]
    assert everything() == before


def test_a_span_deleted_since_does_not_come_back(ada: User, project: Project) -> None:
    ben = a_member(project, "ben")
    data = lines(document("d1", by("ben", a_span(), state="in_progress")))
    put(ada, project, data)
    stored, span = AnnotationSet.objects.get(), Span.objects.get()
    change = put_span("actor", (35, 38))
    apply_changes(actor=ben, annotation_set_id=stored.pk, changes=[change])
    span.delete()
    assert counts(put(ada, project, data)) == (0, 0, 1, 0, 0)
    assert [one.pk for one in Span.objects.all()] == [change.object]


def test_a_set_made_here_is_equal_to_its_export(ada: User, project: Project) -> None:
    ben = a_member(project, "ben")
    put(ada, project, lines(document("d1", by("ben", state="in_progress"))))
    change = put_span("actor", (0, 8))
    apply_changes(actor=ben, annotation_set_id=AnnotationSet.objects.get().pk, changes=[change])
    report = put(ada, project, lines(document("d1", by("ben", a_span(str(change.object))))))
    assert counts(report) == (0, 0, 1, 0, 0)


def test_duplicates_of_a_text_are_named_and_kept(ada: User, project: Project) -> None:
    put(ada, project, lines(document("d1")))
    report = put(ada, project, lines(document("d2"), {"id": "x", "text": "Other."}, {"id": "y", "text": "Other."}))
    assert [(one.line, one.id, one.duplicate_of) for one in report.duplicates] == [(1, "d2", "d1"), (3, "y", "x")]
    assert report.created == 3


def test_an_article_may_come_twice_in_a_file(ada: User, project: Project) -> None:
    report = put(ada, project, lines(document("d1", by("ben")), document("d1", by("chi")), document("d1", by("ben"))))
    assert counts(report) == (1, 1, 1, 0, 0)
    assert AnnotationSet.objects.count() == 2


def test_two_submitted_sets_show_where_they_disagree(ada: User, project: Project) -> None:
    put(ada, project, lines(document("d1", by("ben", a_span()), by("chi", a_span(end=3)))))
    assert Disagreement.objects.count() == 1


def test_suggestions_keep_their_source_and_scores(ada: User, project: Project) -> None:
    span = a_span(origin="suggested", score=0.5, sources=["x"])
    sets = (
        {"kind": "suggestion", "source": "names", "engine": "e", "version": "1", "spans": [span]},
        {
            "kind": "suggestion",
            "spans": [],
        },
    )
    put(ada, project, lines(document("d1", *sets)))
    stored = AnnotationSet.objects.order_by("source")
    assert [(one.source, one.engine, one.version, one.state) for one in stored] == [
        ("import", "", "", "ready"),
        ("names", "e", "1", "ready"),
    ]
    assert (Span.objects.get().score, Span.objects.get().sources, Span.objects.get().origin) == (
        0.5,
        ["x"],
        "suggested",
    )
    assert Article.objects.get().open_slots == 2


def test_skipped_and_released_sets_take_no_slot(ada: User, project: Project) -> None:
    put(ada, project, lines(document("d1", by("ben", state="skipped"), by("chi", state="in_progress"))))
    assert Article.objects.get().open_slots == 1


class Broken(BytesIO):
    """A stream that fails on its way."""

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if b"last" in line:
            raise OSError("connection lost")
        return line


def test_nothing_is_stored_when_the_file_breaks_off(ada: User, project: Project) -> None:
    before = everything()
    many = [document(f"d{number}", by("ben", a_span("s", "law"))) for number in range(600)]
    with pytest.raises(OSError, match="connection lost"):
        import_documents(actor=ada, project=project, stream=Broken(lines(*many, document("last"))), format="jsonl")
    assert everything() == before


def test_the_hardest_texts_can_be_stored(ada: User, project: Project) -> None:
    texts = ["🙂" * 1_000_000, "word%d " * 20, " ".join(f"w{number:x}é" for number in range(120_000)), "x" * 1_000_000]
    fragments = [[3 * number, 3 * number + 1] for number in range(100)]
    span = {"id": "s" * 200, "label": "actor", "fragments": fragments, "entity": "E" * 500}
    data = lines(*({"id": f"{number}" * 500, "text": text, "language": "en"} for number, text in enumerate(texts)))
    report = put(ada, project, data + lines({"id": "last", "text": "🙂" * 400, "annotation_sets": [gold(span)]}))
    assert (report.created, report.problems) == (5, [])
    assert Span.objects.get().parts == 100
