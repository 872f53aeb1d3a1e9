"""Three annotators label five articles differently in every way there is; Dora settles all of it by keyboard."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from annotations.domain.disagreements import Kind, RelationKind
from annotations.models import AnnotationSet, Article, Decision, Disagreement, Membership, Project, SetKind, User
from annotations.selectors.gold import gold_from_decisions
from annotations.selectors.provenance import provenance_of
from annotations.selectors.verification import differences
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from tests import factories
from tests.browser.conftest import PageOf
from tests.browser.test_review import opened, saved, shown
from tests.services.test_decisions import gold, links, objects
from tests.services.test_disagreements import at, submitted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLAIM, NEXT = "We lost nine days", "no one won"
SOLHEIM, UNION = "Ingrid Solheim", "the Brevik Dockers’ Union"
WHOLE = ("actor", "Ingrid Solheim of the Brevik Dockers’ Union")
PARTS = [("actor", SOLHEIM), ("actor", UNION)]
LOST = [("claim", CLAIM), ("actor", SOLHEIM), ("actor", UNION)]


@pytest.fixture
def articles() -> list[Article]:
    """Ben, Chi and Gil; each article has its own ways to differ."""
    project = factories.a_project(annotators_per_article=3)
    people = factories.the_cast(project) | {"gil": factories.a_member(project, "gil")}
    ben, chi, gil = people["ben"], people["chi"], people["gil"]
    found = [
        factories.an_article(project, external_id=f"a{number}", title=f"Article {number}", open_slots=0)
        for number in range(1, 6)
    ]
    one, two, three, four, five = found
    # 1: a label, a border, both of them
    submitted(one, ben, ("actor", SOLHEIM), ("location", "Oslo"), ("claim", CLAIM))
    submitted(one, chi, ("location", SOLHEIM), ("location", "in Oslo"), ("actor", "lost nine days"))
    submitted(one, gil, ("actor", SOLHEIM), ("location", "Oslo"), ("claim", CLAIM))
    # 2: one span where others have several, parts, attributes
    submitted(two, ben, WHOLE, ("claim", f"{CLAIM}|And {NEXT}"))
    submitted(two, chi, *PARTS, ("claim", CLAIM))
    submitted(two, gil, *PARTS, ("claim", f"{CLAIM}|And {NEXT}"))
    # 3: missing and spurious, and what is said of a claim
    submitted(three, ben, ("claim", CLAIM), ("actor", UNION), attributes={"claim": {"stance": "supports"}})
    submitted(three, chi, ("claim", CLAIM), ("actor", UNION), attributes={"claim": {"stance": "opposes"}})
    submitted(three, gil, ("claim", CLAIM), ("location", "Brevik"), attributes={"claim": {"stance": "opposes"}})
    # 4: another end, another label of a link, a link that one or two have
    for person, relations in (
        (ben, [("made_by", 0, 1), ("located_in", 3, 4)]),
        (chi, [("made_by", 0, 2), ("located_in", 3, 4)]),
        (gil, [("made_by", 0, 1), ("made_by", 3, 2)]),
    ):
        submitted(
            four, person, *LOST, ("claim", NEXT), ("location", "Oslo"), relations=[("located_in", 0, 4), *relations]
        )
    # 5: a link of whose ends the others have no span
    submitted(five, ben, ("claim", CLAIM), ("actor", SOLHEIM), relations=[("made_by", 0, 1)])
    submitted(five, chi, ("claim", CLAIM))
    submitted(five, gil, ("claim", CLAIM))
    return found


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def finish(page: Page) -> None:
    """Ctrl+Enter: gold is done, and what comes next is there."""
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Gold is done.")).to_be_visible()


def kinds(article: Article) -> set[str]:
    return set(Disagreement.objects.filter(article=article).values_list("kind", flat=True))


def test_every_kind_of_disagreement_is_there(articles: list[Article]) -> None:
    there = set().union(*(kinds(article) for article in articles))
    # One set against another has merges where the other has splits; a cluster of three has no direction.
    assert there == {*Kind, *RelationKind} - {Kind.MERGE, RelationKind.TYPE}


def test_dora_settles_all_of_it_by_keyboard(page_of: PageOf, articles: list[Article]) -> None:
    one, two, three, four, five = articles
    page = opened(page_of("dora"), one)
    _settle_labels_and_borders(page, one)
    _settle_splits_and_parts(page, two)
    _settle_missing_and_stance(page, three)
    _settle_links(page, four)
    _settle_a_blocked_link(page, five)

    assert list(differences()) == []
    assert [gold_from_decisions(article.pk) == objects(article) for article in articles] == [True] * 5
    _provenance_is_complete(articles)
    _exports_are_the_gold(articles)
    _annotators_see_their_own_and_what_is_done(articles)
    _an_edit_makes_the_decision_stale(page, one)


def _settle_labels_and_borders(page: Page, article: Article) -> None:
    saved(page, "3 open, 0 decided")
    assert shown(page) == "label and boundary · claim"
    press(page, "e", "Delete", "Home")
    page.keyboard.press("s")  # the sentence at the cursor, whole
    press(page, "c", "Enter")
    assert shown(page) == "label · actor"
    press(page, "1")
    assert shown(page) == "boundary · location"
    press(page, "g")
    page.keyboard.type("A place goes without its preposition.")
    press(page, "Enter", "1")
    saved(page, "0 open, 3 decided")
    claim = gold(article)[0]
    assert claim[0] == "claim"
    assert claim[1].startswith("“We lost nine days,” said Ingrid Solheim")
    assert gold(article)[1:] == [("actor", SOLHEIM), ("location", "Oslo")]
    rule = Project.objects.get().precedents.get()
    assert (rule.rule, rule.label and rule.label.key) == ("A place goes without its preposition.", "location")


def _settle_splits_and_parts(page: Page, article: Article) -> None:
    opened(page, article)
    saved(page, "2 open, 0 decided")
    assert shown(page) == "parts · claim"
    press(page, "w")
    page.keyboard.type("The quote goes on.")
    press(page, "Enter", "1")
    assert shown(page) == "split · actor"
    press(page, "1")
    saved(page, "0 open, 2 decided")
    press(page, "Control+z")
    saved(page, "1 open, 1 decided")
    press(page, "2")
    saved(page, "0 open, 2 decided")
    assert gold(article) == [("claim", f"{CLAIM}|And {NEXT}"), WHOLE]
    finish(page)


def _settle_missing_and_stance(page: Page, article: Article) -> None:
    opened(page, article)
    assert shown(page) == "attributes · claim"
    press(page, ".")
    page.keyboard.type("What does she oppose?")
    press(page, "Enter")
    expect(page.locator("#panels > section:not([hidden]) .said")).to_contain_text("What does she oppose?")
    press(page, "i")
    page.keyboard.type("Say what a stance is towards.")
    press(page, "Enter")
    expect(page.locator("#panels > section:not([hidden]) .said")).to_have_count(2)
    press(page, "1")
    while page.locator("#conflicts > li:not([data-state=decided])").count():
        press(page, "0")
    saved(page, "0 open, 3 decided")
    assert gold(article) == [("claim", CLAIM)]
    [claim] = AnnotationSet.objects.get(article=article, kind=SetKind.GOLD).spans.all()
    assert claim.attributes == {"stance": "opposes"}
    assert list(article.review_comments.values_list("kind", flat=True).order_by("at")) == ["comment", "guideline"]
    finish(page)


def _settle_links(page: Page, article: Article) -> None:
    opened(page, article)
    page.keyboard.press("a")
    expect(page.locator("#live")).to_contain_text("6 decided.")
    while page.locator("#conflicts > li:not([data-state=decided])").count():
        press(page, "1")
        page.locator("#state[data-state=saved]").wait_for()
    assert links(article) == [
        ("located_in", CLAIM, "Oslo"),
        ("located_in", NEXT, "Oslo"),
        ("made_by", CLAIM, SOLHEIM),
        ("made_by", NEXT, UNION),
    ]
    finish(page)


def _settle_a_blocked_link(page: Page, article: Article) -> None:
    opened(page, article)
    page.keyboard.press("a")
    expect(page.locator("#live")).to_contain_text("1 decided.")
    assert shown(page) == "spurious · actor"
    press(page, "1")
    assert shown(page) == "relation without an end · made by"
    page.locator("#state[data-state=saved]").wait_for()
    press(page, "1")
    saved(page, "0 open, 3 decided")
    assert links(article) == [("made_by", CLAIM, SOLHEIM)]
    finish(page)


def _provenance_is_complete(articles: list[Article]) -> None:
    """Each object of gold has its decision by Dora, and sources of the annotators."""
    dora = Membership.objects.select_related("project", "user").get(user__username="dora")
    for owner in AnnotationSet.objects.filter(kind=SetKind.GOLD).select_related("article"):
        found = provenance_of(member=dora, gold=owner, names=True)
        assert found
        for each in found:
            assert each.steps[-1].by == "dora"
            assert {source.annotator for source in each.steps[-1].sources} <= {"ben", "chi", "gil"}
            assert each.steps[-1].sources


def _exports_are_the_gold(articles: list[Article]) -> None:
    client = Client()
    client.force_login(User.objects.get(username="fay"))
    response = client.get("/api/v1/projects/press/export/?format=jsonl&sets=gold")
    documents = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]  # type: ignore[attr-defined]
    assert [document["id"] for document in documents] == [article.external_id for article in articles]
    for document, article in zip(documents, articles, strict=True):
        [exported] = document["annotation_sets"]
        quotes = {span["id"]: span["quote"] for span in exported["spans"]}
        assert [(span["label"], span["quote"].replace(" … ", "|")) for span in exported["spans"]] == gold(article)
        linked = [
            (each["label"], quotes[each["source"]], quotes[each["target"]]) for each in exported.get("relations", [])
        ]
        assert sorted(linked) == links(article)


def _annotators_see_their_own_and_what_is_done(articles: list[Article]) -> None:
    """Ben's own work and gold that is done; of the first article, whose gold is open, his own only."""
    client = Client()
    client.force_login(User.objects.get(username="ben"))
    for article in articles:
        sets = client.get(f"/api/v1/articles/{article.pk}/").json()["annotation_sets"]
        done = article.external_id != "a1"
        assert sorted((each["kind"], each.get("annotator")) for each in sets) == (
            [("annotator", "ben"), ("gold", None)] if done else [("annotator", "ben")]
        )


def _an_edit_makes_the_decision_stale(page: Page, article: Article) -> None:
    ben, dora = User.objects.get(username="ben"), User.objects.get(username="dora")
    work = AnnotationSet.objects.get(article=article, annotator=ben)
    move_set(actor=dora, annotation_set_id=work.pk, action="return", reason="Look at the town again.")
    oslo = work.spans.get(label__key="location")
    longer = factories.put_span("location", at("Union in Oslo"), uuid=oslo.pk, base=oslo.revision)
    apply_changes(actor=ben, annotation_set_id=work.pk, changes=[longer])
    move_set(actor=ben, annotation_set_id=work.pk, action="submit")

    opened(page, article, "?kind=stale")
    assert shown(page) == "boundary · location"
    expect(page.locator("#panels > section:not([hidden]) .decided p")).to_contain_text(
        "decided, but the annotators changed their work since"
    )
    assert ("location", "Oslo") in gold(article)
    before = Decision.objects.filter(undone_at=None).count()
    page.keyboard.press("1")
    saved(page, "0 open, 3 decided")
    assert Decision.objects.filter(undone_at=None).count() == before
    assert list(differences()) == []
