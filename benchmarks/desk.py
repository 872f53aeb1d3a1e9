"""How much does opening the desk cost, and how soon is ink on the paper?"""

from __future__ import annotations

import os
import secrets
from typing import Any, Final

from benchmarks import ink
from benchmarks.press import spans_of, text_of
from benchmarks.rows import Row, shown
from benchmarks.site import Site

_PASSWORD: Final = secrets.token_urlsafe()
_RUNS: Final = 5
SIZES: Final = ((4_000, 20), (60_000, 1_000), (300_000, 5_000))
_FLAGS: Final = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# When the browser painted the article's first paragraph: the paint of the largest text.
_PAINTED: Final = """() => new Promise(done => new PerformanceObserver(list =>
  done(list.getEntries().at(-1).startTime)).observe({type: 'largest-contentful-paint', buffered: true}))"""


def measure(site: Site) -> list[Row]:
    """Rows of the table."""
    from playwright.sync_api import sync_playwright

    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in this thread
    addresses = {size: _prepare(*size) for size in SIZES}
    small, large, huge = addresses.values()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("NEWSAPP_BROWSER", "/usr/bin/chromium"), args=_FLAGS
        )
        state = _signed_in(browser, site)
        cold = [_open(browser, site, state, small) for _ in range(_RUNS)]
        long = [_open(browser, site, state, large) for _ in range(_RUNS)]
        longest = [_open(browser, site, state, huge) for _ in range(_RUNS)]
        found = {_named(size): _mark(browser, site, state, address) for size, address in addresses.items()}
        browser.close()
    bodies, requests = cold[0]["bytes"] / 1024, cold[0]["requests"]
    text, text_long, text_longest = (min(each["text"] for each in opened) / 1000 for opened in (cold, long, longest))
    return [
        Row(question="desk, cold: bodies", figure=f"{bodies:.0f} KiB", target="≤ 200 KiB", met=bodies <= 200),
        Row(question="desk, cold: requests", figure=str(requests), target="≤ 15", met=requests <= 15),
        Row(question="desk, 4,000 characters, 20 spans: text", figure=shown(text), target="≤ 400 ms", met=text <= 0.4),
        Row(
            question="desk, 60,000 characters, 1,000 spans: text",
            figure=shown(text_long),
            floor=shown(text),
            ratio=f"{text_long / text:.1f} ×",
            target="≤ 2 ×",
            met=text_long / text <= 2,
        ),
        Row(
            question="desk, 300,000 characters, 5,000 spans: text",
            figure=shown(text_longest),
            floor=shown(text),
            ratio=f"{text_longest / text:.1f} ×",
            target="≤ 2 s",
            met=text_longest <= 2,
        ),
        *ink.rows(found),
    ]


def _named(size: tuple[int, int]) -> str:
    characters, spans = size
    return f"desk, {characters:,} characters, {spans:,} spans"


def _mark(browser: Any, site: Site, state: Any, address: str) -> ink.Ink:
    """The ink on the open desk of this address."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{site.port}", storage_state=state)
    page = context.new_page()
    page.goto(address)
    page.locator("html[data-desk=ready]").wait_for()
    page.wait_for_timeout(1000)
    found = ink.watch(page)
    context.close()
    return found


def _prepare(characters: int, spans: int) -> str:
    """A set with spans; the address of its desk."""
    from annotations.services.changes import apply_changes
    from tests.factories import a_member, a_project, a_set, an_article, put_span

    project = a_project(f"desk-{spans}")
    ben = a_member(project, "desk-ben")
    ben.set_password(_PASSWORD)
    ben.save()
    text = text_of(spans, characters)
    work = a_set(an_article(project, text), ben)
    changes = [put_span(label, *fragments) for label, fragments in spans_of(1, text, spans)]
    for start in range(0, len(changes), 500):
        apply_changes(actor=ben, annotation_set_id=work.pk, changes=changes[start : start + 500])
    return f"/desk/{work.pk}/"


def _signed_in(browser: Any, site: Site) -> Any:
    context = browser.new_context(base_url=f"http://127.0.0.1:{site.port}")
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("[name=username]", "desk-ben")
    page.fill("[name=password]", _PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")
    state = context.storage_state()
    context.close()
    return state


def _open(browser: Any, site: Site, state: Any, address: str) -> dict[str, float]:
    """One cold load: bytes of all bodies as sent, requests, and milliseconds until the text was painted."""
    context = browser.new_context(base_url=f"http://127.0.0.1:{site.port}", storage_state=state)
    page = context.new_page()
    sizes: list[Any] = []

    def remember(request: Any) -> None:  # Playwright marks its handlers, which it cannot do to a method of a list
        sizes.append(request)

    page.on("requestfinished", remember)
    page.goto(address, wait_until="networkidle")
    painted = page.evaluate(_PAINTED)
    found = {
        "bytes": float(sum(request.sizes()["responseBodySize"] for request in sizes)),
        "requests": len(sizes),
        "text": float(painted),
    }
    context.close()
    return found
