"""Rows for COPY: the fastest way into PostgreSQL, held for one batch of articles at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection

from annotations.domain.documents import AnnotationSet, Document, Fragments
from annotations.domain.identifiers import annotation_set_uuid, relation_uuid, span_uuid, uuid7
from annotations.models import ChangeAction, DecisionKind, Origin, SetKind, SetState
from annotations.services.imports.names import Names
from annotations.services.imports.near_copies import Placed

DEFAULT_STATE: Final = {
    SetKind.ANNOTATOR: SetState.SUBMITTED,
    SetKind.GOLD: SetState.DONE,
    SetKind.SUGGESTION: SetState.READY,
}
# In the order of their foreign keys.
_COLUMNS: Final = {
    "annotations_article": (
        "id, project_id, external_id, title, text, text_sha256, language, outlet, author, section, url, published_at, "
        "published_on, license, metadata, open_slots, priority, created_at, cluster"
    ),
    "annotations_textsketch": "article_id, signature, bands",
    "annotations_importedarticle": "job_id, article_id, before",
    "annotations_annotationset": (
        "id, article_id, kind, annotator_id, source, engine, version, state, revision, imported_guideline, started_at, "
        "submitted_at, active_seconds"
    ),
    "annotations_span": (
        "id, external_id, annotation_set_id, label_id, fragments, entity_id, attributes, note, origin, score, sources, "
        "revision"
    ),
    "annotations_relation": "id, external_id, annotation_set_id, label_id, source_id, target_id, revision",
    "annotations_change": "annotation_set_id, revision, uuid, author_id, at, action, object, after, batch",
    "annotations_decision": ("id, article_id, kind, versions, sources, gold, batch, reason, rule, by_id, at"),
}


def sha256_of(text: str) -> str:
    """The fingerprint under which texts are compared."""
    return hashlib.sha256(text.encode()).hexdigest()


def published_on(value: str) -> date | None:
    """The day of a date, or of a date and time."""
    return date.fromisoformat(value[:10]) if value else None


@dataclass(slots=True)
class Rows:
    """Rows of a batch, by table; `write` empties them into the database. `batch` is the import's id; `recorded` is
    whether it is kept as a job, and can be undone.
    """

    names: Names
    author: int
    batch: UUID
    at: datetime
    recorded: bool = True
    spans: int = 0
    relations: int = 0
    _rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {table: [] for table in _COLUMNS})

    def add_article(
        self,
        key: UUID,
        document: Document,
        *,
        digest: str,
        open_slots: int,
        placed: Placed,
        before: Mapping[str, Any] | None = None,
    ) -> None:
        """A new article, where it belongs among its near copies; `before` is of which one it is a new version."""
        self._rows["annotations_article"].append(
            (
                key, self.names.project.pk, document.id, document.title, document.text, digest, document.language,
                document.outlet, document.author, document.section, document.url, document.published_at,
                published_on(document.published_at), document.license, _json(dict(document.metadata)), open_slots, 0,
                self.at, placed.cluster,
            )
        )  # fmt: skip
        if placed.sketch:
            sketch = placed.sketch
            self._rows["annotations_textsketch"].append((key, list(sketch.signature), list(sketch.bands)))
        self.remember(key, before)

    def remember(self, article: UUID, before: Mapping[str, Any] | None) -> None:
        """That the article came with this import or, if it was there, what of it is different since."""
        if self.recorded:
            row = (self.batch, article, None if before is None else _json(before))
            self._rows["annotations_importedarticle"].append(row)

    def add_set(
        self,
        one: AnnotationSet,
        article: UUID,
        annotator: int | None,
        entities: Mapping[tuple[str, str], UUID],
    ) -> None:
        """A new annotation set with its spans and relations, its one line of history and, for gold, its decision."""
        source = one.source or "import" if one.kind == SetKind.SUGGESTION else ""
        author = str(annotator) if annotator is not None else source
        key = annotation_set_uuid(article, one.kind, author)
        state = one.state or DEFAULT_STATE[SetKind(one.kind)]
        submitted_at = self.at if state == SetState.SUBMITTED else None
        self._rows["annotations_annotationset"].append(
            (
                key, article, one.kind, annotator, source, one.engine, one.version, state, 1, one.guideline, self.at,
                submitted_at, 0,
            )
        )  # fmt: skip
        ids, spans = self._add_spans(one, key, entities)
        relations = self._add_relations(one, key, ids)
        self._rows["annotations_change"].append(
            (
                key, 1, uuid7(), self.author, self.at, ChangeAction.IMPORT_SET.value, key,
                _json({"spans": spans, "relations": relations}), self.batch,
            )
        )  # fmt: skip
        if one.kind == SetKind.GOLD:
            gold = _json([*spans, *relations])
            kind = DecisionKind.IMPORT.value
            self._rows["annotations_decision"].append(
                (uuid7(), article, kind, "[]", "[]", gold, self.batch, "", "", self.author, self.at)
            )

    def write(self) -> None:
        """COPY everything, tables in the order of their foreign keys."""
        with connection.cursor() as cursor:
            for table, columns in _COLUMNS.items():
                rows = self._rows[table]
                if not rows:
                    continue
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                rows.clear()
        self.spans = self.relations = 0

    def _add_spans(
        self, one: AnnotationSet, owner: UUID, entities: Mapping[tuple[str, str], UUID]
    ) -> tuple[dict[str, UUID], dict[str, Any]]:
        rows, labels = self._rows["annotations_span"], self.names.labels
        ids: dict[str, UUID] = {}
        logged: dict[str, Any] = {}
        for span in one.spans:
            key = ids[span.id] = span_uuid(owner, span.id)
            attributes = dict(span.attributes)
            origin = span.origin or Origin.IMPORTED.value
            rows.append(
                (
                    key, span.id, owner, labels[span.label], _multirange(span.fragments),
                    entities[span.label, span.entity] if span.entity else None,
                    _json(attributes) if attributes else "{}", span.note, origin, span.score,
                    _json(list(span.sources)) if span.sources else "[]", 1,
                )
            )  # fmt: skip
            logged[str(key)] = {
                "label": span.label,
                "fragments": span.fragments,
                "entity": span.entity,
                "attributes": attributes,
                "note": span.note,
                "origin": origin,
                "external_id": span.id,
            }
        self.spans += len(ids)
        return ids, logged

    def _add_relations(self, one: AnnotationSet, owner: UUID, ids: Mapping[str, UUID]) -> dict[str, Any]:
        logged: dict[str, Any] = {}
        for relation in one.relations:
            # Where the file gives no id, the relation itself is its name.
            key = relation_uuid(owner, relation.id or f"{relation.label} {relation.source} {relation.target}")
            source, target = ids[relation.source], ids[relation.target]
            label, external_id = self.names.relations[relation.label].pk, relation.id or None
            self._rows["annotations_relation"].append((key, external_id, owner, label, source, target, 1))
            logged[str(key)] = {
                "label": relation.label,
                "source": str(source),
                "target": str(target),
                "external_id": external_id,
            }
        self.relations += len(logged)
        return logged


def _multirange(fragments: Fragments) -> str:
    return f"{{{','.join(f'[{start},{end})' for start, end in fragments)}}}"


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
