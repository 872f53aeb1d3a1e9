"""Articles with their annotation sets as domain documents, streamed in the order of an export.

Rows come from a server-side cursor, a hundred articles at a time, on a connection the caller has put into a
transaction: its snapshot is what the export shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import orjson
import psycopg

from annotations.domain.clusters import clusters_of
from annotations.domain.documents import NOTHING, AnnotationSet, Document, Fragments, Relation, Span
from annotations.domain.relation_clusters import relation_clusters_of
from annotations.models import Label, Membership, Project, Purpose, RelationLabel

BATCH: Final = 100
SETS: Final = ("gold", "annotators", "suggestions", "all", "majority")

type Connection = psycopg.Connection[Any]

_ARTICLES: Final = """
SELECT a.id, a.external_id, a.title, a.text, a.url, a.outlet, a.author, a.section, a.published_at, a.language,
       a.license, nullif(a.metadata, '{{}}')::text
  FROM annotations_article a
 WHERE a.project_id = %(project)s AND a.superseded_by_id IS NULL
   AND a.purpose = ANY(%(purposes)s)
   AND (NOT %(own_articles)s OR EXISTS (
     SELECT 1 FROM annotations_annotationset m WHERE m.article_id = a.id AND m.annotator_id = %(annotator)s))
   AND (%(empty)s OR EXISTS (SELECT 1 FROM annotations_annotationset s WHERE s.article_id = a.id AND ({chosen})))
 ORDER BY a.external_id COLLATE "C"
"""
_SETS: Final = """
SELECT s.id, s.article_id, s.kind, coalesce(u.username, ''), s.state, coalesce(g.number, s.imported_guideline),
       s.source, s.engine, s.version
  FROM annotations_annotationset s
  LEFT JOIN annotations_user u ON u.id = s.annotator_id
  LEFT JOIN annotations_guidelineversion g ON g.id = s.guideline_id
 WHERE s.article_id = ANY(%(articles)s) AND ({chosen})
"""
_SPANS: Final = """
SELECT p.annotation_set_id, p.id::text, coalesce(p.external_id, p.id::text), p.label_id, p."start", p."end",
       CASE WHEN p.parts > 1 THEN p.fragments::text END, e.name, nullif(p.attributes, '{}')::text, p.note, p.origin,
       p.score, nullif(p.sources, '[]')::text
  FROM annotations_span p LEFT JOIN annotations_entity e ON e.id = p.entity_id
 WHERE p.annotation_set_id = ANY(%(sets)s)
"""
_RELATIONS: Final = """
SELECT r.annotation_set_id, coalesce(r.external_id, r.id::text), r.label_id, r.source_id::text, r.target_id::text
  FROM annotations_relation r WHERE r.annotation_set_id = ANY(%(sets)s)
"""
_ANNOTATORS: Final = "s.kind = 'annotator' AND s.round = 0 AND (%(every_state)s OR s.state = 'submitted') AND {own}"
_CHOSEN: Final = {
    "gold": "s.kind = 'gold'",
    "annotators": _ANNOTATORS,
    "suggestions": "s.kind = 'suggestion'",
    "all": f"s.kind IN ('gold', 'suggestion') OR ({_ANNOTATORS})",
    "majority": "s.kind = 'annotator' AND s.round = 0 AND s.state = 'submitted' AND {own}",
}
# A blind reviewer sees nobody's work on an article of the reviewer's own (one given back does not count).
_NOT_BESIDE_OWN: Final = """(s.annotator_id = %(reviewer)s OR NOT EXISTS (
  SELECT 1 FROM annotations_annotationset mine
   WHERE mine.article_id = s.article_id AND mine.annotator_id = %(reviewer)s
     AND mine.state NOT IN ('skipped', 'released')))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which sets a document shows: one of `SETS`, annotators' in every state or submitted only, all or one person's;
    and whether articles that have none of them are there, too. `reviewer`: a blind one, whose own articles show
    nobody else's work. `purposes`: articles with known gold are left out, but for an annotator, to whom a hidden check
    must look like any other. `own_articles`: for a blind annotator, only those the annotator has had in hand.
    """

    sets: str = "gold"
    every_state: bool = False
    annotator: int | None = None
    reviewer: int | None = None
    empty: bool = False
    purposes: Sequence[str] = (Purpose.WORK,)
    own_articles: bool = False

    @property
    def shows_others(self) -> bool:
        """Whether there is work of annotators in it beside one person's own."""
        return self.annotator is None and self.sets in {"annotators", "all", "majority"}

    def condition(self) -> str:
        """What a set `s` must fulfil."""
        own = "TRUE" if self.annotator is None else "s.annotator_id = %(annotator)s"
        if self.reviewer is not None:
            own = _NOT_BESIDE_OWN
        return _CHOSEN[self.sets].format(own=own)


