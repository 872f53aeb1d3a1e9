"""Two hundred people label at once, with the pauses of people: how long does a save take, and does memory stay flat?

`ANNOTATORS` and `DURATION` (seconds) say how many and for how long. Each opens a desk, reads, labels, corrects,
submits and takes the next article; the open page tells every minute that it is there.
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.press import text_of
from benchmarks.rows import Row, median, percentile, shown
from benchmarks.site import Site
from benchmarks.visitors import Put, Refused, Visitor, put_span, signed_in

ANNOTATORS: Final = int(os.environ.get("ANNOTATORS", "200"))
DURATION: Final = int(os.environ.get("DURATION", "600"))
_SLUG: Final = "annotators"
_PAUSE: Final = (1.2, 0.7)
"""Logarithm of the seconds between two saves: mean (3.3 s in the middle) and deviation."""
_READING: Final = (2.3, 0.6)
"""The same before the first save: 10 s in the middle."""
_SPANS: Final = (6, 20)
_BEAT: Final = 60
_CHARACTERS: Final = 4_000
_MOST: Final = 0.1
_FLAT: Final = 1.1


@dataclass(slots=True)
class Day:
    """What one of them saw: seconds of each kind of request, and what was refused."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def measure(site: Site) -> list[Row]:
    """Rows of the table."""
    sessions = _prepare()
    until = time.monotonic() + DURATION
    memory, used = [_memory(site)], -_processor_seconds(site)
    with ThreadPoolExecutor(len(sessions)) as pool:
        jobs = [pool.submit(_label, site, session, number, until) for number, session in enumerate(sessions)]
        for _ in range(2):
            time.sleep(DURATION / 2)
            memory.append(_memory(site))
        used += _processor_seconds(site)
        days = [job.result() for job in jobs]
    errors = [error for day in days for error in day.errors]
    for error in errors[:10]:
        print(error)
    return [
        *(_row(what, seconds) for what in _KINDS if len(seconds := _seconds(days, what)) > 1),
        Row(question="processors in use, of all on the machine", figure=f"{used / DURATION:.2f} of {os.cpu_count()}"),
        Row(question="errors", figure=str(len(errors)), target="0", met=not errors),
        *(_flat(name, [each[name] for each in memory]) for name in memory[0]),
    ]


_KINDS: Final = ("save", "claim", "desk", "submit", "lease")


def _seconds(days: Sequence[Day], what: str) -> list[float]:
    return [each for day in days for each in day.seconds.get(what, ())]


def _row(what: str, seconds: list[float]) -> Row:
    p95 = percentile(seconds)
    figures = f"{shown(median(seconds))} · {shown(p95)} · {shown(percentile(seconds, 99))}"
    question = f"{ANNOTATORS} people, {len(seconds):,} × {what}, p50 · p95 · p99"
    if what != "save":
        return Row(question=question, figure=figures)
    return Row(question=question, figure=figures, target=f"p95 ≤ {shown(_MOST)}", met=p95 <= _MOST)


def _flat(name: str, sizes: list[int]) -> Row:
    """Memory at the start, in the middle and at the end; by the middle everything has been used once."""
    figures = " · ".join(f"{size / 2**20:.0f}" for size in sizes)
    return Row(
        question=f"memory of {name}, MiB: start · middle · end",
        figure=figures,
        ratio=f"{sizes[2] / sizes[1]:.2f} ×",
        target=f"≤ {_FLAT} ×",
        met=sizes[2] <= _FLAT * sizes[1],
    )


def _prepare() -> list[str]:
    """A project with enough articles for everybody; the sessions of those who label."""
    from benchmarks.stock import annotators
    from tests.factories import a_project, an_article

    project = a_project(_SLUG)
    for number in range(ANNOTATORS * (1 + DURATION // 30) // 2):
        an_article(project, text_of(number, _CHARACTERS), f"a{number}", language="en")
    return [signed_in(user) for user in annotators(project, ANNOTATORS)]


def _label(site: Site, session: str, number: int, until: float) -> Day:
    """One person's work until the time is over."""
    rng, day, visitor = random.Random(number), Day(), Visitor(site, session)
    time.sleep(rng.uniform(0, min(30, DURATION / 4)))  # they do not all come at the same second
    while time.monotonic() < until:
        try:
            for what, begun in _article(visitor, rng, until):
                day.seconds.setdefault(what, []).append(time.perf_counter() - begun)
        except (Refused, OSError) as error:
            day.errors.append(str(error))
            visitor = Visitor(site, session)
            time.sleep(5)
    return day


def _article(visitor: Visitor, rng: random.Random, until: float) -> Iterator[tuple[str, float]]:
    """From the claim to the submission; each request's name and begin, right after its answer."""
    begun = time.perf_counter()
    work = visitor.claim(_SLUG)
    yield "claim", begun
    begun = time.perf_counter()
    visitor.open_desk(work)
    yield "desk", begun
    beat = time.monotonic()
    time.sleep(rng.lognormvariate(*_READING))
    last: Put | None = None
    for number in range(rng.randint(*_SPANS)):
        if time.monotonic() > until:
            return
        start = 10 + number * (_CHARACTERS - 200) // _SPANS[1]
        corrects = last is not None and rng.random() < 0.2
        length = rng.randint(4, 60)
        last = put_span(start, start + length, label=rng.choice(("actor", "claim")), before=last if corrects else None)
        begun = time.perf_counter()
        visitor.save(work, last.change)
        yield "save", begun
        if time.monotonic() - beat > _BEAT:
            beat, begun = time.monotonic(), time.perf_counter()
            visitor.move(work, "lease")
            yield "lease", begun
        time.sleep(rng.lognormvariate(*_PAUSE))
    begun = time.perf_counter()
    visitor.move(work, "submit")
    yield "submit", begun


def _memory(site: Site) -> dict[str, int]:
    """Bytes that the processes of the site hold for themselves; what several share is divided among them, and what
    PostgreSQL keeps of its files in buffers of a fixed size is left out.
    """
    sizes = {"Newsapp": 0, "PostgreSQL": 0}
    for process in _descendants(site.process):
        try:
            name = Path(f"/proc/{process}/comm").read_text().strip()
            rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:  # it has just ended
            continue
        kilobytes = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss_Anon:"))
        sizes["PostgreSQL" if name == "postgres" else "Newsapp"] += kilobytes * 1024
    return sizes


def _processor_seconds(site: Site) -> float:
    """What the processes of the site have used, those that ended aside."""
    ticks = 0
    for process in _descendants(site.process):
        with contextlib.suppress(OSError):  # it has just ended
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _descendants(process: int) -> list[int]:
    """The process, its children and theirs."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents().items():
        children.setdefault(parent, []).append(child)
    found = [process]
    for each in found:
        found += children.get(each, [])
    return found


def _parents() -> Mapping[int, int]:
    found = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            found[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    return found
