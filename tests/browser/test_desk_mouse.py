"""Labelling with the mouse, and with a finger."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from annotations.models import AnnotationSet, Relation
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk, stored
from tests.factories import a_member, a_project, a_set, a_span, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "The port of Brevik reopened on Friday after crane crews accepted higher night rates.\n\n"
    "“We lost nine days and no one won,” said Ingrid Solheim, who leads the Brevik Dockers’ Union. "
    "“But nobody will be sent up a crane alone after midnight again.”\n\nIngrid Solheim went home."
)


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    return a_set(an_article(project, TEXT, title="Port reopens", language="en"), a_member(project, "ben"))


@pytest.fixture
def desk(page_of: PageOf, work: AnnotationSet) -> Desk:
    return Desk(page_of("ben"), work)


def test_a_drag_with_the_chosen_label_makes_a_span_of_whole_words(desk: Desk, work: AnnotationSet) -> None:
    desk.drag("rane crew")
    desk.expect_items("Actor: crane crews")
    desk.expect_saved(1)
    assert stored(work) == [("actor", ["crane crews"])]
    expect(desk.page.locator("#text .s")).to_have_text(["crane crews"])
    assert desk.text() == TEXT.replace("\n", "")


def test_the_label_stays_chosen_until_another_is(desk: Desk, work: AnnotationSet) -> None:
    desk.choose_label("Location")
    desk.double_click("Brevik")
    desk.double_click("Friday")
    desk.choose_label("Claim")
    desk.drag("“We lost nine days and no one won,”")
    desk.expect_saved(3)
    assert stored(work) == [
        ("location", ["Brevik"]),
        ("location", ["Friday"]),
        ("claim", ["“We lost nine days and no one won,”"]),
    ]


def test_quick_hands_lose_nothing_on_a_busy_page(desk: Desk, work: AnnotationSet) -> None:
    desk.page.add_init_script(
        "const later = window.setTimeout; window.setTimeout = (what, time, ...more) => later(what, time || 400, ...more);"
    )
    desk.open()
    desk.double_click("Brevik")
    desk.double_click("Friday")
    desk.drag("crane crews")
    desk.choose_label("Location")
    desk.double_click("Union")
    desk.expect_saved(4)
    assert stored(work) == [
        ("actor", ["Brevik"]),
        ("actor", ["Friday"]),
        ("actor", ["crane crews"]),
        ("location", ["Union"]),
    ]


def test_exact_characters_with_alt_or_the_button(desk: Desk, work: AnnotationSet) -> None:
    desk.page.keyboard.down("Alt")
    desk.drag("rane crew")
    desk.page.keyboard.up("Alt")
    desk.page.get_by_role("button", name="Exact").click()
    desk.drag("igher nigh")
    desk.expect_saved(2)
    assert stored(work) == [("actor", ["rane crew"]), ("actor", ["igher nigh"])]


def test_a_span_may_cross_paragraphs_and_others(desk: Desk, work: AnnotationSet) -> None:
    desk.choose_label("Claim")
    desk.drag("midnight again.”Ingrid")
    desk.choose_label("Actor")
    desk.drag("again.”Ingrid Solheim")
    desk.expect_saved(2)
    assert stored(work) == [
        ("claim", ["midnight again.”\n\nIngrid"]),
        ("actor", ["again.”\n\nIngrid Solheim"]),
    ]
    expect(desk.page.locator("#text .s")).to_have_text(["midnight ", "again.”", "Ingrid", " Solheim"])


def test_a_click_takes_up_the_inner_span_and_again_the_one_around_it(page_of: PageOf, work: AnnotationSet) -> None:
    a_span(work, "actor", (TEXT.index("Ingrid Solheim, who"), TEXT.index("Union") + 5))
    a_span(work, "location", (TEXT.index("Brevik Dockers"), TEXT.index("Brevik Dockers") + 6))
    desk = Desk(page_of("ben"), work)
    current = desk.page.locator("#spans [aria-current=true] q").first
    desk.click("Brevik Dockers")
    expect(current).to_have_text("Brevik")
    desk.page.wait_for_timeout(600)  # longer than a double click
    desk.click("Brevik Dockers")
    expect(current).to_have_text("Ingrid Solheim, who leads the Brevik Dockers’ Union")
    desk.click("went")
    expect(desk.page.locator("#spans [aria-current=true]")).to_have_count(0)


def test_the_panel_labels_links_describes_and_deletes(page_of: PageOf, work: AnnotationSet) -> None:
    solheim = TEXT.index("Ingrid Solheim, who")
    actor = a_span(work, "actor", (solheim, solheim + 14))
    claim = a_span(work, "actor", (TEXT.index("We lost"), TEXT.index(",” said")))
    desk = Desk(page_of("ben"), work)
    panel = desk.page.get_by_role("region", name="Current span")
    desk.click("nine days")
    panel.get_by_role("button", name="Claim").click()
    panel.get_by_role("button", name="Add: made by").click()
    panel.get_by_role("button", name="1 Ingrid Solheim").click()
    panel.get_by_role("button", name="opposes").click()
    panel.get_by_label("Entity").fill("Nine lost days")
    panel.get_by_label("Note").fill("literal")
    panel.get_by_label("Note").blur()
    expect(desk.page.locator("#spans > li").first.locator("small")).to_have_text(
        "made by Ingrid Solheimopposesnotes".replace("notes", "Nine lost daysliteral")
    )
    claim.refresh_from_db()
    assert claim.entity is not None
    assert (claim.label.key, claim.attributes, claim.entity.name, claim.note) == (
        "claim", {"stance": "opposes"}, "Nine lost days", "literal",
    )  # fmt: skip
    assert list(Relation.objects.values_list("source", "label__key", "target")) == [(claim.pk, "made_by", actor.pk)]
    panel.get_by_role("button", name="Take away: made by Ingrid Solheim").click()
    expect(desk.page.locator("#spans > li").first).to_contain_text("none yet")
    panel.get_by_role("button", name="Delete").click()
    desk.expect_items("Actor: Ingrid Solheim")
    desk.expect_saved(1)
    assert not Relation.objects.exists()


def test_a_part_is_added_with_ctrl_or_the_button_and_taken_away_in_the_panel(desk: Desk, work: AnnotationSet) -> None:
    desk.choose_label("Claim")
    desk.drag("We lost nine days")
    desk.page.keyboard.down("Control")
    desk.drag("nobody will be")
    desk.page.keyboard.up("Control")
    adding = desk.page.get_by_role("button", name="Add part")
    adding.click()
    desk.double_click("Friday")
    adding.click()
    desk.double_click("rates")
    desk.expect_saved(2)
    assert stored(work) == [
        ("claim", ["Friday", "We lost nine days", "nobody will be"]),
        ("claim", ["rates"]),
    ]
    desk.click("nobody will")
    panel = desk.page.get_by_role("region", name="Current span")
    panel.get_by_role("button", name="Take away the part: Friday").click()
    desk.expect_items("Claim: rates", "Claim: We lost nine days … nobody will be")


def test_a_finger_adds_a_part(page_of: PageOf, work: AnnotationSet) -> None:
    a_span(work, "claim", (TEXT.index("crane"), TEXT.index("crane") + 11))
    page = page_of("ben", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    desk = Desk(page, work)
    toolbar = page.get_by_role("toolbar", name="Labels")
    left, top, _right, _bottom = desk.box("crane")
    page.touchscreen.tap(left + 5, top)
    toolbar.get_by_role("button", name="Tap").tap()
    left, top, right, _bottom = desk.box("Friday")
    page.touchscreen.tap((left + right) / 2, top)
    toolbar.get_by_role("button", name="Add part").tap()
    expect(page.locator("#spans small")).to_contain_text("2 parts")
    desk.expect_saved(1)
    assert stored(work) == [("claim", ["Friday", "crane crews"])]


def test_identical_mentions_are_labelled_together(desk: Desk, work: AnnotationSet) -> None:
    desk.drag("Ingrid Solheim")
    desk.expect_saved(1)
    desk.page.get_by_role("button", name="1 more of this here").click()
    desk.expect_saved(2)
    assert stored(work) == [("actor", ["Ingrid Solheim"])] * 2
    assert sorted(work.spans.values_list("origin", flat=True)) == ["propagated", "typed"]


def test_the_list_shows_one_label_and_leads_to_its_spans(page_of: PageOf, work: AnnotationSet) -> None:
    a_span(work, "location", (TEXT.index("Brevik"), TEXT.index("Brevik") + 6))
    a_span(work, "actor", (TEXT.index("crane"), TEXT.index("crane") + 11))
    desk = Desk(page_of("ben"), work)
    desk.page.get_by_role("navigation", name="Show only").get_by_role("link", name="Actor 1").click()
    expect(desk.page.locator("#spans > li:visible")).to_have_count(1)
    desk.page.get_by_role("link", name="crane crews").click()
    assert desk.painted("current") == ["crane crews"]


def test_a_finger_taps_the_first_and_the_last_word_then_a_label(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    desk = Desk(page, work)
    toolbar = page.get_by_role("toolbar", name="Labels")
    toolbar.get_by_role("button", name="Tap").tap()
    for word in ("crane", "rates"):
        left, top, right, _bottom = desk.box(word)
        page.touchscreen.tap((left + right) / 2, top)
        page.wait_for_timeout(400)  # or the second tap is a zoom
    assert desk.painted("selection") == ["crane crews accepted higher night rates"]
    assert stored(work) == []
    toolbar.get_by_role("button", name="Claim").tap()
    desk.expect_saved(1)
    assert stored(work) == [("claim", ["crane crews accepted higher night rates"])]


def test_fingers_find_targets_of_44_pixels_and_nothing_scrolls_sideways(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    Desk(page, work)
    boxes = [button.bounding_box() for button in page.locator("#labels button").all()]
    assert [box for box in boxes if box is None or min(box["width"], box["height"]) < 44] == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_finger_selects_and_the_bar_labels(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    desk = Desk(page, work)
    left, top, _right, _bottom = desk.box("Brevik")
    page.touchscreen.tap(left + 5, top)
    page.evaluate(
        """() => {
          const [node] = [...document.getElementById('p0').childNodes];
          const at = node.data.indexOf('crane crews');
          getSelection().setBaseAndExtent(node, at + 2, node, at + 8);
        }"""
    )
    page.wait_for_timeout(50)
    page.evaluate("getSelection().removeAllRanges()")  # as some systems do when the bar is tapped
    page.get_by_role("toolbar", name="Labels").get_by_role("button", name="Actor").tap()
    desk.expect_saved(1)
    assert stored(work) == [("actor", ["crane crews"])]


def test_a_click_that_slips_makes_no_span(desk: Desk, work: AnnotationSet) -> None:
    left, top, _right, _bottom = desk.box("reopened")
    mouse = desk.page.mouse
    mouse.move(left + 10, top)
    mouse.down()
    mouse.move(left + 13, top)
    mouse.up()
    desk.drag("Ingrid Solheim")
    desk.expect_saved(1)
    assert stored(work) == [("actor", ["Ingrid Solheim"])]
