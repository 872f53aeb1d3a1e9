"""The next article is claimed by one look-up, by one person at a time, for as long as the lease lasts."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotations.domain.errors import InvalidData, NotAllowed, NotFound, StateRefused
from annotations.models import AnnotationSet, Article, ArticleOpening, Comment, Membership, Project, SetState, User
from annotations.services.annotation_sets import flag_set, move_set
from annotations.services.queue import claim_next_article
from tests.factories import a_member, a_project, a_set, a_user, an_article


@pytest.fixture
def project(db: None) -> Project:
    return a_project()


def claim(user: User) -> str | None:
    """The external id of the article that the person gets."""
    found = claim_next_article(actor=user, slug="press")
    return None if found is None else found.article.external_id


def move(user: User, action: str, reason: str = "", external_id: str | None = None) -> AnnotationSet:
    """Do something with the person's set of an article, the newest without a name."""
    found = AnnotationSet.objects.filter(annotator=user).order_by("-started_at")
    if external_id:
        found = found.filter(article__external_id=external_id)
    return move_set(actor=user, annotation_set_id=found[0].pk, action=action, reason=reason)


def articles(project: Project, *names: str) -> None:
    for name in names:
        an_article(project, external_id=name)


def test_articles_come_in_order_and_a_claim_is_answered_until_it_is_finished(project: Project) -> None:
    ben = a_member(project, "ben")
    articles(project, "a1", "a2")
    assert (claim(ben), claim(ben)) == ("a1", "a1")
    move(ben, "submit")
    assert claim(ben) == "a2"
    move(ben, "submit")
    assert claim(ben) is None


def test_an_article_gets_as_many_annotators_as_it_needs_and_no_more(project: Project) -> None:
    articles(project, "a1", "a2")
    names = ("ben", "chi", "dan")
    assert [claim(a_member(project, name)) for name in names] == ["a1", "a1", "a2"]


def test_lower_priority_comes_first(project: Project) -> None:
    an_article(project, external_id="late", priority=1)
    an_article(project, external_id="early", priority=-1)
    ben = a_member(project, "ben")
    assert claim(ben) == "early"


def test_a_skipped_article_goes_to_somebody_else_with_its_reason(project: Project) -> None:
    project.annotators_per_article = 1
    project.save()
    ben, chi = a_member(project, "ben"), a_member(project, "chi")
    articles(project, "a1", "a2")
    assert claim(ben) == "a1"
    move(ben, "skip", "It is a table of results.")
    assert (claim(ben), claim(chi)) == ("a2", "a1")
    assert Comment.objects.get().text == "It is a table of results."


def test_skip_and_flag_need_a_reason(project: Project) -> None:
    ben = a_member(project, "ben")
    articles(project, "a1")
    claim(ben)
    with pytest.raises(InvalidData):
        move(ben, "skip", "  ")
    with pytest.raises(InvalidData):
        flag_set(actor=ben, annotation_set_id=AnnotationSet.objects.get().pk, reason="")
    flag = flag_set(actor=ben, annotation_set_id=AnnotationSet.objects.get().pk, reason="Two articles in one.")
    assert (flag.kind, AnnotationSet.objects.get().state) == ("flag", SetState.IN_PROGRESS)


def test_a_slot_given_back_in_front_of_the_mark_is_found_again(project: Project) -> None:
    project.annotators_per_article = 1
    project.save()
    ben, chi = a_member(project, "ben"), a_member(project, "chi")
    articles(project, "a1", "a2", "a3")
    assert (claim(ben), claim(chi)) == ("a1", "a2")
    move(chi, "submit")
    move(ben, "release")
    assert claim(chi) == "a1"


