"""One campaign: savers and a browser at work, faults in turn, and what was found at the end."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from tests.torture.browsing import Labeller
from tests.torture.clients import Program, Saver
from tests.torture.people import SLUG
from tests.torture.proxy import FAULTS, Proxy
from tests.torture.site import Site, full, small_disk

VICTIMS: Final = {
    "web worker": 6, "job worker": 3, "web server": 3, "PostgreSQL": 3, "a session of PostgreSQL": 3, "both workers": 2,
}  # fmt: skip
"""Who is killed with -9, and how often of twenty times."""
CUTS_PER_KILL: Final = 2
JUMPS: Final = (3_600, -7_200, 86_400, 0)  # seconds from the true time, one after the other
_FULL_FOR: Final = 2  # seconds


@dataclass
class Result:
    """What was done to the site, and what was found."""

    done: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    answered: int = 0
    again: int = 0
    sets: int = 0
    labelled: int = 0
    seconds: float = 0
    lost: int = 0
    twice: int = 0
    problems: list[str] = field(default_factory=list)
    verify: str = ""

    @property
    def is_clean(self) -> bool:
        """Nothing lost, nothing twice, nothing silent."""
        return not (self.lost or self.twice or self.problems) and self.verify.startswith("Everything is as promised")

    def lines(self) -> Iterator[str]:
        """The report."""
        yield f"In {self.seconds:.0f} s:"
        yield from (f"  {count:>5} × {name}" for name, count in sorted(self.done.items()))
        yield from (f"  not done: {each}" for each in self.skipped)
        yield f"{self.answered} changes of programs answered in {self.sets} sets, {self.again} requests sent again;"
        yield f"{self.labelled} spans labelled in a browser."
        yield f"{self.lost} lost, {self.twice} twice, {len(self.problems)} problems."
        yield from (f"  problem: {each}" for each in self.problems[:20])
        yield f"verify: {self.verify.strip()}"


def run(
    *, kills: int, changes: int, clients: int, seed: int, deploys: int = 1, tell: Callable[[str], None] = print
) -> Result:
    """Kill so often, and go on until so many changes were answered."""
    result = Result()
    begun = time.monotonic()
    with small_disk() as (home, why), contextlib.ExitStack() as stack:
        site = Site(home, stack)
        proxy = Proxy(site.port)
        stack.callback(proxy.close)
        per_article = 60
        articles = changes // per_article + 4 * clients + 20
        tokens = orjson.loads(site.run_module("tests.torture.people", str(clients), str(articles)))
        enough = threading.Event()
        labeller = Labeller(proxy.port, home, tokens["ben"], enough)
        savers = [
            Saver(proxy.port, tokens[f"person{number}"], per_article=per_article, seed=seed + number, enough=enough)
            for number in range(clients)
        ]
        manager = Program(site.port, tokens["ada"])
        labeller.start()
        while not labeller.ready.wait(0.1) and labeller.is_alive():
            pass
        for saver in savers:
            saver.start()
        try:
            _break(site, proxy, manager, result, _plan(kills, deploys, seed), why, savers, changes, tell)
            while sum(each.answered for each in savers) < changes and any(each.is_alive() for each in savers):
                time.sleep(0.2)
        except Exception as error:  # noqa: BLE001 - reported with all the rest
            result.problems.append(f"campaign: {error!r}")
        enough.set()
        for thread in (*savers, labeller):
            thread.join(240)
            if thread.is_alive():
                result.problems.append(f"{thread.name} does not end")
        manager.port = site.port
        _check(site, manager, labeller, savers, result)
    result.seconds = time.monotonic() - begun
    return result


def _plan(kills: int, deploys: int, seed: int) -> list[str]:
    """The faults in turn: kills in the usual shares, the others strewn between."""
    dice = random.Random(seed)
    rota = [name for name, times in VICTIMS.items() for _time in range(times)]
    plan = [rota[number % len(rota)] for number in range(kills)]
    plan += ["new version"] * deploys + ["disk full"] * max(1, kills // 50) + ["clock jump"] * len(JUMPS)
    dice.shuffle(plan)
    return plan


def _break(
    site: Site, proxy: Proxy, manager: Program, result: Result, plan: list[str], why: str, savers: list[Saver],
    changes: int, tell: Callable[[str], None],
) -> None:  # fmt: skip
    """Do what is planned, each once the clients had answers since the last."""
    jumps = iter(JUMPS)
    for number, fault in enumerate(plan):
        before = sum(each.answered for each in savers)
        for cut in range(CUTS_PER_KILL):
            name = FAULTS[(number * CUTS_PER_KILL + cut) % len(FAULTS)]
            proxy.arm(name)
            result.done[name] += 1
        _do(fault, site, manager, result, why, jumps)
        # Kills are spread over the changes; and every time somebody was answered in between.
        due = max(before + 1, changes * (number + 1) // len(plan) - changes // len(plan))
        until = time.monotonic() + 180
        while sum(each.answered for each in savers) < due and any(each.is_alive() for each in savers):
            if time.monotonic() > until:
                raise AssertionError(f"after “{fault}” the site did not come back")
            time.sleep(0.02)
        if number % 20 == 19 or number + 1 == len(plan):
            tell(f"{number + 1} of {len(plan)} faults; {sum(each.answered for each in savers)} changes answered")


def _do(fault: str, site: Site, manager: Program, result: Result, why: str, jumps: Iterator[int]) -> None:
    if fault == "new version":
        site.deploy()
    elif fault == "disk full":
        if why:
            result.skipped.append(f"disk full: {why}")
            return
        with full(site.home):
            time.sleep(_FULL_FOR)
    elif fault == "clock jump":
        site.set_clock(next(jumps))
    else:
        if "job" in fault or "both" in fault:
            manager.port = site.port
            manager.insist("POST", f"projects/{SLUG}/jobs/", {"kind": "gamma"})
        for victim in _victims(fault, site):
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
    result.done[f"{fault} killed" if fault in VICTIMS else fault] += 1


def _victims(fault: str, site: Site) -> list[int]:
    return {
        "web worker": lambda: [site.web_worker()],
        "job worker": lambda: [site.job_worker()],
        "web server": lambda: [site.web_server()],
        "PostgreSQL": lambda: [site.postgresql()],
        "a session of PostgreSQL": lambda: [site.session()],
        "both workers": lambda: [site.web_worker(), site.job_worker()],
    }[fault]()


def _check(site: Site, manager: Program, labeller: Labeller, savers: list[Saver], result: Result) -> None:
    """Every answered change is in the log once and nothing else is; the spans are what the changes made them."""
    clients: list[Saver | Labeller] = [*savers, labeller]
    for client in clients:
        result.problems += client.problems
        result.again += client.program.unanswered
    for saver in savers:
        result.answered += saver.answered
        for work in saver.works:
            result.sets += 1
            log = manager.insist("GET", f"annotation-sets/{work.set_id}/changes/")[1]["changes"]
            logged = Counter(line["id"] for line in log)
            result.lost += len(set(work.changes) - logged.keys())
            result.twice += sum(count - 1 for count in logged.values())
            if logged.keys() - set(work.changes):
                result.problems.append(f"{work.set_id} holds changes nobody sent")
            stored = manager.insist("GET", f"annotation-sets/{work.set_id}/")[1]["spans"]
            if {span["id"]: (span["label"], span["fragments"]) for span in stored} != work.spans:
                result.problems.append(f"the spans of {work.set_id} are not what the changes made")
    _check_browser(manager, labeller, result)
    result.verify = site.manage("verify")


def _check_browser(manager: Program, labeller: Labeller, result: Result) -> None:
    result.labelled = labeller.labelled
    if not labeller.set_id:
        return
    stored: list[dict[str, Any]] = manager.insist("GET", f"annotation-sets/{labeller.set_id}/")[1]["spans"]
    places = {tuple(span["fragments"][0]) for span in stored}
    result.lost += max(0, labeller.labelled - len(places))
    result.twice += len(stored) - len(places)
    if len(labeller.shown) != len(stored):
        result.problems.append(f"the desk shows {len(labeller.shown)} spans, {len(stored)} are stored")
