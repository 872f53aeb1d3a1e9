"""A person labels in a real browser while everything under the page is killed."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect, sync_playwright

from tests.torture.clients import Program
from tests.torture.people import SLUG

_PATIENCE: Final = 180_000  # milliseconds


class Labeller(threading.Thread):
    """Ben, who signs in, claims an article and labels word after word until told to stop; then he waits for “saved”."""

    def __init__(self, port: int, home: Path, token: str, enough: threading.Event, most: int = 120) -> None:
        super().__init__(name="browser")
        self.port, self.enough, self.most = port, enough, most
        self.password = (home / "demo-password").read_text().strip()
        self.program = Program(port, token)
        self.ready = threading.Event()
        self.set_id = ""
        self.labelled = 0
        self.shown: list[str] = []
        self.problems: list[str] = []

    def run(self) -> None:
        """Label; whatever goes wrong is a problem of the campaign."""
        try:
            with sync_playwright() as playwright:
                path = os.environ.get("NEWSAPP_BROWSER")
                browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
                context = browser.new_context(base_url=f"http://127.0.0.1:{self.port}", locale="en-US")
                context.set_default_timeout(_PATIENCE)
                try:
                    self._label(context.new_page())
                finally:
                    browser.close()
        except Exception as error:  # noqa: BLE001 - a thread of its own: the campaign tells it
            self.problems.append(f"browser: {error!r}"[:2_000])

    def sign_in(self, page: Page) -> None:
        """Before the faults begin: a page that was never answered is the browser's to show."""
        page.goto("/sign-in/")
        page.get_by_label("Username").fill("ben")
        page.get_by_label("Password").fill(self.password)
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Projects").wait_for()

    def _label(self, page: Page) -> None:
        self.sign_in(page)
        status, claim = self.program.insist("POST", f"projects/{SLUG}/queue/next/")
        assert status == 200, claim
        self.set_id = claim["id"]
        page.goto(f"/desk/{self.set_id}/")
        page.locator("html[data-desk=ready]").wait_for()
        self.ready.set()
        page.keyboard.press("End")
        while not self.enough.is_set() and self.labelled < self.most:
            for key in ("l", "ArrowLeft", "ArrowLeft"):
                page.keyboard.press(key)
            self.labelled += 1
            page.wait_for_timeout(300)
        self.enough.wait()
        expect(page.locator("#state")).to_have_text(
            f"saved · {self.labelled} spans", use_inner_text=True, timeout=_PATIENCE
        )
        self.shown = page.locator("#spans > li:not([hidden]) > a").all_text_contents()
