"""Much stored work, made by the server itself: articles, sets, spans with their changes, disagreements.

Every tenth article has two submitted sets with half of the spans each and four disagreements, of which five are alike;
every twentieth of all is done. The others have one submitted set and still need an annotator.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from benchmarks.press import text_of

if TYPE_CHECKING:
    from psycopg import Connection

    from annotations.models import Project, User

ANNOTATORS: Final = 200
_CHUNK: Final = 5_000
_TEXTS: Final = 500

# UUID version 7, as far as order goes; PostgreSQL has its own only from 18 on.
_NEW_ID: Final = (
    "encode(overlay(uuid_send(gen_random_uuid()) PLACING"
    " substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 'hex')::uuid"
)
_NUMBERED: Final = (
    "CREATE TEMP TABLE bench_article AS SELECT n, new_id() AS id FROM generate_series(%(first)s, %(last)s - 1) n",
    """
CREATE TEMP TABLE bench_set AS
SELECT n, new_id() AS id, id AS article, (%(annotators)s::bigint[])[1 + mod(n + 7 * round, %(people)s)] AS annotator,
    %(spans)s / CASE WHEN mod(n, 10) = 0 THEN 2 ELSE 1 END AS spans, now() - interval '1 year' * random() AS at
  FROM bench_article JOIN generate_series(0, 1) round ON round = 0 OR mod(n, 10) = 0
""",
)
# A text of its own for each article: its number, a name that stands in five, and words that others have, too.
_ARTICLES: Final = """
INSERT INTO annotations_article (id, project_id, external_id, title, text, text_sha256, language, outlet, author,
    section, url, published_at, published_on, license, metadata, open_slots, priority, created_at)
SELECT id, %(project)s, 'a' || n, left(text, 60), text, encode(sha256(convert_to(text, 'UTF8')), 'hex'), 'en',
    'Outlet ' || mod(n, 40), '', '', '', '2025-03-14', date '2025-01-01' + mod(n, 700), '', '{}',
    CASE WHEN mod(n, 10) = 0 THEN 0 ELSE 1 END, 0, now()
  FROM (SELECT n, id, 'Report ' || n || ' of the Gazette, by Quillfeather' || mod(n, greatest(%(all)s / 5, 1)) || '. '
            || t.text AS text
          FROM bench_article JOIN bench_text t ON t.number = mod(n, %(texts)s)) made
"""
_SETS: Final = """
INSERT INTO annotations_annotationset (id, article_id, kind, annotator_id, source, engine, version, state, revision,
    started_at, submitted_at, active_seconds)
SELECT id, article, 'annotator', annotator, '', '', '', 'submitted', spans, at, at + interval '9 minutes', 300
  FROM bench_set
"""
_GOLD: Final = """
INSERT INTO annotations_annotationset (id, article_id, kind, source, engine, version, state, revision, started_at,
    active_seconds)
SELECT new_id(), id, 'gold', '', '', '', 'done', 0, now(), 0 FROM bench_article WHERE mod(n, 20) = 0
"""
_SPANS: Final = """
WITH written AS (
  INSERT INTO annotations_span (id, annotation_set_id, label_id, fragments, attributes, note, origin, sources, revision)
  SELECT new_id(), s.id, (%(labels)s::bigint[])[1 + mod(i, 3)],
      int4multirange(int4range(60 + i * 90, 72 + i * 90 + mod(i, 7))), '{}', '', 'typed', '[]', i + 1
    FROM bench_set s, generate_series(0, s.spans - 1) i
  RETURNING id, annotation_set_id, fragments, revision
)
INSERT INTO annotations_change (annotation_set_id, revision, uuid, author_id, at, action, object, after, batch)
SELECT s.id, w.revision, gen_random_uuid(), s.annotator, s.at, 'put_span', w.id,
    jsonb_build_object('label', 'actor', 'fragments',
        jsonb_build_array(jsonb_build_array(lower(w.fragments), upper(w.fragments))), 'origin', 'typed'),
    gen_random_uuid()
  FROM written w JOIN bench_set s ON s.id = w.annotation_set_id
