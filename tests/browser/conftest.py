"""A real Chromium against a real server: `page_of("ben")` is a page on which Ben is signed in."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

type PageOf = Callable[..., Page]

# Milliseconds. Nothing here measures time: a wait ends as soon as what is waited for is there, on a busy machine too.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PICTURES = Path(__file__).resolve().parents[2] / "test-results"
_REPORT = pytest.StashKey[pytest.TestReport]()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests of this process. Without one they fail: they are never skipped."""
    path = os.environ.get("NEWSAPP_BROWSER") or next(filter(None, map(shutil.which, _NAMES)), None)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, but never runs it while our code does: the database, which
        # Django refuses to use beside a loop, may be used.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def expected_noise() -> list[str]:
    """Patterns of console errors a test provokes on purpose, such as "ERR_INTERNET_DISCONNECTED": append to it."""
    return []


@pytest.fixture
def page_of(
    browser: Browser, live_server: LiveServer, request: pytest.FixtureRequest, expected_noise: list[str]
) -> Iterator[PageOf]:
    """Make a page in a browser profile of its own, signed in as the account of that name, or as nobody.

    `page_of("ben")`, `page_of(None)`, `page_of("dora", color_scheme="dark", viewport={"width": 390, "height": 844})`;
    addresses may be relative: `page.goto("/")`. An error on the console, an uncaught exception or a request to another
    host fails the test at its end.
    """
    pages: list[Page] = []
    problems: list[str] = []
    under_way: set[Request] = set()
    own_host = urlsplit(live_server.url).netloc

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"console: {message.text} ({message.location.get('url')})")

    def begin(asked: Request) -> None:
        under_way.add(asked)
        parts = urlsplit(asked.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != own_host:
            problems.append(f"request to another host: {asked.url}")

    def end(asked: Request) -> None:
        under_way.discard(asked)

    def make(username: str | None, **options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, **{"locale": "en-US", **options})
        context.set_default_timeout(PATIENCE)
        context.on("request", begin)
        context.on("requestfinished", end)
        context.on("requestfailed", end)
        context.on("console", hear)
        context.on("weberror", lambda error: problems.append(f"exception: {error.error}"))
        if username is not None:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": _session_of(username), "url": live_server.url}]
            )
        page = context.new_page()
        pages.append(page)
        return page

    yield make

    for number, page in enumerate(pages):
        if not page.is_closed() and _failed(request.node):
            _PICTURES.mkdir(exist_ok=True)
            page.screenshot(path=_PICTURES / f"{request.node.name}-{number}.png")
        _wait_until_answered(page.context, under_way)
        page.context.close()
    _wait_until_server_rests()
    unexpected = [problem for problem in problems if not any(re.search(pattern, problem) for pattern in expected_noise)]
    assert unexpected == []


def _wait_until_answered(context: BrowserContext, under_way: set[Request]) -> None:
    """The tables are emptied after a test: what the server is still writing would be in the way."""
    until = time.monotonic() + 3
    while context.pages and under_way and time.monotonic() < until:
        context.pages[0].wait_for_timeout(20)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember whether the test failed: then its pages are pictured."""
    outcome: Any = yield
    report = outcome.get_result()
    if report.when == "call":
        item.stash[_REPORT] = report


def _failed(item: pytest.Item) -> bool:
    report = item.stash.get(_REPORT, None)
    return report is not None and report.failed


def _wait_until_server_rests() -> None:
    """A request whose page is closed is still worked on: emptying the tables beside it would be a deadlock."""
    until = time.monotonic() + 10
    rests = 0  # looks in a row: what was sent last may not have reached the database yet
    while rests < 3 and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            rests = 0 if cursor.fetchone()[0] else rests + 1
        time.sleep(0.03)


def _session_of(username: str) -> str:
    """The session key of a new sign-in."""
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    return client.cookies[settings.SESSION_COOKIE_NAME].value
