"""Gold is what the decisions add up to, and is done when nothing is open."""

from __future__ import annotations

import pytest
from django.utils import timezone

from annotations.domain.errors import StateRefused
from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, Article, Decision, Disagreement, SetKind, Span, User
from annotations.selectors.gold import gold_from_decisions, undecided_gold
from annotations.services.changes import apply_changes
from annotations.services.decisions import accept_agreed, decide, undo_decision
from annotations.services.gold import finish_article
from annotations.services.undo import undo
from tests import factories
from tests.services.test_decisions import SPANS, gold, links, objects
from tests.services.test_disagreements import at, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    project = factories.a_project()
    factories.the_cast(project)
    return factories.an_article(project)


@pytest.fixture
def people(article: Article) -> dict[str, User]:
    return factories.the_cast(article.project)


def test_gold_is_rebuilt_from_decisions_edits_and_what_was_taken_back(
    article: Article, people: dict[str, User]
) -> None:
    dora = people["dora"]
    submitted(article, people["ben"], *SPANS, ("location", "Oslo"), relations=[("made_by", 0, 1)])
    submitted(article, people["chi"], *SPANS, ("location", "Brevik"), relations=[("made_by", 0, 2)])
    accept_agreed(actor=dora, article_id=article.pk, how="unanimous")
    for row in Disagreement.objects.filter(state="open").order_by("kind"):
        decide(actor=dora, disagreement_id=row.pk, versions=[1])
    oslo, brevik = Disagreement.objects.filter(label="location").order_by("-start")
    undo_decision(actor=dora, disagreement_id=oslo.pk)
    undo_decision(actor=dora, disagreement_id=brevik.pk)
    decide(actor=dora, disagreement_id=oslo.pk, versions=[1])
    owner = AnnotationSet.objects.get(kind=SetKind.GOLD)
    span = owner.spans.get(label__key="location")
    edits = [
        factories.put_span("location", at("in Oslo"), uuid=span.pk, base=span.revision),
        factories.put_span("claim", at("And no one won")),
    ]
    apply_changes(actor=dora, annotation_set_id=owner.pk, changes=edits)

    rebuilt = gold_from_decisions(article.pk)

    assert rebuilt == objects(article)
    assert len(rebuilt) == 6
    assert len(links(article)) == 1


def test_gold_is_done_when_nothing_is_open(article: Article, people: dict[str, User]) -> None:
    dora = people["dora"]
    submitted(article, people["ben"], ("location", "Oslo"), ("actor", "Ingrid"))
    submitted(article, people["chi"], ("location", "Oslo"))

    with pytest.raises(StateRefused, match="2 places are still to be decided"):
        finish_article(actor=dora, article_id=article.pk, done=True)
    accept_agreed(actor=dora, article_id=article.pk, how="unanimous")
    with pytest.raises(StateRefused, match="1 place is still to be decided"):
        finish_article(actor=dora, article_id=article.pk, done=True)
    row = Disagreement.objects.get(state="open")
    decide(actor=dora, disagreement_id=row.pk)

    assert finish_article(actor=dora, article_id=article.pk, done=True).state == "done"
    with pytest.raises(StateRefused, match="open it again"):
        undo_decision(actor=dora, disagreement_id=row.pk)

    assert finish_article(actor=dora, article_id=article.pk, done=False).state == "open"
    undo_decision(actor=dora, disagreement_id=row.pk)


def test_an_article_in_which_nobody_found_anything_has_empty_gold(article: Article, people: dict[str, User]) -> None:
    submitted(article, people["ben"])
    submitted(article, people["chi"])

    gold = finish_article(actor=people["dora"], article_id=article.pk, done=True)

    assert (gold.kind, gold.state, gold.spans.count()) == ("gold", "done", 0)


