"""Programs that save: what is not answered is sent again, with the same id, until it is; what was answered is noted."""

from __future__ import annotations

import http.client
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import orjson

from tests.torture.people import SLUG, WORDS

PATIENCE: Final = 180  # seconds
PAUSE: Final = 0.05

type Fragments = list[list[int]]


class Gone(Exception):
    """The site did not come back."""


class Program:
    """Asks the API with a token."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.headers = port, {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        self.unanswered = 0

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """Status and content of the answer; OSError or HTTPException when none came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, f"/api/v1/{path}", orjson.dumps(body) if body else None, self.headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def insist(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """The answer, asked for until there is one that is no failure of the server: its status, and its JSON."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                status, content = self.ask(method, path, body)
                if status < 500 and status != 429:
                    return status, orjson.loads(content) if content else None
            except (OSError, http.client.HTTPException, orjson.JSONDecodeError):
                pass
            self.unanswered += 1
            time.sleep(PAUSE)
        raise Gone(f"{method} {path}")


@dataclass
class Work:
    """What one client was told of one annotation set: the changes, in order, and the spans there are by them."""

    set_id: str
    changes: list[str] = field(default_factory=list)
    spans: dict[str, tuple[str, Fragments]] = field(default_factory=dict)


class Saver(threading.Thread):
    """An annotator's program: claims, labels, relabels and deletes, submits, claims the next, until told to stop."""

    def __init__(self, port: int, token: str, *, per_article: int, seed: int, enough: threading.Event) -> None:
        super().__init__(name=f"saver {seed}")
        self.program, self.per_article, self.enough = Program(port, token), per_article, enough
        self.random = random.Random(seed)
        self.works: list[Work] = []
        self.answered = 0
        self.problems: list[str] = []

    def run(self) -> None:
        """Work; whatever goes wrong is a problem of the campaign."""
        try:
            while not self.enough.is_set() and self._article():
                pass
        except Exception as error:  # noqa: BLE001 - a thread of its own: the campaign tells it
            self.problems.append(f"{self.name}: {error!r}")

    def _article(self) -> bool:
        status, claim = self.program.insist("POST", f"projects/{SLUG}/queue/next/")
        if status != 200:
            return False
        work = Work(claim["id"])
        self.works.append(work)
        bases: dict[str, str] = {}
        free = list(range(2, WORDS))
        self.random.shuffle(free)
        for _number in range(self.per_article):
            if self.enough.is_set():
                return False
            self._save(work, self._change(work, bases, free), bases)
        before = self.program.unanswered
        status, answer = self.program.insist("POST", f"annotation-sets/{work.set_id}/submit/")
        # Asked again after an answer was lost, it is submitted already.
        if status != 200 and not (status == 409 and self.program.unanswered > before):
            self.problems.append(f"submit: {status} {answer}")
        return True

    def _change(self, work: Work, bases: dict[str, str], free: list[int]) -> dict[str, Any]:
        """A new span, or an edit or the end of one that is there."""
        known = sorted(work.spans)
        change = {"id": str(uuid4()), "action": "put_span"}
        if not known or self.random.random() < 0.7:
            place = 11 + free.pop() * 4
            value = {"label": "location", "fragments": [[place, place + 3]]}
            return {**change, "object": str(uuid4()), "base": None, "value": value}
        span = self.random.choice(known)
        label, fragments = work.spans[span]
        if self.random.random() < 0.5:
            return {**change, "action": "delete_span", "object": span, "base": bases[span]}
        value = {"label": "actor" if label == "location" else "location", "fragments": fragments}
        return {**change, "object": span, "base": bases[span], "value": value}

    def _save(self, work: Work, change: dict[str, Any], bases: dict[str, str]) -> None:
        status, answer = self.program.insist("POST", f"annotation-sets/{work.set_id}/changes/", {"changes": [change]})
        result = answer["results"][0] if status == 200 else {"status": f"{status} {answer}"}
        if result["status"] not in {"applied", "repeated"}:
            self.problems.append(f"change: {result}")
            return
        self.answered += 1
        work.changes.append(change["id"])
        bases[change["object"]] = change["id"]
        if change["action"] == "delete_span":
            del work.spans[change["object"]]
        else:
            work.spans[change["object"]] = (change["value"]["label"], change["value"]["fragments"])
