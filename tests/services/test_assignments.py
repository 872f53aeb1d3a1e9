"""Articles given to somebody by name: the queue serves them first, and no lease runs out on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.utils import timezone

from annotations import policies
from annotations.domain.errors import InvalidData, NotAllowed, NotFound, StateRefused
from annotations.models import AnnotationSet, Article, ArticleOpening, Membership, Project, User
from annotations.selectors.assignments import assignments_of
from annotations.services.annotation_sets import move_set
from annotations.services.assignments import Assigned, assign_articles, withdraw_assignment
from annotations.services.queue import claim_next_article, renew_lease
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    return the_cast(a_project())


@pytest.fixture
def articles(people: dict[str, User]) -> list[Article]:
    """Five articles that need two annotators each."""
    project = Project.objects.get()
    return [an_article(project, external_id=f"a{number}") for number in range(5)]


def member_of(people: dict[str, User], name: str = "ada") -> Membership:
    return policies.check_member(user=people[name], slug="press")


def assign(people: dict[str, User], name: str, *articles: Article) -> Assigned:
    return assign_articles(member=member_of(people), username=name, article_ids=[each.pk for each in articles])


def slots() -> list[int]:
    return list(Article.objects.order_by("external_id").values_list("open_slots", flat=True))


def next_of(user: User) -> str | None:
    claim = claim_next_article(actor=user, slug="press")
    return None if claim is None else claim.article.external_id


def test_the_queue_gives_what_was_assigned_before_anything_else(
    people: dict[str, User], articles: list[Article]
) -> None:
    assigned = assign(people, "chi", articles[3], articles[4])
    assert ([each.article.external_id for each in assigned.sets], assigned.refused) == (["a3", "a4"], {})
    assert slots() == [2, 2, 2, 1, 1]
    got = []
    for _time in range(3):
        got.append(next_of(people["chi"]))
        work = AnnotationSet.objects.get(annotator=people["chi"], article__external_id=got[-1])
        move_set(actor=people["chi"], annotation_set_id=work.pk, action="submit")
    assert got == ["a3", "a4", "a0"]


def test_no_lease_runs_out_on_assigned_work_however_it_is_touched(
    people: dict[str, User], articles: list[Article]
) -> None:
    [work] = assign(people, "chi", articles[0]).sets
    claim_next_article(actor=people["chi"], slug="press")
    renew_lease(actor=people["chi"], annotation_set_id=work.pk)
    a_span(work, "actor", (26, 40))
    later: Any = timezone.now() + timedelta(days=400)
    with patch("django.utils.timezone.now", return_value=later):
        assert next_of(people["ben"]) == "a0"  # the second place of the article
        assert next_of(people["chi"]) == "a0"
    assert AnnotationSet.objects.get(pk=work.pk).state == "in_progress"


def test_an_article_is_not_given_where_that_would_be_wrong(people: dict[str, User], articles: list[Article]) -> None:
    full, has, seen, check, fine = articles
    Article.objects.filter(pk=full.pk).update(open_slots=0)
    Article.objects.filter(pk=check.pk).update(purpose="check")
    a_set(has, people["chi"])
    ArticleOpening.objects.create(article=seen, user=people["chi"])
    assigned = assign(people, "chi", *articles)
    assert [each.article for each in assigned.sets] == [fine]
    assert assigned.refused == {
        full.pk: "It has all its annotators.",
        has.pk: "The person has it already.",
        seen.pk: "The person has seen others' work on it.",
        check.pk: "It has known gold; the queue gives it.",
    }


def test_work_that_was_given_back_is_taken_up_with_its_spans(people: dict[str, User], articles: list[Article]) -> None:
    work = a_set(articles[0], people["chi"])
    a_span(work, "actor", (26, 40))
    move_set(actor=people["chi"], annotation_set_id=work.pk, action="skip", reason="An advertisement.")
    before = slots()
    [again] = assign(people, "chi", articles[0]).sets
    assert (again.pk, again.state, again.spans.count()) == (work.pk, "in_progress", 1)
    assert slots()[0] == before[0] - 1


def test_a_manager_takes_an_assignment_back(people: dict[str, User], articles: list[Article]) -> None:
    [work] = assign(people, "chi", articles[0]).sets
    assert [each.pk for each in assignments_of(member_of(people))] == [work.pk]
    withdraw_assignment(member=member_of(people), annotation_set_id=work.pk)
    assert (slots(), list(assignments_of(member_of(people)))) == ([2] * 5, [])
    with pytest.raises(StateRefused):
        withdraw_assignment(member=member_of(people), annotation_set_id=work.pk)
    with pytest.raises(NotFound):
        withdraw_assignment(member=member_of(people), annotation_set_id=uuid4())


@pytest.mark.parametrize("name", ["eve", "fay", "nobody"])
def test_only_who_annotates_here_is_given_articles(people: dict[str, User], articles: list[Article], name: str) -> None:
    with pytest.raises(InvalidData, match="Nobody of this name"):
        assign(people, name, articles[0])


def test_only_managers_assign_and_only_articles_of_the_project(
    people: dict[str, User], articles: list[Article]
) -> None:
    other = an_article(a_project("other"))
    with pytest.raises(InvalidData, match="no such article"):
        assign(people, "chi", articles[0], other)
    for name in ("ben", "dora"):
        with pytest.raises(NotAllowed):
            assign_articles(member=member_of(people, name), username="chi", article_ids=[])
        with pytest.raises(NotAllowed):
            assignments_of(member_of(people, name))
    assert slots() == [2] * 6
