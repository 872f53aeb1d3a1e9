"""The same article comes back after weeks as if it were new, and counts nowhere but in its own figure."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotations.models import AnnotationSet, Article, Disagreement, Membership, Project, User
from annotations.selectors.repeats import repeat_scores
from annotations.selectors.verification import differences
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.projects import change_project
from annotations.services.queue import claim_next_article
from tests import factories
from tests.services.test_disagreements import at, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def old() -> Article:
    """An article that Ben submitted three weeks ago, and eight more."""
    project: Project = factories.a_project()
    people = factories.the_cast(project)
    manager = Membership.objects.select_related("project", "user").get(user=people["ada"])
    change_project(member=manager, repeat_after_weeks=2)
    article = factories.an_article(project, external_id="old", title="Harbour")
    first = submitted(article, people["ben"], ("actor", "Ingrid Solheim"), ("location", "Oslo"))
    Article.objects.filter(pk=article.pk).update(open_slots=1)
    AnnotationSet.objects.filter(pk=first.pk).update(submitted_at=timezone.now() - timedelta(weeks=3))
    for number in range(8):
        other = factories.an_article(project, external_id=f"a{number}", open_slots=1)
        submitted(other, people["ben"], ("actor", "Ingrid Solheim"))
    return article


@pytest.fixture
def ben(old: Article) -> User:
    return User.objects.get(username="ben")


def test_it_comes_back_once_takes_nobodys_place_and_is_its_own_figure(old: Article, ben: User) -> None:
    claim = claim_next_article(actor=ben, slug="press")
    assert claim is not None
    assert (claim.article_id, claim.round) == (old.pk, 1)
    apply_changes(actor=ben, annotation_set_id=claim.pk, changes=[factories.put_span("actor", at("Ingrid Solheim"))])
    move_set(actor=ben, annotation_set_id=claim.pk, action="submit")
    manager = Membership.objects.select_related("project", "user").get(user__username="ada")
    assert [round(each.f1, 2) for each in repeat_scores(manager, user_id=ben.pk)] == [0.67]
    assert not Disagreement.objects.filter(article=old, unanimous=False).exists()
    assert list(differences()) == []
    assert claim_next_article(actor=ben, slug="press") is None


def test_giving_it_back_changes_no_place(old: Article, ben: User) -> None:
    claim = claim_next_article(actor=ben, slug="press")
    assert claim is not None
    move_set(actor=ben, annotation_set_id=claim.pk, action="release")
    assert Article.objects.get(pk=old.pk).open_slots == 1
    move_set(actor=ben, annotation_set_id=claim.pk, action="reopen")
    assert Article.objects.get(pk=old.pk).open_slots == 1


def test_given_back_it_comes_again_after_as_many_others(old: Article, ben: User) -> None:
    claim = claim_next_article(actor=ben, slug="press")
    assert claim is not None
    move_set(actor=ben, annotation_set_id=claim.pk, action="release")
    assert claim_next_article(actor=ben, slug="press") is None
    for number in range(9):
        other = factories.an_article(old.project, external_id=f"b{number}", open_slots=1)
        submitted(other, ben, ("actor", "Ingrid Solheim"))
    again = claim_next_article(actor=ben, slug="press")
    assert again is not None
    assert (again.pk, again.state, again.round) == (claim.pk, "in_progress", 1)
    move_set(actor=ben, annotation_set_id=claim.pk, action="submit")
    assert claim_next_article(actor=ben, slug="press") is None


def test_the_annotator_is_shown_one_article_that_has_just_begun(old: Article, ben: User) -> None:
    claim = claim_next_article(actor=ben, slug="press")
    assert claim is not None
    client = Client()
    client.force_login(ben)
    page = client.get(reverse("my-articles")).content.decode()
    assert page.count("Harbour</a>") == 1
    listed = client.get("/api/v1/projects/press/articles/").json()["results"]
    assert {row["external_id"]: row["state"] for row in listed}["old"] == "in_progress"
    assert "Harbour" not in client.get(reverse("my-spans"), {"search": "Oslo"}).content.decode()
    answer = client.get(f"/api/v1/articles/{old.pk}/").json()
    assert [each["id"] for each in answer["annotation_sets"]] == [str(claim.pk)]
    assert "round" not in client.get(f"/api/v1/annotation-sets/{claim.pk}/").json()
