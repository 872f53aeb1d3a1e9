"""A person labels in a real browser while the server is killed under the page: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson
import pytest
from playwright.sync_api import Browser, expect

from tests.homes import home
from tests.newsapp.test_killed import Client, manage, web_processes
from tests.newsapp.test_run import free_port, main_process, newsapp

__all__ = ["home"]

pytestmark = pytest.mark.browser

SPANS = 10
PATIENCE = 60_000  # milliseconds
KILLINGS: Final[dict[int, Callable[[int, Path], int]]] = {  # after which label, and whom
    1: lambda site, _home: web_processes(site)[-1],
    3: lambda site, _home: web_processes(site)[0],
    5: lambda site, _home: web_processes(site)[-1],
    7: lambda _site, home: main_process(home),
}


def test_labelling_goes_on_while_the_server_is_killed_and_all_is_saved_once(home: Path, browser: Browser) -> None:
    port = free_port()
    with newsapp(home, port, NEWSAPP_DEMO="1") as site:
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}", locale="en-US")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto("/sign-in/")
        page.get_by_label("Username").fill("ben")
        page.get_by_label("Password").fill((home / "demo-password").read_text().strip())
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Projects").wait_for()
        client = Client(port, manage(home, "create_token", "ben").strip().splitlines()[-1])
        work = orjson.loads(client.insist("POST", "projects/demo/queue/next/"))
        before = {span["id"] for span in work["spans"]}
        page.goto(f"/desk/{work['id']}/")
        page.locator("html[data-desk=ready]").wait_for()

        page.keyboard.press("End")
        for number in range(SPANS):
            for key in ("c", "ArrowLeft", "ArrowLeft"):
                page.keyboard.press(key)
            if number in KILLINGS:
                os.kill(KILLINGS[number](site.pid, home), signal.SIGKILL)
        said = f"saved · {len(before) + SPANS} spans"
        expect(page.locator("#state")).to_have_text(said, use_inner_text=True, timeout=PATIENCE)
        links = page.locator("#spans > li:not([hidden]) > a")
        shown = [" ".join(each.split()) for each in links.locator("q").all_text_contents()]
        context.close()

        stored = orjson.loads(client.insist("GET", f"annotation-sets/{work['id']}/"))["spans"]
        ours = [span for span in stored if span["id"] not in before]
        assert len({tuple(span["fragments"][0]) for span in ours}) == len(ours) == SPANS
        assert {span["quote"] for span in ours} <= set(shown)
        assert len(shown) == len(stored)
        log = orjson.loads(client.insist("GET", f"annotation-sets/{work['id']}/changes/"))["changes"]
        assert sorted(line["object"] for line in log if line["action"] == "put_span") == sorted(
            span["id"] for span in ours
        )
        assert manage(home, "verify").startswith("Everything is as promised")
