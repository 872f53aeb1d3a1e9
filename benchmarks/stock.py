"""Much stored work, made by the server itself: articles, sets, spans with their changes, disagreements.

Every tenth article has two submitted sets of 10 spans and two disagreements, every twentieth of all is done; the others
have one submitted set of 20 spans and still need an annotator.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import psycopg

from benchmarks.press import text_of
from benchmarks.save import connection_details

if TYPE_CHECKING:
    from annotations.models import Project, User

ANNOTATORS: Final = 200
_CHUNK: Final = 5_000
_TEXTS: Final = 500

# A text of its own for each article: its number, a name that stands in five, and words that others have, too.
_ARTICLES: Final = """
INSERT INTO annotations_article (id, project_id, external_id, title, text, text_sha256, language, outlet, author,
    section, url, published_at, published_on, license, metadata, open_slots, priority, created_at)
SELECT uuidv7(), %(project)s, 'a' || n, left(text, 60), text, encode(sha256(convert_to(text, 'UTF8')), 'hex'), 'en',
    'Outlet ' || mod(n, 40), '', '', '', '2025-03-14', date '2025-01-01' + mod(n, 700), '', '{}',
    CASE WHEN mod(n, 10) = 0 THEN 0 ELSE 1 END, 0, now()
  FROM (SELECT n, 'Report ' || n || ' of the Gazette, by Quillfeather' || mod(n, greatest(%(all)s / 5, 1)) || '. '
            || t.text AS text
          FROM generate_series(%(first)s, %(last)s - 1) n JOIN bench_text t ON t.number = mod(n, %(texts)s)
         ORDER BY n) made
"""
_NUMBERED: Final = """
CREATE TEMP TABLE bench_article ON COMMIT DROP AS
SELECT id, substr(external_id, 2)::int AS n FROM annotations_article
 WHERE project_id = %(project)s AND external_id = ANY (
     SELECT 'a' || n FROM generate_series(%(first)s, %(last)s - 1) n) AND superseded_by_id IS NULL
"""
_SETS: Final = """
INSERT INTO annotations_annotationset (id, article_id, kind, annotator_id, source, engine, version, state, revision,
    started_at, submitted_at, active_seconds)
SELECT uuidv7(), id, 'annotator', (%(annotators)s::bigint[])[1 + mod(n + 7 * round, %(people)s)], '', '', '',
    'submitted', CASE WHEN mod(n, 10) = 0 THEN 10 ELSE 20 END, at, at + interval '9 minutes', 300
  FROM (SELECT id, n, round, now() - interval '1 year' * random() AS at
          FROM bench_article JOIN generate_series(0, 1) round ON round = 0 OR mod(n, 10) = 0 ORDER BY n) made
"""
_GOLD: Final = """
INSERT INTO annotations_annotationset (id, article_id, kind, source, engine, version, state, revision, started_at,
    active_seconds)
SELECT uuidv7(), id, 'gold', '', '', '', 'done', 0, now(), 0 FROM bench_article WHERE mod(n, 20) = 0
"""
_SPANS: Final = """
WITH written AS (
  INSERT INTO annotations_span (id, annotation_set_id, label_id, fragments, attributes, note, origin, sources, revision)
  SELECT uuidv7(), s.id, (%(labels)s::bigint[])[1 + mod(i, 3)],
      int4multirange(int4range(60 + i * 90, 72 + i * 90 + mod(i, 7))), '{}', '', 'typed', '[]', i + 1
    FROM bench_article a JOIN annotations_annotationset s ON s.article_id = a.id AND s.kind = 'annotator',
         generate_series(0, s.revision - 1) i
   ORDER BY a.n
  RETURNING id, annotation_set_id, fragments, revision
)
INSERT INTO annotations_change (annotation_set_id, revision, uuid, author_id, at, action, object, after, batch)
SELECT w.annotation_set_id, w.revision, gen_random_uuid(), s.annotator_id, s.started_at, 'put_span', w.id,
    jsonb_build_object('label', 'actor', 'fragments',
        jsonb_build_array(jsonb_build_array(lower(w.fragments), upper(w.fragments))), 'origin', 'typed'),
    gen_random_uuid()
  FROM written w JOIN annotations_annotationset s ON s.id = w.annotation_set_id
"""
_DISAGREEMENTS: Final = """
INSERT INTO annotations_disagreement (id, article_id, kind, label, shape, state, unanimous, start, payload)
SELECT gen_random_uuid(), a.id, (ARRAY['boundary', 'label', 'missing'])[1 + mod(n, 3)], 'actor',
    md5(mod(n, 1000)::text), CASE WHEN mod(n, 20) = 0 THEN 'decided' ELSE 'open' END, false, 60 + i * 90,
    jsonb_build_object('quote', 'words ' || n, 'of', 2, 'versions', (
        SELECT jsonb_agg(jsonb_build_object('digit', row_number, 'annotators', jsonb_build_array(s.annotator_id),
            'sources', '[]'::jsonb, 'spans', jsonb_build_array(jsonb_build_object('label', 'actor', 'quote', 'words',
            'fragments', jsonb_build_array(jsonb_build_array(60 + i * 90, 72 + i * 90)), 'entity', '',
            'attributes', '{}'::jsonb))))
          FROM (SELECT annotator_id, row_number() OVER () FROM annotations_annotationset
                 WHERE article_id = a.id AND kind = 'annotator') s))
  FROM bench_article a, generate_series(0, 1) i WHERE mod(n, 10) = 0
"""


def annotators(project: Project, count: int) -> list[User]:
    """So many members, who cannot sign in."""
    from annotations.models import Membership, Role, User

    people = User.objects.bulk_create(User(username=f"bench-{number}") for number in range(count))
    Membership.objects.bulk_create(Membership(project=project, user=each, role=Role.ANNOTATOR) for each in people)
    return people


def store(project: Project, annotators: Sequence[User], articles: int) -> None:
    """So many articles with 20 spans each in the project, the annotators' work in turn."""
    values = {
        "project": project.pk, "all": articles, "texts": _TEXTS, "people": len(annotators),
        "annotators": [user.pk for user in annotators],
        "labels": list(project.labels.order_by("position").values_list("pk", flat=True)),
    }  # fmt: skip
    with psycopg.connect(**connection_details(), autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("CREATE TEMP TABLE bench_text (number int PRIMARY KEY, text text)")
        with connection.cursor() as cursor, cursor.copy("COPY bench_text FROM STDIN") as copy:
            for number in range(_TEXTS):
                copy.write_row((number, text_of(number, 1_950)))
        for first in range(0, articles, _CHUNK):
            part = {**values, "first": first, "last": min(first + _CHUNK, articles)}
            with connection.transaction():
                for sql in (_ARTICLES, _NUMBERED, "ANALYZE bench_article", _SETS, _GOLD, _SPANS, _DISAGREEMENTS):
                    connection.execute(sql, part)
            if first % 100_000 == 0 and first:
                print(f"{first:,} of {articles:,} articles stored", file=sys.stderr)
        connection.execute("VACUUM (ANALYZE)")
