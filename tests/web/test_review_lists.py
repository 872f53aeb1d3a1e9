"""Pages around review: lists over the project, precedents, decisions to look at again, where gold comes from."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotations.models import AnnotationSet, Article, Comment, Decision, Disagreement, Precedent, SetKind, User
from annotations.services.decisions import accept_agreed, decide
from tests import factories
from tests.services.test_decisions import gold
from tests.services.test_disagreements import at, submitted
from tests.web.test_review import client_of, page, row, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Article:
    project = factories.a_project()
    people = factories.the_cast(project)
    article = factories.an_article(project, title="Nine days", open_slots=0)
    spans = [("claim", "We lost nine days"), ("location", "Oslo")]
    submitted(article, people["ben"], *spans, ("actor", "Ingrid Solheim"))
    submitted(article, people["chi"], *spans, ("actor", "Solheim of"), ("actor", "Brevik"))
    return article


@pytest.fixture
def dora(article: Article) -> Client:
    return client_of("dora")


def address(name: str, **query: str) -> str:
    return reverse(name, args=["press"], query=query)


def test_the_list_is_narrowed_and_counted(dora: Client) -> None:
    shown = words(dora.get(address("disagreements")).content)
    assert "Boundary 1" in shown
    assert "Ingrid Solheim of" in shown
    narrowed = words(dora.get(address("disagreements", kind="missing"), headers={"HX-Request": "true"}).content)
    assert "Brevik" in narrowed
    assert "Ingrid Solheim of" not in narrowed
    assert "No disagreement fits" in words(dora.get(address("disagreements", quote="zebra")).content)
    assert dora.get(address("disagreements", kind="mood", page="x")).status_code == 200


def test_what_all_agree_on_is_accepted_in_all_articles_and_taken_back(article: Article, dora: Client) -> None:
    assert "Accept what all agree on, in 1 article" in words(dora.get(address("review")).content)
    answer = dora.post(address("review-accept-all"), {"how": "unanimous"}, follow=True)
    assert "2 decided." in words(answer.content)
    batch = str(Decision.objects.values_list("batch", flat=True)[0])
    assert f'value="{batch}"' in answer.content.decode()
    dora.post(address("review-undo-all"), {"batch": batch})
    assert gold(article) == []
    assert dora.post(address("review-accept-all"), {"how": "luck"}).status_code == 400


def test_several_edited_spans_with_what_is_said_of_them(article: Article, dora: Client) -> None:
    spans = [at("We lost"), at("nine days"), at("Ingrid Solheim")]
    body = {
        "disagreement": str(row("boundary").pk),
        "edit": "1",
        "label": ["claim", "actor"],
        "fragments": [",".join(f"{start}-{end}" for start, end in spans[:2]), f"{spans[2][0]}-{spans[2][1]}"],
        "attributes": ["stance=opposes;form=direct", ""],
    }
    assert dora.post(page(article, "decide/"), body).status_code == 302
    assert gold(article) == [("claim", "We lost|nine days"), ("actor", "Ingrid Solheim")]
    claim = AnnotationSet.objects.get(kind=SetKind.GOLD).spans.get(label__key="claim")
    assert claim.attributes == {"stance": "opposes", "form": "direct"}


@pytest.mark.parametrize(
    "given",
    [
        {"label": ["actor", "claim"], "fragments": ["1-4"]},
        {"label": ["actor"], "fragments": ["1-4"], "attributes": ["stance"]},
        {"label": ["actor"], "fragments": ["1-4"], "without": ["me"], "alike": "1"},
    ],
)
def test_edits_that_make_no_sense_are_refused(given: dict[str, list[str]], article: Article, dora: Client) -> None:
    body = {"disagreement": str(row("boundary").pk), "edit": "1", **given}
    assert dora.post(page(article, "decide/"), body).status_code == 400
    assert not Decision.objects.exists()


def test_a_remark_stands_at_its_disagreement(article: Article, dora: Client) -> None:
    body = {"disagreement": str(row("boundary").pk), "kind_of_remark": "guideline", "text": " Say where names end. "}
    assert dora.post(page(article, "remark/"), body).status_code == 302
    [said] = Comment.objects.all()
    assert (said.kind, said.text, said.disagreement) == ("guideline", "Say where names end.", row("boundary").pk)
    assert "Say where names end." in words(dora.get(page(article), {"at": str(row("boundary").pk)}).content)
    for wrong in ({"text": " "}, {"kind_of_remark": "praise"}):
        assert dora.post(page(article, "remark/"), {**body, **wrong}).status_code == 400


def test_precedents_are_written_changed_and_withdrawn(article: Article, dora: Client) -> None:
    answer = dora.post(
        address("precedents"), {"rule": "Names whole.", "quote": "Ingrid Solheim", "label": "actor"}, follow=True
    )
    assert "Names whole." in words(answer.content)
    key = Precedent.objects.get().pk
    edit = reverse("precedent", args=["press", key])
    dora.post(edit, {"rule": "Names in full.", "quote": "", "label": ""})
    dora.post(edit, {"withdrawn": "1"})
    found = Precedent.objects.get()
    assert (found.rule, found.label, found.withdrawn_at is None) == ("Names in full.", None, False)
    assert dora.post(edit, {}).status_code == 400
    assert "Names in full." not in words(client_of("ben").get(address("precedents")).content)
    assert "Names in full." in words(dora.get(address("precedents")).content)


def test_similar_precedents_are_a_part_of_a_page(article: Article, dora: Client) -> None:
    dora.post(address("precedents"), {"rule": "Names whole.", "quote": "Ingrid Solheim"})
    where = reverse("similar-precedents", args=[article.pk])
    start, end = at("Ingrid Solheim")
    assert "Names whole." in words(dora.get(where, {"at": f"{start}-{end}"}).content)
    assert words(dora.get(where).content) == words(dora.get(where, {"at": "0-2"}).content) == ""
    assert dora.get(where, {"at": "a-b"}).status_code == 400
    assert client_of("eve").get(where).status_code == 404


def test_decisions_are_put_into_review_again_and_back(article: Article, dora: Client) -> None:
    user = User.objects.get(username="dora")
    decide(actor=user, disagreement_id=row("boundary").pk, versions=[1])
    dora.post(address("precedents"), {"rule": "Names end early.", "quote": "Solheim of", "label": "actor"})
    rule = str(Precedent.objects.get().pk)
    assert "Look at this 1 again" in words(dora.get(address("decisions", precedent=rule)).content)

    answer = dora.post(address("decisions-requeue"), {"precedent": rule}, follow=True)

    assert "1 decision is to be looked at again." in words(answer.content)
    assert row("boundary").state == "stale"
    shown = words(dora.get(page(article), {"kind": "stale"}).content)
    assert "decided under an earlier guideline, to be looked at again" in shown
    dora.post(address("decisions-requeue-undo"), {"batch": answer.redirect_chain[-1][0].partition("undo=")[2]})
    assert row("boundary").state == "decided"
    assert dora.post(address("decisions-requeue"), {}).status_code == 400
    assert dora.get(address("decisions", before="x")).status_code == 400


def test_where_gold_comes_from_is_told_to_each_as_far_as_it_may_be(article: Article, dora: Client) -> None:
    user = User.objects.get(username="dora")
    accept_agreed(actor=user, article_id=article.pk, how="unanimous")
    decide(actor=user, disagreement_id=row("boundary").pk, versions=[1], reason="As printed.")
    where = reverse("gold", args=[article.pk])

    assert "annotator 1 Ingrid Solheim" in words(dora.get(where).content)
    assert "ben Ingrid Solheim" in words(dora.get(where, {"names": "1"}).content)
    told = words(client_of("fay").get(where, {"names": "1"}).content)
    assert "As printed." in told
    assert not {"ben", "chi", "dora"} & set(told.replace(",", " ").split())
    assert client_of("ben").get(where).status_code == 404  # gold is not done
    for each in Disagreement.objects.filter(state="open"):
        decide(actor=user, disagreement_id=each.pk)
    dora.post(page(article, "finish/"), {"done": "1"})
    assert "As printed." in words(client_of("ben").get(where).content)
