"""Kill -9 in the midst of saving: every answered save is there once, every unanswered one is sent again."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import orjson

from newsapp import environment
from tests.homes import home
from tests.newsapp.test_run import free_port, main_process, newsapp, surroundings

__all__ = ["home"]

SAVES = 100
PATIENCE = 120


def manage(home: Path, *arguments: str) -> str:
    """What a command of manage.py prints, in the same home."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=environment.ROOT, env=surroundings(home, 1), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Client:
    """A program that saves: what is not answered is sent again, with the same id, until it is."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.headers = port, {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        self.unanswered = 0

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, f"/api/v1/{path}", orjson.dumps(body) if body else None, self.headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def insist(self, method: str, path: str, body: object = None) -> bytes:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                status, content = self.ask(method, path, body)
            except (OSError, http.client.HTTPException):
                self.unanswered += 1
            else:
                if status < 500:
                    assert status == 200, content
                    return content
                self.unanswered += 1
            time.sleep(0.05)
        raise AssertionError("The site did not come back.")


def killings(site: subprocess.Popen[str], home: Path, progress: list[int]) -> Iterator[str]:
    """Who is killed, each once so many saves were answered."""
    for at, victim in ((15, "worker"), (30, "master"), (45, "worker"), (60, "postgresql"), (80, "worker")):
        while progress[0] < at:
            time.sleep(0.005)
        if victim == "postgresql":
            os.kill(main_process(home), signal.SIGKILL)
        else:
            os.kill(web_processes(site.pid)[0 if victim == "master" else -1], signal.SIGKILL)
        yield victim


def web_processes(starter: int) -> list[int]:
    """The web server's processes, its master first."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        masters = [pid for pid in children(starter) if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        workers = [pid for master in masters for pid in children(master)]
        if workers:
            return [*masters, *workers]
        time.sleep(0.05)
    raise AssertionError("There is no web server.")


def children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def test_nothing_is_lost_or_doubled_when_everything_is_killed_in_turn(home: Path) -> None:
    port = free_port()
    with newsapp(home, port, NEWSAPP_DEMO="1") as site:
        client = Client(port, manage(home, "create_token", "ben").strip().splitlines()[-1])
        claim = orjson.loads(client.insist("POST", "projects/demo/queue/next/"))
        address, text, before = f"annotation-sets/{claim['id']}", claim["article"]["text"], len(claim["spans"])
        assert len(text) > SAVES * 4
        progress = [0]
        killed: list[str] = []
        killer = threading.Thread(target=lambda: killed.extend(killings(site, home, progress)))
        killer.start()
        sent: dict[str, str] = {}
        for number in range(SAVES):
            change, span = str(uuid4()), str(uuid4())
            value = {"label": "location", "fragments": [[number * 4, number * 4 + 3]]}
            body = {"changes": [{"id": change, "action": "put_span", "object": span, "base": None, "value": value}]}
            (result,) = orjson.loads(client.insist("POST", f"{address}/changes/", body))["results"]
            assert result["status"] in {"applied", "repeated"}, result
            sent[change] = span
            progress[0] += 1
        killer.join()
        assert killed == ["worker", "master", "worker", "postgresql", "worker"]
        assert client.unanswered > 0

        log = orjson.loads(client.insist("GET", f"{address}/changes/"))["changes"]
        ours = [line["id"] for line in log if line["id"] in sent]
        assert sorted(ours) == sorted(sent)
        spans = [span["id"] for span in orjson.loads(client.insist("GET", f"{address}/"))["spans"]]
        assert len(spans) == before + SAVES
        assert set(sent.values()) <= set(spans)
        assert manage(home, "verify").startswith("Everything is as promised")
