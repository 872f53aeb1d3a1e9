"""What everybody can use: no violation of accessibility rules, no request too many, no JavaScript needed to read."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from annotations.models import AnnotationSet, GuidelineVersion, Span
from annotations.services.annotation_sets import move_set
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_member, a_project, a_set, a_span, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "“Never again,” said Ingrid Solheim in Oslo. “Nobody.”\n\nThe union rejected this. " * 6


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    GuidelineVersion.objects.create(project=project, number=1, markdown="Read.\n\n## Claim\n\nWhat is *said*.\n")
    article = an_article(
        project, TEXT, title="Port reopens", language="en", outlet="The Courier", published_on=date(2025, 3, 14),
        url="https://example.org/port",
    )  # fmt: skip
    work = a_set(article, a_member(project, "ben"))
    a_span(work, "claim", (0, 14), (45, 54), attributes={"stance": "supports"}, note="two parts")
    a_span(work, "actor", (20, 34))
    a_span(work, "location", (38, 42))
    return work


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_desk(page_of: PageOf, work: AnnotationSet, scheme: Literal["light", "dark"]) -> None:
    desk = Desk(page_of("ben", color_scheme=scheme), work)
    assert violations(desk.page) == []
    desk.click("Never")
    desk.press("m")
    assert violations(desk.page) == []
    desk.press("?")
    assert violations(desk.page) == []


def test_axe_finds_nothing_on_a_phone_and_on_what_is_refused(page_of: PageOf, work: AnnotationSet) -> None:
    desk = Desk(page_of("ben", viewport={"width": 390, "height": 844}), work)
    assert violations(desk.page) == []
    work.article.project.labels.filter(key="location").update(archived_at="2025-01-01T00:00Z")
    desk.click("union")
    desk.press("l")
    expect(desk.page.locator("#refused")).to_be_visible()
    assert violations(desk.page) == []


def test_without_javascript_the_article_and_the_list_can_be_read(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben", java_script_enabled=False)
    page.goto(f"/desk/{work.pk}/")
    expect(page.locator("#text .s").first).to_have_text("“Never again,”")
    expect(page.get_by_text("Without JavaScript")).to_be_visible()
    page.get_by_role("link", name="Actor 1").click()
    expect(page.locator("#spans > li:visible")).to_have_count(1)


def test_the_text_stays_where_it_is_when_a_span_is_added(page_of: PageOf, work: AnnotationSet) -> None:
    desk = Desk(page_of("ben"), work)
    before = desk.page.locator("#text > p").evaluate_all("all => all.map(p => p.getBoundingClientRect().top + scrollY)")
    desk.drag("The union rejected")
    desk.expect_saved(4)
    after = desk.page.locator("#text > p").evaluate_all("all => all.map(p => p.getBoundingClientRect().top + scrollY)")
    assert after == before


def test_a_copy_is_plain_text_and_a_quotation_that_names_its_article(page_of: PageOf, work: AnnotationSet) -> None:
    desk = Desk(page_of("ben"), work)
    copied = desk.page.evaluate(
        """() => {
          getSelection().selectAllChildren(document.getElementById('p0'));
          const data = new DataTransfer();
          document.getElementById('text').dispatchEvent(new ClipboardEvent('copy', {clipboardData: data, bubbles: true}));
          return [data.getData('text/plain'), data.getData('text/html')];
        }"""
    )
    quote = TEXT.split("\n", 1)[0]
    assert copied == [
        quote,
        f"<blockquote>{quote}<br>Port reopens. The Courier, 14 March 2025. https://example.org/port</blockquote>",
    ]


def test_ink_without_highlights_is_drawn_in_boxes(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben")
    page.add_init_script("delete CSS.highlights")
    page.goto(f"/desk/{work.pk}/")
    assert page.evaluate("'highlights' in CSS") is False
    page.locator("html[data-desk=ready]").wait_for()
    page.get_by_role("link", name="Ingrid Solheim").click()
    expect(page.locator("#ink > [data-ink=current]")).to_have_count(1)


def test_submitted_work_can_be_looked_through_but_not_changed(page_of: PageOf, work: AnnotationSet) -> None:
    assert work.annotator is not None
    move_set(actor=work.annotator, annotation_set_id=work.pk, action="submit")
    desk = Desk(page_of("ben"), work)
    desk.page.locator("#text").focus()
    desk.press("n")
    desk.press("n")
    assert desk.painted("current") == ["Ingrid Solheim"]
    for key in ("c", "Delete", "Control+z", "Control+Enter"):
        desk.press(key)
    desk.drag("The union")
    desk.expect_saved(3)
    assert violations(desk.page) == []
    desk.page.get_by_role("button", name="Reopen").click()
    expect(desk.page.locator("#labels")).to_be_visible()


def test_a_long_list_is_dressed_as_it_comes_into_view_and_is_one_stop_of_tab(
    page_of: PageOf, work: AnnotationSet
) -> None:
    label = work.article.project.labels.get(key="actor")
    Span.objects.bulk_create(
        Span(annotation_set=work, label=label, fragments=((at, at + 3),), revision=0) for at in range(60, 310)
    )
    desk = Desk(page_of("ben"), work)
    shown = desk.page.locator("#spans > li:not([hidden])")
    expect(shown).to_have_count(100)
    desk.page.locator("#following").scroll_into_view_if_needed()
    expect(shown).to_have_count(200)
    desk.page.locator("#following").scroll_into_view_if_needed()
    expect(shown).to_have_count(253)
    assert desk.page.locator("#spans a").evaluate_all("all => all.filter(({tabIndex}) => tabIndex === 0).length") == 1
    desk.page.locator("#spans a").first.focus()
    desk.press("ArrowDown")
    desk.press("Tab")
    expect(desk.page.locator("#spans a:focus")).to_have_count(0)
