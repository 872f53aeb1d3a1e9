"""A person's own look and keys: at once on the desk, kept in the account, there from the first byte."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import expect

from annotations.models import AnnotationSet
from annotations.services.preferences import change_preferences
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk, stored
from tests.factories import a_member, a_project, a_set, a_user, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Crane crews went home. The settlement rewards a blockade, said opposition members in Oslo."


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    return a_set(an_article(project, TEXT, title="Port reopens", language="en"), a_member(project, "ben"))


def test_the_menu_acts_at_once_and_stands_in_the_first_line_of_the_next_page(
    page_of: PageOf, work: AnnotationSet
) -> None:
    desk = Desk(page_of("ben", color_scheme="light"), work)
    page = desk.page
    ground = "() => getComputedStyle(document.documentElement).backgroundColor"
    height = "() => getComputedStyle(document.getElementById('text')).lineHeight.slice(0, -2)"
    before = page.evaluate(height)
    page.get_by_text("Look of the text").locator("..").click()
    with page.expect_response("**/account/look/") as kept:
        page.get_by_label("Dark").check()
    assert kept.value.status == 204
    assert page.evaluate(ground) == "rgb(22, 24, 28)"
    with page.expect_response("**/account/look/"):
        page.get_by_role("group", name="Space between lines").get_by_label("Wider").check()
    assert float(page.evaluate(height)) > float(before)
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    expect(page.get_by_label("Dark")).not_to_be_visible()
    first = page.request.get(page.url).text()
    assert 'data-theme="dark"' in first[: first.index("<head>")]
    assert 'data-line-spacing="wider"' in first[: first.index("<head>")]


def test_without_the_sticky_label_a_drag_selects_and_a_label_is_pressed(page_of: PageOf, work: AnnotationSet) -> None:
    change_preferences(user=a_user("ben"), values={"sticky": "off"})
    desk = Desk(page_of("ben"), work)
    desk.drag("rane crew")
    assert (desk.painted("selection"), stored(work)) == (["Crane crews"], [])
    desk.choose_label("Claim")
    desk.drag("settlement rewards")
    desk.press("a")
    desk.expect_saved(2)
    assert stored(work) == [("claim", ["Crane crews"]), ("actor", ["settlement rewards"])]


def test_exact_characters_can_be_the_rule(page_of: PageOf, work: AnnotationSet) -> None:
    change_preferences(user=a_user("ben"), values={"snap": "characters"})
    desk = Desk(page_of("ben"), work)
    desk.drag("rane crew")
    desk.expect_saved(1)
    assert stored(work) == [("actor", ["rane crew"])]


def test_keys_are_swapped_on_the_account_page_and_the_help_shows_them(
    page_of: PageOf, work: AnnotationSet, expected_noise: list[str]
) -> None:
    expected_noise.append("status of 400")  # a key that is taken
    page = page_of("ben")
    page.goto("/account/")
    page.get_by_label("select the sentence").select_option("r")
    page.get_by_role("button", name="Save the keys").click()
    expect(page.get_by_role("alert")).to_contain_text("“r” is the key of “alike” already")
    page.get_by_label("label all identical mentions").select_option("Shift+R")
    page.get_by_role("button", name="Save the keys").click()
    expect(page.get_by_text("The keys are saved.")).to_be_visible()
    desk = Desk(page, work)
    for key in (".", "s", "r", "c"):
        desk.press(key)
    desk.expect_saved(1)
    assert stored(work) == [("claim", ["The settlement rewards a blockade, said opposition members in Oslo."])]
    desk.press("?")
    row = page.get_by_role("dialog", name="Keys").get_by_role("row", name="select the sentence")
    expect(row.get_by_role("rowheader")).to_have_text("r")
