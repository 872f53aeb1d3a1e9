"""What the desk shows, and how little is read for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.domain.changes import ChangeRequest
from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, GuidelineVersion, Project, RelationLabel, SetState, Span
from annotations.selectors.desk import changes_context, desk_context, page_context, shortened
from annotations.selectors.guidelines import guideline_view
from annotations.services.changes import apply_changes
from tests.factories import a_member, a_project, a_set, a_span, an_article, put_relation, put_span

pytestmark = pytest.mark.django_db

WORDS = "word " * 3_000
TEXT = f"Oslo is calm, said Ingrid.\n\nNothing here.\n\n{WORDS}"


@pytest.fixture
def project() -> Project:
    return a_project()


@pytest.fixture
def work(project: Project) -> AnnotationSet:
    return a_set(an_article(project, TEXT, title="Calm"), a_member(project, "ben"))


def apply(work: AnnotationSet, *changes: ChangeRequest) -> dict[str, Any]:
    assert work.annotator is not None
    applied = apply_changes(actor=work.annotator, annotation_set_id=work.pk, changes=changes)
    assert [result.status for result in applied.results] == ["applied"] * len(changes)
    work.refresh_from_db()
    return changes_context(annotation_set=work, applied=applied)


def queries_of(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read()
    return len(queries)


def many_spans(work: AnnotationSet, number: int) -> None:
    label = work.article.project.labels.get(key="actor")
    start = TEXT.index("word")
    Span.objects.bulk_create(
        Span(annotation_set=work, label=label, fragments=((start + 5 * i, start + 5 * i + 4),), revision=0)
        for i in range(number)
    )


def test_the_list_is_in_reading_order_with_links_and_what_is_still_wanted(work: AnnotationSet) -> None:
    actor = a_span(work, "actor", (19, 25))
    claim = a_span(work, "claim", (0, 12), attributes={"stance": "supports"}, note="why")
    context = apply(work, put_relation("made_by", claim.pk, actor.pk))
    items = desk_context(annotation_set=work, editable=True)["items"]
    assert [(item.id, item.at, item.quote, item.paragraph) for item in items] == [
        (claim.pk, "0-12", "Oslo is calm", 0),
        (actor.pk, "19-25", "Ingrid", 0),
    ]
    assert [(link.name, quote) for _relation, link, quote in items[0].links] == [("made by", "Ingrid")]
    relation = work.relations.get()
    assert items[0].relations == f"{relation.pk}:made_by:{actor.pk}:3"
    assert items[0].attributes_json == '{"stance": "supports"}'
    assert [item.wanted for item in items] == [[], []]
    assert {item.id for item in context["items"]} == {claim.pk, actor.pk}


def test_a_claim_without_its_maker_says_so(work: AnnotationSet) -> None:
    a_span(work, "claim", (0, 12))
    (item,) = desk_context(annotation_set=work, editable=True)["items"]
    assert item.wanted == [RelationLabel.objects.get(key="made_by")]


def test_after_a_change_only_touched_paragraphs_and_blocks_are_drawn(work: AnnotationSet) -> None:
    context = apply(work, put_span("actor", (19, 25)), put_span("location", (0, 4)))
    assert [(segments.block.paragraph, whole) for segments, whole, _signs in context["pieces"]] == [(0, True)]
    late = TEXT.index("word") + 5_000
    context = apply(work, put_span("actor", (late, late + 4)))
    assert [(segments.block.paragraph, segments.block.number, whole) for segments, whole, _ in context["pieces"]] == [
        (2, 1, False)
    ]
    assert context["total"] == 3
    assert [(sign.key, count) for sign, count in context["counts"]] == [("actor", 2), ("claim", 0), ("location", 1)]
    assert context["results"]["revision"] == 3


def test_where_a_span_was_is_drawn_as_well_as_where_it_is(work: AnnotationSet) -> None:
    span = a_span(work, "actor", (19, 25))
    context = apply(work, put_span("actor", (28, 35), uuid=span.pk, base=1))
    assert [segments.block.paragraph for segments, _whole, _signs in context["pieces"]] == [0, 1]


def test_a_deleted_span_is_gone_from_the_list(work: AnnotationSet) -> None:
    span = a_span(work, "actor", (19, 25))
    context = apply(work, ChangeRequest(id=uuid7(), action="delete_span", object=span.pk, base=1))
    assert (context["gone"], context["items"], context["total"]) == ([span.pk], [], 0)
    assert [segments.block.paragraph for segments, _whole, _signs in context["pieces"]] == [0]


def test_what_is_read_does_not_grow_with_the_spans(work: AnnotationSet) -> None:
    actor = a_span(work, "actor", (19, 25))
    claim = a_span(work, "claim", (0, 12))
    apply(work, put_relation("made_by", claim.pk, actor.pk))
    desk_context(annotation_set=work, editable=True)  # reads the project once
    few = queries_of(lambda: desk_context(annotation_set=work, editable=True))
    few_after = queries_of(lambda: apply(work, put_span("actor", (28, 35))))
    many_spans(work, 500)
    assert queries_of(lambda: desk_context(annotation_set=work, editable=True)) == few
    assert queries_of(lambda: apply(work, put_span("actor", (36, 40)))) == few_after


def test_the_list_is_dressed_by_the_hundred(work: AnnotationSet) -> None:
    many_spans(work, 250)
    whole = desk_context(annotation_set=work, editable=True)
    assert (len(whole["items"]), [(is_dressed, len(run)) for is_dressed, run in whole["runs"]], whole["following"]) == (
        250,
        [(True, 100), (False, 150)],
        100,
    )
    last = page_context(annotation_set=work, first=200)
    assert [item.id for item in last["page"]] == [item.id for item in whole["items"][200:]]
    few = page_context(annotation_set=work, first=30, only="actor", count=3)
    assert [item.id for item in few["page"]] == [item.id for item in whole["items"][30:33]]
    assert page_context(annotation_set=work, first=0, only="claim")["page"] == []


def test_archived_labels_are_not_offered_but_their_spans_are_shown(work: AnnotationSet) -> None:
    a_span(work, "actor", (19, 25))
    work.article.project.labels.filter(key="actor").update(archived_at="2025-01-01T00:00Z")
    context = desk_context(annotation_set=work, editable=True)
    assert [sign.key for sign in context["labels"]] == ["claim", "location"]
    assert [label["key"] for label in context["settings"]["labels"]] == ["claim", "location"]
    assert [item.label.key for item in context["items"]] == ["actor"]


def test_a_long_quote_loses_its_middle() -> None:
    assert shortened("a  b\n\nc") == "a b c"
    assert shortened("Nobody will be sent up a crane alone " * 4) == (
        "Nobody will be sent up a crane alone Nobody will be sent up … be sent up a crane alone"
    )
    assert shortened("x" * 60 + "-" * 40 + "y" * 24) == "x" * 60 + " … " + "y" * 24


def test_the_guideline_folds_at_its_headings(project: Project) -> None:
    assert guideline_view(project) is None
    markdown = "# Title\n\nFirst.\n\n## Claim\n\nWhat is *said*.\n\n```\n## no heading\n```\n\n## Actor ##\n\nWho.\n"
    GuidelineVersion.objects.create(project=project, number=1, markdown=markdown)
    view = guideline_view(project)
    assert view is not None
    assert (view.number, view.opening.strip()) == (1, "<p>First.</p>")
    assert [(section.title, section.html.strip()) for section in view.sections] == [
        ("Claim", "<p>What is <em>said</em>.</p>\n<pre><code>## no heading\n</code></pre>"),
        ("Actor", "<p>Who.</p>"),
    ]


def test_a_submitted_set_is_shown_all_the_same(work: AnnotationSet) -> None:
    a_span(work, "actor", (19, 25))
    AnnotationSet.objects.filter(pk=work.pk).update(state=SetState.SUBMITTED)
    assert desk_context(annotation_set=work, editable=False)["total"] == 1
