"""Practice, done to its end by the mouse and by the keyboard, as a newcomer does."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from annotations.models import AnnotationSet
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def begin(page_of: PageOf, **options: object) -> Desk:
    a_user("eve")
    page = page_of("eve", **options)
    page.goto("/")
    page.get_by_role("link", name="learn the desk").click()
    page.get_by_role("button", name="Begin").click()
    return Desk(page, AnnotationSet.objects.get(), opened=True)


def expect_step(desk: Desk, name: str) -> None:
    expect(desk.page.locator("#steps [aria-current=step]")).to_have_attribute("data-step", name)


def test_by_the_mouse(page_of: PageOf) -> None:
    desk = begin(page_of)
    page = desk.page
    panel = page.get_by_role("region", name="Current span")
    toolbar = page.get_by_role("toolbar", name="Labels")
    assert desk.painted("practice") == ["Mairi Halcrow"]
    expect_step(desk, "name")
    desk.drag("Mairi Halcrow")
    expect_step(desk, "alike")
    panel.get_by_role("button", name="2 more of this here").click()
    expect_step(desk, "place")
    desk.choose_label("Location")
    desk.double_click("Lerwick")
    expect_step(desk, "sentence")
    desk.click("will decide again")
    toolbar.get_by_role("button", name="Sentence").click()
    desk.choose_label("Claim")
    expect_step(desk, "link")
    panel.get_by_role("button", name="Add: Made by").click()
    panel.get_by_role("button", name="1 Mairi Halcrow").click()
    expect_step(desk, "attribute")
    panel.get_by_role("button", name="supports").click()
    expect_step(desk, "parts")
    desk.drag("We heard the nurses first,")
    panel.get_by_role("button", name="goes on: and the fishermen right after them.").click()
    expect_step(desk, "undo")
    toolbar.get_by_role("button", name="Undo").click()
    expect_step(desk, "delete")
    desk.click("Lerwick")
    panel.get_by_role("button", name="Delete").click()
    expect_step(desk, "submit")
    expect(page.locator("#steps-done")).to_have_text("9 / 10")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", name="That was all")).to_be_visible()
    assert AnnotationSet.objects.get().state == "submitted"
    page.get_by_role("button", name="Start again").click()
    desk.wait_until_ready()
    expect_step(desk, "name")
    desk.expect_saved(0)


def test_by_the_keyboard_with_a_reload_in_between(page_of: PageOf) -> None:
    desk = begin(page_of)
    page = desk.page

    def presses(keys: str) -> None:
        for key in keys.split():
            desk.press(key)

    presses("] ArrowRight ArrowRight ArrowRight ArrowRight ArrowRight ArrowRight Shift+ArrowRight a")
    expect_step(desk, "alike")
    presses("r")
    expect_step(desk, "place")
    presses("[ [ . ArrowLeft")
    while desk.painted("cursor") != ["Lerwick"]:
        presses("ArrowRight")
    presses("l")
    expect_step(desk, "sentence")
    presses("] ] ] . s c")
    expect_step(desk, "link")
    page.reload()
    desk.wait_until_ready()
    expect_step(desk, "link")
    presses("n")
    while "will decide again" not in desk.said():
        presses("n")
    presses("m 1")
    expect_step(desk, "attribute")
    expect(page.locator("#live")).to_contain_text("Done. Next: For or against?")
    presses("t 1")
    expect_step(desk, "parts")
    presses("[ [ [ Shift+ArrowRight Shift+ArrowRight Shift+ArrowRight Shift+ArrowRight c q")
    expect_step(desk, "undo")
    presses("Control+z")
    expect_step(desk, "delete")
    presses("n Delete")
    expect_step(desk, "submit")
    presses("Control+Enter")
    expect(page.get_by_role("heading", name="That was all")).to_be_visible()


@pytest.mark.parametrize(
    "options", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}], ids=str
)
def test_no_barrier_and_nothing_cut_off(page_of: PageOf, options: dict[str, object]) -> None:
    desk = begin(page_of, **options)
    assert Axe().run(desk.page).response["violations"] == []
    assert desk.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    desk.page.goto("/practice/")
    assert Axe().run(desk.page).response["violations"] == []
