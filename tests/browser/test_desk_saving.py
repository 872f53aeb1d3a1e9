"""Nothing is lost and nothing is applied twice: offline, failing servers, closed tabs, two tabs, other people."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Route, expect

from annotations.models import AnnotationSet, Change, SetState, Span
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk, let_go, stored
from tests.factories import a_member, a_project, a_set, a_span, an_article, put_span

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "Crane crews went home to Oslo.\n\nThe union rejected this.\n\nNobody was hurt."
OFFLINE = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    return a_set(an_article(project, TEXT, title="Port reopens", language="en"), a_member(project, "ben"))


@pytest.fixture
def desk(page_of: PageOf, work: AnnotationSet) -> Desk:
    return Desk(page_of("ben"), work)


def hold_in(waiting: list[Route]) -> Callable[[Route], None]:
    """Keeps requests back until the test lets them go."""

    def hold(route: Route) -> None:
        waiting.append(route)

    return hold


def edit_elsewhere(work: AnnotationSet, span: Span, label: str, *fragments: tuple[int, int]) -> None:
    assert work.annotator is not None
    change = put_span(label, *fragments, uuid=span.pk, base=span.revision)
    applied = apply_changes(actor=work.annotator, annotation_set_id=work.pk, changes=[change])
    assert [result.status for result in applied.results] == ["applied"]


def test_ink_is_there_before_the_server_answers_and_goes_with_its_answer(desk: Desk) -> None:
    waiting: list[Route] = []
    desk.page.route("**/changes/", hold_in(waiting))
    desk.drag("Crane crews")
    desk.expect_state("saving")
    assert desk.painted("waiting-p0") == ["Crane crews"]
    desk.expect_items("Actor: Crane crews")
    assert desk.item("Crane crews") == "not yet saved"
    expect(desk.page.locator("#text .s")).to_have_count(0)
    let_go(desk.page, waiting)
    desk.expect_saved(1)
    expect(desk.page.locator("#text .s")).to_have_text(["Crane crews"])
    assert desk.painted("waiting-p0") == []


def test_work_goes_on_offline_survives_a_closed_tab_and_is_sent_once_in_order(
    desk: Desk, work: AnnotationSet, expected_noise: list[str]
) -> None:
    expected_noise.append(OFFLINE)
    context = desk.page.context
    context.set_offline(True)
    for key in ("a", "c", "Shift+ArrowRight", "c", "m", "1", "End", "l", "Control+z", "l"):
        desk.press(key)
    desk.expect_state("6 wait in this browser")
    desk.page.close()
    assert stored(work) == []
    context.set_offline(False)
    again = Desk(context.new_page(), work)
    again.expect_saved(3)
    again.expect_items("Claim: Crane", "Claim: Crane crews", "Location: Oslo")
    assert stored(work) == [("claim", ["Crane"]), ("claim", ["Crane crews"]), ("location", ["Oslo"])]
    assert Change.objects.count() == 6


def test_what_waited_is_sent_when_the_network_is_back(
    desk: Desk, work: AnnotationSet, expected_noise: list[str]
) -> None:
    expected_noise.append(OFFLINE)
    desk.page.context.set_offline(True)
    desk.drag("Crane crews")
    desk.expect_state("1 waits in this browser")
    desk.page.context.set_offline(False)
    desk.expect_saved(1)
    assert stored(work) == [("actor", ["Crane crews"])]


def test_a_lost_answer_is_asked_for_again_and_nothing_is_applied_twice(
    desk: Desk, work: AnnotationSet, expected_noise: list[str]
) -> None:
    expected_noise.append(OFFLINE)
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    desk.page.route("**/changes/", lose_the_first)
    desk.drag("Crane crews")
    desk.expect_saved(1)
    expect(desk.page.locator("#text .s")).to_have_text(["Crane crews"])
    assert lost == [200]
    assert Change.objects.count() == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_in_trouble_is_tried_again(
    desk: Desk, work: AnnotationSet, expected_noise: list[str], status: int
) -> None:
    expected_noise.append(f"status of {status}")
    troubles = [1, 2]
    desk.page.route(
        "**/changes/", lambda route: route.fulfill(status=status) if troubles and troubles.pop() else route.continue_()
    )
    desk.drag("Crane crews")
    desk.expect_saved(1)
    assert stored(work) == [("actor", ["Crane crews"])]


def test_two_tabs_show_the_same_and_one_undoes_what_the_other_did(desk: Desk, work: AnnotationSet) -> None:
    other = Desk(desk.page.context.new_page(), work)
    desk.page.bring_to_front()
    desk.drag("Crane crews")
    desk.drag("The union")
    other.expect_saved(2)
    other.expect_items("Actor: Crane crews", "Actor: The union")
    other.page.bring_to_front()
    other.press("Control+z")
    desk.expect_items("Actor: Crane crews")
    other.press("Control+Shift+Z")
    desk.expect_saved(2)
    other.expect_saved(2)
    assert desk.page.locator("#text").inner_html() == other.page.locator("#text").inner_html()


def test_a_span_changed_elsewhere_is_asked_about_and_mine_can_be_kept(page_of: PageOf, work: AnnotationSet) -> None:
    span = a_span(work, "actor", (0, 11))
    desk = Desk(page_of("ben"), work)
    edit_elsewhere(work, span, "actor", (0, 5))
    desk.click("Crane")
    desk.press("l")
    refused = desk.page.locator("#refused")
    expect(refused).to_contain_text("This was changed elsewhere in the meantime.")
    expect(refused.locator("q")).to_have_text("Crane crews")
    desk.expect_items("Actor: Crane")
    refused.get_by_role("button", name="Keep mine").click()
    expect(refused).to_be_hidden()
    expect(desk.page.locator("#text .s.p2")).to_have_text(["Crane crews"])
    assert stored(work) == [("location", ["Crane crews"])]


def test_or_theirs_can_be_taken_which_survives_a_reload(page_of: PageOf, work: AnnotationSet) -> None:
    span = a_span(work, "actor", (0, 11))
    desk = Desk(page_of("ben"), work)
    edit_elsewhere(work, span, "actor", (0, 5))
    desk.click("Crane")
    desk.press("Delete")
    expect(desk.page.locator("#refused")).to_be_visible()
    desk.open()
    desk.page.locator("#refused").get_by_role("button", name="Take theirs").click()
    expect(desk.page.locator("#refused")).to_be_hidden()
    assert stored(work) == [("actor", ["Crane"])]
    desk.open()
    expect(desk.page.locator("#refused")).to_be_hidden()


def test_what_the_server_refuses_is_listed_with_its_reason_and_holds_up_nothing(
    desk: Desk, work: AnnotationSet
) -> None:
    work.article.project.labels.filter(key="location").update(archived_at="2025-01-01T00:00Z")
    desk.double_click("Oslo")
    desk.press("l")
    desk.drag("The union")
    desk.expect_saved(2)
    refused = desk.page.locator("#refused")
    expect(refused).to_contain_text("The project has no label “location”.")
    desk.expect_items("Actor: Oslo", "Actor: The union")
    refused.get_by_role("button", name="Discard").click()
    expect(refused).to_be_hidden()


def test_signed_out_the_edits_stay_until_one_is_back(
    desk: Desk, work: AnnotationSet, expected_noise: list[str]
) -> None:
    expected_noise.append(r"status of 40[13]")
    Session.objects.all().delete()
    desk.drag("Crane crews")
    stopped = desk.page.locator("#stopped")
    expect(stopped).to_contain_text("You are signed out. Sign in in a new tab; nothing is lost")
    expect(stopped.get_by_role("link", name="Sign in")).to_have_attribute("target", "_blank")
    desk.expect_state("1 waits in this browser")
    with desk.page.expect_popup() as opened:
        stopped.get_by_role("link", name="Sign in").click()
    opened.value.get_by_label("Username").fill("ben")
    opened.value.get_by_label("Password").fill("benben")
    opened.value.keyboard.press("Enter")
    opened.value.get_by_role("heading", name="Projects").wait_for()
    stopped.get_by_role("button", name="Try again").click()
    desk.expect_saved(1)
    expect(stopped).to_be_hidden()
    assert stored(work) == [("actor", ["Crane crews"])]


def test_an_edit_of_submitted_work_stays_and_the_page_says_why(
    desk: Desk, work: AnnotationSet, expected_noise: list[str]
) -> None:
    expected_noise.append("status of 409")
    assert work.annotator is not None
    move_set(actor=work.annotator, annotation_set_id=work.pk, action="submit")
    desk.drag("Crane crews")
    expect(desk.page.locator("#stopped")).to_contain_text("This work is submitted; reopen it to go on.")
    desk.expect_state("1 waits in this browser")
    move_set(actor=work.annotator, annotation_set_id=work.pk, action="reopen")
    desk.page.get_by_role("button", name="Try again").click()
    desk.expect_saved(1)


def test_an_answer_does_not_take_the_paragraph_from_under_the_hand(desk: Desk) -> None:
    waiting: list[Route] = []
    desk.page.route("**/changes/", hold_in(waiting))
    desk.drag("Crane crews")
    desk.expect_state("saving")
    left, top, right, _bottom = desk.box("home to Oslo")
    mouse = desk.page.mouse
    mouse.move(left + 2, top)
    mouse.down()
    mouse.move((left + right) / 2, top, steps=3)
    let_go(desk.page, waiting)
    desk.expect_saved(0)  # the queue is empty, but the text waits
    expect(desk.page.locator("#text .s")).to_have_count(0)
    assert desk.page.evaluate("getSelection().toString()") != ""
    desk.page.unroute("**/changes/")
    mouse.move(right - 2, top, steps=3)
    mouse.up()
    desk.expect_saved(2)
    expect(desk.page.locator("#text .s")).to_have_text(["Crane crews", "home to Oslo"])


def test_submit_comes_after_the_edits_and_brings_the_next_article(desk: Desk, work: AnnotationSet) -> None:
    after = an_article(work.article.project, "Another text about Oslo.", "a2", title="Second")
    sent: list[str] = []
    desk.page.on(
        "request", lambda request: sent.append(request.url.rsplit("/", 2)[-2]) if request.method == "POST" else None
    )
    desk.drag("Crane crews")
    desk.press("Control+Enter")
    desk.page.get_by_role("heading", name="Second").wait_for()
    assert sent == ["changes", "submit", "next"]
    work.refresh_from_db()
    assert (work.state, stored(work)) == (SetState.SUBMITTED, [("actor", ["Crane crews"])])
    claimed = AnnotationSet.objects.get(article=after)
    assert desk.page.url.endswith(f"/desk/{claimed.pk}/")


def test_skipping_asks_why_and_the_last_article_leads_to_the_project(desk: Desk, work: AnnotationSet) -> None:
    desk.page.get_by_text("More", exact=True).click()
    desk.page.get_by_role("button", name="Skip this article…").click()
    dialog = desk.page.get_by_role("dialog", name="Skip this article")
    dialog.get_by_label("Why?").fill("Not news")
    dialog.get_by_role("button", name="Skip").click()
    desk.page.wait_for_url("**/projects/press/")
    work.refresh_from_db()
    assert (work.state, work.comments.get().text) == (SetState.SKIPPED, "Not news")


def test_a_flag_is_told_to_the_reviewers_and_the_work_goes_on(desk: Desk, work: AnnotationSet) -> None:
    desk.page.get_by_text("More", exact=True).click()
    desk.page.get_by_role("button", name="Flag for the reviewers…").click()
    dialog = desk.page.get_by_role("dialog", name="Flag for the reviewers")
    dialog.get_by_label("What is unclear?").fill("Two unions")
    dialog.get_by_role("button", name="Flag").click()
    expect(desk.page.locator("#flagged")).to_be_visible()
    work.refresh_from_db()
    assert (work.state, work.comments.get().text) == (SetState.IN_PROGRESS, "Two unions")


def test_a_change_says_what_it_builds_on(desk: Desk, expected_noise: list[str]) -> None:
    expected_noise.append(OFFLINE)
    bodies: list[list[dict[str, Any]]] = []
    desk.page.on(
        "request",
        lambda request: (
            bodies.append(json.loads(request.post_data or "")["changes"])
            if request.method == "POST" and request.url.endswith("/changes/")
            else None
        ),
    )
    desk.press("a")
    desk.expect_saved(1)
    desk.page.context.set_offline(True)
    desk.press("c")
    desk.press("Delete")
    desk.expect_state("2 wait in this browser")
    bodies.clear()
    desk.page.context.set_offline(False)
    desk.expect_saved(0)
    (relabelled, deleted) = bodies[-1]
    assert (relabelled["base"], deleted["base"]) == (1, relabelled["id"])
    assert relabelled["value"] == {"label": "claim", "fragments": [[0, 5]], "quote": "Crane"}


def test_what_was_left_on_another_article_is_sent_from_here(
    desk: Desk, work: AnnotationSet, expected_noise: list[str]
) -> None:
    expected_noise.append(OFFLINE)
    assert work.annotator is not None
    second = a_set(an_article(work.article.project, "Another text about Oslo.", "a2"), work.annotator)
    context = desk.page.context
    context.set_offline(True)
    desk.drag("Crane crews")
    desk.expect_state("1 waits in this browser")
    desk.page.close()
    context.set_offline(False)
    other = Desk(context.new_page(), second)
    other.double_click("Oslo")
    other.expect_saved(1)
    assert (stored(work), stored(second)) == ([("actor", ["Crane crews"])], [("actor", ["Oslo"])])


def test_when_one_tab_submits_the_other_shows_it(desk: Desk, work: AnnotationSet) -> None:
    other = Desk(desk.page.context.new_page(), work)
    desk.page.bring_to_front()
    desk.press("Control+Enter")
    desk.page.wait_for_url("**/projects/press/")
    expect(other.page.get_by_text("You submitted this article.")).to_be_visible()


def test_the_open_page_keeps_the_article(page_of: PageOf, work: AnnotationSet) -> None:
    page = page_of("ben")
    page.clock.install()
    Desk(page, work)
    with page.expect_response("**/lease/") as answered:
        page.clock.fast_forward(61_000)
    assert answered.value.status == 204
    work.refresh_from_db()
    assert work.lease_expires_at is not None
