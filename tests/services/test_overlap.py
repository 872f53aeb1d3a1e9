"""Where two annotators disagree too much, a third is called; where they agree, nobody is."""

from __future__ import annotations

import pytest

from annotations.models import Article, Membership, User
from annotations.services.projects import change_project
from annotations.services.queue import claim_next_article
from tests import factories
from tests.services.test_disagreements import submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    project = factories.a_project()
    factories.the_cast(project)
    manager = Membership.objects.select_related("project", "user").get(user__username="ada")
    change_project(member=manager, adaptive_threshold=0.6)
    return factories.an_article(project, open_slots=0)


@pytest.fixture
def people(article: Article) -> dict[str, User]:
    people = factories.the_cast(article.project)
    return people | {"gus": factories.a_member(article.project, "gus")}


def test_a_third_is_called_once_and_the_queue_gives_the_article(article: Article, people: dict[str, User]) -> None:
    Membership.objects.filter(user=people["gus"]).update(queue_priority=5, queue_article=article.pk)
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"), ("location", "Oslo"))
    assert claim_next_article(actor=people["gus"], slug="press") is None
    submitted(article, people["chi"], ("actor", "Ingrid Solheim"), ("actor", "Oslo"))  # F1 0.5
    article.refresh_from_db()
    assert (article.extra_slots, article.open_slots) == (1, 1)
    claim = claim_next_article(actor=people["gus"], slug="press")
    assert claim is not None
    assert claim.article_id == article.pk
    submitted_again = Article.objects.get(pk=article.pk)
    assert (submitted_again.extra_slots, submitted_again.open_slots) == (1, 0)


def test_nobody_is_called_where_two_agree_enough(article: Article, people: dict[str, User]) -> None:
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"), ("location", "Oslo"))
    submitted(article, people["chi"], ("actor", "Ingrid Solheim"))  # F1 0.67
    article.refresh_from_db()
    assert (article.extra_slots, article.open_slots) == (0, 0)


def test_nobody_is_called_without_a_threshold(article: Article, people: dict[str, User]) -> None:
    manager = Membership.objects.select_related("project", "user").get(user__username="ada")
    change_project(member=manager, adaptive_threshold=None)
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
    submitted(article, people["chi"], ("actor", "Oslo"))
    article.refresh_from_db()
    assert (article.extra_slots, article.open_slots) == (0, 0)
