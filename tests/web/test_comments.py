"""Pages of questions and answers."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import AnnotationSet, ArticleOpening, Comment, User
from annotations.services.comments import answer_thread, begin_thread, mark_unsure, resolve_thread
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def people() -> dict[str, User]:
    return the_cast(a_project())


@pytest.fixture
def work(people: dict[str, User]) -> AnnotationSet:
    """Ben's work, with a question about an actor, a doubt about a place and a flag."""
    made = a_set(an_article(people["ben"].memberships.get().project, title="Port reopens"), people["ben"])
    actor, place = a_span(made, "actor", (26, 40)), a_span(made, "location", (74, 78))
    begin_thread(actor=people["ben"], annotation_set_id=made.pk, kind="question", text="One person?", span=actor.pk)
    mark_unsure(actor=people["ben"], annotation_set_id=made.pk, span=place.pk, unsure=True)
    begin_thread(actor=people["ben"], annotation_set_id=made.pk, kind="flag", text="An advertisement?")
    return made


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def shown(name: str, query: str = "") -> list[str]:
    """What the threads on the page of questions say first, in its order."""
    page = client_of(name).get(reverse("questions", args=["press"]) + query).content.decode()
    return re.findall(r'<li class="thread[^>]*>.*?<p class="words">(.*?)</p>', page, re.DOTALL)


def test_a_reviewer_narrows_the_questions_down(people: dict[str, User], work: AnnotationSet) -> None:
    other = a_set(an_article(work.article.project, external_id="a2"), people["chi"])
    begin_thread(actor=people["chi"], annotation_set_id=other.pk, kind="question", text="A long claim?")
    question = Comment.objects.get(text="One person?")
    answer_thread(actor=people["dora"], thread_id=question.pk, text="Yes, only one.")
    resolve_thread(actor=people["dora"], thread_id=Comment.objects.get(kind="flag").pk, resolved=True)
    assert shown("dora") == ["A long claim?", "Not sure about this one.", "One person?"]
    assert shown("dora", "?state=answered") == ["One person?"]
    assert shown("dora", "?state=resolved") == ["An advertisement?"]
    assert len(shown("dora", "?state=all")) == 4
    assert shown("dora", "?kind=unsure") == ["Not sure about this one."]
    assert shown("dora", "?annotator=chi") == ["A long claim?"]
    assert shown("dora", "?search=ONLY+one") == ["One person?"]
    assert shown("dora", "?search=nothing") == []
    assert (shown("ben"), shown("chi")) == (["Not sure about this one.", "One person?"], ["A long claim?"])


def test_a_reviewer_who_reads_a_question_has_opened_the_article(people: dict[str, User], work: AnnotationSet) -> None:
    shown("ben")
    assert not ArticleOpening.objects.exists()
    shown("dora")
    assert ArticleOpening.objects.get().user == people["dora"]


def test_each_thread_leads_to_its_place_in_the_text(people: dict[str, User], work: AnnotationSet) -> None:
    page = client_of("dora").get(reverse("questions", args=["press"])).content.decode()
    spans = {span.label.key: span.pk for span in work.spans.select_related("label")}
    for key in ("actor", "location"):
        assert f'href="/desk/{work.pk}/#s-{spans[key]}"' in page
    assert f'href="/desk/{work.pk}/">the article as a whole</a>' in page


def test_answering_and_resolving_come_back_to_where_one_was(people: dict[str, User], work: AnnotationSet) -> None:
    question = Comment.objects.get(text="One person?")
    dora, back = client_of("dora"), "/projects/press/questions/?kind=question"
    said = dora.post(reverse("comment-answer", args=[question.pk]), {"text": "Yes.", "next": back})
    assert said.headers["Location"] == back
    away = dora.post(
        reverse("comment-resolve", args=[question.pk]), {"resolved": "yes", "next": "https://example.org/"}
    )
    assert away.headers["Location"] == "/projects/press/questions/"
    part = dora.post(reverse("comment-resolve", args=[question.pk]), {"resolved": "no"}, headers=HTMX).content.decode()
    assert part.lstrip().startswith(f'<li class="thread" id="t-{question.pk}"')
    assert "<html" not in part


def test_an_answer_is_new_to_its_annotator_until_it_was_shown(people: dict[str, User], work: AnnotationSet) -> None:
    answer_thread(actor=people["dora"], thread_id=Comment.objects.get(kind="flag").pk, text="No: news.")
    overview = reverse("project", args=["press"])
    ben, dora = client_of("ben"), client_of("dora")
    assert "new answer" in ben.get(overview).content.decode()
    assert "new answer" not in dora.get(overview).content.decode()
    assert "open questions" in dora.get(overview).content.decode()
    dora.get(reverse("set-comments", args=[work.pk]))
    assert Comment.objects.get(text="No: news.").seen_at is None
    desk = ben.get(reverse("desk", args=[work.pk])).content.decode()
    assert '<span class="tag new">new answer</span>' in desk
    assert "new answer" not in ben.get(overview).content.decode()


def test_a_question_is_asked_without_a_script(people: dict[str, User], work: AnnotationSet) -> None:
    address = reverse("set-comments", args=[work.pk])
    span = work.spans.order_by("start")[0].pk
    client_of("ben").post(address, {"kind": "comment", "text": "As in the other article.", "span": str(span)})
    assert Comment.objects.get(text="As in the other article.").span == span
    assert client_of("ben").post(address, {"kind": "comment", "text": " "}).status_code == 400
    assert client_of("ben").post(address, {"kind": "comment", "text": "x", "span": "y"}).status_code == 400


def test_in_review_annotators_have_no_names_unless_asked_for(people: dict[str, User], work: AnnotationSet) -> None:
    address = reverse("article-comments", args=[work.article_id])
    dora = client_of("dora")
    assert "<b>ben</b>" not in dora.get(address, headers=HTMX).content.decode()
    assert "<b>ben</b>" in dora.get(address + "?names=1", headers=HTMX).content.decode()