def test_what_gold_has_from_elsewhere_is_taken_over_and_stays_when_the_decision_goes(
    article: Article, people: dict[str, User]
) -> None:
    dora = people["dora"]
    owner = factories.a_set(article)
    spans = [factories.put_span("claim", at("We lost nine days")), factories.put_span("actor", at("Ingrid Solheim"))]
    link = factories.put_relation("made_by", spans[0].object, spans[1].object)
    apply_changes(actor=dora, annotation_set_id=owner.pk, changes=[*spans, link])
    before = objects(article)
    submitted(
        article, people["ben"], *SPANS[:2], relations=[("made_by", 0, 1)], attributes={"claim": {"stance": "opposes"}}
    )
    submitted(article, people["chi"], *SPANS[:2], relations=[("made_by", 0, 1)])

    accept_agreed(actor=dora, article_id=article.pk, how="unanimous")
    claim = Disagreement.objects.get(kind="attributes")
    opposes = next(each["digit"] for each in claim.payload["versions"] if each["spans"][0]["attributes"])
    [first] = decide(actor=dora, disagreement_id=claim.pk, versions=[opposes]).decisions
    accept_agreed(actor=dora, article_id=article.pk, how="unanimous")

    assert owner.spans.get(label__key="claim").attributes == {"stance": "opposes"}
    assert owner.changes.count() == 4
    assert finish_article(actor=dora, article_id=article.pk, done=True).state == "done"
    assert gold_from_decisions(article.pk) == objects(article)
    finish_article(actor=dora, article_id=article.pk, done=False)
    decide(actor=dora, disagreement_id=claim.pk, versions=[3 - opposes], replaces=first.pk)
    assert objects(article) == before == gold_from_decisions(article.pk)
    for row in Disagreement.objects.filter(state="decided"):
        undo_decision(actor=dora, disagreement_id=row.pk)
    assert objects(article) == before == gold_from_decisions(article.pk)


class TestNothingEntersGoldSilently:
    @pytest.fixture
    def owner(self, article: Article, people: dict[str, User]) -> AnnotationSet:
        """Gold with one decided and one drawn span."""
        submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
        submitted(article, people["chi"], ("actor", "Solheim of"))
        decide(actor=people["dora"], disagreement_id=Disagreement.objects.get().pk, versions=[1])
        owner = AnnotationSet.objects.get(kind=SetKind.GOLD)
        apply_changes(
            actor=people["dora"], annotation_set_id=owner.pk, changes=[factories.put_span("location", at("Oslo"))]
        )
        return owner

    def test_a_direct_edit_and_its_undo_are_decisions(
        self, article: Article, people: dict[str, User], owner: AnnotationSet
    ) -> None:
        assert list(undecided_gold([owner])) == []
        undo(actor=people["dora"], annotation_set_id=owner.pk, request_id=uuid7())

        assert gold(article) == [("actor", "Ingrid Solheim")]
        assert gold_from_decisions(article.pk) == objects(article)
        assert [each.kind for each in Decision.objects.all()] == ["disagreement", "edit", "edit"]
        assert list(undecided_gold([owner])) == []

    def test_what_a_decision_made_is_taken_back_with_the_decision_only(
        self, article: Article, people: dict[str, User], owner: AnnotationSet
    ) -> None:
        undo(actor=people["dora"], annotation_set_id=owner.pk, request_id=uuid7())
        with pytest.raises(StateRefused, match="take the decision back instead"):
            undo(actor=people["dora"], annotation_set_id=owner.pk, request_id=uuid7())
        assert gold(article) == [("actor", "Ingrid Solheim")]

    def test_gold_that_is_done_takes_no_edit(
        self, article: Article, people: dict[str, User], owner: AnnotationSet
    ) -> None:
        finish_article(actor=people["dora"], article_id=article.pk, done=True)

        with pytest.raises(StateRefused, match="open it again to change it"):
            apply_changes(
                actor=people["dora"], annotation_set_id=owner.pk, changes=[factories.put_span("actor", at("Oslo"))]
            )

    def test_verify_finds_gold_without_its_decision_and_decisions_without_their_gold(
        self, owner: AnnotationSet
    ) -> None:
        drawn, decided = owner.spans.get(label__key="location"), owner.spans.get(label__key="actor")
        Decision.objects.filter(kind="edit").delete()
        Decision.objects.filter(kind="disagreement").update(undone_at=timezone.now())
        assert list(undecided_gold([owner])) == sorted([
            f"gold {owner.pk}: {drawn.pk} is there, but no decision put it there",
            f"gold {owner.pk}: {decided.pk} is there, but no decision put it there",
        ])  # fmt: skip
        Decision.objects.update(undone_at=None)
        Span.objects.filter(pk=decided.pk).update(fragments=((0, 3),))
        Span.objects.filter(pk=drawn.pk).delete()
        assert list(undecided_gold([owner])) == [f"gold {owner.pk}: {decided.pk} is not as it was decided"]
        Span.objects.filter(pk=decided.pk).delete()
        assert list(undecided_gold([owner])) == [f"gold {owner.pk}: {decided.pk} was decided, but is not there"]
