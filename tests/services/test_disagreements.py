"""Submitted sets of an article become rows to decide; decisions find their rows again when the sets change."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotations.domain.changes import ChangeRequest
from annotations.domain.documents import Fragment
from annotations.domain.identifiers import disagreement_uuid, uuid7
from annotations.models import AnnotationSet, Article, Decision, Disagreement, SetState, User
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.decisions import decide
from annotations.services.disagreements import refresh_disagreements, refresh_many
from tests import factories

pytestmark = pytest.mark.django_db
TEXT = factories.TEXT


def at(quote: str) -> Fragment:
    """Where the quote is in the text of the factories."""
    start = TEXT.index(quote)
    return (start, start + len(quote))


def submitted(
    article: Article,
    annotator: User,
    *spans: tuple[str, str],
    relations: Sequence[tuple[str, int, int]] = (),
    attributes: dict[str, dict[str, str]] | None = None,
) -> AnnotationSet:
    """A submitted set; a span is `(label, quote)`, the parts of a quote are joined by `|`; relations name spans,
    attributes are given for each label.
    """
    owner = factories.a_set(article, annotator)
    changes = [
        factories.put_span(
            label, *[at(part) for part in quote.split("|")], attributes=(attributes or {}).get(label, {})
        )
        for label, quote in spans
    ]
    changes += [
        factories.put_relation(label, changes[source].object, changes[target].object)
        for label, source, target in relations
    ]
    applied = apply_changes(actor=annotator, annotation_set_id=owner.pk, changes=changes)
    assert factories.statuses(applied.results) == ["applied"] * len(changes), applied.results
    return move_set(actor=annotator, annotation_set_id=owner.pk, action="submit")


def rows(article: Article) -> list[tuple[Any, ...]]:
    """Kind, label, state, unanimous, and for each version how many chose it."""
    return [
        (row.kind, row.label, row.state, row.unanimous, [len(each["annotators"]) for each in row.payload["versions"]])
        for row in Disagreement.objects.filter(article=article).order_by("start", "kind")
    ]


@pytest.fixture
def article() -> Article:
    project = factories.a_project()
    factories.the_cast(project)
    return factories.an_article(project)


@pytest.fixture
def people(article: Article) -> dict[str, User]:
    return factories.the_cast(article.project)


def test_the_first_submission_makes_no_rows(article: Article, people: dict[str, User]) -> None:
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"))

    assert rows(article) == []


def test_the_second_submission_makes_a_row_for_every_cluster(article: Article, people: dict[str, User]) -> None:
    ben = submitted(article, people["ben"], ("actor", "Ingrid Solheim"), ("location", "Oslo"), ("actor", "We"))
    chi = submitted(
        article, people["chi"], ("actor", "Ingrid Solheim of the Brevik Dockers’ Union"), ("location", "Oslo")
    )

    assert rows(article) == [
        ("missing", "actor", "open", False, [1]),
        ("boundary", "actor", "open", False, [1, 1]),
        ("agree", "location", "open", True, [2]),
    ]
    row = Disagreement.objects.get(kind="boundary")
    [ben_span] = ben.spans.filter(start=at("Ingrid")[0]).values_list("pk", flat=True)
    [chi_span] = chi.spans.filter(start=at("Ingrid")[0]).values_list("pk", flat=True)
    assert row.pk == disagreement_uuid(article.pk, [str(ben_span), str(chi_span)])
    assert row.start == at("Ingrid")[0]
    assert row.payload == {
        "of": 2,
        "quote": "Ingrid Solheim of the Brevik Dockers’ Union",
        "versions": [
            {
                "digit": 1,
                "annotators": [people["ben"].pk],
                "sources": [str(ben_span)],
                "spans": [
                    {
                        "label": "actor",
                        "fragments": [list(at("Ingrid Solheim"))],
                        "quote": "Ingrid Solheim",
                        "entity": "",
                        "attributes": {},
                    }
                ],
            },
            {
                "digit": 2,
                "annotators": [people["chi"].pk],
                "sources": [str(chi_span)],
                "spans": [
                    {
                        "label": "actor",
                        "fragments": [list(at("Ingrid Solheim of the Brevik Dockers’ Union"))],
                        "quote": "Ingrid Solheim of the Brevik Dockers’ Union",
                        "entity": "",
                        "attributes": {},
                    }
                ],
            },
        ],
    }


def test_relations_are_rows_that_name_the_rows_of_their_ends(article: Article, people: dict[str, User]) -> None:
    spans = [("claim", "We lost nine days"), ("actor", "Ingrid Solheim"), ("actor", "the Brevik Dockers’ Union")]
    submitted(article, people["ben"], *spans, relations=[("made_by", 0, 1)])
    submitted(article, people["chi"], *spans, relations=[("made_by", 0, 2)])

    row = Disagreement.objects.get(kind="relation_target")
    of_quote = {each.payload["quote"]: str(each.pk) for each in Disagreement.objects.exclude(pk=row.pk)}
    found = sorted(
        (version["relation"]["target"]["quote"], version["relation"]["target"]["disagreement"])
        for version in row.payload["versions"]
    )
    assert found == [(quote, of_quote[quote]) for quote in ("Ingrid Solheim", "the Brevik Dockers’ Union")]
    assert row.payload["versions"][0]["relation"]["source"]["disagreement"] == of_quote["We lost nine days"]


def test_refreshing_again_changes_nothing(article: Article, people: dict[str, User]) -> None:
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"), ("location", "Oslo"))
    submitted(article, people["chi"], ("actor", "Ingrid"), ("location", "Oslo"))
    before = list(Disagreement.objects.order_by("pk").values())

    refresh_disagreements(article_id=article.pk)

    assert list(Disagreement.objects.order_by("pk").values()) == before


def test_the_number_of_queries_does_not_grow_with_the_spans(article: Article, people: dict[str, User]) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            refresh_disagreements(article_id=article.pk)
        return len(captured)

    submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
    submitted(article, people["chi"], ("actor", "Ingrid"))
    few = queries()
    for word in TEXT.split():
        for name in ("ben", "chi"):
            owner = AnnotationSet.objects.get(article=article, annotator=people[name])
            AnnotationSet.objects.filter(pk=owner.pk).update(state=SetState.IN_PROGRESS)
            apply_changes(
                actor=people[name],
                annotation_set_id=owner.pk,
                changes=[factories.put_span("location", at(word))],
            )
            AnnotationSet.objects.filter(pk=owner.pk).update(state=SetState.SUBMITTED)

    assert queries() == few <= 14


def test_a_returned_set_takes_its_rows_away(article: Article, people: dict[str, User]) -> None:
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
    chi = submitted(article, people["chi"], ("actor", "Ingrid"))

    move_set(actor=people["dora"], annotation_set_id=chi.pk, action="return", reason="Names in full, please.")

    assert rows(article) == []


class TestDecisionsFindTheirRows:
    def edited(self, owner: AnnotationSet, annotator: User, span: UUID, quote: str) -> None:
        """Return the set, move the span, submit again."""
        dora = factories.a_user("dora")
        move_set(actor=dora, annotation_set_id=owner.pk, action="return", reason="Please look again.")
        base = owner.spans.get(pk=span).revision
        change = factories.put_span("actor", at(quote), uuid=span, base=base)
        applied = apply_changes(actor=annotator, annotation_set_id=owner.pk, changes=[change])
        assert factories.statuses(applied.results) == ["applied"]
        move_set(actor=annotator, annotation_set_id=owner.pk, action="submit")

    def decided(self, people: dict[str, User], *versions: int) -> Decision:
        row = Disagreement.objects.get(kind="boundary")
        return decide(actor=people["dora"], disagreement_id=row.pk, versions=versions).decisions[0]

    def test_an_edit_after_the_decision_makes_it_stale_but_does_not_change_it(
        self, article: Article, people: dict[str, User]
    ) -> None:
        submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
        chi = submitted(article, people["chi"], ("actor", "Ingrid"))
        decision = self.decided(people, 1)
        span = chi.spans.get()

        self.edited(chi, people["chi"], span.pk, "Solheim")

        assert rows(article) == [("boundary", "actor", "stale", False, [1, 1])]
        decision.refresh_from_db()
        assert decision.undone_at is None

    def test_the_same_work_submitted_again_leaves_it_decided(self, article: Article, people: dict[str, User]) -> None:
        submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
        chi = submitted(article, people["chi"], ("actor", "Ingrid"))
        self.decided(people, 2)

        move_set(actor=people["dora"], annotation_set_id=chi.pk, action="return", reason="Please look again.")
        assert [row[2] for row in rows(article)] == ["stale"]
        move_set(actor=people["chi"], annotation_set_id=chi.pk, action="submit")

        assert rows(article) == [("boundary", "actor", "decided", False, [1, 1])]

    def test_a_third_annotator_with_a_known_version_changes_nothing(
        self, article: Article, people: dict[str, User]
    ) -> None:
        submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
        submitted(article, people["chi"], ("actor", "Ingrid"))
        decision = self.decided(people, 1)
        old = decision.disagreement

        submitted(article, factories.a_member(article.project, "gil"), ("actor", "Ingrid"))

        assert rows(article) == [("boundary", "actor", "decided", False, [2, 1])]
        decision.refresh_from_db()
        assert decision.disagreement == Disagreement.objects.get().pk != old

    def test_a_third_annotator_with_another_version_makes_it_stale(
        self, article: Article, people: dict[str, User]
    ) -> None:
        submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
        submitted(article, people["chi"], ("actor", "Ingrid"))
        self.decided(people, 1)

        submitted(article, factories.a_member(article.project, "gil"), ("actor", "Ingrid Solheim of"))

        assert rows(article) == [("boundary", "actor", "stale", False, [1, 1, 1])]

    def test_a_decision_without_spans_left_stays_and_is_stale(self, article: Article, people: dict[str, User]) -> None:
        submitted(article, people["ben"], ("location", "Oslo"))
        chi = submitted(article, people["chi"], ("location", "Oslo"), ("actor", "Ingrid"))
        row = Disagreement.objects.get(kind="missing")
        decide(actor=people["dora"], disagreement_id=row.pk, versions=[1])

        move_set(actor=people["dora"], annotation_set_id=chi.pk, action="return", reason="Not an actor.")
        span = chi.spans.get(label__key="actor")
        gone = ChangeRequest(id=uuid7(), action="delete_span", object=span.pk, base=span.revision)
        apply_changes(actor=people["chi"], annotation_set_id=chi.pk, changes=[gone])
        move_set(actor=people["chi"], annotation_set_id=chi.pk, action="submit")

        assert rows(article) == [
            ("missing", "actor", "stale", False, [1]),
            ("agree", "location", "open", True, [2]),
        ]

        [live] = Decision.objects.filter(undone_at=None)
        decide(actor=people["dora"], disagreement_id=row.pk, versions=[], replaces=live.pk)
        refresh_disagreements(article_id=article.pk)

        assert rows(article)[0] == ("missing", "actor", "decided", False, [1])


@pytest.mark.django_db(transaction=True)
def test_two_annotators_who_submit_at_the_same_moment_are_both_seen(article: Article, people: dict[str, User]) -> None:
    owners = [factories.a_set(article, people[name]) for name in ("ben", "chi")]
    for owner, quote in zip(owners, ("Ingrid Solheim", "Ingrid"), strict=True):
        factories.a_span(owner, "actor", at(quote))

    def submit(owner: AnnotationSet) -> None:
        assert owner.annotator is not None
        move_set(actor=owner.annotator, annotation_set_id=owner.pk, action="submit")
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(submit, owners))

    assert rows(article) == [("boundary", "actor", "open", False, [1, 1])]


def test_many_articles_are_refreshed_in_as_many_queries_as_one(article: Article, people: dict[str, User]) -> None:
    others = [factories.an_article(article.project, external_id=f"a{number}") for number in (2, 3)]
    for each in (article, *others):
        submitted(each, people["ben"], ("actor", "Ingrid Solheim"))
        submitted(each, people["chi"], ("actor", "Ingrid"))
    Disagreement.objects.all().delete()

    with CaptureQueriesContext(connection) as one:
        refresh_many(article_ids=[article.pk])
    with CaptureQueriesContext(connection) as two:
        refresh_many(article_ids=[each.pk for each in others])

    assert len(two) == len(one)
    assert [rows(each) for each in (article, *others)] == [[("boundary", "actor", "open", False, [1, 1])]] * 3
