"""The main job, end to end, on a real article: in, labelled by two, reviewed, out."""

from __future__ import annotations

import io
import re
from pathlib import Path

import orjson
import pytest
from playwright.sync_api import Page, expect

from annotations.models import AnnotationSet, Decision, SetKind, SetState
from annotations.selectors.verification import differences
from annotations.services.imports import import_documents
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk, stored
from tests.factories import a_project, the_cast
from tests.formats.documents import wikinews

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MINISTRY = "the Saudi Interior Ministry"
CLAIM = "over 345 Muslim pilgrims have … killed in a stampede"  # as Chi cut it


@pytest.fixture
def article_line() -> bytes:
    """A real article as it was before anybody labelled it."""
    documents = [orjson.loads(line) for line in wikinews().splitlines()]
    (document,) = [each for each in documents if each["id"] == "GUM_news_stampede"]
    del document["annotation_sets"]
    return orjson.dumps(document)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the thing of that name has the focus."""
    for _press in range(60):
        page.keyboard.press("Tab")
        focused = str(page.evaluate("document.activeElement.name || document.activeElement.textContent"))
        if name in re.sub(r"\s+", " ", focused):
            return
    raise AssertionError(f"Tab does not lead to {name}")


def on_desk_of(page: Page) -> Desk:
    """The desk the queue has led to."""
    page.wait_for_url("**/desk/*/")
    work = AnnotationSet.objects.select_related("article").get(pk=page.url.rstrip("/").rsplit("/", 1)[1])
    return Desk(page, work)


def label_by_mouse(page: Page) -> AnnotationSet:
    """Ben: three drags, a link, an undo that is taken back."""
    page.goto("/projects/press/")
    page.get_by_role("button", name=re.compile("Label the next")).click()
    desk = on_desk_of(page)
    desk.choose_label("Actor")
    desk.drag(MINISTRY)
    desk.choose_label("Location")
    desk.drag("Mecca, Saudi Arabia")
    desk.choose_label("Claim")
    desk.drag("over 345 Muslim pilgrims have been killed in a stampede")
    desk.expect_saved(3)
    page.get_by_role("button", name="Undo").click()
    desk.expect_saved(2)
    page.get_by_role("button", name="Redo").click()
    desk.expect_saved(3)
    desk.click("over 345")
    desk.press("m")
    desk.press("1")
    expect(page.locator("#spans > li", has_text="over 345")).to_contain_text(f"made by {MINISTRY}", ignore_case=True)
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url("**/projects/press/")
    return desk.work


def label_by_keyboard(page: Page) -> AnnotationSet:
    """Chi, from signing in to submitting, without a mouse."""
    page.goto("/sign-in/")
    if page.evaluate("document.activeElement.name") != "username":
        tab_to(page, "username")
    page.keyboard.type("chi")
    tab_to(page, "password")
    page.keyboard.type("chichi")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    tab_to(page, "Press")
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects/press/")
    tab_to(page, "Label the next")
    page.keyboard.press("Enter")
    desk = on_desk_of(page)
    for key in [
        *["]"] * 3, *["ArrowRight"] * 2, *["Shift+ArrowRight"] * 3, "a",
        "ArrowRight", *["Shift+ArrowRight"] * 4, "c",
        *["ArrowRight"] * 2, *["Shift+ArrowRight"] * 3, "f",
        "m", "1",
        *["ArrowRight"] * 7, "l",
        "Control+z", "Control+Shift+z",
    ]:  # fmt: skip
        desk.press(key)
    desk.expect_saved(3)
    desk.press("Control+Enter")
    page.wait_for_url("**/projects/press/")
    return desk.work


def digit_of(page: Page, quote: str) -> str:
    """The key under which the page offers this version."""
    offers = page.locator("#panels > section:not([hidden]) button[data-key]")
    offer = offers.filter(has=page.locator("q", has_text=re.compile(rf"^\w+: {re.escape(quote)}$")))
    return str(offer.get_attribute("data-key"))


def review_by_keyboard(page: Page, article: str) -> None:
    """Dora settles everything: the agreed by `a`, each disagreement by a digit."""
    page.goto(f"/projects/press/review/{article}/")
    state = page.locator("#state[data-state=saved] #saved")
    expect(state).to_have_text("saved · 2 open, 0 decided")
    page.keyboard.press(digit_of(page, CLAIM))
    expect(state).to_have_text("saved · 1 open, 1 decided")
    page.keyboard.press(digit_of(page, "Mecca"))
    expect(state).to_have_text(re.compile("saved · 0 open"))
    page.keyboard.press("a")
    finish = page.get_by_role("button", name="Gold is done")
    expect(finish).to_be_enabled()
    tab_to(page, "Gold is done")
    page.keyboard.press("Enter")
    page.wait_for_url("**/projects/press/review/")
    expect(page.locator("main")).to_contain_text("done")


def test_two_annotators_a_reviewer_and_the_dataset(page_of: PageOf, article_line: bytes, tmp_path: Path) -> None:
    project = a_project()
    cast = the_cast(project)
    import_documents(actor=cast["ada"], project=project, stream=io.BytesIO(article_line), format="jsonl")

    bens = label_by_mouse(page_of("ben"))
    chis = label_by_keyboard(page_of(None))
    assert stored(bens) == [
        ("actor", [MINISTRY]),
        ("claim", ["over 345 Muslim pilgrims have been killed in a stampede"]),
        ("location", ["Mecca, Saudi Arabia"]),
    ]
    assert stored(chis) == [
        ("actor", [MINISTRY]),
        ("claim", ["over 345 Muslim pilgrims have", "killed in a stampede"]),
        ("location", ["Mecca"]),
    ]
    assert set(AnnotationSet.objects.values_list("state", flat=True)) == {SetState.SUBMITTED}

    review_by_keyboard(page_of("dora"), str(bens.article_id))
    gold = AnnotationSet.objects.get(kind=SetKind.GOLD)
    assert gold.state == SetState.DONE
    assert {decision.by for decision in Decision.objects.all()} == {cast["dora"]}

    page = page_of("ada")
    page.goto("/projects/press/export/")
    page.locator("input[name=sets][value=all]").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / "out.jsonl"
    download.value.save_as(file)
    (document,) = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    text, sets = document["text"], document["annotation_sets"]
    assert sorted((each["kind"], each.get("annotator")) for each in sets) == [
        ("annotator", "ben"), ("annotator", "chi"), ("gold", None),
    ]  # fmt: skip
    for each in sets:
        for span in each["spans"]:
            assert span["quote"] == " … ".join(text[start:end] for start, end in span["fragments"])
        assert [relation["label"] for relation in each["relations"]] == ["made_by"]
    (golden,) = [each for each in sets if each["kind"] == "gold"]
    assert [(span["label"], span["quote"]) for span in golden["spans"]] == [
        ("actor", MINISTRY),
        ("claim", CLAIM),
        ("location", "Mecca"),
    ]
    assert list(differences()) == []
