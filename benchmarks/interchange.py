"""How long do 10,000 articles with 200,000 spans take in and out, and does memory grow with them?

Each is measured in a process of its own. The floors are a COPY of the same rows into the same tables, and a COPY of
the same documents as JSON.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Final

import psycopg

from benchmarks.press import write_file
from benchmarks.rows import Row, against, percentile, shown
from benchmarks.save import CLIENTS, SAVES_OF_A_CLIENT, WARM_UP, connection_details, prepare, save_at_once
from benchmarks.site import ROOT, Site

MANY: Final = 10_000
FEW: Final = 1_000
MOST_GROWTH: Final = 60
MOST_MEMORY: Final = 300
OTHERS: Final = ("doccano", "brat", "csv")
# What an import writes, in the order of the foreign keys; generated columns are made again.
TABLES: Final = (
    "annotations_article",
    "annotations_textsketch",
    "annotations_importedarticle",
    "annotations_annotationset",
    "annotations_span",
    "annotations_relation",
    "annotations_change",
    "annotations_decision",
)
_DOCUMENTS: Final = """
COPY (SELECT json_build_object('id', a.external_id, 'title', a.title, 'text', a.text, 'annotation_sets',
  (SELECT json_agg(json_build_object('kind', s.kind, 'state', s.state, 'spans',
    (SELECT json_agg(json_build_object('id', p.external_id, 'label', l.key, 'fragments', p.fragments) ORDER BY p.start)
       FROM annotations_span p JOIN annotations_label l ON l.id = p.label_id WHERE p.annotation_set_id = s.id)))
     FROM annotations_annotationset s WHERE s.article_id = a.id))
  FROM annotations_article a WHERE a.project_id = %s ORDER BY a.external_id COLLATE "C") TO STDOUT
