"""The server stops in the midst of the work, two tabs work at once, the server is renewed: every edit is there once."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from annotations.models import AnnotationSet, Change
from annotations.selectors.verification import differences
from tests.browser.conftest import PageOf
from tests.browser.desk import Desk
from tests.factories import a_member, a_project, a_set, an_article
from tests.homes import home
from tests.newsapp.test_run import free_port, newsapp
from tests.torture.clients import Program
from tests.torture.site import manage

__all__ = ["home"]

pytestmark = pytest.mark.browser

EDITS: Final = 30
PATIENCE: Final = 90_000  # milliseconds
WORDS = [f"word{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(60)]


@pytest.fixture
def work(transactional_db: None) -> AnnotationSet:
    project = a_project()
    article = an_article(project, " ".join(WORDS), title="Words", language="en", open_slots=1)
    return a_set(article, a_member(project, "ben"))


def label_words(page: Page, count: int) -> None:
    """A letter on each word, to the right."""
    for _word in range(count):
        page.keyboard.press("c")
        page.keyboard.press("ArrowRight")


def open_desk(page: Page, port: int, work: str, timeout: int = PATIENCE) -> None:
    page.goto(f"http://127.0.0.1:{port}/desk/{work}/", timeout=timeout)
    page.locator("html[data-desk=ready]").wait_for()


def test_thirty_edits_with_the_server_stopped_in_their_midst_are_there_once(home: Path, browser: Browser) -> None:
    port = free_port()
    context = browser.new_context(locale="en-US")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    with newsapp(home, port, NEWSAPP_DEMO="1") as site:
        page.goto(f"http://127.0.0.1:{port}/sign-in/")
        page.get_by_label("Username").fill("ben")
        page.get_by_label("Password").fill((home / "demo-password").read_text().strip())
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Projects").wait_for()
        token = manage(home, "create_token", "ben").strip().splitlines()[-1]
        work = Program(port, token).insist("POST", "projects/demo/queue/next/")[1]
        before = {span["id"] for span in work["spans"]}
        open_desk(page, port, work["id"])
        label_words(page, EDITS // 2)
        expect(page.locator("#state[data-state=saved]")).to_be_attached()
        site.send_signal(signal.SIGTERM)
        site.wait(60)
        label_words(page, EDITS // 2)
        expect(page.locator("#state")).to_have_text(f"{EDITS // 2} wait in this browser", use_inner_text=True)
        page.close()
    with newsapp(home, port, NEWSAPP_DEMO="1"):
        page = context.new_page()
        open_desk(page, port, work["id"])
        expect(page.locator("#state[data-state=saved]")).to_be_attached(timeout=PATIENCE)
        stored = Program(port, token).insist("GET", f"annotation-sets/{work['id']}/")[1]["spans"]
        ours = [span for span in stored if span["id"] not in before]
        assert len({tuple(span["fragments"][0]) for span in ours}) == len(ours) == EDITS
        shown = page.locator("#spans > li:not([hidden])").evaluate_all("(all) => all.map(({id}) => id.slice(2))")
        assert sorted(shown) == sorted(span["id"] for span in stored)
        context.close()
        assert manage(home, "verify").startswith("Everything is as promised")


def test_two_tabs_with_twenty_edits_each_at_once_keep_all_forty(page_of: PageOf, work: AnnotationSet) -> None:
    left = Desk(page_of("ben"), work)
    right = Desk(left.page.context.new_page(), work)
    for _step in range(30):
        right.press("ArrowRight")
    for _edit in range(20):
        for desk in (left, right):
            desk.press("a")
            desk.press("ArrowRight")
    left.expect_saved(40)
    right.expect_saved(40)
    starts = sorted(work.article.text[slice(*span.fragments[0])] for span in work.spans.all())
    assert starts == sorted(WORDS[:20] + WORDS[30:50])
    assert Change.objects.filter(annotation_set=work).count() == 40
    assert left.page.locator("#text").inner_html() == right.page.locator("#text").inner_html()
    assert list(differences()) == []


def test_an_old_page_goes_on_after_the_server_was_renewed_and_offers_the_new_one_when_all_is_saved(
    page_of: PageOf, work: AnnotationSet
) -> None:
    def renew(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("js/desk/desk", "js/desk/desk.another"))

    desk = Desk(page_of("ben"), work)
    notice = desk.page.locator("#renewed")
    desk.press("a")
    desk.expect_saved(1)
    expect(notice).to_be_hidden()
    desk.page.route("**/changes/", renew)
    for key in ("ArrowRight", "c", "ArrowRight", "l"):
        desk.press(key)
    desk.expect_saved(3)
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="Load again").click()
    desk.wait_until_ready()
    desk.expect_saved(3)
    expect(notice).to_be_hidden()
