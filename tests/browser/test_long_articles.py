"""An article of 300,000 characters with 5,000 spans: the text, the keys, the list and undo work as in a short one."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from annotations.models import AnnotationSet, Span
from benchmarks.press import spans_of, text_of
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_member, a_project, a_set, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = text_of(1, 300_000)
SPANS = 5_000


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    work = a_set(an_article(project, TEXT, title="Long", language="en"), a_member(project, "ben"))
    labels = {label.key: label for label in project.labels.all()}
    Span.objects.bulk_create(
        Span(annotation_set=work, label=labels[label], fragments=tuple(fragments), revision=0)
        for label, fragments in spans_of(1, TEXT, SPANS)
    )
    return work


def test_it_is_read_marked_walked_filtered_and_undone(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben")
    desk = Desk(page, work)
    desk.expect_saved(SPANS)
    assert desk.text() == TEXT.replace("\n", "")
    current = desk.page.locator("#spans [aria-current=true]")

    # From one end to the other: before the first span comes the last, and its item is there, with those beside it.
    desk.press("n")
    desk.press("p")
    expect(current).to_be_visible()
    expect(current.locator("xpath=preceding-sibling::li[1]")).to_be_visible()
    assert current.evaluate("(item) => item.nextElementSibling === null")
    shown = desk.page.locator("#spans > li:not([hidden])")
    expect(desk.page.locator("#spans > li[data-gap]")).to_have_count(1)
    assert shown.count() < 300

    # A mark far down, and its undoing.
    desk.press("End")
    desk.press("l")
    desk.expect_saved(SPANS + 1)
    expect(current).to_be_visible()
    desk.press("Control+z")
    desk.expect_saved(SPANS)

    # One label alone: its first items are asked for.
    desk.page.get_by_role("navigation", name="Show only").get_by_role("link", name="Claim").click()
    claims = desk.page.locator("#spans > li.p1:not([hidden])")
    expect(claims.first).to_be_visible()
    before = claims.count()
    desk.page.locator("#spans").evaluate("(list) => { list.parentElement.scrollTop = list.scrollHeight; }")
    expect(claims.nth(before)).to_be_attached()


def test_what_was_dressed_long_ago_is_stripped_and_dressed_again_when_it_comes_near(
    page_of: PageOf, work: AnnotationSet
) -> None:
    page = page_of("ben")
    desk = Desk(page, work)
    desk.expect_saved(SPANS)
    current = desk.page.locator("#spans [aria-current=true]")
    shown = desk.page.locator("#spans > li:not([hidden])")
    first = desk.page.locator("#spans > li").first
    said = first.inner_text()
    pieces = desk.page.locator("#text .s")
    for jump in range(1, 11):
        pieces.nth(jump * 450).click()
        expect(current.locator("q")).to_be_visible()
        expect(current.locator("xpath=preceding-sibling::li[1]").locator("q")).to_be_visible()
        desk.page.wait_for_timeout(300)
    expect(first.locator("q")).to_have_count(0)
    expect(first).to_have_attribute("data-gap", "")
    assert shown.count() < 400
    first.click()
    expect(first.locator("q")).to_be_visible()
    assert first.inner_text() == said
    assert desk.page.locator("#spans > li").count() == SPANS


def test_a_mark_does_not_draw_the_whole_page_anew(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben")
    desk = Desk(page, work)
    session = desk.page.context.new_cdp_session(desk.page)
    restyled: list[int] = []

    def take(found: dict[str, Any]) -> None:
        styles = (event["args"] for event in found["value"] if event["name"] == "UpdateLayoutTree")
        restyled.extend(each.get("elementCount", 0) for each in styles)

    session.on("Tracing.dataCollected", take)
    done: list[object] = []

    def end(said: object) -> None:
        done.append(said)

    session.on("Tracing.tracingComplete", end)
    desk.press("a")
    desk.expect_saved(SPANS + 1)
    desk.page.wait_for_timeout(1000)
    session.send(
        "Tracing.start",
        {"transferMode": "ReportEvents", "traceConfig": {"includedCategories": ["devtools.timeline"]}},
    )
    desk.press("ArrowRight")
    desk.press("a")
    desk.expect_saved(SPANS + 2)
    session.send("Tracing.end")
    while not done:
        desk.page.wait_for_timeout(20)
    assert restyled
    assert max(restyled) < 1_000  # elements; there are more than 15,000
