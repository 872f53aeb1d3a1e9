"""Dora settles disagreements in a real browser, by keys, by mouse and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, Route, expect

from annotations.models import Article, Decision, Disagreement, User
from annotations.services.decisions import decide
from tests import factories
from tests.browser.conftest import PageOf
from tests.browser.desk import let_go
from tests.services.test_decisions import gold, links
from tests.services.test_disagreements import at, submitted

pytestmark = pytest.mark.browser


@pytest.fixture
def article(page_of: PageOf) -> Article:
    """Three disagreements on spans and one on a relation; three places on which Ben and Chi agree."""
    project = factories.a_project()
    people = factories.the_cast(project)
    article = factories.an_article(project, title="Nine days")
    spans = [("claim", "We lost nine days"), ("location", "Oslo"), ("actor", "the Brevik Dockers’ Union")]
    submitted(article, people["ben"], *spans, ("actor", "Ingrid Solheim"), relations=[("made_by", 0, 3)])
    submitted(
        article,
        people["chi"],
        *spans,
        ("actor", "Solheim of"),
        ("claim", "no one won"),
        ("location", "Brevik"),
        relations=[("made_by", 0, 2)],
    )
    return article


def opened(page: Page, article: Article, query: str = "") -> Page:
    page.goto(f"/projects/press/review/{article.pk}/{query}")
    return page


def shown(page: Page) -> str:
    """The heading of the disagreement on the stage."""
    return page.locator("#panels > section:not([hidden]) h2").inner_text().casefold()


def lane(page: Page, name: str) -> list[str]:
    """What the text has under a lane."""
    found: list[str] = page.evaluate(
        "name => [...(CSS.highlights.get(name) ?? [])].map(each => {"
        " const range = document.createRange();"
        " range.setStart(each.startContainer, each.startOffset); range.setEnd(each.endContainer, each.endOffset);"
        " return range.toString(); })",
        name,
    )
    return found


def saved(page: Page, counts: str) -> None:
    expect(page.locator("#state[data-state=saved] #saved")).to_have_text(f"saved · {counts}")


def test_every_decision_is_one_key(page_of: PageOf, article: Article) -> None:
    page = opened(page_of("dora"), article)
    saved(page, "4 open, 0 decided")
    assert shown(page) == "boundary · actor"
    assert (lane(page, "v1"), lane(page, "v2")) == (["Ingrid Solheim"], ["Solheim of"])

    page.keyboard.press("1")
    assert shown(page) == "missing · location"
    assert (lane(page, "v1"), lane(page, "v2")) == (["Brevik"], [])
    page.keyboard.press("0")
    assert shown(page) == "missing · claim"
    page.keyboard.press("1")
    assert shown(page) == "relation end · made by"
    saved(page, "1 open, 3 decided")
    assert gold(article) == [("actor", "Ingrid Solheim"), ("claim", "no one won")]

    page.keyboard.press("a")
    saved(page, "1 open, 6 decided")
    page.keyboard.press("2")
    saved(page, "0 open, 7 decided")
    expect(page.locator("#live")).to_have_text("Nothing is open any more.")
    assert len(links(article)) == 1
    assert Decision.objects.filter(by__username="dora").count() == 7

    page.get_by_role("button", name="Gold is done").click()
    page.get_by_text("Gold is done.").wait_for()


def test_the_keys_take_both_edit_and_take_back(page_of: PageOf, article: Article) -> None:
    page = opened(page_of("dora"), article)
    page.keyboard.press("b")
    saved(page, "3 open, 1 decided")
    assert gold(article) == [("actor", "Ingrid Solheim"), ("actor", "Solheim of")]

    page.keyboard.press("Control+z")
    saved(page, "4 open, 0 decided")
    assert shown(page) == "boundary · actor"
    assert gold(article) == []

    page.keyboard.press("e")
    assert lane(page, "edited") == ["Ingrid Solheim"]
    for _step in range(3):
        page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("Alt+Shift+ArrowRight")
    assert lane(page, "edited") == ["ngrid Solh"]
    page.keyboard.press("Escape")
    assert lane(page, "edited") == []
    page.keyboard.press("e")
    page.keyboard.press("Alt+ArrowLeft")
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    saved(page, "3 open, 1 decided")
    assert gold(article) == [("location", "Ingrid Solhei")]


def test_n_and_p_walk_the_list(page_of: PageOf, article: Article) -> None:
    page = opened(page_of("dora"), article)
    seen = [shown(page)]
    for key in ("n", "n", "n", "n", "p", "p"):
        page.keyboard.press(key)
        seen.append(shown(page))

    boundary, missing, claim, relation = (
        "boundary · actor",
        "missing · location",
        "missing · claim",
        "relation end · made by",
    )
    assert seen == [boundary, missing, claim, relation, boundary, relation, claim]


def test_all_of_it_works_with_the_mouse(page_of: PageOf, article: Article) -> None:
    page = opened(page_of("dora"), article)
    page.locator("#conflicts a").nth(2).click()
    assert shown(page) == "missing · claim"
    page.get_by_role("button", name="No span here").click()
    saved(page, "3 open, 1 decided")
    assert shown(page) == "relation end · made by"

    page.locator("#conflicts a").nth(0).click()
    page.locator("#panels > section:not([hidden]) summary", has_text="Edit").click()
    _drag(page, "Ingrid", "Union")
    expect(page.locator("#panels > section:not([hidden]) .edited")).to_have_text(
        "Ingrid Solheim of the Brevik Dockers’ Union"
    )
    page.get_by_role("button", name="Keep").click()
    saved(page, "2 open, 2 decided")
    assert gold(article) == [("actor", "Ingrid Solheim of the Brevik Dockers’ Union")]

    page.get_by_role("banner").get_by_role("button", name="Undo").click()
    saved(page, "3 open, 1 decided")
    assert gold(article) == []


def test_the_next_is_shown_before_the_server_has_answered(page_of: PageOf, article: Article) -> None:
    page = opened(page_of("dora"), article)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/decide/", hold)

    page.keyboard.press("1")

    assert shown(page) == "missing · location"
    expect(page.locator("#unsaved")).to_have_text("saving")
    page.keyboard.press("0")
    assert shown(page) == "missing · claim"
    let_go(page, held)
    saved(page, "2 open, 2 decided")
    assert gold(article) == [("actor", "Ingrid Solheim")]


def test_a_decision_whose_answer_is_lost_is_sent_again_and_counts_once(
    page_of: PageOf, article: Article, expected_noise: list[str]
) -> None:
    expected_noise.append("ERR_FAILED")
    page = opened(page_of("dora"), article)
    lost = 0

    def lose(route: Route) -> None:
        nonlocal lost
        lost += 1
        if lost == 1:
            route.fetch()  # it arrives, but its answer does not
            route.abort()
        else:
            route.continue_()

    page.route("**/decide/", lose)
    page.keyboard.press("1")
    saved(page, "3 open, 1 decided")

    assert lost == 2
    assert Decision.objects.count() == 1
    assert gold(article) == [("actor", "Ingrid Solheim")]


def test_what_is_decided_while_signed_out_is_sent_after_signing_in(page_of: PageOf, article: Article) -> None:
    page = opened(page_of("dora"), article)
    session = next(each["value"] for each in page.context.cookies() if each["name"] == "sessionid")
    page.context.clear_cookies(name="sessionid")

    page.keyboard.press("1")
    expect(page.locator("#messages")).to_contain_text("You are signed out.")
    expect(page.locator("#unsaved")).to_have_text("not saved yet; trying again")
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": page.url}])

    saved(page, "3 open, 1 decided")
    expect(page.locator("#messages")).to_have_text("")
    assert gold(article) == [("actor", "Ingrid Solheim")]


def test_a_reviewer_who_comes_second_is_told_and_sees_what_was_decided(
    page_of: PageOf, article: Article, expected_noise: list[str]
) -> None:
    expected_noise.append("409")
    page = opened(page_of("dora"), article)
    row = Disagreement.objects.get(kind="boundary")
    decide(actor=User.objects.get(username="ada"), disagreement_id=row.pk, versions=[1])

    page.keyboard.press("2")

    expect(page.locator("#messages")).to_have_text("ada has decided this already; undo that decision first.")
    expect(page.locator("#panels > section:not([hidden]) .decided p")).to_have_text("ada: version 1")
    assert gold(article) == [("actor", "Ingrid Solheim")]
    page.keyboard.press("2")  # having seen it, she may change it
    saved(page, "3 open, 1 decided")
    assert gold(article) == [("actor", "Solheim of")]


def test_one_key_decides_all_alike(page_of: PageOf, article: Article) -> None:
    people = factories.the_cast(article.project)
    other = factories.an_article(article.project, external_id="a2")
    submitted(other, people["ben"], ("actor", "Ingrid Solheim"))
    submitted(other, people["chi"], ("actor", "Solheim of"))
    page = opened(page_of("dora"), article)

    page.keyboard.press("Shift+Enter")
    page.keyboard.press("1")
    saved(page, "3 open, 1 decided")
    assert gold(other) == [("actor", "Ingrid Solheim")]
    page.keyboard.press("Control+z")
    saved(page, "4 open, 0 decided")
    assert gold(other) == []


def test_a_reason_is_written_down_and_letters_in_it_decide_nothing(page_of: PageOf, article: Article) -> None:
    page = opened(page_of("dora"), article)
    page.keyboard.press("w")
    page.keyboard.type("b1: as printed")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    saved(page, "3 open, 1 decided")

    assert Decision.objects.get().reason == "b1: as printed"


def test_without_scripts_the_forms_decide(page_of: PageOf, article: Article) -> None:
    page = opened(page_of("dora", java_script_enabled=False), article)
    page.locator(".versions button").first.click()
    page.get_by_text("saved · 3 open, 1 decided").wait_for()
    page.get_by_role("banner").get_by_role("button", name="Undo").click()
    page.get_by_text("saved · 4 open, 0 decided").wait_for()
    start, end = at("Solheim")
    page.locator("#panels > section:not([hidden]) summary", has_text="Edit").click()
    page.get_by_label("Range").locator("visible=true").fill(f"{start}-{end}")
    page.get_by_role("button", name="Keep").click()
    page.get_by_text("saved · 3 open, 1 decided").wait_for()

    assert gold(article) == [("actor", "Solheim")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_hinders_anybody(page_of: PageOf, article: Article, scheme: str, width: int) -> None:
    page = page_of("dora", color_scheme=scheme, viewport={"width": width, "height": 844})
    page.goto("/projects/press/review/")
    assert _violations(page) == []
    opened(page, article)
    page.keyboard.press("1")
    saved(page, "3 open, 1 decided")
    page.keyboard.press("p")
    assert _violations(page) == []
    page.keyboard.press("n")
    page.keyboard.press("e")
    assert _violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press(".")
    assert _violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert _violations(page) == []
    if width == 390:
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def _violations(page: Page) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def _drag(page: Page, first: str, last: str) -> None:
    """Drag from the first word to the end of the last, as a hand does."""
    boxes = page.evaluate(
        "words => words.map(word => { const walker = document.createTreeWalker(document.getElementById('text'), 4);"
        " for (let node = walker.nextNode(); node; node = walker.nextNode()) { const at = node.data.indexOf(word);"
        " if (at < 0) continue; const range = document.createRange(); range.setStart(node, at);"
        " range.setEnd(node, at + word.length); const box = range.getBoundingClientRect();"
        " return [box.left, box.right, (box.top + box.bottom) / 2]; } })",
        [first, last],
    )
    page.mouse.move(boxes[0][0] + 2, boxes[0][2])
    page.mouse.down()
    page.mouse.move(boxes[1][1] - 2, boxes[1][2], steps=5)
    page.mouse.up()


def test_several_spans_are_made_with_the_keys_of_the_desk(page_of: PageOf, article: Article) -> None:
    page = opened(page_of("dora"), article)
    page.keyboard.press("e")
    for key in ("Home", "ArrowRight", "Shift+ArrowRight", "Space"):  # the current span gets these words
        page.keyboard.press(key)
    assert lane(page, "edited") == ["lost nine"]
    for key in ("ArrowRight", "ArrowRight", "f"):  # not selected, so nothing is added
        page.keyboard.press(key)
    assert lane(page, "edited") == ["lost nine"]
    for key in ("Shift+ArrowRight", "f"):
        page.keyboard.press(key)
    assert lane(page, "edited") == ["lost nine", "said Ingrid"]
    for key in ("ArrowRight", "Shift+ArrowRight", "c"):  # another span
        page.keyboard.press(key)
    assert (lane(page, "edited"), lane(page, "others")) == (["Solheim of"], ["lost nine", "said Ingrid"])
    for key in ("t", "2"):
        page.keyboard.press(key)
    expect(page.locator(".edited-spans > [aria-current] small")).to_have_text("opposes")
    for key in (
        "p",
        "Shift+F",
        "n",
        "Control+z",
        "Control+z",
        "Enter",
    ):  # the part goes, and what was done last comes back
        page.keyboard.press(key)
    saved(page, "3 open, 1 decided")
    assert gold(article) == [("actor", "lost nine|said Ingrid"), ("claim", "Solheim of")]


def test_a_hundred_alike_are_looked_at_settled_with_three_keys_and_undone_with_one(page_of: PageOf) -> None:
    project = factories.a_project()
    people = factories.the_cast(project)
    articles = [factories.an_article(project, external_id=f"a{number:03}") for number in range(100)]
    for each in articles:
        submitted(each, people["ben"], ("actor", "Brevik"))
        submitted(each, people["chi"], ("location", "Brevik"))
    page = opened(page_of("dora"), articles[0])

    page.keyboard.down("Shift")
    page.keyboard.press("Enter")
    page.keyboard.up("Shift")
    expect(page.locator(".alike-list > li")).to_have_count(99)
    expect(page.locator(".alike-list mark").first).to_have_text("Brevik")
    page.keyboard.press("1")

    expect(page.locator("#live")).to_contain_text("100 decided.")
    assert Decision.objects.filter(undone_at=None).count() == 100
    page.keyboard.press("Control+z")
    expect(page.locator("#live")).to_contain_text("100 decisions taken back.")
    assert Decision.objects.filter(undone_at=None).count() == 0


def test_of_those_alike_one_is_left_out(page_of: PageOf, article: Article) -> None:
    people = factories.the_cast(article.project)
    others = [factories.an_article(article.project, external_id=f"b{number}") for number in range(2)]
    for other in others:
        submitted(other, people["ben"], ("actor", "Ingrid Solheim"))
        submitted(other, people["chi"], ("actor", "Solheim of"))
    page = opened(page_of("dora"), article)
    page.keyboard.press("Shift+Enter")
    page.locator(".alike-list input").first.uncheck()
    page.keyboard.press("1")
    saved(page, "3 open, 1 decided")

    assert [gold(other) for other in others] == [[], [("actor", "Ingrid Solheim")]]


def test_lanes_show_whose_work_it_is_and_can_be_put_away(page_of: PageOf, article: Article) -> None:
    page = opened(page_of("dora"), article)
    assert lane(page, "lane1") == [
        "We lost nine days",
        "Ingrid Solheim",
        "the Brevik Dockers’ Union",
        "Oslo",
    ]
    assert page.locator("#lanes > li").all_inner_texts() == ["annotator 1", "annotator 2"]
    assert page.locator("#ink .digit").all_inner_texts() == ["1", "2"]
    page.keyboard.press("l")
    assert lane(page, "lane1") == []
    page.keyboard.press("h")
    page.get_by_text("Hide names").wait_for()
    assert page.locator("#lanes > li").all_inner_texts() == ["ben", "chi"]


def test_what_two_of_three_agree_on_is_accepted_with_one_key(page_of: PageOf, article: Article) -> None:
    gil = factories.a_member(article.project, "gil")
    submitted(article, gil, ("actor", "Ingrid Solheim"), ("location", "Oslo"), ("claim", "no one won"))
    page = opened(page_of("dora"), article)
    page.get_by_role("button", name="on which 2 of 3 agree").wait_for()
    page.keyboard.press("m")
    expect(page.locator("#live")).to_contain_text("decided.")
    assert ("actor", "Ingrid Solheim") in gold(article)
    assert ("claim", "no one won") in gold(article)
    page.keyboard.press("Control+z")
    expect(page.locator("#live")).to_contain_text("taken back.")
    assert gold(article) == []