def documents_of(*, connection: Connection, project: Project, choice: Choice) -> Iterator[Document]:
    """The project's articles with the chosen sets, by external id in the C collation."""
    names = _Names(connection, project)
    chosen = choice.condition()
    values = {
        "project": project.pk,
        "empty": choice.empty,
        "every_state": choice.every_state,
        "annotator": choice.annotator,
        "reviewer": choice.reviewer,
        "purposes": [str(each) for each in choice.purposes],
        "own_articles": choice.own_articles,
    }
    with connection.cursor(name="documents") as cursor:
        cursor.execute(_ARTICLES.format(chosen=chosen), values)
        while rows := cursor.fetchmany(BATCH):
            sets = _sets_of(connection, names, chosen, {**values, "articles": [row[0] for row in rows]}, choice.sets)
            for key, external_id, title, text, url, outlet, author, section, at, language, license_, metadata in rows:
                yield Document(
                    id=external_id,
                    title=title,
                    text=text,
                    url=url,
                    outlet=outlet,
                    author=author,
                    section=section,
                    published_at=at,
                    language=language,
                    license=license_,
                    metadata=orjson.loads(metadata) if metadata else NOTHING,
                    annotation_sets=(
                        majority_of(text, sets.get(key, ())) if choice.sets == "majority" else sets.get(key, ())
                    ),
                )


class _Names:
    """What rows call by number: labels, relation labels; and what annotators are called outside the project."""

    def __init__(self, connection: Connection, project: Project) -> None:
        self.labels: dict[int, str] = self._keys(connection, Label, project)
        self.relation_labels: dict[int, str] = self._keys(connection, RelationLabel, project)
        self._suffix = f"@{project.slug}"
        table = Membership._meta.db_table
        found = connection.execute(
            f"SELECT u.username FROM {table} m JOIN annotations_user u ON u.id = m.user_id WHERE m.project_id = %s",  # noqa: S608 - a constant
            [project.pk],
        )
        self._members = {name for (name,) in found}

    def annotator(self, username: str) -> str:
        """The name a file gave the annotator: an import keeps `ben` as `ben@project` where no member is called so."""
        plain = username.removesuffix(self._suffix)
        return plain if plain and plain not in self._members else username

    @staticmethod
    def _keys(connection: Connection, model: type[Label | RelationLabel], project: Project) -> dict[int, str]:
        table = model._meta.db_table
        found = connection.execute(f"SELECT id, key FROM {table} WHERE project_id = %s", [project.pk])  # noqa: S608 - a constant
        return dict(found.fetchall())


