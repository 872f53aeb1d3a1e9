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
from dataclasses import dataclass
from http.client import HTTPConnection
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import orjson

from benchmarks import site
from benchmarks.press import text_of
from benchmarks.rows import Row, median, percentile, shown
from benchmarks.site import Site

FEW: Final = 1_000
MANY: Final = int(os.environ.get("ARTICLES", "1_000_000"))
MOST: Final = 1.2
WARM_UP: Final = 8
ROUNDS: Final = 120
LONGEST: Final = 60.0
"""Seconds after which a question is not asked again, if it was asked ten times."""
_SLUG: Final = "growth"
_CSRF: Final = "c" * 32
_WORD: Final = text_of(0, 100).split()[3].strip(".").lower()


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens a filled site: the session and the token of an annotator, and those of a manager."""

    annotator: tuple[str, str]
    manager: tuple[str, str]


class Asker:
    """Somebody with a browser and a program at one of the sites; remembers the set in hand."""

    def __init__(self, filled: Site, keys: Keys) -> None:
        self._connection: HTTPConnection = filled.connection()
        self._keys = keys
        self.set = ""
        self._saved = 0

    def ask(self, method: str, path: str, body: object = None, *, by: str = "annotator") -> bytes:
        """The body of the answer, or where it leads; raises SystemExit for what was refused."""
        session, token = self._keys.annotator if by == "annotator" else self._keys.manager
        if path.startswith("/api/"):
            headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        else:
            headers = {"Cookie": f"sessionid={session}; csrftoken={_CSRF}", "X-CSRFToken": _CSRF}
        self._connection.request(method, path, None if body is None else orjson.dumps(body), headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in {200, 302}:
            raise SystemExit(f"{method} {path} answered {answer.status}: {content[:300]!r}")
        return answer.headers.get("Location", "").encode() or content

    def claim(self) -> None:
        """The next article of the queue, as the button does it."""
        where = self.ask("POST", f"/projects/{_SLUG}/next/").decode()
        self.set = where.removeprefix("/desk/").strip("/")

    def open_desk(self) -> None:
        """The page of the set in hand."""
        self.ask("GET", f"/desk/{self.set}/")

    def save(self) -> None:
        """One new span."""
        from annotations.domain.identifiers import uuid7

        self._saved += 1
        start = self._saved * 5 % 1_500
        value = {"label": "actor", "fragments": [[start, start + 3 + self._saved % 7]]}
        change = {"id": str(uuid7()), "action": "put_span", "object": str(uuid7()), "base": None, "value": value}
        content = self.ask("POST", f"/api/v1/annotation-sets/{self.set}/changes/", {"changes": [change]})
        if orjson.loads(content)["results"][0]["status"] != "applied":
            raise SystemExit(f"A save was not applied: {content[:300]!r}")

    def submit(self) -> None:
        """The set in hand is done."""
        self.ask("POST", f"/api/v1/annotation-sets/{self.set}/submit/", {})


def _pages(by: str, *paths: str) -> Callable[[Asker], None]:
    def ask(asker: Asker) -> None:
        for path in paths:
            asker.ask("GET", path, by=by)

    return ask


def _search(words: str) -> dict[str, Callable[[Asker], None]]:
    return {
        "page": _pages("manager", f"/projects/{_SLUG}/articles/?search={words}"),
        "API": _pages("manager", f"/api/v1/projects/{_SLUG}/articles/?search={words}"),
    }


# What is asked for its own time, in turn; what belongs together in one round.
_WORK: Final[Mapping[str, Callable[[Asker], None]]] = {
    "queue: the next article": Asker.claim,
    "desk: the page": Asker.open_desk,
    "save: one span": Asker.save,
    "submit": Asker.submit,
}
_PAGES: Final[Mapping[str, Callable[[Asker], None]]] = {
    **{f"search, a name in 5 articles, {face}": ask for face, ask in _search("Quillfeather7").items()},
    **{f"search, a word in 4 % of all, {face}": ask for face, ask in _search(_WORD).items()},
    **{f"search, a word in all, {face}": ask for face, ask in _search("gazette").items()},
    "articles, the list": _pages("manager", f"/projects/{_SLUG}/articles/"),
    "disagreements, the list": _pages("manager", f"/projects/{_SLUG}/disagreements/?state=open"),
    "review, the list": _pages("manager", f"/projects/{_SLUG}/review/"),
    "an annotator's articles": _pages("annotator", "/my-articles/"),
    "project page, annotator": _pages("annotator", f"/projects/{_SLUG}/"),
    "project page, manager": _pages("manager", f"/projects/{_SLUG}/"),
}


def measure() -> list[Row]:
    """Rows of the table."""
    with ExitStack() as stack:
        askers = []
        for articles in (FEW, MANY):
            running = stack.enter_context(site.running())
            begun = time.monotonic()
            askers.append(Asker(running, _filled(running, articles)))
            print(f"{articles:,} articles stored in {time.monotonic() - begun:,.0f} s", file=sys.stderr)
        durations = _together(askers, _WORK, rounds=ROUNDS)
        for question, ask in _PAGES.items():
            durations |= _together(askers, {question: ask}, rounds=ROUNDS)
    return [_row(question, *both) for question, both in durations.items()]


def _together(
    askers: Sequence[Asker], questions: Mapping[str, Callable[[Asker], None]], *, rounds: int
) -> dict[str, tuple[list[float], ...]]:
    """For each question the seconds at each site, asked in turn."""
    found: dict[str, tuple[list[float], ...]] = {question: tuple([] for _ in askers) for question in questions}
    until = time.monotonic() + LONGEST
    for number in range(-WARM_UP, rounds):
        if number > 10 and time.monotonic() > until:
            break
        for position, asker in enumerate(askers):
            for question, ask in questions.items():
                begun = time.perf_counter()
                ask(asker)
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


def _filled(running: Site, articles: int) -> Keys:
    """In a process of its own, for Django works on one database."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(fill, running.home, articles).result()


def fill(home: Path, articles: int) -> Keys:
    """A project with so many articles of 2,000 characters and 20 spans each, and who asks."""
    os.environ["NEWSAPP_HOME"] = str(home)
    import django

    django.setup()
    from benchmarks import stock
    from tests.factories import a_member, a_project

    project = a_project(_SLUG)
    ada, ben = a_member(project, "ada"), a_member(project, "ben")
    stock.store(project, [ben, *stock.annotators(project, stock.ANNOTATORS - 1)], articles)
    return Keys(annotator=_opened(ben), manager=_opened(ada))


def _opened(user: Any) -> tuple[str, str]:
    """The key of a session, and a token."""
    from django.test import Client

    from annotations.services.accounts import create_token

    client = Client()
    client.force_login(user)
    _token, secret = create_token(user=user, name="bench", scope="manage")
    return client.cookies["sessionid"].value, secret
