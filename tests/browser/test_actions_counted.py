"""What labelling costs: real key presses and presses of the mouse, counted where the page hears them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from annotations.models import AnnotationSet, Relation
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk, stored
from tests.factories import a_member, a_project, a_set, a_span, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "Wages rise, said Berg, prices fall. The union of Brevik rejected this plan today.\n\n"
    "“We lost,” said Berg, “and no one won.” Berg left. Later Berg came back."
)
COUNTER = """
  window.counted = {keys: 0, presses: 0};
  const held = new Set(['Shift', 'Control', 'Alt', 'Meta']);
  addEventListener('keydown', ({key}) => { if (!held.has(key)) window.counted.keys += 1; }, true);
  addEventListener('pointerdown', () => { window.counted.presses += 1; }, true);
"""


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    return a_set(an_article(project, TEXT, title="Wages", language="en"), a_member(project, "ben"))


@pytest.fixture
def desk(page_of: PageOf, work: AnnotationSet) -> Desk:
    a_span(work, "actor", (TEXT.index("Berg"), TEXT.index("Berg") + 4))
    page = page_of("ben")
    page.add_init_script(COUNTER)
    return Desk(page, work)


def presses(desk: Desk, keys: str) -> None:
    for key in keys.split():
        desk.press(key)


def cost(desk: Desk) -> dict[str, int]:
    """What was pressed since the page was opened, or since this was asked."""
    return dict(desk.page.evaluate("() => { const before = counted; counted = {keys: 0, presses: 0}; return before; }"))


def test_a_span_by_the_mouse_is_one_action(desk: Desk, work: AnnotationSet) -> None:
    desk.drag("prices fall")
    desk.expect_saved(2)
    assert cost(desk) == {"keys": 0, "presses": 1}
    desk.double_click("Brevik")
    desk.expect_saved(3)
    assert cost(desk) == {"keys": 0, "presses": 2}  # of one double click


@pytest.mark.parametrize("words", [1, 2, 5])
def test_a_span_of_k_words_at_the_cursor_is_k_keys(desk: Desk, work: AnnotationSet, words: int) -> None:
    presses(desk, "." + " Shift+ArrowRight" * (words - 1))
    presses(desk, "l")
    desk.expect_saved(2)
    assert cost(desk)["keys"] - 1 == words  # the first went to the place
    assert stored(work)[1] == ("location", [" ".join(["The", "union", "of", "Brevik", "rejected"][:words])])


def test_a_sentence_as_a_claim_is_two_keys(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, "s c")
    desk.expect_saved(2)
    assert cost(desk) == {"keys": 2, "presses": 0}
    assert stored(work)[0] == ("claim", ["Wages rise, said Berg, prices fall."])


def test_a_claim_of_two_and_two_words_is_at_most_eight_keys(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, "Shift+ArrowRight c ArrowRight ArrowRight ArrowRight Shift+ArrowRight f")
    desk.expect_saved(2)
    assert cost(desk)["keys"] <= 8
    assert stored(work)[0] == ("claim", ["Wages rise", "prices fall"])


def test_a_quotation_goes_on_with_one_key(desk: Desk, work: AnnotationSet) -> None:
    desk.choose_label("Claim")
    desk.drag("We lost,")
    desk.expect_saved(2)
    cost(desk)
    presses(desk, "q")
    desk.expect_items("Actor: Berg", "Claim: We lost, … and no one won.")
    assert cost(desk) == {"keys": 1, "presses": 0}


def test_a_link_to_who_says_it_is_two_keys_or_two_presses(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, "s c")
    cost(desk)
    presses(desk, "m 1")
    assert cost(desk) == {"keys": 2, "presses": 0}
    expect(desk.page.locator("#spans > li").first).to_contain_text("made by Berg")
    panel = desk.page.get_by_role("region", name="Current span")
    panel.get_by_role("button", name="Take away: made by Berg").click()
    cost(desk)
    panel.get_by_role("button", name="Add: made by").click()
    panel.get_by_role("button", name="1 Berg").click()
    assert cost(desk) == {"keys": 0, "presses": 2}
    expect(desk.page.locator("#spans > li").first).to_contain_text("made by Berg")
    desk.expect_saved(2)
    assert Relation.objects.count() == 1


def test_all_identical_mentions_are_one_key_and_undone_by_one(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, "n")
    cost(desk)
    presses(desk, "r")
    desk.expect_saved(4)
    assert cost(desk) == {"keys": 1, "presses": 0}
    presses(desk, "Control+z")
    desk.expect_saved(1)
    assert cost(desk) == {"keys": 1, "presses": 0}
    assert stored(work) == [("actor", ["Berg"])]


def test_each_gesture_is_undone_by_one_key(desk: Desk, work: AnnotationSet) -> None:
    before = desk.page.locator("#spans").inner_text()
    for gesture in ("s c", "Shift+ArrowRight l", "n Delete", "n t", "n e"):
        presses(desk, gesture)
        if gesture == "n e":
            desk.type("Berg, Ida")
            presses(desk, "Enter")
        elif gesture == "n t":
            presses(desk, "Escape Escape")
            continue
        cost(desk)
        presses(desk, "Control+z")
        assert cost(desk) == {"keys": 1, "presses": 0}
        desk.expect_saved(1)
        presses(desk, "Escape Home")
    expect(desk.page.locator("#spans")).to_have_text(before.strip(), use_inner_text=True)


@pytest.mark.parametrize(
    ("key", "code", "modifiers"),
    [("&", "Digit1", {}), ("2", "Digit2", {"shiftKey": True}), ("١", "Digit1", {})],
    ids=["unshifted French", "shifted French", "Arabic"],
)
def test_digits_are_found_on_every_keyboard(
    desk: Desk, work: AnnotationSet, key: str, code: str, modifiers: dict[str, bool]
) -> None:
    desk.page.evaluate(
        "([key, code, more]) => document.getElementById('text').dispatchEvent("
        "new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true, ...more}))",
        [key, code, modifiers],
    )
    desk.expect_saved(2)
    assert stored(work)[0] == ("claim" if code == "Digit2" else "actor", ["Wages"])
