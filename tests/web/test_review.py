"""The review pages work with forms alone: which articles wait, deciding, undoing, accepting, finishing, returning."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.models import (
    AnnotationSet,
    Article,
    ArticleOpening,
    Decision,
    Disagreement,
    Membership,
    Role,
    SetKind,
    User,
)
from annotations.services.decisions import accept_agreed, decide
from tests import factories
from tests.services.test_decisions import gold
from tests.services.test_disagreements import TEXT, at, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    project = factories.a_project()
    people = factories.the_cast(project)
    article = factories.an_article(project, title="Nine days")
    spans = [("claim", "We lost nine days"), ("location", "Oslo")]
    submitted(article, people["ben"], *spans, ("actor", "Ingrid Solheim"), relations=[("made_by", 0, 2)])
    submitted(
        article, people["chi"], *spans, ("actor", "Solheim of"), ("actor", "Brevik"), relations=[("made_by", 0, 3)]
    )
    return article


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


def page(article: Article, suffix: str = "") -> str:
    return f"/projects/press/review/{article.pk}/{suffix}"


def words(html: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.decode())).split())


def row(kind: str) -> Disagreement:
    return Disagreement.objects.get(kind=kind)


def test_articles_with_the_most_open_disagreements_come_first(article: Article) -> None:
    people = factories.the_cast(article.project)
    agreed = factories.an_article(article.project, external_id="a2", title="All agree")
    for name in ("ben", "chi"):
        submitted(agreed, people[name], ("location", "Oslo"))
    submitted(factories.an_article(article.project, external_id="a3", title="One only"), people["ben"])

    response = client_of("dora").get("/projects/press/review/")

    shown = words(response.content)
    assert shown.index("Nine days") < shown.index("All agree")
    assert "One only" not in shown
    assert f'href="{page(article)}?kind=boundary"' in response.content.decode()


def test_articles_whose_gold_is_done_come_last(article: Article) -> None:
    people = factories.the_cast(article.project)
    done = factories.an_article(article.project, external_id="a2", title="Imported gold")
    words_of = ["We", "lost", "nine", "days", "Ingrid", "Solheim", "Oslo"]
    submitted(done, people["ben"], *[("actor", word) for word in words_of])
    submitted(done, people["chi"])
    factories.a_set(done)
    AnnotationSet.objects.filter(article=done, kind=SetKind.GOLD).update(state="done")

    shown = words(client_of("dora").get("/projects/press/review/").content)

    assert shown.index("Nine days") < shown.index("Imported gold")


def test_an_empty_list_says_what_brings_articles_here() -> None:
    factories.the_cast(factories.a_project())

    assert "Nothing to review yet" in words(client_of("dora").get("/projects/press/review/").content)


def test_the_page_shows_text_versions_and_counts_and_no_names(article: Article) -> None:
    response = client_of("dora").get(page(article), {"at": str(row("boundary").pk)})

    shown = words(response.content)
    assert "saved · 3 open, 0 decided" in shown
    assert "1 A Actor: Ingrid Solheim annotator 1" in shown.replace("a Actor", "A Actor")
    assert "annotator 2" in shown
    assert "ben" not in shown
    assert "chi" not in shown
    assert "Accept 2 on which all agree" in shown
    text = re.search(r'<div id="text"[^>]*>(.*?)</div>', response.content.decode(), re.DOTALL)
    assert text
    assert unescape(re.sub(r"<[^>]+>", "", text[1])) == TEXT
    named = words(client_of("dora").get(page(article), {"names": "1", "at": str(row("boundary").pk)}).content)
    assert "ben" in named


def test_opening_the_page_is_noted(article: Article) -> None:
    client_of("dora").get(page(article))

    assert list(ArticleOpening.objects.values_list("article", "user__username")) == [(article.pk, "dora")]


@pytest.mark.parametrize(("name", "status"), [("eve", 404), ("ben", 403), ("fay", 403)])
def test_others_get_no_page(name: str, status: int, article: Article) -> None:
    client = client_of(name)
    answers = [client.get("/projects/press/review/"), client.get(page(article))]
    answers += [client.post(page(article, f"{verb}/")) for verb in ("decide", "undo", "accept", "finish", "return")]

    assert [answer.status_code for answer in answers] == [status] * 7
    assert not Decision.objects.exists()


def test_who_annotated_a_blind_article_gets_no_page_of_it(article: Article) -> None:
    Membership.objects.filter(user__username="ben").update(role=Role.REVIEWER)

    assert client_of("ben").get(page(article)).status_code == 403
    assert "Nine days" not in words(client_of("ben").get("/projects/press/review/").content)


def test_who_is_not_signed_in_is_sent_to_sign_in(article: Article) -> None:
    assert Client().get(page(article)).headers["Location"].startswith("/sign-in/")


def test_a_version_is_taken_by_a_form_and_the_next_is_shown(article: Article) -> None:
    client = client_of("dora")
    body = {"disagreement": str(row("boundary").pk), "versions": "2", "reason": "As printed."}

    response = client.post(page(article, "decide/"), body)

    assert response.status_code == 302
    assert gold(article) == [("actor", "Solheim of")]
    assert Decision.objects.get().reason == "As printed."
    shown = client.get(response.headers["Location"]).content.decode()
    assert f'id="r-{row("missing").pk}" data-state="open" aria-current="true"' in shown
    assert "saved · 2 open, 1 decided" in shown


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"versions": "1,2"}, [("actor", "Ingrid Solheim"), ("actor", "Solheim of")]),
        ({"versions": ""}, []),
        ({"edit": "1", "label": "location", "fragments": "{start}-{end}"}, [("location", "Solheim")]),
    ],
)
def test_both_none_and_an_edit_are_decisions(
    body: dict[str, str], found: list[tuple[str, str]], article: Article
) -> None:
    start, end = at("Solheim")
    given = {name: value.format(start=start, end=end) for name, value in body.items()}

    client_of("dora").post(page(article, "decide/"), {"disagreement": str(row("boundary").pk), **given})

    assert gold(article) == found


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"disagreement": "me"},
        {"disagreement": "{row}", "versions": "9"},
        {"disagreement": "{row}", "versions": "one"},
        {"disagreement": "{row}", "edit": "1", "label": "actor", "fragments": "1"},
        {"disagreement": "{row}", "edit": "1", "label": "mood", "fragments": "1-4"},
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(body: dict[str, str], article: Article) -> None:
    given = {name: value.format(row=row("boundary").pk) for name, value in body.items()}

    response = client_of("dora").post(page(article, "decide/"), given, headers={"HX-Request": "true"})

    assert (response.status_code, response["X-Sentence"]) == (400, "1")
    assert not Decision.objects.exists()


def test_a_script_gets_the_truth_at_its_own_place(article: Article) -> None:
    boundary, missing = row("boundary"), row("missing")
    body = {"disagreement": str(boundary.pk), "versions": "1", "at": str(missing.pk)}

    response = client_of("dora").post(page(article, "decide/"), body, headers={"HX-Request": "true"})

    html = response.content.decode()
    assert html.lstrip().startswith('<div id="truth"')
    assert f'data-at="{missing.pk}"' in html
    assert f'id="r-{boundary.pk}" data-state="decided"' in html
    assert "saved · 2 open, 1 decided" in html


def test_a_second_reviewer_is_told(article: Article) -> None:
    boundary = row("boundary")
    decide(actor=User.objects.get(username="ada"), disagreement_id=boundary.pk, versions=[1])

    response = client_of("dora").post(
        page(article, "decide/"),
        {"disagreement": str(boundary.pk), "versions": "2"},
        headers={"HX-Request": "true"},
    )

    assert response.status_code == 409
    assert words(response.content) == "ada has decided this already; undo that decision first."


def test_a_relation_says_which_end_is_to_be_decided_first(article: Article) -> None:
    target = row("relation_target")
    client = client_of("dora")
    shown = words(client.get(page(article), {"at": str(target.pk)}).content)
    assert "decide “We lost nine days” first" in shown

    accept_agreed(actor=User.objects.get(username="dora"), article_id=article.pk, how="unanimous")
    decide(actor=User.objects.get(username="dora"), disagreement_id=row("missing").pk)
    shown = words(client.get(page(article), {"at": str(target.pk)}).content)
    assert "“Brevik” has no span in gold" in shown


def test_one_step_is_taken_back_by_its_batch_and_one_decision_by_itself(article: Article) -> None:
    client, dora = client_of("dora"), User.objects.get(username="dora")
    outcome = accept_agreed(actor=dora, article_id=article.pk, how="unanimous")
    decide(actor=dora, disagreement_id=row("boundary").pk, versions=[1])

    client.post(page(article, "undo/"), {"disagreement": str(row("boundary").pk)})
    assert gold(article) == [("claim", "We lost nine days"), ("location", "Oslo")]
    client.post(page(article, "undo/"), {"batch": str(outcome.batch)})
    assert gold(article) == []
    assert client.post(page(article, "undo/"), {"batch": str(outcome.batch)}).status_code == 404
    assert client.post(page(article, "undo/")).status_code == 400


def test_accepting_says_how_many(article: Article) -> None:
    response = client_of("dora").post(page(article, "accept/"), {"how": "unanimous"}, follow=True)

    assert "2 decided." in words(response.content)
    assert client_of("dora").post(page(article, "accept/"), {"how": "luck"}).status_code == 400


def test_only_what_can_be_accepted_is_offered(article: Article) -> None:
    other = factories.an_article(article.project, external_id="a2")
    for name, actor in (("ben", "Ingrid Solheim"), ("chi", "Solheim of")):
        spans = [("claim", "We lost nine days"), ("actor", actor)]
        submitted(other, User.objects.get(username=name), *spans, relations=[("made_by", 0, 1)])
    client, dora = client_of("dora"), User.objects.get(username="dora")

    shown = words(client.get(page(other)).content)
    assert "Accept 1 on which all agree" in shown
    assert "Agreed 2" in shown
    client.post(page(other, "accept/"), {"how": "unanimous"})
    assert "Accept 1 on" not in words(client.get(page(other)).content)
    decide(actor=dora, disagreement_id=Disagreement.objects.get(article=other, kind="boundary").pk, versions=[1])
    assert "Accept 1 on which all agree" in words(client.get(page(other)).content)


def test_gold_is_finished_when_nothing_is_open(article: Article) -> None:
    client, dora = client_of("dora"), User.objects.get(username="dora")
    assert client.post(page(article, "finish/"), {"done": "1"}).status_code == 409
    accept_agreed(actor=dora, article_id=article.pk, how="unanimous")
    for kind in ("boundary", "missing", "relation_target"):
        decide(actor=dora, disagreement_id=row(kind).pk)

    client.post(page(article, "finish/"), {"done": "1"})

    assert AnnotationSet.objects.get(kind=SetKind.GOLD).state == "done"
    shown = client.get(page(article)).content.decode()
    assert "Open again" in shown
    client.post(page(article, "finish/"), {"done": "0"})
    assert AnnotationSet.objects.get(kind=SetKind.GOLD).state == "open"


def test_work_is_returned_with_a_comment(article: Article) -> None:
    owner = AnnotationSet.objects.get(annotator__username="ben")

    client_of("dora").post(page(article, "return/"), {"set": str(owner.pk), "reason": "Names in full, please."})

    owner.refresh_from_db()
    assert owner.state == "returned"
    assert owner.comments.get().text == "Names in full, please."
    assert client_of("dora").post(page(article, "return/"), {"reason": "?"}).status_code == 404


def test_the_work_of_one_annotator_can_be_accepted_whole(article: Article) -> None:
    other = factories.an_article(article.project, external_id="a2")
    submitted(other, User.objects.get(username="ben"), ("location", "Oslo"))

    assert "Accept the work whole" in words(client_of("dora").get(page(other)).content)
    client_of("dora").post(page(other, "accept/"), {"how": "whole"})

    assert gold(other) == [("location", "Oslo")]


def test_the_number_of_queries_does_not_grow_with_the_disagreements(article: Article) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    client = client_of("dora")
    addresses = ["/projects/press/review/", page(article)]
    few = [queries(address) for address in addresses]
    people = factories.the_cast(article.project)
    for number in range(2, 5):
        other = factories.an_article(article.project, external_id=f"a{number}")
        submitted(other, people["ben"], *[("actor", word) for word in ("We", "lost", "nine", "said", "Ingrid", "of")])
        submitted(other, people["chi"], ("location", "Oslo"))

    assert queries(addresses[0]) == few[0]
    assert queries(page(other)) <= few[1]
