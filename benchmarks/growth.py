"""Does what people wait for take longer with a million articles and 20 million spans stored than with a thousand?

Two sites run beside each other, a small one and a large one, and are asked in turn, so that what else the machine does
meets both alike. `ARTICLES` is how many the large one holds.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import psycopg

from benchmarks import site
from benchmarks.press import text_of
from benchmarks.rows import Row, median, percentile, shown
from benchmarks.save import connection_details
from benchmarks.site import Site
from benchmarks.visitors import Visitor, put_span, signed_in

FEW: Final = 1_000
MANY: Final = int(os.environ.get("ARTICLES", "1_000_000"))
MOST: Final = 1.2
WARM_UP: Final = 8
ROUNDS: Final = 120
LONGEST: Final = 60.0
"""Seconds after which a question is not asked again, if it was asked ten times."""
_SLUG: Final = "growth"
_WORD: Final = text_of(0, 100).split()[3].strip(".").lower()


class People:
    """An annotator with the set in hand, and a manager, at one of the sites."""

    def __init__(self, filled: Site, annotator: str, manager: str) -> None:
        self.annotator, self.manager = Visitor(filled, annotator), Visitor(filled, manager)
        self._set = ""
        self._saved = 0

    def claim(self) -> None:
        """The next article of the queue."""
        self._set = self.annotator.claim(_SLUG)

    def open_desk(self) -> None:
        """The page of the set in hand."""
        self.annotator.open_desk(self._set)

    def save(self) -> None:
        """One new span."""
        self._saved += 1
        start = self._saved * 5 % 1_500
        self.annotator.save(self._set, put_span(start, start + 3 + self._saved % 7).change)

    def submit(self) -> None:
        """The set in hand is done."""
        self.annotator.move(self._set, "submit")


def _page(by: str, path: str) -> Callable[[People], None]:
    def ask(people: People) -> None:
        (people.annotator if by == "annotator" else people.manager).ask("GET", path)

    return ask


def _search(words: str) -> dict[str, Callable[[People], None]]:
    return {
        "page": _page("manager", f"/projects/{_SLUG}/articles/?search={words}"),
        "API": _page("manager", f"/api/v1/projects/{_SLUG}/articles/?search={words}"),
    }


# What is asked for its own time, in turn; what belongs together in one round.
_WORK: Final[Mapping[str, Callable[[People], None]]] = {
    "queue: the next article": People.claim,
    "desk: the page": People.open_desk,
    "save: one span": People.save,
    "submit": People.submit,
}
_PAGES: Final[Mapping[str, Callable[[People], None]]] = {
    **{f"search, a name in 5 articles, {face}": ask for face, ask in _search("Quillfeather7").items()},
    **{f"search, a word in 4 % of all, {face}": ask for face, ask in _search(_WORD).items()},
    **{f"search, a word in all, {face}": ask for face, ask in _search("gazette").items()},
    "articles, the list": _page("manager", f"/projects/{_SLUG}/articles/"),
    "disagreements, the list": _page("manager", f"/projects/{_SLUG}/disagreements/?state=open"),
    "review, the list": _page("manager", f"/projects/{_SLUG}/review/"),
    "an annotator's articles": _page("annotator", "/my-articles/"),
    "project page, annotator": _page("annotator", f"/projects/{_SLUG}/"),
    "project page, manager": _page("manager", f"/projects/{_SLUG}/"),
}


def measure() -> list[Row]:
    """Rows of the table."""
    with ExitStack() as stack:
        sites = []
        for articles in (FEW, MANY):
            running = stack.enter_context(site.running())
            begun = time.monotonic()
            sites.append(_filled(running, articles))
            print(f"{articles:,} articles stored in {time.monotonic() - begun:,.0f} s", file=sys.stderr)
        durations = _together(sites, _WORK, rounds=ROUNDS)
        for question, ask in _PAGES.items():
            durations |= _together(sites, {question: ask}, rounds=ROUNDS)
    return [_row(question, *both) for question, both in durations.items()]


def _together(
    sites: Sequence[People], questions: Mapping[str, Callable[[People], None]], *, rounds: int
) -> dict[str, tuple[list[float], ...]]:
    """For each question the seconds at each site, asked in turn."""
    found: dict[str, tuple[list[float], ...]] = {question: tuple([] for _ in sites) for question in questions}
    until = time.monotonic() + LONGEST
    for number in range(-WARM_UP, rounds):
        if number > 10 and time.monotonic() > until:
            break
        for position, people in enumerate(sites):
            for question, ask in questions.items():
                begun = time.perf_counter()
                ask(people)
                if number >= 0:
                    found[question][position].append(time.perf_counter() - begun)
    return found


def _row(question: str, few: Sequence[float], many: Sequence[float]) -> Row:
    ratio = median(many) / median(few)
    return Row(
        question=f"{question}, p50 · p95",
        figure=f"{shown(median(many))} · {shown(percentile(many))}",
        floor=f"{shown(median(few))} · {shown(percentile(few))}",
        ratio=f"{ratio:.2f} ×",
        target=f"≤ {MOST} ×",
        met=ratio <= MOST,
    )


def _filled(running: Site, articles: int) -> People:
    """In a process of its own, for Django works on one database."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return People(running, *pool.submit(fill, running.home, articles).result())


def fill(home: Path, articles: int) -> tuple[str, str]:
    """A project with so many articles of 2,000 characters and 20 spans each; the sessions of those who ask."""
    os.environ["NEWSAPP_HOME"] = str(home)
    import django

    django.setup()
    from benchmarks import stock
    from tests.factories import a_member, a_project

    project = a_project(_SLUG)
    ada, ben = a_member(project, "ada"), a_member(project, "ben")
    with psycopg.connect(**connection_details(), autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        people = [ben, *stock.annotators(project, stock.ANNOTATORS - 1)]
        with stock.without_indexes(connection):
            stock.store(connection, project, people, articles)
        connection.execute("VACUUM (ANALYZE)")
    return signed_in(ben), signed_in(ada)