"""


def measure(site: Site) -> list[Row]:
    """Rows of the table; leaves the many articles in the project `bench-many`."""
    folder = site.home.parent
    few, many = folder / "few.jsonl", folder / "many.jsonl"
    write_file(few, FEW)
    write_file(many, MANY)
    _make_projects()
    _, memory_few = _run("import_documents", "bench-few", str(few), "-v0")
    in_seconds, memory_many = _run("import_documents", "bench-many", str(many), "-v0")
    start_up, _ = _run("check")
    floor_in = _bare_copy_in(folder)
    rows = [
        against("import 10,000 articles, 200,000 spans", in_seconds - start_up, floor_in, most=3),
        _growth("memory of the import, 1,000 to 10,000 articles", memory_few, memory_many),
    ]
    out_few, out = folder / "few.out", folder / "out"
    _, memory_few = _run("export_documents", "bench-few", "--sets", "annotators", "-o", str(out_few))
    out_seconds, memory_many = _run("export_documents", "bench-many", "--sets", "annotators", "-o", str(out))
    first = _first_byte()
    rows += [
        against("export them as native JSON Lines", out_seconds - start_up, _bare_copy_out(), most=5),
        Row(question="first byte of the export", figure=shown(first), target="< 1 s", met=first < 1),
        _growth("memory of the export, 1,000 to 10,000 articles", memory_few, memory_many),
        _saves_beside_an_export(site),
    ]
    return [*rows, *(row for key in OTHERS for row in _other(folder, key))]


def _other(folder: Path, key: str) -> list[Row]:
    """The same articles out and into another project in another format."""
    from tests.factories import a_member, a_project

    out: dict[str, tuple[float, float]] = {}
    back: dict[str, tuple[float, float]] = {}
    rows = []
    for size, articles in (("few", FEW), ("many", MANY)):
        file, slug = folder / f"{size}.{key}", f"bench-{size}-{key}"
        a_member(a_project(slug), "ada")
        export = ("export_documents", f"bench-{size}", "--sets", "annotators", "--format", key, "-o", str(file))
        out[size] = _run(*export)
        owner = ("--kind", "annotator", "--annotator", "ben")
        back[size] = _run("import_documents", slug, str(file), "-v0", "--format", key, *owner)
        times = f"{shown(out[size][0])} out, {shown(back[size][0])} in"
        rows.append(Row(question=f"{key}: {articles:,} articles, with the database", figure=times))
    return [
        *rows,
        _growth(f"memory of the export as {key}, 1,000 to 10,000 articles", out["few"][1], out["many"][1]),
        _growth(f"memory of the import of {key}, 1,000 to 10,000 articles", back["few"][1], back["many"][1]),
    ]


def _saves_beside_an_export(site: Site) -> Row:
    """p95 of the saves of eight clients, alone and while the many articles are exported again and again."""
    token, sets = prepare("beside an export")
    save_at_once(site, token, sets[:2], WARM_UP)
    alone = save_at_once(site, token, sets[2 : 2 + CLIENTS], SAVES_OF_A_CLIENT)
    ended = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        exports = pool.submit(_export_again_and_again, site, ended)
        try:
            beside = save_at_once(site, token, sets[2 + CLIENTS :], SAVES_OF_A_CLIENT)
        finally:
            ended.set()
        if not exports.result():
            raise SystemExit("No export ran beside the saves.")
    return against(
        f"p95 of saves beside a running export, {CLIENTS} clients", percentile(beside), percentile(alone), most=2
    )


def _export_again_and_again(site: Site, ended: threading.Event) -> int:
    """Export all until told to end; the bytes that came."""
    from annotations.models import User
    from annotations.services.accounts import create_token

    _token, secret = create_token(user=User.objects.get(username="ada"), name="bench", scope="read")
    size = 0
    while not ended.is_set():
        link = site.connection()
        path = "/api/v1/projects/bench-many/export/?sets=annotators"
        link.request("GET", path, headers={"Authorization": f"Token {secret}"})
        answer = link.getresponse()
        while not ended.is_set() and (piece := answer.read(1 << 20)):
            size += len(piece)
        link.close()
    return size


def _growth(question: str, few: float, many: float) -> Row:
    return Row(
        question=question,
        figure=f"{many:.0f} MiB",
        floor=f"{few:.0f} MiB",
        ratio=f"{many - few:+.0f} MiB",
        target=f"< {MOST_MEMORY} MiB, growth < {MOST_GROWTH} MiB",
        met=many < MOST_MEMORY and many - few < MOST_GROWTH,
    )


def _make_projects() -> None:
    from tests.factories import a_member, a_project

    for slug in ("bench-few", "bench-many"):
        a_member(a_project(slug), "ada")


def _run(*arguments: str) -> tuple[float, float]:
    """A command of manage.py in a process of its own: its seconds, and the most memory it held, in MiB."""
    program = (
        "import resource, subprocess, sys, time; start = time.perf_counter();"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    command = [sys.executable, "-c", program, sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def _first_byte() -> float:
    """From asking the exporting service to the first bytes, in this process."""
    from annotations.models import Project, User
    from annotations.services.exports import export_documents

    project, ada = Project.objects.get(slug="bench-many"), User.objects.get(username="ada")
    start = time.perf_counter()
    export = export_documents(actor=ada, project=project, format="jsonl", sets="annotators")
    next(iter(export))
    seconds = time.perf_counter() - start
    export.close()
    return seconds


def _bare_copy_in(folder: Path) -> float:
    """The floor of the import: the same rows by COPY into the same tables, in one transaction."""
    with psycopg.connect(**connection_details()) as connection:
        columns = {table: _written_columns(connection, table) for table in TABLES}
        for table in TABLES:
            with (folder / table).open("wb") as file:
                _copy_out(connection, f"COPY {table} ({columns[table]}) TO STDOUT", file)
        connection.execute("GRANT TRUNCATE ON annotations_change TO CURRENT_USER")
        connection.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        connection.execute("REVOKE TRUNCATE ON annotations_change FROM CURRENT_USER")
        connection.commit()
        for table in TABLES:  # what an import finds: statistics of earlier articles, not of an empty table
            connection.execute(f"ANALYZE {table}")
        start = time.perf_counter()
        for table in TABLES:
            with (
                (folder / table).open("rb") as file,
                connection.cursor().copy(f"COPY {table} ({columns[table]}) FROM STDIN") as copy,
            ):
                while chunk := file.read(1 << 20):
                    copy.write(chunk)
        connection.commit()
        return time.perf_counter() - start


def _written_columns(connection: psycopg.Connection[tuple[object, ...]], table: str) -> str:
    found = connection.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [table],
    ).fetchone()
    return str(found and found[0])


def _bare_copy_out() -> float:
    """The floor of the export: the same documents by COPY."""
    with psycopg.connect(**connection_details()) as connection, Path("/dev/null").open("wb") as nowhere:
        found = connection.execute("SELECT id FROM annotations_project WHERE slug = 'bench-many'").fetchone()
        connection.execute("ANALYZE")
        start = time.perf_counter()
        _copy_out(connection, _DOCUMENTS.replace("%s", f"'{found and found[0]}'"), nowhere)
        return time.perf_counter() - start


def _copy_out(connection: psycopg.Connection[tuple[object, ...]], sql: str, file: IO[bytes]) -> None:
    with connection.cursor().copy(sql.encode()) as copy:
        for chunk in copy:
            file.write(chunk)
