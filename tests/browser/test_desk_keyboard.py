"""Labelling with the keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from annotations.models import AnnotationSet, Relation
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk, stored
from tests.factories import a_member, a_project, a_set, a_span, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "Crane crews went home. The settlement rewards a blockade, said opposition members in Oslo.\n\n"
    "The union rejected this.\n\nשלום עולם טוב"
)


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    return a_set(an_article(project, TEXT, title="Port reopens", language="en"), a_member(project, "ben"))


@pytest.fixture
def desk(page_of: PageOf, work: AnnotationSet) -> Desk:
    return Desk(page_of("ben"), work)


def presses(desk: Desk, keys: str) -> None:
    for key in keys.split():
        desk.press(key)


def test_the_text_has_the_focus_and_a_letter_labels_the_word_or_the_selection(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, "Shift+ArrowRight a ArrowRight ArrowRight ArrowRight l")
    desk.expect_saved(2)
    assert stored(work) == [("actor", ["Crane crews"]), ("location", ["The"])]


def test_a_sentence_is_a_claim_with_two_keys(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, ". s c")
    desk.expect_saved(1)
    assert stored(work) == [("claim", ["The settlement rewards a blockade, said opposition members in Oslo."])]


def test_digits_and_space_label_too(desk: Desk, work: AnnotationSet) -> None:
    desk.press("3")
    presses(desk, "ArrowRight Space")
    desk.expect_saved(2)
    assert stored(work) == [("location", ["Crane"]), ("actor", ["crews"])]


def test_letters_work_with_another_alphabet_on_the_keyboard(desk: Desk, work: AnnotationSet) -> None:
    desk.page.evaluate(
        "document.getElementById('text').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'д', code: 'KeyL', bubbles: true, cancelable: true}))"
    )
    desk.expect_saved(1)
    assert stored(work) == [("location", ["Crane"])]


def test_a_claim_in_two_parts(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, "Shift+ArrowRight c . ArrowRight Shift+ArrowRight f")
    desk.expect_saved(1)
    desk.expect_items("Claim: Crane crews … settlement rewards")
    assert stored(work) == [("claim", ["Crane crews", "settlement rewards"])]
    presses(desk, "Home Shift+ArrowRight Shift+F")
    desk.expect_items("Claim: settlement rewards")
    presses(desk, "ArrowLeft f")
    desk.expect_items("Claim: Crane … settlement rewards")
    presses(desk, "Shift+F")
    desk.expect_items("Claim: settlement rewards")
    presses(desk, ". ArrowRight ArrowRight Shift+F")
    expect(desk.page.locator("#live")).to_contain_text("A span keeps one part at least")


def test_ends_move_by_one_character(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, "Shift+ArrowRight Alt+ArrowLeft a")
    desk.expect_items("Actor: Crane crew")
    presses(desk, "Alt+Shift+ArrowRight Alt+ArrowRight")
    desk.expect_items("Actor: rane crews")
    desk.expect_saved(1)
    assert stored(work) == [("actor", ["rane crews"])]


def test_a_claim_is_linked_with_two_keys_and_the_choice_is_said(page_of: PageOf, work: AnnotationSet) -> None:
    crews = a_span(work, "actor", (0, 11))
    members = a_span(work, "actor", (TEXT.index("opposition"), TEXT.index(" in Oslo")))
    oslo = a_span(work, "location", (TEXT.index("Oslo"), TEXT.index("Oslo") + 4))
    desk = Desk(page_of("ben"), work)
    presses(desk, ". Shift+ArrowRight c m")
    assert desk.said() == "made by: 1 opposition members, 2 Crane crews"  # who says it before who is nearer
    assert sorted(desk.painted("choice")) == ["Crane crews", "opposition members"]
    presses(desk, "1 k 1")
    expect(desk.page.locator("#spans > li").nth(1)).to_contain_text("located in Oslo")
    assert set(Relation.objects.values_list("label__key", "target")) == {
        ("made_by", members.pk),
        ("located_in", oslo.pk),
    }
    presses(desk, "m 2")
    expect(desk.page.locator("#spans > li").nth(1)).to_contain_text("made by Crane crews")
    assert Relation.objects.filter(target=crews.pk).count() == 1


def test_attributes_entity_and_note_by_their_keys(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, "c t 2")
    desk.press("e")
    desk.type("Crews")
    desk.press("Enter")
    desk.press(";")
    desk.type("sure?")
    desk.press("Enter")
    expect(desk.page.locator("#text")).to_be_focused()
    expect(desk.page.locator("#spans small")).to_contain_text("sure?")
    span = work.spans.get()
    assert span.entity is not None
    assert (span.attributes, span.entity.name, span.note) == ({"stance": "opposes"}, "Crews", "sure?")


def test_going_from_span_to_span_and_from_the_inside_out(page_of: PageOf, work: AnnotationSet) -> None:
    a_span(work, "actor", (0, 11))
    a_span(work, "location", (0, 5))
    a_span(work, "actor", (TEXT.index("The union"), TEXT.index(" rejected")))
    desk = Desk(page_of("ben"), work)
    presses(desk, "n n n")
    assert desk.painted("current") == ["The union"]
    presses(desk, "p")
    assert desk.painted("current") == ["Crane crews"]
    presses(desk, "o")
    assert desk.painted("current") == ["Crane"]
    presses(desk, "c")
    desk.expect_items("Claim: Crane", "Actor: Crane crews", "Actor: The union")
    presses(desk, "Delete")
    desk.expect_items("Actor: Crane crews", "Actor: The union")
    desk.expect_saved(2)


def test_undo_and_redo_also_after_a_reload(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, "a . s c m 1")
    desk.expect_saved(2)
    expect(desk.page.locator("#spans > li").nth(1)).to_contain_text("made by Crane")
    presses(desk, "Delete")
    desk.expect_saved(1)
    desk.page.reload()
    desk.wait_until_ready()
    presses(desk, "Control+z")
    desk.expect_saved(2)
    expect(desk.page.locator("#spans > li").nth(1)).to_contain_text("made by Crane")
    presses(desk, "Control+z Control+z")
    desk.expect_items("Actor: Crane")
    presses(desk, "Control+Shift+Z Control+y")
    desk.expect_saved(2)
    expect(desk.page.locator("#spans > li").nth(1)).to_contain_text("made by Crane")
    presses(desk, "Control+z Control+z Control+z")
    desk.expect_saved(0)
    assert stored(work) == []
    presses(desk, "Control+z")
    expect(desk.page.locator("#live")).to_have_text("Nothing to undo")


def test_arrows_follow_the_direction_of_the_writing(desk: Desk, work: AnnotationSet) -> None:
    presses(desk, "] ] a ArrowLeft l")
    desk.expect_saved(2)
    assert stored(work) == [("actor", ["שלום"]), ("location", ["עולם"])]


def test_the_list_takes_the_keys_too(page_of: PageOf, work: AnnotationSet) -> None:
    a_span(work, "actor", (0, 11))
    a_span(work, "location", (TEXT.index("Oslo"), TEXT.index("Oslo") + 4))
    desk = Desk(page_of("ben"), work)
    desk.page.locator("#spans a").first.focus()
    presses(desk, "ArrowDown")
    expect(desk.page.locator("#spans [aria-current=true] q")).to_have_text("Oslo")
    presses(desk, "a")
    desk.expect_items("Actor: Crane crews", "Actor: Oslo")
    expect(desk.page.locator("#spans a").nth(1)).to_be_focused()
    presses(desk, "Delete")
    desk.expect_items("Actor: Crane crews")
    presses(desk, "Enter")
    expect(desk.page.locator("#text")).to_be_focused()
    desk.expect_saved(1)


def test_tab_always_leaves_the_text_and_letters_then_do_nothing(desk: Desk, work: AnnotationSet) -> None:
    desk.press("Tab")
    expect(desk.page.locator("#text")).not_to_be_focused()
    desk.press("c")
    desk.expect_saved(0)


def test_help_and_the_mode_for_screen_readers(desk: Desk) -> None:
    desk.press("?")
    expect(desk.page.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.press("Escape")
    desk.press("F2")
    expect(desk.page.locator("#text")).to_have_attribute("role", "application")
    desk.press("Escape")
    expect(desk.page.locator("#text")).to_have_attribute("role", "group")
