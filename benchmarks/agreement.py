"""How long does agreement take: of a hundred articles while somebody waits, of ten thousand as a job?"""

from __future__ import annotations

import random
import resource
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
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
    from annotations.services.agreement import count_agreement
    from annotations.services.jobs import Progress

    prepared = _prepare("agreement-many", many)
    job = Job.objects.create(kind="agreement", project=prepared["project"], state=JobState.RUNNING, attempts=1)
    seen: list[int] = []

    class Watched(Progress):
        def __call__(self, done: int, total: int) -> None:
            seen.append(done)
            super().__call__(done, total)

    seconds = _seconds(lambda: count_agreement(job, Watched(job, threading.Event())))
    job.delete()
    megabytes = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ) / 1024
    title = f"agreement: job of {many} articles x 3"
    return [
        _row(title, seconds, 60),
        Row(
            question=f"{title}, memory of the largest two processes together",
            figure=f"{megabytes:.0f} MiB",
            target=f"≤ {_MEMORY} MiB",
            met=megabytes <= _MEMORY,
        ),
        Row(question=f"{title}, steps of progress", figure=str(len(seen)), target="≥ 20", met=len(seen) >= 20),
    ]


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
