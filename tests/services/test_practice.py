"""The practice article: made once, each person's work their own, in no list and no count."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from annotations import policies
from annotations.domain.errors import NotFound
from annotations.models import Article, Change, Disagreement, Membership, Project, User
from annotations.selectors.progress import own_sets
from annotations.selectors.projects import memberships_of, projects_of
from annotations.selectors.spans import own_spans
from annotations.selectors.verification import differences
from annotations.services.annotation_sets import move_set
from annotations.services.practice import TEXT, begin_practice, restart_practice
from tests.factories import a_member, a_project, a_span, a_user

HALCROW = (TEXT.index("Mairi"), TEXT.index("Mairi") + 13)


@pytest.mark.django_db
def test_each_person_has_own_work_on_the_one_article_and_takes_it_up_again() -> None:
    ben, eve = a_user("ben"), a_user("eve")
    bens, eves = begin_practice(user=ben), begin_practice(user=eve)
    a_span(bens, "actor", HALCROW)
    assert begin_practice(user=ben) == bens
    assert bens.article == eves.article
    assert (bens.spans.count(), eves.spans.count()) == (1, 0)
    member, _set = policies.check_member_by_set(user=eve, set_id=eves.pk)
    assert (member.role, policies.is_blinded(member)) == ("annotator", True)
    with pytest.raises(NotFound):
        policies.check_member_by_set(user=eve, set_id=bens.pk)


@pytest.mark.django_db
def test_starting_again_clears_by_changes_that_are_kept_also_after_submitting() -> None:
    ben = a_user("ben")
    work = begin_practice(user=ben)
    for start in (0, 10, 30):
        a_span(work, "actor", (start, start + 5))
    move_set(actor=ben, annotation_set_id=work.pk, action="submit")
    work = restart_practice(user=ben)
    assert (work.state, work.spans.count()) == ("in_progress", 0)
    assert Change.objects.filter(annotation_set=work).count() == 6
    assert list(differences()) == []


@pytest.mark.django_db
def test_practice_is_in_no_list_no_count_no_queue_and_no_export(client: Client) -> None:
    project = a_project()
    ben = a_member(project, "ben")
    work = begin_practice(user=ben)
    a_span(work, "actor", HALCROW)
    move_set(actor=ben, annotation_set_id=work.pk, action="submit")
    slug = Project.objects.get(is_practice=True).slug
    assert [member.project for member in memberships_of(ben)] == [project]
    assert list(projects_of(ben)) == [project]
    assert list(own_sets(ben.pk)) == []
    assert list(own_spans(ben, words="Mairi")) == []
    assert not Disagreement.objects.exists()
    client.force_login(ben)
    assert [each["slug"] for each in client.get("/api/v1/projects/").json()["results"]] == [project.slug]
    for path in ("", "articles/", "export/", "queue/next/", "labels/"):
        assert client.get(f"/api/v1/projects/{slug}/{path}").status_code in {404, 405}
    assert client.post(f"/api/v1/projects/{slug}/queue/next/").status_code == 404
    assert client.get(reverse("project", args=[slug])).status_code == 404
    assert "Practice" not in client.get(reverse("my-articles")).content.decode()
    assert list(differences()) == []


@pytest.mark.django_db
def test_a_manager_can_still_reset_the_password_of_who_has_practised() -> None:
    project = a_project()
    a_member(project, "ada")
    ben = a_member(project, "ben")
    begin_practice(user=ben)
    assert policies.can_reset_password(Membership.objects.get(project=project, role="manager"), ben)


@pytest.mark.django_db(transaction=True)
def test_many_who_begin_at_once_make_one_article() -> None:
    people = [a_user(f"person{number}") for number in range(4)]

    def begin(user: User) -> None:
        begin_practice(user=user)
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(begin, people))
    assert Project.objects.filter(is_practice=True).count() == 1
    assert Article.objects.get().open_slots == 1 - len(people)
