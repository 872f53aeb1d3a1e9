"""After an article is done its annotator sees what gold made of the work, and may object once to each decision."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotations.domain.errors import InvalidData, NotAllowed, NotFound, StateRefused
from annotations.models import Appeal, Article, Decision, Disagreement, Membership, User
from annotations.selectors.appeals import appeals_to_answer
from annotations.selectors.feedback import changes_made, course_of, reviewed_sets, summaries
from annotations.services.appeals import answer_appeal, appeal
from annotations.services.decisions import accept_agreed, decide
from annotations.services.gold import finish_article
from tests import factories
from tests.services.test_disagreements import submitted

pytestmark = pytest.mark.django_db


def member(name: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(user__username=name)


def settled(people: dict[str, User], article: Article) -> None:
    """Ben: “Ingrid Solheim”, “Oslo” as an actor, “We lost nine days”; gold: “Solheim of”, the claim, and the union."""
    submitted(article, people["ben"], ("claim", "We lost nine days"), ("actor", "Ingrid Solheim"), ("actor", "Oslo"))
    submitted(
        article, people["chi"], ("claim", "We lost nine days"), ("actor", "Solheim of"), ("actor", "Dockers’ Union")
    )
    accept_agreed(actor=people["dora"], article_id=article.pk, how="unanimous")
    for row in Disagreement.objects.filter(article=article, unanimous=False):
        quote = row.payload["quote"]
        if "Solheim" in quote:
            decide(actor=people["dora"], disagreement_id=row.pk, versions=[2], reason="As printed.", rule="Whole.")
        elif "Oslo" in quote:
            decide(actor=people["dora"], disagreement_id=row.pk, versions=[], reason="A place.")
        else:
            decide(actor=people["dora"], disagreement_id=row.pk, versions=[1])
    finish_article(actor=people["dora"], article_id=article.pk, done=True)


@pytest.fixture
def article() -> Article:
    project = factories.a_project()
    factories.the_cast(project)
    return factories.an_article(project)


@pytest.fixture
def people(article: Article) -> dict[str, User]:
    people = factories.the_cast(article.project)
    settled(people, article)
    return people


def test_each_span_is_kept_changed_taken_out_or_added_with_reason_and_rule(
    article: Article, people: dict[str, User]
) -> None:
    own = article.annotation_sets.get(annotator=people["ben"])
    found = changes_made(own, article.annotation_sets.get(kind="gold"), article)
    assert [
        (
            each.fate.value,
            [quote for quote, _sign in each.own],
            [quote for quote, _sign in each.gold],
            each.decision and (each.decision.reason, each.decision.rule),
        )
        for each in found
    ] == [
        ("kept", ["We lost nine days"], ["We lost nine days"], ("", "")),
        ("changed", ["Ingrid Solheim"], ["Solheim of"], ("As printed.", "Whole.")),
        ("added", [], ["Dockers’ Union"], ("", "")),
        ("removed", ["Oslo"], [], ("A place.", "")),
    ]


def test_f1_is_of_exact_spans_and_told_by_week_and_label(article: Article, people: dict[str, User]) -> None:
    [own] = summaries(list(reviewed_sets(member("ben"), user_id=people["ben"].pk)))
    assert own.f1 == pytest.approx(1 / 3)
    course = course_of(member("ben"), user_id=people["ben"].pk)
    assert course is not None
    assert (course["names"], course["rows"][0]["values"], course["articles"]) == (
        ["All", "Actor", "Claim"],
        ["0.33", "0.00", "1.00"],
        1,
    )


def test_nothing_is_told_before_the_article_is_done(article: Article, people: dict[str, User]) -> None:
    finish_article(actor=people["dora"], article_id=article.pk, done=False)
    assert not reviewed_sets(member("ben"), user_id=people["ben"].pk).exists()
    client = Client()
    client.force_login(people["ben"])
    assert client.get(reverse("article-feedback", args=[article.pk])).status_code == 404
    with pytest.raises(NotFound):
        appeal(member=member("ben"), decision_id=Decision.objects.filter(reason="A place.").get().pk, text="Why?")


def test_one_objects_once_and_a_reviewer_answers(article: Article, people: dict[str, User]) -> None:
    decision = Decision.objects.get(reason="A place.")
    with pytest.raises(InvalidData):
        appeal(member=member("ben"), decision_id=decision.pk, text="  ")
    made = appeal(member=member("ben"), decision_id=decision.pk, text="The council is meant.")
    with pytest.raises(StateRefused):
        appeal(member=member("ben"), decision_id=decision.pk, text="Really.")
    assert [each.pk for each in appeals_to_answer(member("dora"))] == [made.pk]
    with pytest.raises(NotAllowed):
        answer_appeal(member=member("chi"), appeal_id=made.pk, outcome="upheld", answer="No.")
    with pytest.raises(InvalidData):
        answer_appeal(member=member("dora"), appeal_id=made.pk, outcome="upheld")
    answer_appeal(member=member("dora"), appeal_id=made.pk, outcome="upheld", answer="It says “in”.")
    assert list(appeals_to_answer(member("dora"))) == []
    client = Client()
    client.force_login(people["ben"])
    page = client.get(reverse("article-feedback", args=[article.pk])).content.decode()
    assert "The council is meant." in page
    assert "It says “in”." in page
    assert "Decision stays" in client.get(reverse("feedback", args=["press"])).content.decode()


def test_who_did_not_label_the_article_cannot_object(article: Article, people: dict[str, User]) -> None:
    for name in ("dora", "ada"):
        with pytest.raises(NotFound):
            appeal(member=member(name), decision_id=Decision.objects.get(reason="A place.").pk, text="Why?")
    assert not Appeal.objects.exists()


def test_the_pages_send_and_answer_an_objection(article: Article, people: dict[str, User]) -> None:
    ben, dora = Client(), Client()
    ben.force_login(people["ben"])
    dora.force_login(people["dora"])
    decision = Decision.objects.get(reason="A place.")
    sent = ben.post(reverse("appeal", args=[article.pk, decision.pk]), {"text": "The council is meant."})
    assert sent["Location"] == reverse("article-feedback", args=[article.pk])
    page = dora.get(reverse("appeals", args=["press"])).content.decode()
    assert "The council is meant." in page
    assert "ben" not in page
    made = Appeal.objects.get()
    dora.post(reverse("appeal-answer", args=["press", made.pk]), {"outcome": "changed", "answer": ""})
    assert "Decision changed" in dora.get(reverse("appeals", args=["press"])).content.decode()
