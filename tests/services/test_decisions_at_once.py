"""Twenty reviewers at once on one article: no decision is lost, none is applied twice, and gold is what they decided."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection

from annotations.domain.errors import NewsappError, StateRefused
from annotations.models import Decision, Disagreement, Role, User
from annotations.selectors.gold import gold_from_decisions
from annotations.selectors.verification import differences
from annotations.services.decisions import accept_agreed, decide, undo_batch
from tests import factories
from tests.services.test_decisions import gold, objects
from tests.services.test_disagreements import submitted

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = ("We", "lost", "nine", "days", "said", "Ingrid", "Solheim", "Brevik", "Oslo", "won")


def test_twenty_reviewers_on_one_article_lose_and_double_nothing() -> None:
    project = factories.a_project(annotators_per_article=2)
    people = factories.the_cast(project)
    reviewers = [factories.a_member(project, f"reviewer{number}", Role.REVIEWER) for number in range(20)]
    article = factories.an_article(project, open_slots=0)
    submitted(article, people["ben"], *[("actor", word) for word in WORDS], ("claim", "no one"))
    submitted(article, people["chi"], *[("location", word) for word in WORDS], ("claim", "no one"))
    rows = list(Disagreement.objects.filter(unanimous=False).values_list("pk", flat=True))
    assert len(rows) == len(WORDS)

    def review(reviewer: User) -> list[tuple[UUID, int]]:
        """Decide everything, each thing twice as after a lost answer; every fifth takes one thing back."""
        rng = random.Random(reviewer.pk)
        made: dict[UUID, tuple[UUID, int]] = {}
        try:
            for key in rng.sample(rows, len(rows)):
                version = rng.choice((1, 2))
                try:
                    outcome = decide(actor=reviewer, disagreement_id=key, versions=[version])
                    assert decide(actor=reviewer, disagreement_id=key, versions=[version]) == outcome
                except StateRefused:
                    continue  # somebody was first
                made[outcome.batch] = (key, version)
                if reviewer.pk % 5 == 0:
                    undo_batch(actor=reviewer, batch=outcome.batch)
                    del made[outcome.batch]
            accept_agreed(actor=reviewer, article_id=article.pk, how="unanimous")
        finally:
            connection.close()
        return list(made.values())

    with ThreadPoolExecutor(20) as pool:
        answered = [each for made in pool.map(review, reviewers) for each in made]

    standing = Decision.objects.filter(undone_at=None)
    kept = standing.filter(kind="disagreement").values_list("disagreement", "versions")
    assert sorted(answered) == sorted((key, versions[0]) for key, versions in kept if key)
    assert standing.filter(kind="unanimous").count() == 1
    assert len(gold(article)) == standing.count()
    assert gold_from_decisions(article.pk) == objects(article)
    assert list(differences()) == []


def test_of_twenty_who_decide_many_alike_at_once_each_row_is_decided_by_one() -> None:
    project = factories.a_project(annotators_per_article=2)
    people = factories.the_cast(project)
    reviewers = [factories.a_member(project, f"reviewer{number}", Role.REVIEWER) for number in range(20)]
    articles = [factories.an_article(project, external_id=f"a{number}", open_slots=0) for number in range(4)]
    for article in articles:
        submitted(article, people["ben"], ("actor", "Brevik"))
        submitted(article, people["chi"], ("location", "Brevik"))
    rows = list(Disagreement.objects.values_list("pk", flat=True))

    def review(reviewer: User) -> int:
        try:
            key = random.Random(reviewer.pk).choice(rows)
            return len(decide(actor=reviewer, disagreement_id=key, versions=[1], alike=True).decisions)
        except NewsappError:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(review, reviewers)) == len(articles)

    assert Decision.objects.filter(undone_at=None).count() == len(articles)
    assert [gold(article) for article in articles] == [[("actor", "Brevik")]] * 4
    assert list(differences()) == []
