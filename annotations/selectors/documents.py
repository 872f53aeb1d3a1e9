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
from django.db import connection as default_connection

from annotations.domain.clusters import clusters_of
from annotations.domain.documents import NOTHING, AnnotationSet, Document, Fragments, Relation, Span
from annotations.domain.pseudonyms import Pseudonyms, pseudonymised
from annotations.domain.relation_clusters import relation_clusters_of
from annotations.domain.splits import Ratio, part_of
from annotations.domain.withholding import withheld
from annotations.models import Project, Purpose
from annotations.selectors.document_names import Connection, Names, people_of

BATCH: Final = 100
SETS: Final = ("gold", "annotators", "suggestions", "all", "majority")

_ARTICLES: Final = """
SELECT a.id, a.external_id, a.title, a.text, a.url, a.outlet, a.author, a.section, a.published_at, a.language,
       a.license, nullif(a.metadata, '{{}}')::text, {part}
{found}"""
_FOUND: Final = """  FROM annotations_article a
 WHERE a.project_id = %(project)s AND a.superseded_by_id IS NULL
   AND a.purpose = ANY(%(purposes)s)
   AND (NOT %(own_articles)s OR EXISTS (
     SELECT 1 FROM annotations_annotationset m WHERE m.article_id = a.id AND m.annotator_id = %(annotator)s))
   AND (%(empty)s OR EXISTS (SELECT 1 FROM annotations_annotationset s WHERE s.article_id = a.id AND ({chosen})))
   AND {narrowed}
"""
_ORDER: Final = ' ORDER BY a.external_id COLLATE "C"'
# What decides on which side of a split an article is: near copies, and articles with the same text, have it in common.
_PART: Final = """(
  SELECT coalesce(max(b.cluster::text), min(b.external_id COLLATE "C")) FROM annotations_article b
   WHERE b.project_id = a.project_id AND b.text_sha256 = a.text_sha256 AND b.superseded_by_id IS NULL)"""
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
    `narrowed`: SQL that an article `a` must fulfil, complete with its values.

    What the documents look like: `split` puts a part of it into each one's metadata, `pseudonyms` stand for people,
    `level` and `quote_length` say how much of the texts is there (`domain.withholding`).
    """

    sets: str = "gold"
    every_state: bool = False
    annotator: int | None = None
    reviewer: int | None = None
    empty: bool = False
    purposes: Sequence[str] = (Purpose.WORK,)
    own_articles: bool = False
    narrowed: str = ""
    split: Ratio | None = None
    pseudonyms: bool = False
    level: str = "full"
    quote_length: int = 0

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

    def found(self) -> str:
        """`FROM … WHERE …` of the articles."""
        # A % that belongs to the narrowing is none of a placeholder.
        narrowed = self.narrowed.replace("%", "%%") or "TRUE"
        return _FOUND.format(chosen=self.condition(), narrowed=narrowed)

    def values(self, project: Project) -> dict[str, Any]:
        """The values for the placeholders in the conditions."""
        return {
            "project": project.pk,
            "empty": self.empty,
            "every_state": self.every_state,
            "annotator": self.annotator,
            "reviewer": self.reviewer,
            "purposes": [str(each) for each in self.purposes],
            "own_articles": self.own_articles,
        }


def articles_chosen(project: Project, choice: Choice) -> int:
    """How many documents there would be at this moment."""
    with default_connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {choice.found()}", choice.values(project))
        return int(cursor.fetchone()[0])


def documents_of(*, connection: Connection, project: Project, choice: Choice) -> Iterator[Document]:
    """The project's articles with the chosen sets, by external id in the C collation, as the choice wants them."""
    documents = _documents(connection, project, choice)
    if choice.pseudonyms:
        people = Pseudonyms(people_of(connection, project))
        documents = (pseudonymised(document, people) for document in documents)
    if choice.level != "full":
        level, length = choice.level, choice.quote_length
        documents = (withheld(document, level=level, quote_length=length) for document in documents)
    return documents


def _documents(connection: Connection, project: Project, choice: Choice) -> Iterator[Document]:
    names = Names(connection, project)
    chosen, values, split = choice.condition(), choice.values(project), choice.split
    query = _ARTICLES.format(found=choice.found(), part=_PART if split else "NULL") + _ORDER
    with connection.cursor(name="documents") as cursor:
        cursor.execute(query, values)
        while rows := cursor.fetchmany(BATCH):
            sets = _sets_of(connection, names, chosen, {**values, "articles": [row[0] for row in rows]}, choice.sets)
            for (
                key,
                external_id,
                title,
                text,
                url,
                outlet,
                author,
                section,
                at,
                language,
                license_,
                metadata,
                part,
            ) in rows:
                details = orjson.loads(metadata) if metadata else NOTHING
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
                    metadata={**details, "split": part_of(part, split)} if split else details,
                    annotation_sets=(
                        majority_of(text, sets.get(key, ())) if choice.sets == "majority" else sets.get(key, ())
                    ),
                )


def _sets_of(
    connection: Connection, names: Names, chosen: str, values: Mapping[str, Any], sets: str
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
    connection: Connection, names: Names, ids: Mapping[str, Any], *, by_uuid: bool
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
    connection: Connection, names: Names, ids: Mapping[str, Any], exported: Mapping[str, str]
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
