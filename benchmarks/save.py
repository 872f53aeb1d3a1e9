"""How long does saving one span take, alone and with eight clients at once, and does it matter how much is stored?"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import psycopg

from benchmarks.press import write_file
from benchmarks.rows import Row, against, median, shown
from benchmarks.site import Site

WARM_UP = 100
SAVES = 400
CLIENTS = 8
SAVES_OF_A_CLIENT = 250
LEAST_RATE = 300


def measure(site: Site) -> list[Row]:
    """Rows of the table: with an empty store, then with 200,000 spans in it."""
    rows, alone, rate = _measure(site, stored="empty store")
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
    with psycopg.connect(**connection_details(), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")  # what the server does by itself after a large import, in its own time
    more, alone_full, rate_full = _measure(site, stored="200,000 spans stored")
    return [
        *rows,
        *more,
        _same("one save, beside its floor", alone, alone_full),
        _same("saves a second", rate, rate_full),
    ]


def fill(folder: Path) -> None:
    """10,000 articles with 200,000 spans, through the import."""
    from annotations.services.imports import import_documents
    from tests.factories import a_member, a_project

    write_file(folder / "many.jsonl", 10_000)
    project = a_project("bench-fill")
    with (folder / "many.jsonl").open("rb") as stream:
        import_documents(actor=a_member(project, "ada"), project=project, stream=stream, format="jsonl")


def _measure(site: Site, *, stored: str) -> tuple[list[Row], float, float]:
    """Rows of the table, the median of one save beside its floor, and saves a second of eight clients."""
    token, sets = prepare(stored)
    save_at_once(site, token, sets[2 + CLIENTS :], WARM_UP)  # every worker and connection has saved before
    # In turn, so that what else the machine does meets both alike.
    in_turn = zip(_committing(sets[0], SAVES), _saving(site, token, sets[1], SAVES), strict=True)
    floor, alone = zip(*in_turn, strict=True)
    start = time.perf_counter()
    together = save_at_once(site, token, sets[2 : 2 + CLIENTS], SAVES_OF_A_CLIENT)
    rate = len(together) / (time.perf_counter() - start)
    rows = [
        against(f"save one span, p50, {stored}", median(alone), median(floor), most=18),
        Row(
            question=f"saves a second, {CLIENTS} clients, {stored}",
            figure=f"{rate:.0f}/s",
            floor=f"p50 {shown(median(together))}",
            target=f"≥ {LEAST_RATE}/s",
            met=rate >= LEAST_RATE,
        ),
    ]
    return rows, median(alone) / median(floor), rate


def _same(question: str, empty: float, full: float) -> Row:
    """Whether a figure stays within 15 % when much is stored."""
    change = full / empty - 1
    return Row(
        question=f"{question}: 200,000 spans against none",
        figure=f"{change:+.0%}",
        target="within 15 %",
        met=abs(change) <= 0.15,
    )


def prepare(stored: str) -> tuple[str, list[UUID]]:
    """A project whose member has a set for the floor, one for the single client, and two for each of the eight."""
    from annotations.services.accounts import create_token
    from benchmarks.press import text_of
    from tests.factories import a_member, a_project, a_set, an_article

    project = a_project(f"bench-{stored.replace(' ', '-').replace(',', '')}")
    ben = a_member(project, "bench-ben")
    _token, secret = create_token(user=ben, name="bench", scope="annotate")
    articles = [an_article(project, text_of(number, 4_000), f"a{number}") for number in range(2 + 2 * CLIENTS)]
    return secret, [a_set(article, ben).pk for article in articles]


def _changes(count: int) -> Iterator[bytes]:
    from annotations.domain.identifiers import uuid7

    for number in range(count):
        start = number * 5
        change = {
            "id": str(uuid7()), "action": "put_span", "object": str(uuid7()), "base": None,
            "value": {"label": ("actor", "location")[number % 2], "fragments": [[start, start + 9]]},
        }  # fmt: skip
        yield orjson.dumps({"changes": [change]})


def save_at_once(site: Site, token: str, sets: Sequence[UUID], count: int) -> list[float]:
    """A client for each set, all at once; the seconds of every save."""
    with ThreadPoolExecutor(len(sets)) as pool:
        jobs = [pool.submit(_save, site, token, each, count) for each in sets]
        return [seconds for job in jobs for seconds in job.result()]


def _save(site: Site, token: str, annotation_set: UUID, count: int) -> list[float]:
    """Save `count` spans one after the other; the seconds of each."""
    return list(_saving(site, token, annotation_set, count))


def _saving(site: Site, token: str, annotation_set: UUID, count: int) -> Iterator[float]:
    """Save one span each time the next is asked for; the seconds of each."""
    connection = site.connection()
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    path = f"/api/v1/annotation-sets/{annotation_set}/changes/"
    for body in _changes(count):
        start = time.perf_counter()
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - start
        if answer.status != 200 or orjson.loads(content)["results"][0]["status"] != "applied":
            raise SystemExit(f"A save failed: {answer.status} {content[:300]!r}")
        yield seconds
    connection.close()


def _committing(annotation_set: UUID, count: int) -> Iterator[float]:
    """The floor: the same row, one INSERT and one COMMIT, by bare psycopg into a table of the same form."""
    from annotations.domain.identifiers import uuid7

    with psycopg.connect(**connection_details()) as connection:
        label = connection.execute("SELECT min(id) FROM annotations_label").fetchone()
        connection.execute("CREATE TABLE bench_span (LIKE annotations_span INCLUDING ALL)")
        connection.commit()
        for number in range(count):
            values = [uuid7(), annotation_set, label and label[0], f"{{[{number * 5},{number * 5 + 9})}}"]
            start = time.perf_counter()
            connection.execute(
                "INSERT INTO bench_span (id, annotation_set_id, label_id, fragments, attributes, note, origin, sources,"
                " revision) VALUES (%s, %s, %s, %s::int4multirange, '{}', '', 'typed', '[]', 1)",
                values,
            )
            connection.commit()
            yield time.perf_counter() - start
        connection.execute("DROP TABLE bench_span")


def connection_details() -> dict[str, Any]:
    """How psycopg reaches the site's database."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    return {
        "host": database["HOST"],
        "port": database["PORT"],
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
    }
