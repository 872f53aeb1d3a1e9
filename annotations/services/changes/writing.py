"""Write what a batch of changes made of an annotation set: spans, relations, the log and the counter.

The SQL of what every save does is written by hand: building it would cost more than it does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from django.db.models import F
from django.utils import timezone

from annotations.domain.editing import Draft, RelationState, SpanState
from annotations.domain.queueing import WITHOUT_SLOT
from annotations.models import AnnotationSet, Article, Entity, Relation, SetKind, SetState, Span, User
from annotations.models.fields import multirange_of
from annotations.models.prepared import run
from annotations.services.changes.loading import LabelTable
from annotations.services.changes.verdicts import record_verdicts

LEASE: Final = timedelta(minutes=30)
_SPAN_COLUMNS: Final = (
    "id, external_id, annotation_set_id, label_id, fragments, entity_id, attributes, note, origin, sources, revision"
)
_CHANGE_COLUMNS: Final = (
    "annotation_set_id, revision, uuid, author_id, at, action, object, before, after, batch, undoes"
)


def write(
    actor: User, annotation_set: AnnotationSet, labels: LabelTable, draft: Draft, *, existing: AbstractSet[UUID]
) -> None:
    """Bring the tables to the draft: deletions first, relations after their ends, then the log and the counter."""
    now = timezone.now()
    final = {record.object: record.after for record in draft.records}
    is_span = {record.object: record.action.endswith("span") for record in draft.records}
    gone = [key for key, after in final.items() if after is None and key in existing]
    if gone:
        Relation.objects.filter(
            annotation_set=annotation_set, pk__in=[key for key in gone if not is_span[key]]
        ).delete()
        # Nothing to cascade: the draft named every relation of these spans.
        run("DELETE FROM annotations_span WHERE annotation_set_id = %s AND id = ANY(%s)", [annotation_set.pk, gone])
    _put_spans(annotation_set, labels, {k: v for k, v in final.items() if isinstance(v, SpanState)}, existing)
    _put_relations(annotation_set, labels, {k: v for k, v in final.items() if isinstance(v, RelationState)}, existing)
    _insert(
        _CHANGE_COLUMNS,
        "annotations_change",
        [
            (
                annotation_set.pk, record.revision, record.uuid, actor.pk, now, record.action, record.object,
                _json(record.before), _json(record.after), record.batch, record.undoes,
            )
            for record in draft.records
        ],
    )  # fmt: skip
    _touch(annotation_set, draft.revision, now)
    record_verdicts(annotation_set, labels.id_of, draft.records)


def _put_spans(
    annotation_set: AnnotationSet, labels: LabelTable, spans: Mapping[UUID, SpanState], existing: AbstractSet[UUID]
) -> None:
    entities = _entity_ids(labels, spans.values())
    new: list[tuple[Any, ...]] = []
    for key, state in spans.items():
        label = labels.id_of[state.label]
        entity = entities.get((label, state.entity))
        if key in existing:
            Span.objects.filter(pk=key, annotation_set=annotation_set).update(
                label_id=label,
                fragments=state.fragments,
                entity_id=entity,
                attributes=dict(state.attributes),
                note=state.note,
                origin=state.origin,
                revision=state.revision,
            )
        else:
            new.append((
                key, state.external_id, annotation_set.pk, label, multirange_of(state.fragments), entity,
                orjson.dumps(dict(state.attributes)).decode(), state.note, state.origin, "[]", state.revision,
            ))  # fmt: skip
    _insert(_SPAN_COLUMNS, "annotations_span", new)


def _put_relations(
    annotation_set: AnnotationSet,
    labels: LabelTable,
    relations: Mapping[UUID, RelationState],
    existing: AbstractSet[UUID],
) -> None:
    new = []
    for key, state in relations.items():
        columns: dict[str, Any] = {
            "label_id": labels.relation_id_of[state.label],
            "source_id": state.source,
            "target_id": state.target,
            "revision": state.revision,
        }
        if key in existing:
            Relation.objects.filter(pk=key, annotation_set=annotation_set).update(**columns)
        else:
            new.append(Relation(pk=key, annotation_set=annotation_set, external_id=state.external_id, **columns))
    if new:
        Relation.objects.bulk_create(new)


def _entity_ids(labels: LabelTable, spans: Iterable[SpanState]) -> dict[tuple[int, str], UUID]:
    """The entities that the spans mean, by label and name; new names become new entities."""
    wanted = {(labels.id_of[span.label], span.entity) for span in spans if span.entity}
    if not wanted:
        return {}
    Entity.objects.bulk_create(
        (Entity(project_id=labels.project_id, label_id=label, name=name) for label, name in sorted(wanted)),
        ignore_conflicts=True,
    )
    names = {name for _, name in wanted}
    found = Entity.objects.filter(project=labels.project_id, name__in=names)
    return {(entity.label_id, entity.name): entity.pk for entity in found}


def _touch(annotation_set: AnnotationSet, revision: int, now: datetime) -> None:
    """The set's new revision; a saved change renews the lease, and takes up work that was skipped or given back."""
    columns: dict[str, Any] = {"revision": revision}
    if annotation_set.kind == SetKind.ANNOTATOR:
        columns["lease_expires_at"] = now + LEASE
        if annotation_set.state in WITHOUT_SLOT:
            columns["state"] = SetState.IN_PROGRESS
            if annotation_set.round == 0:
                Article.objects.filter(pk=annotation_set.article_id).update(open_slots=F("open_slots") - 1)
    # A lease is made longer, never shorter: that of assigned work has no end.
    written = {"lease_expires_at": "greatest(lease_expires_at, %s)"}
    assignments = ", ".join(f"{name} = {written.get(name, '%s')}" for name in columns)
    run(
        f"UPDATE annotations_annotationset SET {assignments} WHERE id = %s",  # noqa: S608 - names from above
        [*columns.values(), annotation_set.pk],
    )
    annotation_set.revision = revision


def _insert(columns: str, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """One statement for all rows."""
    if not rows:
        return
    places = f"({', '.join(['%s'] * len(rows[0]))})"
    run(
        f"INSERT INTO {table} ({columns}) VALUES {', '.join([places] * len(rows))}",  # noqa: S608 - constants
        list(itertools.chain.from_iterable(rows)),
    )


def _json(state: SpanState | RelationState | None) -> str | None:
    return None if state is None else orjson.dumps(state.as_json()).decode()
