"""What an open desk tells of its reader: time without pauses, and paragraphs that were on screen where that is asked."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from annotations.models import AnnotationSet, Project, Reading
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_project, a_set, an_article, the_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PARAGRAPH = "The port of Brevik reopened on Friday after crane crews accepted higher night rates. " * 6
TOLD = "This project keeps which paragraphs were on your screen"


@pytest.fixture
def work() -> AnnotationSet:
    """Ben's work, begun an hour ago, on an article of forty paragraphs."""
    project = a_project()
    Project.objects.update(reading_evidence=True)
    people = the_cast(project)
    work = a_set(an_article(project, "\n\n".join([PARAGRAPH] * 40)), people["ben"])
    AnnotationSet.objects.update(started_at="2020-01-01T00:00Z")
    return work


def pass_time(page: Page, seconds: int) -> None:
    for _second in range(seconds):
        page.clock.run_for(1_000)


def tell(page: Page) -> None:
    """Let the beat come."""
    with page.expect_response("**/lease/"):
        page.clock.fast_forward(60_000)


def test_what_was_on_screen_long_enough_is_told_and_no_more(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben")
    page.clock.install()
    desk = Desk(page, work)
    expect(page.get_by_text(TOLD)).to_be_visible()
    pass_time(page, 7)
    tell(page)
    first = Reading.objects.get()
    assert (first.paragraphs[0][0], first.total) == (0, 40)
    assert first.paragraphs[0][1] < 10
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.mouse.move(400, 400)
    page.wait_for_timeout(200)
    pass_time(page, 7)
    desk.press("Control+Enter")
    page.wait_for_url("**/projects/press/")
    last = Reading.objects.get()
    assert (len(last.paragraphs), last.paragraphs[0], last.paragraphs[1][1]) == (2, first.paragraphs[0], 40)


def test_pauses_are_not_counted(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben")
    page.clock.install()
    Desk(page, work)
    page.mouse.move(400, 400)
    pass_time(page, 50)  # nobody moves
    tell(page)
    assert 28 <= AnnotationSet.objects.get().active_seconds <= 32


def test_nothing_of_the_screen_is_told_where_the_project_does_not_ask(page_of: PageOf, work: AnnotationSet) -> None:
    Project.objects.update(reading_evidence=False)
    page = page_of("ben")
    page.clock.install()
    Desk(page, work)
    expect(page.get_by_text(TOLD)).to_have_count(0)
    pass_time(page, 7)
    with page.expect_request("**/lease/") as sent:
        page.clock.fast_forward(60_000)
    assert '"paragraphs":[]' in (sent.value.post_data or "")


def test_what_was_not_told_yet_is_told_when_the_page_is_left(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben")
    page.clock.install()
    Desk(page, work)
    pass_time(page, 7)
    page.goto("/projects/press/")
    for _wait in range(100):
        if Reading.objects.exists():
            break
        page.wait_for_timeout(50)
    assert AnnotationSet.objects.get().active_seconds == 7
