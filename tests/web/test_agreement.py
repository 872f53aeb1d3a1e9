"""The agreement page: numbers with what they are made of, each opening what is behind it; jobs; nothing for annotators."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import AnnotationSet, Job, JobState, Project, User
from annotations.services import agreement
from annotations.services.job_kinds import HANDLERS
from annotations.services.jobs import do_next_job, enqueue_job
from tests.factories import a_member, a_project
from tests.services.test_agreement import _no_reports, two_of_three  # noqa: F401 - a fixture for all of this file

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return a_project()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(project: Project, query: str = "", username: str = "dora") -> Any:
    return client_of(a_member(project, username)).get(reverse("agreement", args=[project.slug]) + query)


def words_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_before_two_have_submitted_the_page_says_what_comes(project: Project) -> None:
    assert "No agreement to measure yet" in words_of(page(project))
    assert "No article on which suggestions were shown" in words_of(page(project, "?suggestions=shown"))


def test_the_numbers_stand_with_what_they_are_made_of(project: Project) -> None:
    two_of_three(project)
    response = page(project)
    words = words_of(response)
    assert "Spans 0.67 0.67–0.67 1.00 1.00–1.00 1.00 1.00–1.00 1 6" in words
    assert "γ, mean of articles – 0 articles 0 compared" in words
    body = response.content.decode()
    assert f"{reverse('disagreements', args=['press'])}?state=any&amp;label=claim" in body
    assert ("ben + chi" in body, "<svg" in body, "style=" in body, "<script>" in body) == (True, True, False, False)


def test_another_measure_is_pictured(project: Project) -> None:
    two_of_three(project)
    assert "Labels: F1 exact" in words_of(page(project, "?measure=f1_exact"))
    assert "Labels: F1 overlap" in words_of(page(project, "?measure=luck"))


def test_pace_and_course_are_there_when_there_is_something_to_tell(project: Project) -> None:
    two_of_three(project)
    later = two_of_three(project, "a2")
    assert "Pace" not in words_of(page(project))
    AnnotationSet.objects.update(active_seconds=120)
    AnnotationSet.objects.filter(article=later).update(submitted_at="2020-01-02T00:00Z")
    words = words_of(page(project))
    assert ("Pace: minutes of work on an article" in words, "Over time" in words) == (True, True)


def test_a_blind_reviewer_finds_no_own_article_in_the_list(project: Project) -> None:
    article = two_of_three(project)
    dora = a_member(project, "dora")
    link = reverse("review-article", args=["press", article.pk])
    assert link in page(project).content.decode()
    AnnotationSet.objects.create(article=article, kind="annotator", annotator=dora, state="in_progress")
    assert link not in page(project).content.decode()
    assert link in page(project, username="ada").content.decode()


def test_gamma_is_asked_for_on_the_page(project: Project) -> None:
    two_of_three(project)
    client = client_of(a_member(project, "dora"))
    assert client.post(reverse("agreement-job", args=["press"]), {"kind": "gamma"}).status_code == 302
    job = Job.objects.get()
    assert "Waits for its turn." in words_of(page(project))
    do_next_job(handlers=HANDLERS)
    assert "Compute γ of what has changed" in words_of(page(project))
    gone = client.post(reverse("job-cancel", args=["press", job.pk]))
    assert gone.status_code == 409


def test_a_large_project_shows_its_job_and_then_its_numbers(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "AT_ONCE", 0)
    two_of_three(project)
    assert "the numbers come when that is done" in words_of(page(project))
    do_next_job(handlers=HANDLERS)
    assert "In numbers" in words_of(page(project))
    two_of_three(project, "a2")
    words = words_of(page(project))
    assert ("they are being counted anew" in words, "In numbers" in words) == (True, True)


@pytest.mark.parametrize(
    ("columns", "words", "refresh"),
    [
        ({"state": JobState.RUNNING, "done": 3, "total": 7}, "3 of 7 done.", None),
        ({"state": JobState.FAILED, "error": "The file is empty."}, "The file is empty.", "true"),
        ({"state": JobState.WAITING, "created_at": "2020-01-01T00:00Z"}, "Does the worker run?", None),
        ({"state": JobState.DONE}, "Done", "true"),
    ],
)
def test_the_progress_of_a_job_is_polled(
    project: Project, columns: dict[str, Any], words: str, refresh: str | None
) -> None:
    job = enqueue_job(kind="gamma", project=project, by=a_member(project, "ada"))
    Job.objects.filter(pk=job.pk).update(**columns)
    client = client_of(a_member(project, "ada"))
    response = client.get(reverse("job", args=["press", job.pk]), headers={"HX-Request": "true"})
    assert (words in words_of(response), response.headers.get("HX-Refresh")) == (True, refresh)
    assert client.get(reverse("job", args=["press", job.pk])).status_code == 302


def test_a_job_can_be_cancelled_on_the_page(project: Project) -> None:
    job = enqueue_job(kind="gamma", project=project, by=a_member(project, "ada"))
    client_of(a_member(project, "dora")).post(reverse("job-cancel", args=["press", job.pk]))
    assert Job.objects.get().state == JobState.CANCELLED