def test_an_expired_lease_is_taken_back_and_the_work_kept(project: Project) -> None:
    project.annotators_per_article = 1
    project.save()
    ben, chi = a_member(project, "ben"), a_member(project, "chi")
    articles(project, "a1")
    claim(ben)
    assert claim(chi) is None
    AnnotationSet.objects.update(lease_expires_at=timezone.now() - timedelta(minutes=1))
    assert claim(chi) == "a1"
    assert sorted(AnnotationSet.objects.values_list("annotator__username", "state")) == [
        ("ben", SetState.RELEASED),
        ("chi", SetState.IN_PROGRESS),
    ]


def test_returned_work_comes_first(project: Project) -> None:
    ben, dora = a_member(project, "ben"), a_member(project, "dora")
    articles(project, "a1", "a2")
    claim(ben)
    first = move(ben, "submit")
    assert claim(ben) == "a2"
    move_set(actor=dora, annotation_set_id=first.pk, action="return", reason="The claims are missing.")
    assert claim(ben) == "a1"


def test_submitting_twice_is_answered_like_once_and_other_illegal_moves_are_refused(project: Project) -> None:
    ben = a_member(project, "ben")
    articles(project, "a1")
    claim(ben)
    assert move(ben, "submit").state == move(ben, "submit").state == SetState.SUBMITTED
    with pytest.raises(StateRefused):
        move(ben, "skip", "Too late.")
    assert move(ben, "reopen").state == SetState.IN_PROGRESS


def test_only_reviewers_return_and_only_owners_submit(project: Project) -> None:
    ben, chi, dora = a_member(project, "ben"), a_member(project, "chi"), a_member(project, "dora")
    articles(project, "a1")
    claim(ben)
    work = AnnotationSet.objects.get()
    with pytest.raises(NotFound):
        move_set(actor=chi, annotation_set_id=work.pk, action="submit")
    with pytest.raises(NotAllowed):
        move_set(actor=dora, annotation_set_id=work.pk, action="submit")
    with pytest.raises(NotAllowed):
        move_set(actor=ben, annotation_set_id=work.pk, action="return", reason="Mine.")


def test_readers_and_outsiders_get_nothing_from_the_queue(project: Project) -> None:
    articles(project, "a1")
    with pytest.raises(NotAllowed):
        claim(a_member(project, "fay"))
    with pytest.raises(NotFound):
        claim(a_user("eve"))


def test_who_saw_others_work_in_a_blind_project_does_not_annotate_the_article(project: Project) -> None:
    dora = a_member(project, "dora")
    articles(project, "a1", "a2")
    ArticleOpening.objects.create(article=Article.objects.get(external_id="a1"), user=dora)
    assert claim(dora) == "a2"


def test_the_look_up_costs_the_same_with_many_articles_of_ones_own(
    project: Project, django_assert_num_queries: object
) -> None:
    ben = a_member(project, "ben")
    for number in range(60):
        a_set(an_article(project, external_id=f"done{number:02}"), ben, SetState.SUBMITTED)
    articles(project, "next")
    assert claim(ben) == "next"
    mark = Membership.objects.get(user=ben).queue_article
    assert mark == Article.objects.get(external_id="next").pk


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_once_never_overfill_an_article() -> None:
    project = a_project(annotators_per_article=2)
    people = [a_member(project, f"annotator{number}") for number in range(20)]
    articles(project, *[f"a{number}" for number in range(10)])

    def work(user: User) -> list[str]:
        try:
            got = []
            while (name := claim(user)) is not None:
                got.append(name)
                move(user, "submit", external_id=name)
            return got
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        got = [name for names in pool.map(work, people) for name in names]
    assert len(got) == 20
    assert set(Counter(got).values()) == {2}
    assert set(Article.objects.values_list("open_slots", flat=True)) == {0}


@pytest.mark.django_db(transaction=True)
def test_two_tabs_of_one_person_at_once_get_the_same_article() -> None:
    project = a_project()
    ben = a_member(project, "ben")
    articles(project, "a1", "a2", "a3")

    def work(_tab: int) -> str | None:
        try:
            return claim(ben)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(8))) == {"a1"}
    assert AnnotationSet.objects.count() == 1