"""
_DISAGREEMENTS: Final = """
INSERT INTO annotations_disagreement (id, article_id, kind, label, shape, state, unanimous, start, payload)
SELECT gen_random_uuid(), a.id, (ARRAY['boundary', 'label', 'missing'])[1 + mod(n, 3)], 'actor',
    md5(i || ' ' || mod(n, %(all)s / 5)), CASE WHEN mod(n, 20) = 0 THEN 'decided' ELSE 'open' END, false, 60 + i * 90,
    jsonb_build_object('quote', 'words ' || n, 'of', 2, 'versions', (
        SELECT jsonb_agg(jsonb_build_object('digit', row_number, 'annotators', jsonb_build_array(s.annotator),
            'sources', '[]'::jsonb, 'spans', jsonb_build_array(jsonb_build_object('label', 'actor', 'quote', 'words',
            'fragments', jsonb_build_array(jsonb_build_array(60 + i * 90, 72 + i * 90)), 'entity', '',
            'attributes', '{}'::jsonb))))
          FROM (SELECT annotator, row_number() OVER () FROM bench_set WHERE article = a.id) s))
  FROM bench_article a, generate_series(0, 3) i WHERE mod(n, 10) = 0
"""
_STEPS: Final = (
    *_NUMBERED, "CREATE INDEX ON bench_set (article)", "ANALYZE bench_article", "ANALYZE bench_set",
    _ARTICLES, _SETS, _GOLD, _SPANS, _DISAGREEMENTS, "DROP TABLE bench_article, bench_set",
)  # fmt: skip
TABLES: Final = (
    "annotations_article", "annotations_annotationset", "annotations_span", "annotations_change",
    "annotations_disagreement",
)  # fmt: skip
"""Those that grow with the work."""
_REFERENCES: Final = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
 WHERE contype IN ('f', 'u') AND conrelid = ANY (%(tables)s::regclass[] || 'annotations_relation'::regclass)
 ORDER BY contype = 'u'
"""
_INDEXES: Final = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i
 WHERE indrelid = ANY (%(tables)s::regclass[]) AND NOT indisprimary
   AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


def annotators(project: Project, count: int) -> list[User]:
    """So many members, who cannot sign in."""
    from annotations.models import Membership, Role, User

    people = User.objects.bulk_create(User(username=f"bench-{number}") for number in range(count))
    Membership.objects.bulk_create(Membership(project=project, user=each, role=Role.ANNOTATOR) for each in people)
    return people


@contextlib.contextmanager
def without_indexes(connection: Connection[Any]) -> Iterator[None]:
    """References and indexes are made at the end of the block, which takes a small part of the time."""
    values = {"tables": list(TABLES)}
    references = connection.execute(_REFERENCES, values).fetchall()
    for table, name, _definition in references:
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
    indexes = connection.execute(_INDEXES, values).fetchall()
    for name, _definition in indexes:
        connection.execute(f"DROP INDEX {name}".encode())
    yield
    for _name, definition in indexes:
        connection.execute(definition.encode())
    for table, name, definition in reversed(references):
        connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}".encode())


def store(
    connection: Connection[Any], project: Project, people: Sequence[User], articles: int, *, spans: int = 20
) -> None:
    """So many articles with so many spans each in the project, labelled by the people in turn."""
    values = {
        "project": project.pk, "all": articles, "spans": spans, "texts": _TEXTS,
        "people": len(people), "annotators": [user.pk for user in people],
        "labels": list(project.labels.order_by("position").values_list("pk", flat=True)),
    }  # fmt: skip
    connection.execute("CREATE TEMP TABLE bench_text (number int PRIMARY KEY, text text)")
    with connection.cursor() as cursor, cursor.copy("COPY bench_text FROM STDIN") as copy:
        for number in range(_TEXTS):
            copy.write_row((number, text_of(number, 1_950)))
    for first in range(0, articles, _CHUNK):
        part = {**values, "first": first, "last": min(first + _CHUNK, articles)}
        with connection.transaction():
            for sql in _STEPS:
                connection.execute(sql.replace("new_id()", _NEW_ID).encode(), part)
        if first and first % 100_000 == 0:
            print(f"{first:,} of {articles:,} articles stored", file=sys.stderr)
