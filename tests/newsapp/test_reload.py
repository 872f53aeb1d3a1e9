"""SIGHUP: another server with the code that is there now takes over, and no edit is lost or refused meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path
from uuid import uuid4

from tests.homes import home
from tests.newsapp.test_run import PATIENCE, free_port, newsapp
from tests.torture.clients import Program
from tests.torture.site import children, command, manage

__all__ = ["home"]


def reload(site: subprocess.Popen[str], answered: list[int]) -> None:
    """Wait for a few saves, reload, wait until the old server is gone, and for a few saves more."""
    while len(answered) < 5:
        time.sleep(0.01)
    (old,) = [pid for pid in children(site.pid) if b"gunicorn" in command(pid)]
    os.kill(site.pid, signal.SIGHUP)
    deadline = time.monotonic() + PATIENCE
    while Path(f"/proc/{old}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    after = len(answered)
    while len(answered) < after + 5:
        time.sleep(0.01)


def test_a_reload_loses_no_edit_and_refuses_no_request(home: Path) -> None:
    port = free_port()
    with newsapp(home, port, NEWSAPP_DEMO="1", METRICS_FROM="127.0.0.1") as site:
        client = Program(port, manage(home, "create_token", "ben").strip().splitlines()[-1])
        _, claim = client.insist("POST", "projects/demo/queue/next/")
        address, before = f"annotation-sets/{claim['id']}", len(claim["spans"])
        answered: list[int] = []
        reloading = threading.Thread(target=reload, args=(site, answered))
        reloading.start()
        sent = 0
        most = len(claim["article"]["text"]) // 2 - 2
        while reloading.is_alive():
            at = sent % most * 2
            body = {
                "changes": [
                    {"id": str(uuid4()), "action": "put_span", "object": str(uuid4()), "base": None, "value": {"label": label, "fragments": [[at, at + 1]]}}
                    for label in (("location", "actor", "claim")[sent // most % 3],)
                ]
            }  # fmt: skip
            _, answer = client.insist("POST", f"{address}/changes/", body)
            assert [result["status"] for result in answer["results"]] in (["applied"], ["repeated"]), answer
            answered.append(sent)
            sent += 1
        reloading.join()
        assert client.unanswered == 0
        _, stored = client.insist("GET", f"{address}/")
        assert len(stored["spans"]) == before + sent
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as page:
            counted = page.read().decode()
        # What the old server counted is in it, too: one folder for all processes.
        assert f'newsapp_changes_total{{status="applied"}} {float(sent)}' in counted
        site.terminate()
        assert site.wait(PATIENCE) == 0
