"""Newcomers train on articles with known gold, hidden checks come between others, and neither is part of the dataset."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotations.domain.errors import NotAllowed, StateRefused
from annotations.models import AnnotationSet, Article, Decision, Membership, Precedent, Project, User
from annotations.selectors.precedents import precedents_visible_to
from annotations.selectors.progress import project_progress
from annotations.selectors.training import accuracy_of
from annotations.selectors.verification import differences
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.decisions import accept_agreed
from annotations.services.gold import finish_article
from annotations.services.projects import change_project
from annotations.services.queue import claim_next_article
from annotations.services.training import mark_articles, set_trained
from tests import factories
from tests.services.test_disagreements import at, submitted

pytestmark = pytest.mark.django_db


def member(name: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(user__username=name)


@pytest.fixture
def project() -> Project:
    project = factories.a_project()
    factories.the_cast(project)
    for number in range(4):
        factories.an_article(project, external_id=f"work{number}", priority=number)
    return project


@pytest.fixture
def people(project: Project) -> dict[str, User]:
    return factories.the_cast(project)


def known(project: Project, people: dict[str, User], name: str, purpose: str) -> Article:
    """An article whose gold is “Ingrid Solheim” and “Oslo”."""
    article = factories.an_article(project, external_id=name, open_slots=0, priority=-1)
    for each in ("chi", "fay2"):
        who = factories.a_member(project, each)
        submitted(article, who, ("actor", "Ingrid Solheim"), ("location", "Oslo"))
    accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")
    finish_article(actor=people["dora"], article_id=article.pk, done=True)
    mark_articles(member=member("ada"), article_ids=[article.pk], purpose=purpose)
    return article


def label(work: AnnotationSet, *spans: tuple[str, str]) -> None:
    assert work.annotator is not None
    changes = [factories.put_span(key, at(quote)) for key, quote in spans]
    apply_changes(actor=work.annotator, annotation_set_id=work.pk, changes=changes)
    move_set(actor=work.annotator, annotation_set_id=work.pk, action="submit")


def next_of(user: User) -> AnnotationSet:
    claim = claim_next_article(actor=user, slug="press")
    assert claim is not None
    return AnnotationSet.objects.select_related("article", "annotator").get(pk=claim.pk)


RIGHT = [("actor", "Ingrid Solheim"), ("location", "Oslo")]


def test_real_work_begins_when_the_last_training_articles_reach_the_pass_mark(
    project: Project, people: dict[str, User]
) -> None:
    training = [known(project, people, f"t{number}", "training") for number in range(2)]
    change_project(member=member("ada"), pass_mark=0.7)
    first = next_of(people["ben"])
    assert first.article == training[0]
    label(first, ("actor", "Ingrid Solheim"))
    assert member("ben").trained_at is None
    second = next_of(people["ben"])
    assert second.article == training[1]
    label(second, *RIGHT)  # (0.67 + 1) / 2
    assert member("ben").trained_at is not None
    assert next_of(people["ben"]).article.external_id == "work0"


def test_who_does_not_reach_it_waits_for_the_manager(project: Project, people: dict[str, User]) -> None:
    known(project, people, "t", "training")
    change_project(member=member("ada"), pass_mark=0.9)
    label(next_of(people["ben"]), ("actor", "Oslo"))
    assert claim_next_article(actor=people["ben"], slug="press") is None
    with pytest.raises(NotAllowed):
        set_trained(member=member("dora"), username="ben", trained=True)
    set_trained(member=member("ada"), username="ben", trained=True)
    assert next_of(people["ben"]).article.external_id == "work0"


def test_after_training_the_page_shows_at_once_how_it_went(project: Project, people: dict[str, User]) -> None:
    article = known(project, people, "t", "training")
    change_project(member=member("ada"), pass_mark=0.9)
    label(next_of(people["ben"]), ("actor", "Ingrid Solheim"))
    client = Client()
    client.force_login(people["ben"])
    sent = client.post(reverse("next-article", args=["press"]))
    assert sent["Location"] == reverse("article-feedback", args=[article.pk])
    page = client.get(sent["Location"]).content.decode()
    assert "How you did" in page
    assert "Oslo" in page
    assert client.post(reverse("next-article", args=["press"]))["Location"] == reverse("project", args=["press"])


def test_a_check_comes_after_so_many_articles_and_looks_like_any_other(
    project: Project, people: dict[str, User]
) -> None:
    article = known(project, people, "check", "check")
    change_project(member=member("ada"), check_every=2)
    seen = []
    for _number in range(4):
        work = next_of(people["ben"])
        seen.append(work.article.external_id)
        label(work, ("actor", "Ingrid Solheim"))
    assert seen == ["work0", "work1", "check", "work2"]
    client = Client()
    client.force_login(people["ben"])
    listed = client.get("/api/v1/projects/press/articles/").json()["results"]
    assert {row["external_id"]: row["state"] for row in listed}["check"] == "submitted"
    assert client.get(f"/api/v1/articles/{article.pk}/gold/").status_code == 404
    assert client.get(reverse("article-feedback", args=[article.pk])).status_code == 404
    whole = "".join(
        client.get(address).content.decode()
        for address in (
            f"/api/v1/articles/{article.pk}/",
            "/api/v1/projects/press/",
            "/api/v1/projects/press/statements/?sets=annotators",
            reverse("feedback", args=["press"]),
            reverse("article", args=[article.pk]),
            reverse("my-articles"),
        )
    )
    assert "purpose" not in whole
    assert "check_every" not in whole
    [ben] = [each for each in accuracy_of(member("ada")) if each.username == "ben"]
    assert (ben.checked, round(ben.checks or 0, 2), ben.worked) == (1, 0.67, 0)


@pytest.mark.parametrize("taken_up", ["by the queue", "at its address"])
def test_after_a_check_that_was_given_back_as_many_articles_come_as_after_any(
    project: Project, people: dict[str, User], taken_up: str
) -> None:
    for number in range(2):
        known(project, people, f"check{number}", "check")
    change_project(member=member("ada"), check_every=2)
    seen = []
    for _number in range(2):
        label(next_of(people["ben"]), *RIGHT)
    first = next_of(people["ben"])
    move_set(actor=people["ben"], annotation_set_id=first.pk, action="release")
    for _number in range(2):
        label(next_of(people["ben"]), *RIGHT)
    if taken_up == "at its address":
        move_set(actor=people["ben"], annotation_set_id=first.pk, action="reopen")
    factories.an_article(project, external_id="work4", priority=4)
    for _number in range(2):
        work = next_of(people["ben"])
        seen.append(work.article.external_id)
        label(work, *RIGHT)
    assert seen == [first.article.external_id, "work4"]


def test_who_left_has_no_page_of_figures(project: Project, people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["ada"])
    address = reverse("accuracy", args=[project.slug], query={"annotator": "ben"})
    before = client.get(address).status_code
    Membership.objects.filter(user=people["ben"]).update(removed_at=timezone.now())
    assert (before, client.get(address).status_code) == (200, 404)


def test_known_gold_is_no_part_of_the_figures(project: Project, people: dict[str, User]) -> None:
    before = project_progress(member("ada"))
    article = known(project, people, "check", "check")
    assert project_progress(member("ada")) == before
    ada, ben = Client(), Client()
    ada.force_login(people["ada"])
    assert ada.get("/api/v1/projects/press/agreement/").json()["measures"][0]["articles"] == 0
    mark_articles(member=member("ada"), article_ids=[article.pk], purpose="work")
    assert ada.get("/api/v1/projects/press/agreement/").json()["measures"][0]["articles"] == 1
    assert list(differences()) == []
    ben.force_login(people["ben"])
    assert ben.get("/api/v1/projects/press/").json()["rules"] is None
    rules = ada.patch("/api/v1/projects/press/", json.dumps({"rules": {"check_every": 3}}), "application/json")
    assert rules.json()["rules"]["check_every"] == 3


def test_only_managers_can_ask_which_articles_are_checks(project: Project, people: dict[str, User]) -> None:
    known(project, people, "check", "check")
    found = {}
    for name in ("ada", "dora"):
        client = Client()
        client.force_login(people[name])
        page = client.get(reverse("articles", args=["press"]), {"purpose": "check"})
        found[name] = (len(page.context["page"].rows), "hidden check" in page.content.decode())
    assert found == {"ada": (1, True), "dora": (5, False)}


def test_a_rule_decided_on_a_check_is_not_told_before_the_check_came(project: Project, people: dict[str, User]) -> None:
    article = known(project, people, "check", "check")
    decision = Decision.objects.filter(article=article)[0]
    Precedent.objects.create(project=project, rule="Names whole.", decision=decision, by=people["dora"])
    assert list(precedents_visible_to(member("ben"))) == []
    factories.a_set(article, people["ben"], "submitted")
    assert precedents_visible_to(member("ben")).count() == 1


def test_only_an_article_with_gold_that_is_done_can_be_a_check(project: Project, people: dict[str, User]) -> None:
    article = project.articles.get(external_id="work0")
    with pytest.raises(StateRefused):
        mark_articles(member=member("ada"), article_ids=[article.pk], purpose="check")
    with pytest.raises(NotAllowed):
        mark_articles(member=member("dora"), article_ids=[article.pk], purpose="work")