def _sets_of(
    connection: Connection, names: _Names, chosen: str, values: Mapping[str, Any], sets: str
) -> dict[UUID, list[AnnotationSet]]:
    """The chosen sets of a batch of articles, by article."""
    rows = connection.execute(_SETS.format(chosen=chosen), values).fetchall()
    ids = {"sets": [row[0] for row in rows]}
    spans, exported = _spans_of(connection, names, ids, by_uuid=sets == "majority")
    relations = _relations_of(connection, names, ids, exported)
    found: dict[UUID, list[AnnotationSet]] = defaultdict(list)
    for key, article, kind, username, state, guideline, source, engine, version in rows:
        found[article].append(
            AnnotationSet(
                kind=kind,
                annotator=names.annotator(username),
                state=state,
                guideline=guideline,
                source=source,
                engine=engine,
                version=version,
                spans=spans.get(key, ()),
                relations=relations.get(key, ()),
            )
        )
    return found


def _spans_of(
    connection: Connection, names: _Names, ids: Mapping[str, Any], *, by_uuid: bool
) -> tuple[dict[UUID, list[Span]], dict[str, str]]:
    """The spans by set; and, for the ends of relations, the exported id of each (`by_uuid`: its UUID)."""
    spans: dict[UUID, list[Span]] = defaultdict(list)
    exported: dict[str, str] = {}
    labels = names.labels
    for (
        owner,
        uuid,
        name,
        label,
        start,
        end,
        parts,
        entity,
        attributes,
        note,
        origin,
        score,
        sources,
    ) in connection.execute(_SPANS, ids):
        key = exported[uuid] = uuid if by_uuid else name
        spans[owner].append(
            Span(
                id=key,
                label=labels[label],
                fragments=((start, end),) if parts is None else _fragments(parts),
                entity=entity or "",
                attributes=orjson.loads(attributes) if attributes else NOTHING,
                note=note,
                # How a span came to be here is told only where it was more than typing or importing it.
                origin="" if origin in {"typed", "imported"} else origin,
                score=score,
                sources=orjson.loads(sources) if sources else (),
            )
        )
    return spans, exported


def _relations_of(
    connection: Connection, names: _Names, ids: Mapping[str, Any], exported: Mapping[str, str]
) -> dict[UUID, list[Relation]]:
    relations: dict[UUID, list[Relation]] = defaultdict(list)
    labels = names.relation_labels
    for owner, key, label, source, target in connection.execute(_RELATIONS, ids):
        relations[owner].append(Relation(id=key, label=labels[label], source=exported[source], target=exported[target]))
    return relations


def _fragments(multirange: str) -> Fragments:
    """The fragments of PostgreSQL's `{[0,20),[67,78)}`."""
    pairs = (part.split(",") for part in multirange[2:-2].split("),["))
    return tuple((int(start), int(end)) for start, end in pairs)


def majority_of(text: str, sets: Sequence[AnnotationSet]) -> tuple[AnnotationSet, ...]:
    """One set with what more than half of the sets chose: of each cluster that version, of relations those whose ends
    are both in it. The sets' spans and relations need ids that are different across the sets.
    """
    if not sets:
        return ()
    clusters = clusters_of(text, sets)
    kept = {number: version.spans for number, one in enumerate(clusters) if (version := one.majority)}
    span_of = {span.id: span for one in sets for span in one.spans}
    link_of = {relation.id: relation for one in sets for relation in one.relations}
    relations: dict[tuple[str, str, str], Relation] = {}
    for links in relation_clusters_of(sets, clusters):
        linked = links.majority
        if linked is None or linked.source not in kept or linked.target not in kept:
            continue
        link = link_of[linked.sources[0]]
        source = _same(kept[linked.source], span_of[link.source])
        target = _same(kept[linked.target], span_of[link.target])
        relations.setdefault((linked.label, source.id, target.id), replace(link, source=source.id, target=target.id))
    spans = [span for version_spans in kept.values() for span in version_spans]
    return (AnnotationSet(kind="majority", spans=spans, relations=tuple(relations.values())),)


def _same(spans: Sequence[Span], wanted: Span) -> Span:
    """Of the spans of a version, the one that is where `wanted` is, else the first."""
    return next((span for span in spans if span.fragments == wanted.fragments), spans[0])
