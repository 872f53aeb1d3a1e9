"""Suggestions on the desk: dashed marks, accepted and rejected by one key or one click, also without the server."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from annotations.models import AnnotationSet, Label, Project, Relation, RelationLabel, SetKind, Span, SuggestionVerdict
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk, stored
from tests.factories import a_member, a_project, a_set, an_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "“We lost nine days,” said Ingrid Solheim.\n\nThe dockers of Brevik met Ole Brandt and Mia Lund."
CLAIM, SOLHEIM, BRANDT, LUND, BREVIK = (0, 20), (26, 40), (69, 79), (84, 92), (58, 64)


@pytest.fixture
def project() -> Project:
    """One with suggestions of an import only: the engines are switched off for all labels."""
    project = a_project(annotators_per_article=1)
    project.suggestions = True
    project.save()
    for engine in ("repetition", "dictionary", "gazetteer", "quotes"):
        for label in Label.objects.filter(project=project):
            project.engine_switches.create(engine=engine, label=label, is_on=False, at=project.created_at)
    return project


@pytest.fixture
def work(project: Project) -> AnnotationSet:
    article = an_article(project, TEXT, title="Port reopens", language="en")
    labels = {label.key: label for label in Label.objects.filter(project=project)}
    one = AnnotationSet.objects.create(
        article=article, kind=SetKind.SUGGESTION, source="model.jsonl", engine="model", version="3", state="ready"
    )
    spans = {
        name: Span.objects.create(
            annotation_set=one, label=labels[label], fragments=[fragment], score=0.8, revision=0
        )
        for name, label, fragment in (
            ("claim", "claim", CLAIM), ("solheim", "actor", SOLHEIM), ("brevik", "location", BREVIK),
            ("brandt", "actor", BRANDT), ("lund", "actor", LUND),
        )
    }  # fmt: skip
    made_by = RelationLabel.objects.get(project=project, key="made_by")
    Relation.objects.create(
        annotation_set=one, label=made_by, source=spans["claim"], target=spans["solheim"], revision=0
    )
    return a_set(article, a_member(project, "ben"))


@pytest.fixture
def desk(page_of: PageOf, work: AnnotationSet) -> Desk:
    desk = Desk(page_of("ben"), work)
    expect(left(desk)).to_have_count(5)
    return desk


def left(desk: Desk):  # type: ignore[no-untyped-def] # a locator
    return desk.page.locator("#suggestions ol > li:not([hidden])")


def verdicts(work: AnnotationSet) -> dict[str, str]:
    text = work.article.text
    rows = SuggestionVerdict.objects.filter(annotation_set=work)
    return {text[each.fragments[0][0] : each.fragments[0][1]]: each.verdict for each in rows}


def test_suggestions_are_dashed_marks_and_never_in_the_text(desk: Desk, work: AnnotationSet) -> None:
    assert desk.painted("suggested-p0") == ["Ingrid Solheim", "Ole Brandt", "Mia Lund"]
    assert desk.painted("suggested-p1") == ["“We lost nine days,”"]
    assert desk.painted("suggestion") == ["“We lost nine days,”"]
    assert desk.text() == TEXT.replace("\n", "")
    assert desk.page.locator("#text .s").count() == 0
    desk.expect_items()


def test_one_key_accepts_a_claim_with_its_speaker_and_one_undo_takes_both_back(desk: Desk, work: AnnotationSet) -> None:
    desk.press("y")
    desk.expect_saved(2)
    assert stored(work) == [("claim", ["“We lost nine days,”"]), ("actor", ["Ingrid Solheim"])]
    assert Relation.objects.filter(annotation_set=work).count() == 1
    assert verdicts(work) == {"“We lost nine days,”": "accepted", "Ingrid Solheim": "accepted"}
    assert desk.painted("suggestion") == ["Brevik"]
    assert desk.said() == "Accepted: Claim: “We lost nine days,”. Suggestion: Location: Brevik"
    expect(left(desk)).to_have_count(3)
    desk.press("Control+z")
    desk.expect_saved(0)
    expect(left(desk)).to_have_count(5)
    assert set(verdicts(work).values()) == {"withdrawn"}
    desk.press("Control+Shift+Z")
    desk.expect_saved(2)
    expect(left(desk)).to_have_count(3)
    assert set(verdicts(work).values()) == {"accepted"}


def test_x_rejects_and_the_last_rejected_can_be_brought_back(desk: Desk, work: AnnotationSet) -> None:
    desk.press("x")
    expect(left(desk)).to_have_count(4)
    desk.expect_saved(0)
    assert verdicts(work) == {"“We lost nine days,”": "rejected"}
    desk.open()
    expect(left(desk)).to_have_count(4)
    desk.page.get_by_role("button", name="Bring back the last rejected").click()
    expect(left(desk)).to_have_count(5)
    desk.expect_saved(0)
    assert verdicts(work) == {"“We lost nine days,”": "withdrawn"}


def test_shift_y_accepts_all_of_the_label_as_one_step(desk: Desk, work: AnnotationSet) -> None:
    desk.click("Solheim")
    expect(left(desk).locator("xpath=self::*[@aria-current]")).to_contain_text(["Ingrid Solheim"])
    desk.press("Shift+Y")
    desk.expect_saved(3)
    assert stored(work) == [("actor", ["Ingrid Solheim"]), ("actor", ["Ole Brandt"]), ("actor", ["Mia Lund"])]
    desk.press("Control+z")
    desk.expect_saved(0)
    expect(left(desk)).to_have_count(5)


def test_the_mouse_accepts_and_rejects_in_the_list(desk: Desk, work: AnnotationSet) -> None:
    item = left(desk).filter(has_text="Ole Brandt")
    item.get_by_role("button", name="Accept").click()
    desk.expect_saved(1)
    left(desk).filter(has_text="Mia Lund").get_by_role("button", name="Reject").click()
    expect(left(desk)).to_have_count(3)
    desk.expect_saved(1)
    assert verdicts(work) == {"Ole Brandt": "accepted", "Mia Lund": "rejected"}


def test_what_is_labelled_by_hand_is_suggested_no_more(desk: Desk, work: AnnotationSet) -> None:
    desk.double_click("Brandt")
    desk.expect_saved(1)
    expect(left(desk)).to_have_count(4)
    assert verdicts(work) == {}


def test_what_was_accepted_and_edited_counts_as_edited(desk: Desk, work: AnnotationSet) -> None:
    left(desk).filter(has_text="Brevik").get_by_role("button", name="Accept").click()
    desk.expect_saved(1)
    desk.click("Brevik")
    desk.press("a")
    expect(desk.page.locator("#spans > li.p0")).to_have_count(1)
    desk.expect_saved(1)
    assert verdicts(work) == {"Brevik": "edited"}


def test_without_the_server_verdicts_wait_in_the_browser(
    desk: Desk, work: AnnotationSet, expected_noise: list[str]
) -> None:
    expected_noise.append("ERR_INTERNET_DISCONNECTED")
    desk.page.context.set_offline(True)
    desk.press("y")
    desk.press("x")
    desk.expect_state("4 wait in this browser")
    expect(left(desk)).to_have_count(2)
    assert verdicts(work) == {}
    desk.page.context.set_offline(False)
    desk.expect_saved(2)
    assert verdicts(work) == {
        "“We lost nine days,”": "accepted", "Ingrid Solheim": "accepted", "Brevik": "rejected",
    }  # fmt: skip


def test_the_list_is_worked_by_keyboard_alone(desk: Desk, work: AnnotationSet) -> None:
    left(desk).first.locator(".words").focus()
    desk.press("ArrowDown")
    expect(left(desk).nth(1).locator(".words")).to_be_focused()
    desk.press("x")
    expect(left(desk).nth(1)).to_contain_text("Brevik")
    expect(left(desk).nth(1).locator(".words")).to_be_focused()
    desk.press("y")
    desk.expect_saved(1)
    assert verdicts(work) == {"Ingrid Solheim": "rejected", "Brevik": "accepted"}


def test_folded_away_nothing_is_marked(desk: Desk, work: AnnotationSet) -> None:
    desk.page.locator("#suggestions > summary").click()
    assert desk.painted("suggested-p0") == []
    desk.page.locator("#text").focus()
    desk.press("y")
    expect(desk.page.locator("#live")).to_have_text("There is no suggestion.")
    desk.expect_saved(0)


def test_on_a_phone_the_verdict_comes_to_the_mark_that_was_tapped(page_of: PageOf, work: AnnotationSet) -> None:
    desk = Desk(page_of("ben", viewport={"width": 390, "height": 844}), work)
    expect(left(desk)).to_have_count(5)
    desk.click("Brandt")
    at_hand = desk.page.locator("#suggestions.met ol > li").filter(visible=True)
    expect(at_hand).to_have_count(1)
    at_hand.filter(has_text="Ole Brandt").get_by_role("button", name="Accept").click()
    desk.expect_saved(1)
    assert stored(work) == [("actor", ["Ole Brandt"])]
    expect(desk.page.locator("#suggestions.met")).to_have_count(0)
