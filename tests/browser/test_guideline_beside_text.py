"""The guideline beside the text: it follows the label in hand, is searched, and says what is new."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from annotations.models import AnnotationSet, Membership, Project
from annotations.services.guidelines import publish_guideline
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GUIDELINE = """# Rules

Read the whole article first.

## Actors

Who speaks or acts: people and bodies.

## Claims

What somebody says or demands. Leave out the verb of saying.

## Locations

Places that the news is about.
"""


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    people = the_cast(project)
    publish_guideline(member=Membership.objects.get(project=project, role="manager"), markdown=GUIDELINE)
    Membership.objects.update(guideline_seen=1)
    work = a_set(an_article(project, title="Port of Brevik reopens"), people["ben"])
    a_span(work, "location", (74, 78))
    return work


def open_sections(desk: Desk) -> list[str]:
    return desk.page.locator(".guide details[open]:not([hidden]) > summary").all_inner_texts()


def test_the_section_of_the_label_in_hand_is_open(page_of: PageOf, work: AnnotationSet) -> None:
    desk = Desk(page_of("ben"), work)
    assert open_sections(desk) == ["Actors"]
    desk.choose_label("Claim")
    assert open_sections(desk) == ["Claims"]
    desk.press("n")
    assert open_sections(desk) == ["Locations"]
    desk.press("Escape")
    assert open_sections(desk) == ["Claims"]


def test_words_are_looked_for_by_keyboard_and_escape_comes_back_to_the_text(
    page_of: PageOf, work: AnnotationSet
) -> None:
    desk = Desk(page_of("ben"), work)
    desk.press("Shift+G")
    desk.type("people bodies")
    assert open_sections(desk) == ["Actors"]
    assert sorted(desk.painted("found")) == ["bodies", "people"]
    assert desk.said() == "1 section"
    desk.press("Control+A")
    desk.type("nowhere")
    expect(desk.page.get_by_text("No section has these words.")).to_be_visible()
    desk.press("Escape")
    assert open_sections(desk) == ["Actors"]
    assert desk.page.evaluate("document.activeElement.id") == "text"


def test_a_new_version_is_told_on_the_desk_with_its_differences_until_it_is_read(
    page_of: PageOf, work: AnnotationSet
) -> None:
    manager = Membership.objects.get(project=Project.objects.get(), role="manager")
    publish_guideline(member=manager, markdown=GUIDELINE.replace("Leave out", "Do not leave out"))
    desk = Desk(page_of("ben"), work)
    notice = desk.page.locator("#guideline-news")
    expect(notice).to_contain_text("Version 2 of the guideline is in force")
    notice.get_by_text("What changed", exact=True).click()
    expect(notice.locator("ins")).to_have_text(["Do not leave"])
    expect(notice.locator("del")).to_have_text(["Leave"])
    notice.get_by_role("button", name="I have read it").click()
    expect(notice).to_have_count(0)
    assert Membership.objects.get(user__username="ben").guideline_seen == 2
    desk.open()
    expect(notice).to_have_count(0)


def test_without_a_script_the_guideline_folds_and_its_search_is_a_page(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben", java_script_enabled=False)
    page.goto(f"/desk/{work.pk}/")
    page.locator(".guide summary", has_text="Claims").click()
    expect(page.get_by_text("Leave out the verb of saying.")).to_be_visible()
    page.locator("#guideline-search").fill("demands")
    page.locator("#guideline-search").press("Enter")
    expect(page.get_by_text("1 section has “demands”.")).to_be_visible()
