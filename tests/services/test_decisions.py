"""A reviewer settles disagreements into gold, one by one or many at once, and can take it back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from annotations.domain.errors import InvalidData, NotAllowed, NotFound, StateRefused
from annotations.domain.identifiers import uuid7
from annotations.models import (
    AnnotationSet,
    Article,
    ArticleOpening,
    Change,
    Decision,
    Disagreement,
    GuidelineVersion,
    Membership,
    Relation,
    Role,
    SetKind,
    Span,
    User,
)
from annotations.selectors.gold import gold_from_decisions
from annotations.services.changes import apply_changes
from annotations.services.decisions import accept_agreed, decide, undo_batch, undo_decision
from annotations.services.gold import finish_article
from tests import factories
from tests.services.test_disagreements import at, submitted

pytestmark = pytest.mark.django_db
TEXT = factories.TEXT
SPANS = [("claim", "We lost nine days"), ("actor", "Ingrid Solheim"), ("actor", "the Brevik Dockers’ Union")]


@pytest.fixture
def article() -> Article:
    project = factories.a_project()
    factories.the_cast(project)
    GuidelineVersion.objects.create(project=project, number=1, markdown="# Actors")
    return factories.an_article(project)


@pytest.fixture
def people(article: Article) -> dict[str, User]:
    return factories.the_cast(article.project)


@pytest.fixture
def boundary(article: Article, people: dict[str, User]) -> Disagreement:
    """Ben's “Ingrid Solheim” (version 1) against Chi's “Solheim of” (version 2)."""
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
    submitted(article, people["chi"], ("actor", "Solheim of"))
    return Disagreement.objects.get()


def gold(article: Article) -> list[tuple[str, str]]:
    """Label and text of every gold span, in reading order."""
    spans = Span.objects.filter(annotation_set__article=article, annotation_set__kind=SetKind.GOLD)
    return [
        (span.label.key, "|".join(article.text[start:end] for start, end in span.fragments))
        for span in spans.select_related("label").order_by("start", "end", "label")
    ]


def links(article: Article) -> list[tuple[str, str, str]]:
    """Label and the texts of both ends of every gold relation."""
    relations = Relation.objects.filter(annotation_set__article=article, annotation_set__kind=SetKind.GOLD)
    return sorted(
        (
            each.label.key,
            article.text[each.source.start : each.source.end],
            article.text[each.target.start : each.target.end],
        )
        for each in relations.select_related("label", "source", "target")
    )


def objects(article: Article) -> dict[str, dict[str, Any]]:
    """The objects of gold as the log describes them."""
    owner = AnnotationSet.objects.get(article=article, kind=SetKind.GOLD)
    found: dict[str, dict[str, Any]] = {}
    for change in Change.objects.filter(annotation_set=owner).order_by("revision"):
        found.pop(str(change.object), None)
        if change.after is not None:
            found[str(change.object)] = change.after
    stored = {*owner.spans.values_list("pk", flat=True), *owner.relations.values_list("pk", flat=True)}
    assert {str(key) for key in stored} == found.keys()
    return found


def row(kind: str) -> Disagreement:
    return Disagreement.objects.get(kind=kind)


class TestOne:
    def test_a_version_becomes_a_gold_span_with_its_provenance(
        self, article: Article, people: dict[str, User], boundary: Disagreement
    ) -> None:
        outcome = decide(
            actor=people["dora"], disagreement_id=boundary.pk, versions=[1], reason=" Full name. ", rule="Names whole."
        )

        assert gold(article) == [("actor", "Ingrid Solheim")]
        [decision] = Decision.objects.all()
        assert outcome.decisions == (decision,)
        span = Span.objects.get(annotation_set__kind=SetKind.GOLD)
        source = Span.objects.get(annotation_set__annotator=people["ben"])
        assert (decision.disagreement, decision.kind, decision.versions) == (boundary.pk, "disagreement", [1])
        assert (decision.sources, decision.gold) == ([str(source.pk)], [str(span.pk)])
        assert (decision.reason, decision.rule) == ("Full name.", "Names whole.")
        assert decision.guideline == GuidelineVersion.objects.get()
        assert decision.by == people["dora"]
        assert Change.objects.get(object=span.pk).batch == decision.batch
        assert (span.pk.version, span.origin) == (7, "typed")
        boundary.refresh_from_db()
        assert boundary.state == "decided"
        assert span.annotation_set.state == "open"

    def test_nobody_is_right(self, article: Article, people: dict[str, User], boundary: Disagreement) -> None:
        decide(actor=people["dora"], disagreement_id=boundary.pk)

        assert gold(article) == []
        decision = Decision.objects.get()
        assert (decision.versions, decision.gold, len(decision.sources)) == ([], [], 2)

    def test_both_are_right(self, article: Article, people: dict[str, User], boundary: Disagreement) -> None:
        decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[2, 1])

        assert gold(article) == [("actor", "Ingrid Solheim"), ("actor", "Solheim of")]

    def test_an_edited_span(self, article: Article, people: dict[str, User], boundary: Disagreement) -> None:
        span = {"label": "location", "fragments": [list(at("Ingrid")), list(at("Brevik"))], "quote": "Ingrid … Brevik"}

        decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[1], spans=[span])

        assert gold(article) == [("location", "Ingrid|Brevik")]

    @pytest.mark.parametrize(
        ("span", "message"),
        [
            ({"label": "mood", "fragments": [[0, 4]]}, "The project has no label “mood”."),
            ({"label": "actor", "fragments": [[0, 4]], "quote": "Oslo"}, "The text at [0, 4] is ““We ”, not “Oslo”."),
            ({"label": "actor"}, "`fragments` must be a list of [start, end] pairs, in code points."),
        ],
    )
    def test_an_edited_span_that_cannot_be_is_refused_and_nothing_is_decided(
        self, span: dict[str, Any], message: str, people: dict[str, User], boundary: Disagreement
    ) -> None:
        with pytest.raises(InvalidData) as refused:
            decide(actor=people["dora"], disagreement_id=boundary.pk, spans=[span])

        assert refused.value.detail == message
        assert not Decision.objects.exists()
        assert Disagreement.objects.get().state == "open"

    def test_a_version_that_is_not_there(self, people: dict[str, User], boundary: Disagreement) -> None:
        with pytest.raises(InvalidData, match=r"There are versions 1 to 2\."):
            decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[3])

    def test_a_span_that_gold_has_already(
        self, article: Article, people: dict[str, User], boundary: Disagreement
    ) -> None:
        decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[1])
        submitted(article, factories.a_member(article.project, "gil"), ("location", "Oslo"))
        span = {"label": "actor", "fragments": [list(at("Ingrid Solheim"))]}

        with pytest.raises(InvalidData, match="Gold has a span with this label and these fragments already"):
            decide(actor=people["dora"], disagreement_id=row("spurious").pk, spans=[span])


class TestWho:
    def test_only_a_reviewer_or_a_manager_decides(self, people: dict[str, User], boundary: Disagreement) -> None:
        for name, error in (("eve", NotFound), ("ben", NotAllowed), ("fay", NotAllowed)):
            with pytest.raises(error):
                decide(actor=people[name], disagreement_id=boundary.pk, versions=[1])
            with pytest.raises(error):
                undo_decision(actor=people[name], disagreement_id=boundary.pk)
            with pytest.raises(error):
                accept_agreed(actor=people[name], article_id=boundary.article_id, how="unanimous")
            with pytest.raises(error):
                finish_article(actor=people[name], article_id=boundary.article_id, done=True)
        assert not Decision.objects.exists()

        decide(actor=people["ada"], disagreement_id=boundary.pk, versions=[1])
        assert Decision.objects.get().by == people["ada"]

    def test_who_annotated_a_blind_article_does_not_review_it(
        self, people: dict[str, User], boundary: Disagreement
    ) -> None:
        Membership.objects.filter(user=people["ben"]).update(role=Role.REVIEWER)

        with pytest.raises(NotAllowed, match="You annotated this article"):
            decide(actor=people["ben"], disagreement_id=boundary.pk, versions=[1])

    def test_the_same_decision_twice_is_one(self, people: dict[str, User], boundary: Disagreement) -> None:
        first = decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[1])
        again = decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[1])

        assert again == first
        assert Decision.objects.count() == 1

    def test_somebody_elses_decision_is_not_overwritten(
        self, article: Article, people: dict[str, User], boundary: Disagreement
    ) -> None:
        decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[1])

        with pytest.raises(StateRefused, match="dora has decided this already"):
            decide(actor=people["ada"], disagreement_id=boundary.pk, versions=[2])
        assert gold(article) == [("actor", "Ingrid Solheim")]

    def test_a_decision_that_was_seen_can_be_replaced(
        self, article: Article, people: dict[str, User], boundary: Disagreement
    ) -> None:
        [first] = decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[1]).decisions

        decide(actor=people["ada"], disagreement_id=boundary.pk, versions=[2], replaces=first.pk)

        assert gold(article) == [("actor", "Solheim of")]
        first.refresh_from_db()
        assert first.undone_at is not None
        assert Decision.objects.get(undone_at=None).by == people["ada"]
        assert gold_from_decisions(article.pk) == objects(article)


class TestRelations:
    @pytest.fixture
    def target(self, article: Article, people: dict[str, User]) -> Disagreement:
        """Ben: made by Ingrid Solheim (version 1); Chi: made by the union (version 2)."""
        submitted(article, people["ben"], *SPANS, relations=[("made_by", 0, 1)])
        submitted(article, people["chi"], *SPANS, relations=[("made_by", 0, 2)])
        return row("relation_target")

    def test_they_wait_for_their_ends(self, people: dict[str, User], target: Disagreement) -> None:
        with pytest.raises(StateRefused, match="Decide the ends of this relation first: “We lost nine days”"):
            decide(actor=people["dora"], disagreement_id=target.pk, versions=[1])

    def test_they_link_the_gold_spans_of_their_ends(
        self, article: Article, people: dict[str, User], target: Disagreement
    ) -> None:
        accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")

        decide(actor=people["dora"], disagreement_id=target.pk, versions=[2])

        assert links(article) == [("made_by", "We lost nine days", "the Brevik Dockers’ Union")]

    def test_an_edited_end_is_the_end(self, article: Article, people: dict[str, User], target: Disagreement) -> None:
        accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")
        claim = Disagreement.objects.get(payload__quote="We lost nine days")
        [live] = Decision.objects.filter(disagreement=claim.pk)
        span = {"label": "claim", "fragments": [list(at("We lost")), list(at("And no one won"))]}
        decide(actor=people["dora"], disagreement_id=claim.pk, versions=[1], spans=[span], replaces=live.pk)

        decide(actor=people["dora"], disagreement_id=target.pk, versions=[1])

        [link] = Relation.objects.filter(annotation_set__kind=SetKind.GOLD)
        assert link.source.fragments == (at("We lost"), at("And no one won"))

    def test_nothing_can_be_linked_to_what_is_no_span(
        self, article: Article, people: dict[str, User], target: Disagreement
    ) -> None:
        for each in Disagreement.objects.filter(unanimous=True):
            versions = [] if each.payload["quote"] == "Ingrid Solheim" else [1]
            decide(actor=people["dora"], disagreement_id=each.pk, versions=versions)

        with pytest.raises(InvalidData, match="“Ingrid Solheim” has no span in gold"):
            decide(actor=people["dora"], disagreement_id=target.pk, versions=[1])
        decide(actor=people["dora"], disagreement_id=target.pk, versions=[2])
        assert links(article) == [("made_by", "We lost nine days", "the Brevik Dockers’ Union")]

    def test_they_open_again_when_an_end_is_taken_back(
        self, article: Article, people: dict[str, User], target: Disagreement
    ) -> None:
        accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")
        decide(actor=people["dora"], disagreement_id=target.pk, versions=[1])
        union = Disagreement.objects.get(payload__quote="the Brevik Dockers’ Union")
        solheim = Disagreement.objects.get(payload__quote="Ingrid Solheim")

        assert undo_decision(actor=people["dora"], disagreement_id=union.pk) == 1
        assert links(article) == [("made_by", "We lost nine days", "Ingrid Solheim")]
        assert undo_decision(actor=people["dora"], disagreement_id=solheim.pk) == 2

        assert links(article) == []
        assert gold(article) == [("claim", "We lost nine days")]
        target.refresh_from_db()
        assert target.state == "open"
        assert gold_from_decisions(article.pk) == objects(article)

    @pytest.mark.usefixtures("target")
    def test_an_end_stays_while_a_relation_drawn_by_hand_hangs_on_it(
        self, article: Article, people: dict[str, User]
    ) -> None:
        accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")
        owner = AnnotationSet.objects.get(kind=SetKind.GOLD)
        ends = [owner.spans.get(start=at(quote)[0]).pk for quote in ("We lost", "Ingrid")]
        change = factories.put_relation("made_by", ends[0], ends[1])
        apply_changes(actor=people["dora"], annotation_set_id=owner.pk, changes=[change])

        with pytest.raises(StateRefused, match="drawn by hand"):
            undo_decision(
                actor=people["dora"], disagreement_id=Disagreement.objects.get(payload__quote="Ingrid Solheim").pk
            )
        assert gold_from_decisions(article.pk) == objects(article)


class TestUndo:
    def test_a_decision_taken_back_leaves_no_gold_but_its_history(
        self, article: Article, people: dict[str, User], boundary: Disagreement
    ) -> None:
        [decision] = decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[1, 2]).decisions

        undo_decision(actor=people["dora"], disagreement_id=boundary.pk)

        assert gold(article) == []
        decision.refresh_from_db()
        boundary.refresh_from_db()
        assert decision.undone_at is not None
        assert boundary.state == "open"
        assert list(Change.objects.filter(undoes=decision.batch).values_list("action", flat=True)) == [
            "delete_span",
            "delete_span",
        ]
        assert gold_from_decisions(article.pk) == {}
        with pytest.raises(NotFound):
            undo_decision(actor=people["dora"], disagreement_id=boundary.pk)

    def test_gold_that_was_edited_by_hand_since_is_not_thrown_away(
        self, article: Article, people: dict[str, User], boundary: Disagreement
    ) -> None:
        decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[1])
        span = Span.objects.get(annotation_set__kind=SetKind.GOLD)
        change = factories.put_span("location", at("Ingrid"), uuid=span.pk, base=span.revision)
        apply_changes(actor=people["dora"], annotation_set_id=span.annotation_set_id, changes=[change])

        with pytest.raises(StateRefused, match="edited by hand"):
            undo_decision(actor=people["dora"], disagreement_id=boundary.pk)
        assert gold(article) == [("location", "Ingrid")]
        assert gold_from_decisions(article.pk) == objects(article)


class TestMany:
    def test_what_all_agree_on_is_taken_and_taken_back_in_one_step(
        self, article: Article, people: dict[str, User]
    ) -> None:
        for name in ("ben", "chi"):
            submitted(article, people[name], *SPANS, relations=[("made_by", 0, 1)])

        outcome = accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")

        assert (len(outcome.decisions), outcome.left) == (4, 0)
        assert {each.kind for each in outcome.decisions} == {"unanimous"}
        assert links(article) == [("made_by", "We lost nine days", "Ingrid Solheim")]
        assert gold_from_decisions(article.pk) == objects(article)
        assert undo_batch(actor=people["dora"], batch=outcome.batch) == 4
        assert gold(article) == []
        assert links(article) == []
        assert set(Disagreement.objects.values_list("state", flat=True)) == {"open"}

    def test_a_majority_is_more_than_half_and_so_many(self, article: Article, people: dict[str, User]) -> None:
        submitted(article, people["ben"], ("actor", "Ingrid Solheim"), ("location", "Oslo"), ("actor", "Brevik"))
        submitted(article, people["chi"], ("actor", "Ingrid Solheim"), ("location", "Oslo"))
        submitted(article, factories.a_member(article.project, "gil"), ("actor", "Ingrid"), ("location", "Oslo"))

        outcome = accept_agreed(actor=people["dora"], article_id=article.pk, how="majority", at_least=2)

        assert gold(article) == [("actor", "Ingrid Solheim"), ("location", "Oslo")]
        assert sorted(each.kind for each in outcome.decisions) == ["majority", "unanimous"]
        assert list(Disagreement.objects.filter(state="open").values_list("kind", flat=True)) == ["spurious"]

    def test_what_gold_has_already_stays_open(self, article: Article, people: dict[str, User]) -> None:
        submitted(article, people["ben"], ("location", "Oslo"), ("actor", "Ingrid"))
        submitted(article, people["chi"], ("location", "Oslo"))
        span = {"label": "location", "fragments": [list(at("Oslo"))]}
        decide(actor=people["dora"], disagreement_id=row("missing").pk, spans=[span])

        outcome = accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")

        assert (outcome.decisions, outcome.left) == ((), 1)

    def test_what_became_illegal_stays_open_and_the_rest_is_taken(
        self, article: Article, people: dict[str, User]
    ) -> None:
        for name in ("ben", "chi"):
            submitted(article, people[name], *SPANS, ("location", "Oslo"), relations=[("made_by", 0, 1)])
        article.project.labels.filter(key="location").update(archived_at="2026-01-01T00:00:00Z")

        outcome = accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")

        assert (len(outcome.decisions), outcome.left) == (4, 1)
        assert Disagreement.objects.get(state="open").label == "location"

    def test_the_work_of_a_single_annotator_can_be_accepted_whole(
        self, article: Article, people: dict[str, User]
    ) -> None:
        submitted(article, people["ben"], *SPANS, relations=[("made_by", 0, 1)])
        assert accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous").decisions == ()

        outcome = accept_agreed(actor=people["dora"], article_id=article.pk, how="whole")

        assert len(outcome.decisions) == 4
        assert [quote for _label, quote in gold(article)] == [quote for _label, quote in SPANS]
        assert links(article) == [("made_by", "We lost nine days", "Ingrid Solheim")]

        submitted(article, people["chi"], *SPANS, relations=[("made_by", 0, 1)])
        assert set(Disagreement.objects.values_list("state", flat=True)) == {"decided"}

    @pytest.mark.usefixtures("boundary")
    def test_the_work_of_several_cannot_be_accepted_whole(self, article: Article, people: dict[str, User]) -> None:
        with pytest.raises(StateRefused, match="here are 2"):
            accept_agreed(actor=people["dora"], article_id=article.pk, how="whole")

    def test_one_decision_is_applied_to_those_alike_and_undone_as_one(
        self, article: Article, people: dict[str, User], boundary: Disagreement
    ) -> None:
        others = [factories.an_article(article.project, external_id=f"a{number}") for number in (2, 3, 4)]
        for other in others:
            submitted(other, people["ben"], ("actor", "Ingrid Solheim"))
            submitted(other, people["chi"], ("actor", "Solheim of"))
        finish_later = Disagreement.objects.get(article=others[2])
        decide(actor=people["ada"], disagreement_id=finish_later.pk, versions=[2])

        outcome = decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[1], alike=True)

        assert [gold(each) for each in (article, *others)] == [[("actor", "Ingrid Solheim")]] * 3 + [
            [("actor", "Solheim of")]
        ]
        assert len(outcome.decisions) == 3
        assert ArticleOpening.objects.filter(user=people["dora"]).count() == 3
        assert undo_batch(actor=people["dora"], batch=outcome.batch) == 3
        assert [gold(each) for each in (article, *others)] == [[]] * 3 + [[("actor", "Solheim of")]]

    def test_nobody_undoes_the_batch_of_another(self, people: dict[str, User], boundary: Disagreement) -> None:
        outcome = decide(actor=people["dora"], disagreement_id=boundary.pk, versions=[1])

        with pytest.raises(NotFound):
            undo_batch(actor=people["ada"], batch=outcome.batch)
        with pytest.raises(NotFound):
            undo_batch(actor=people["dora"], batch=uuid7())


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_who_decide_at_the_same_moment_one_is_told(
    article: Article, people: dict[str, User], boundary: Disagreement
) -> None:
    def attempt(choice: tuple[str, int]) -> str:
        name, digit = choice
        try:
            decide(actor=people[name], disagreement_id=boundary.pk, versions=[digit])
        except StateRefused as error:
            return error.detail
        finally:
            connection.close()
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(attempt, [("ada", 1), ("dora", 2)]))

    winner = Decision.objects.get().by.username
    assert set(answers) == {"decided", f"{winner} has decided this already; undo that decision first."}
    assert len(gold(article)) == 1
