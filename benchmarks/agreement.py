"""How long does agreement take: of a hundred articles while somebody waits, of ten thousand as a job?"""

from __future__ import annotations

import contextlib
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from benchmarks.press import text_of
from benchmarks.rows import Row, shown

_SPANS: Final = 60
_LENGTH: Final = 3_500
_LABELS: Final = ("actor", "claim", "location")
_FEW: Final = 100
_MANY: Final = 10_000
_MEMORY: Final = 500


def measure(*, many: int = _MANY) -> list[Row]:
    """Rows of the table; `many` articles of three annotators are made for it, which takes some minutes."""
    from annotations.policies import check_member
    from annotations.services.agreement import agreement_report

    few = _prepare("agreement-few", _FEW)
    member = check_member(user=few["reviewer"], slug="agreement-few")
    # what is imported once by a process is no part of what a page waits for
    agreement_report(member=check_member(user=_prepare("agreement-none", 1)["reviewer"], slug="agreement-none"))
    cold = _seconds(lambda: agreement_report(member=member))
    _forget_reports()
    kept = _seconds(lambda: agreement_report(member=member))
    cached = _seconds(lambda: agreement_report(member=member))
    title = f"agreement: {_FEW} articles x 3 annotators x {_SPANS} spans"
    rows = [
        _row(f"{title}, first time", cold, 3),
        _row(f"{title}, report of what is kept", kept, 3),
        _row(f"{title}, again", cached, 0.3),
    ]
    return rows + _of_a_job(many)


def _of_a_job(many: int) -> list[Row]:
    from annotations.models import Job, JobState

    prepared = _prepare("agreement-many", many)
    job = Job.objects.create(kind="agreement", project=prepared["project"], state=JobState.RUNNING, attempts=1)
    most = 0.0
    # In a process of its own, as the worker is: what this one took to prepare the articles is none of the job's.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        worker = pool.submit(_ready).result()
        counted = pool.submit(_count, job.pk)
        while not counted.done():
            most = max(most, _megabytes(worker))
            time.sleep(0.2)
        seconds, steps = counted.result()
    job.delete()
    title = f"agreement: job of {many} articles x 3"
    return [
        _row(title, seconds, 60),
        Row(
            question=f"{title}, memory of all its processes together",
            figure=f"{most:.0f} MiB",
            target=f"≤ {_MEMORY} MiB",
            met=most <= _MEMORY,
        ),
        Row(question=f"{title}, steps of progress", figure=str(steps), target="≥ 20", met=steps >= 20),
    ]


def _ready() -> int:
    """In the job's process: what every process needs, and which one it is."""
    import django

    django.setup()
    return os.getpid()


def _count(job_id: UUID) -> tuple[float, int]:
    """Do the job; seconds, and how often it told how far it is."""
    from annotations.models import Job
    from annotations.services.agreement import count_agreement
    from annotations.services.jobs import Progress

    job = Job.objects.get(pk=job_id)
    seen: list[int] = []

    class Watched(Progress):
        def __call__(self, done: int, total: int) -> None:
            seen.append(done)
            super().__call__(done, total)

    return _seconds(lambda: count_agreement(job, Watched(job, threading.Event()))), len(seen)


def _megabytes(process: int) -> float:
    """What a process and those it began hold now, what they share counted once."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
    family = {process}
    while grown := {child for child, parent in parents.items() if parent in family} - family:
        family |= grown
    held = 0
    for member in family:
        with contextlib.suppress(OSError):
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
            held += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return held / 1024


def _row(question: str, seconds: float, most: float) -> Row:
    return Row(question=question, figure=shown(seconds), target=f"≤ {shown(most)}", met=seconds <= most)


def _seconds(do: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    do()
    return time.perf_counter() - begun


def _forget_reports() -> None:
    from django.core.cache import cache

    cache.clear()


def _prepare(slug: str, articles: int) -> dict[str, Any]:
    """A project with three annotators who agree mostly: written in bulk, a thousand articles at a time."""
    from annotations.models import AnnotationSet, Article, Label
    from tests.factories import a_member, a_project

    project = a_project(slug, annotators_per_article=3)
    reviewer = a_member(project, f"{slug}-dora", "reviewer")  # type: ignore[arg-type]  # a role as it is stored
    people = [a_member(project, f"{slug}-{number}") for number in range(3)]
    labels = dict(Label.objects.filter(project=project).values_list("key", "pk"))
    drawn = random.Random(7)
    texts = [text_of(number, _LENGTH)[:_LENGTH] for number in range(20)]
    for start in range(0, articles, 500):
        made = [_article(project, number, texts) for number in range(start, min(articles, start + 500))]
        Article.objects.bulk_create(made)
        sets = [_set(article, person) for article in made for person in people]
        AnnotationSet.objects.bulk_create(sets)
        _write_spans(list(_spans([one.pk for one in sets], labels, drawn)))
    return {"project": project, "reviewer": reviewer}


def _article(project: Any, number: int, texts: list[str]) -> Any:
    from hashlib import sha256

    from annotations.models import Article

    text = texts[number % len(texts)]
    return Article(
        project=project,
        external_id=f"a{number}",
        text=text,
        text_sha256=sha256(text.encode()).hexdigest(),
        open_slots=0,
    )


def _set(article: Any, person: Any) -> Any:
    from django.utils import timezone

    from annotations.models import AnnotationSet

    at = timezone.now() - timedelta(hours=int(article.external_id[1:]) % 2_000)
    return AnnotationSet(article=article, kind="annotator", annotator=person, state="submitted", submitted_at=at)


def _spans(sets: list[UUID], labels: dict[str, int], drawn: random.Random) -> Iterator[tuple[Any, ...]]:
    from annotations.domain.identifiers import uuid7

    for number, owner in enumerate(sets):
        if number % 3 == 0:
            base = [
                (drawn.choice(_LABELS), start := drawn.randrange(_LENGTH - 80), start + drawn.randrange(4, 40))
                for _ in range(_SPANS)
            ]
        there: set[tuple[str, int, int]] = set()
        for label, start, end in base:
            moved = drawn.randrange(4) if drawn.random() < 0.3 else 0
            one = (drawn.choice(_LABELS) if drawn.random() < 0.05 else label, start + moved, end + moved)
            if drawn.random() > 0.1 and one not in there:
                there.add(one)
                yield (uuid7(), owner, labels[one[0]], f"{{[{one[1]},{one[2]})}}", "{}", "", "typed", 0, "[]")


def _write_spans(rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection

    columns = "id, annotation_set_id, label_id, fragments, attributes, note, origin, revision, sources"
    with connection.cursor() as cursor, cursor.copy(f"COPY annotations_span ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
