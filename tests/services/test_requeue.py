"""Decisions that predate a rule are put into review again: gold stays, one step takes it back."""

from __future__ import annotations

from uuid import UUID

import pytest

from annotations.domain.errors import NotAllowed, NotFound
from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, Article, Decision, Disagreement, Membership, SetKind, User
from annotations.selectors.decisions import decisions_listed, minutes_left, versions_decided_under
from annotations.selectors.gold import gold_from_decisions
from annotations.services.decisions import accept_agreed, decide
from annotations.services.disagreements import refresh_disagreements
from annotations.services.gold import finish_article
from annotations.services.guidelines import publish_guideline
from annotations.services.precedents import create_precedent
from annotations.services.requeue import requeue_decisions, undo_requeue
from tests import factories
from tests.services.test_decisions import gold, objects
from tests.services.test_disagreements import submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    """Two decided differences, one under each version of the guideline; gold is done."""
    project = factories.a_project()
    people = factories.the_cast(project)
    article = factories.an_article(project)
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"), ("location", "Oslo"))
    submitted(article, people["chi"], ("actor", "Solheim of"), ("location", "in Oslo"))
    for label in ("actor", "location"):
        publish_guideline(member=member("ada"), markdown=f"# {label}")
        decide(actor=people["dora"], disagreement_id=row(label).pk, versions=[1])
    finish_article(actor=people["dora"], article_id=article.pk, done=True)
    return article


def member(name: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(user__username=name)


def row(label: str) -> Disagreement:
    return Disagreement.objects.get(label=label)


def keys(**wanted: object) -> list[UUID]:
    return list(decisions_listed(member("dora"), **wanted).values_list("pk", flat=True))  # type: ignore[arg-type]


def gold_state(article: Article) -> str:
    return AnnotationSet.objects.get(article=article, kind=SetKind.GOLD).state


def test_decisions_are_listed_by_the_version_they_were_made_under(article: Article) -> None:
    assert [(each.number, each.decisions) for each in versions_decided_under(member("dora"))] == [(2, 1), (1, 1)]
    [first] = keys(version=1)
    assert Decision.objects.get(pk=first).disagreement == row("actor").pk
    assert keys(before=2) == [first]
    assert keys(before=1) == []
    assert len(keys()) == 2


def test_decisions_before_a_precedent_are_those_on_such_words(article: Article) -> None:
    on_names = create_precedent(member=member("dora"), rule="Names whole.", label="actor", quote="Solheim, Ingrid")
    on_others = create_precedent(member=member("dora"), rule="Unions.", label="actor", quote="the union")
    on_labels = create_precedent(member=member("dora"), rule="Towns only.", label="location")

    assert keys(precedent=on_names) == keys(version=1)
    assert keys(precedent=on_others) == []
    assert keys(precedent=on_labels) == keys(version=2)


def test_they_wait_again_and_gold_stays_but_is_open(article: Article) -> None:
    before = gold(article)

    done = requeue_decisions(member=member("dora"), decisions=keys(before=2))

    assert (done.decisions, done.reopened) == (1, 1)
    assert (row("actor").state, row("location").state) == ("stale", "decided")
    assert gold(article) == before
    assert gold_state(article) == "open"
    assert gold_from_decisions(article.pk) == objects(article)
    refresh_disagreements(article_id=article.pk)
    assert row("actor").state == "stale"


def test_one_step_takes_it_back(article: Article) -> None:
    done = requeue_decisions(member=member("dora"), decisions=keys())
    refresh_disagreements(article_id=article.pk)

    assert undo_requeue(member=member("dora"), batch=done.batch) == 2

    assert (row("actor").state, row("location").state, gold_state(article)) == ("decided", "decided", "done")
    refresh_disagreements(article_id=article.pk)
    assert row("actor").state == "decided"
    with pytest.raises(NotFound):
        undo_requeue(member=member("dora"), batch=done.batch)


def test_what_was_decided_anew_meanwhile_is_left_alone(article: Article) -> None:
    done = requeue_decisions(member=member("dora"), decisions=keys())
    live = Decision.objects.get(disagreement=row("actor").pk, undone_at=None)
    decide(actor=member("ada").user, disagreement_id=row("actor").pk, versions=[2], replaces=live.pk)

    assert undo_requeue(member=member("dora"), batch=done.batch) == 1

    assert gold(article) == [("actor", "Solheim of"), ("location", "in Oslo")]
    assert (row("actor").state, row("location").state, gold_state(article)) == ("decided", "decided", "done")
    assert Decision.objects.get(disagreement=row("actor").pk, undone_at=None).guideline_id is not None


def test_only_reviewers_ask_for_it(article: Article) -> None:
    for name in ("ben", "fay"):
        with pytest.raises(NotAllowed):
            requeue_decisions(member=member(name), decisions=keys())
        with pytest.raises(NotAllowed):
            undo_requeue(member=member(name), batch=uuid7())


def test_nobody_knows_how_long_it_takes_until_some_are_decided(article: Article) -> None:
    dora: User = member("dora").user
    assert (minutes_left(member("dora"), 0), minutes_left(member("dora"), 30)) == (1, 4)
    for number in range(7):
        other = factories.an_article(article.project, external_id=f"b{number}")
        submitted(other, member("ben").user, ("actor", "Brevik"))
        submitted(other, member("chi").user, ("location", "Brevik"))
        decide(actor=dora, disagreement_id=Disagreement.objects.get(article=other).pk, versions=[1])
        accept_agreed(actor=dora, article_id=other.pk, how="unanimous")
    for number, decision in enumerate(Decision.objects.order_by("at")):
        minute, second = divmod(number * 20, 60)
        Decision.objects.filter(pk=decision.pk).update(at=f"2026-11-24T12:{minute:02}:{second:02}Z")
    assert minutes_left(member("dora"), 30) == 10
