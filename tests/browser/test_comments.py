"""Questions and doubts on the desk: one key, also offline, and the answer that comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from annotations.models import AnnotationSet, Comment, User
from annotations.services.comments import answer_thread, begin_thread
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def work() -> AnnotationSet:
    """Ben's work in progress, with an actor."""
    project = a_project()
    people = the_cast(project)
    work = a_set(an_article(project, title="Port of Brevik reopens"), people["ben"])
    a_span(work, "actor", (26, 40))
    return work


def said() -> list[tuple[str, str, bool]]:
    return [(each.kind, each.text, each.resolved_at is None) for each in Comment.objects.order_by("at")]


def expect_said(desk: Desk, *wanted: tuple[str, str, bool]) -> None:
    for _wait in range(100):
        if said() == list(wanted):
            return
        desk.page.wait_for_timeout(50)
    assert said() == list(wanted)


def test_u_says_that_one_is_not_sure_and_u_takes_it_back(page_of: PageOf, work: AnnotationSet) -> None:
    desk = Desk(page_of("ben"), work)
    desk.press("n")
    desk.press("u")
    assert desk.item("Ingrid Solheim") == "not sure"
    assert desk.said() == "Not sure: Ingrid Solheim"
    expect_said(desk, ("unsure", "", True))
    expect(desk.page.locator("#threads > li[data-kind=unsure][data-open]")).to_have_count(1)
    desk.press("e")
    desk.type("Solheim")
    desk.press("Enter")  # the item is made anew by the server
    expect(desk.page.locator("#spans .doubt")).to_have_text("not sure")
    desk.open()
    assert desk.item("Ingrid Solheim").endswith("not sure")
    desk.press("n")
    assert desk.said() == "Actor: Ingrid Solheim, not sure"
    desk.press("u")
    expect(desk.page.locator("#spans .doubt")).to_have_count(0)
    expect_said(desk, ("unsure", "", False))


def test_a_doubt_without_the_server_waits_and_is_told_once(
    page_of: PageOf, work: AnnotationSet, expected_noise: list[str]
) -> None:
    expected_noise.append("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    desk = Desk(page_of("ben"), work)
    desk.page.context.set_offline(True)
    desk.press("n")
    desk.press("u")
    desk.press("Shift+U")
    desk.type("One person or two?")
    desk.press("Enter")
    desk.expect_state("2 wait in this browser")
    assert desk.item("Ingrid Solheim") == "not sure · 1 question"
    desk.page.context.set_offline(False)
    expect_said(desk, ("unsure", "", True), ("question", "One person or two?", True))
    desk.expect_saved(1)
    expect(desk.page.locator("#threads .waiting")).to_have_count(0)
    assert {each.span for each in Comment.objects.all()} == {work.spans.get().pk}


def test_a_question_about_the_article_is_asked_by_mouse(page_of: PageOf, work: AnnotationSet) -> None:
    desk = Desk(page_of("ben"), work)
    desk.page.get_by_text("Questions", exact=False).first.click()
    desk.page.get_by_label("Ask about the article").fill("Is this an advertisement?")
    desk.page.locator("#ask select").select_option("flag")
    desk.page.get_by_role("button", name="Send ↵").click()
    expect_said(desk, ("flag", "Is this an advertisement?", True))
    assert Comment.objects.get().span is None
    expect(desk.page.locator("#threads")).to_contain_text("Is this an advertisement?")


def test_the_answer_of_a_reviewer_comes_back_to_the_span(page_of: PageOf, work: AnnotationSet) -> None:
    desk = Desk(page_of("ben"), work)
    desk.press("n")
    desk.press("Shift+U")
    desk.type("One person?")
    desk.press("Enter")
    expect_said(desk, ("question", "One person?", True))

    dora = page_of("dora")
    dora.goto("/projects/press/questions/")
    dora.get_by_text("Answer", exact=True).click()
    dora.get_by_label("Your answer").fill("Yes, one.")
    dora.get_by_role("button", name="Send the answer").click()
    expect(dora.locator(".thread")).to_contain_text("Yes, one.")
    assert Comment.objects.get(text="Yes, one.").author.username == "dora"

    ben = page_of("ben")
    ben.goto("/projects/press/")
    ben.get_by_role("link", name="1 new answer").click()
    expect(ben.locator(".thread")).to_contain_text("new answer")
    ben.get_by_role("link", name="Actor: Ingrid Solheim").click()
    ben.locator("html[data-desk=ready]").wait_for()
    expect(ben.locator("#spans > [aria-current]")).to_contain_text("Ingrid Solheim")
    ben.goto("/projects/press/")
    expect(ben.get_by_role("link", name="1 new answer")).to_have_count(0)


def test_a_new_answer_stands_open_on_the_desk_and_is_answered_there(page_of: PageOf, work: AnnotationSet) -> None:
    question = begin_thread(
        actor=User.objects.get(username="ben"),
        annotation_set_id=work.pk,
        kind="question",
        text="One?",
        span=work.spans.get().pk,
    )
    answer_thread(actor=User.objects.get(username="dora"), thread_id=question.pk, text="Why not?")
    desk = Desk(page_of("ben"), work)
    expect(desk.page.locator("#talk")).to_have_attribute("open", "")
    assert desk.item("Ingrid Solheim") == "1 question · new answer"
    desk.page.locator("#threads").get_by_text("Answer", exact=True).click()
    desk.page.get_by_label("Your answer").fill("There are two names.")
    desk.press("Control+Enter")
    expect_said(
        desk, ("question", "One?", True), ("comment", "Why not?", True), ("comment", "There are two names.", True)
    )
    expect(desk.page.locator("#threads .said")).to_have_count(3)
    desk.page.get_by_role("button", name="Resolve").click()
    expect(desk.page.locator("#spans .doubt")).to_have_count(0)
    assert work.state == AnnotationSet.objects.get().state  # Ctrl and Enter sent the answer, not the article
