"""How soon is the next disagreement on the screen, and how long do many at once take?"""

from __future__ import annotations

import os
import secrets
import statistics
import time
from typing import Any, Final

from benchmarks.press import text_of
from benchmarks.rows import Row, shown
from benchmarks.site import Site

_PASSWORD: Final = secrets.token_urlsafe()
_SPANS: Final = 60
_ALIKE: Final = 100
_LOOK: Final = 400
"""Milliseconds somebody looks at a disagreement at least."""
_FLAGS: Final = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
# From the key to the frame in which another disagreement is on the stage.
_NEXT: Final = """key => new Promise(done => {
  const begun = performance.now();
  const before = document.querySelector('#panels > section:not([hidden])')?.id;
  const look = () => {
    const now = document.querySelector('#panels > section:not([hidden])')?.id;
    if (now && now !== before) requestAnimationFrame(() => done(performance.now() - begun));
    else requestAnimationFrame(look);
  };
  const pressed = {key, code: `Digit${key}`, bubbles: true, cancelable: true};
  document.body.dispatchEvent(new KeyboardEvent('keydown', pressed));
  look();
})"""


def measure(site: Site) -> list[Row]:
    """Rows of the table."""
    from playwright.sync_api import sync_playwright

    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in this thread
    address = _prepare_many()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("NEWSAPP_BROWSER", "/usr/bin/chromium"), args=_FLAGS
        )
        page = _signed_in(browser, site)
        page.goto(address, wait_until="networkidle")
        times = []
        for _ in range(30):
            times.append(page.evaluate(_NEXT, "1"))
            page.wait_for_timeout(_LOOK)  # nobody decides without a look
        times.sort()
        browser.close()
    middle, worst = statistics.median(times) / 1000, times[int(len(times) * 0.95)] / 1000
    settled, undone = _many_at_once()
    return [
        _row("review: key to the next disagreement, median", middle, 0.15),
        _row("review: the same, 95 %", worst, 0.15),
        _row(f"review: {_ALIKE} alike in as many articles settled", settled, 5),
        _row("review: and taken back", undone, 5),
    ]


def _row(question: str, seconds: float, most: float) -> Row:
    return Row(question=question, figure=shown(seconds), target=f"≤ {shown(most)}", met=seconds <= most)


def _prepare_many() -> str:
    """Three annotators who differ at every one of 60 places; the address of the review."""
    from tests.factories import a_member, a_project, an_article

    project = a_project("review-many", annotators_per_article=3)
    dora = a_member(project, "review-dora", "reviewer")  # type: ignore[arg-type]  # a role as it is stored
    dora.set_password(_PASSWORD)
    dora.save()
    text = text_of(3, 12_000)
    article = an_article(project, text, open_slots=0)
    for number, name in enumerate(("review-ben", "review-chi", "review-gil")):
        places = [("actor", (start * 150, start * 150 + 20 + number * 5)) for start in range(_SPANS)]
        _submit(article, a_member(project, name), places)
    return f"/projects/review-many/review/{article.pk}/"


def _many_at_once() -> tuple[float, float]:
    """Seconds in which one decision settles those alike in as many articles, and in which it is taken back."""
    from annotations.models import Disagreement
    from annotations.services.decisions import decide, undo_batch
    from tests.factories import a_member, a_project, an_article

    project = a_project("review-alike")
    ben, chi = (a_member(project, f"alike-{name}") for name in ("ben", "chi"))
    dora = a_member(project, "alike-dora", "reviewer")  # type: ignore[arg-type]  # a role as it is stored
    for number in range(_ALIKE):
        article = an_article(project, external_id=f"a{number}", open_slots=0)
        _submit(article, ben, [("actor", (48, 54))])
        _submit(article, chi, [("location", (48, 54))])
    row = Disagreement.objects.filter(article__project=project).first()
    assert row is not None
    begun = time.perf_counter()
    outcome = decide(actor=dora, disagreement_id=row.pk, versions=[1], alike=True)
    settled = time.perf_counter() - begun
    assert len(outcome.decisions) == _ALIKE
    begun = time.perf_counter()
    undo_batch(actor=dora, batch=outcome.batch)
    return settled, time.perf_counter() - begun


def _submit(article: Any, annotator: Any, places: list[tuple[str, tuple[int, int]]]) -> None:
    from annotations.services.annotation_sets import move_set
    from annotations.services.changes import apply_changes
    from tests.factories import a_set, put_span

    work = a_set(article, annotator)
    changes = [put_span(label, fragment) for label, fragment in places]
    apply_changes(actor=annotator, annotation_set_id=work.pk, changes=changes)
    move_set(actor=annotator, annotation_set_id=work.pk, action="submit")


def _signed_in(browser: Any, site: Site) -> Any:
    page = browser.new_context(base_url=f"http://127.0.0.1:{site.port}").new_page()
    page.goto("/sign-in/")
    page.fill("[name=username]", "review-dora")
    page.fill("[name=password]", _PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")
    return page
