"""Every promise of the data, checked: what `manage.py verify` lists when one is broken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q

from annotations.domain.history import Rebuilt, rebuild
from annotations.models import AnnotationSet, Article, Change, Relation, SetKind, SetState, Span
from annotations.selectors.gold import undecided_gold

_BATCH: Final = 200
_TRIGGERS: Final = (
    "article_text_never_changes",
    "audit_append_only",
    "change_append_only",
    "guideline_numbers_without_gaps",
    "span_within_article_insert",
    "span_within_article_update",
)


def differences() -> Iterator[str]:
    """A sentence for each promise that is broken, streamed; nothing when all is well."""
    yield from _weakened_constraints()
    yield from _changed_texts()
    yield from _wrong_slots()
    sets = AnnotationSet.objects.order_by("pk")
    for annotation_sets in _batches(sets):
        yield from _sets_unlike_their_log(annotation_sets)
        yield from undecided_gold(annotation_sets)


def _weakened_constraints() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint"
            " WHERE NOT convalidated AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
        )
        for table, name in cursor.fetchall():
            yield f"constraint {name} of {table} does not hold for rows that were there before it"
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'O' AND tgname = ANY(%s)", [list(_TRIGGERS)])
        there = {name for (name,) in cursor.fetchall()}
    for name in _TRIGGERS:
        if name not in there:
            yield f"trigger {name} is missing or switched off"


def _changed_texts() -> Iterator[str]:
    for pk, text, digest in Article.objects.values_list("pk", "text", "text_sha256").iterator(chunk_size=_BATCH):
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            yield f"article {pk}: the text is not the one whose checksum was stored"


def _wrong_slots() -> Iterator[str]:
    """An article needs its project's number of annotators, and those called later, less those who have it."""
    having = Q(annotation_sets__kind=SetKind.ANNOTATOR, annotation_sets__round=0) & ~Q(
        annotation_sets__state__in=(SetState.SKIPPED, SetState.RELEASED)
    )
    articles = (
        Article.objects.filter(superseded_by=None)
        .annotate(having=Count("annotation_sets", filter=having))
        .exclude(open_slots=F("project__annotators_per_article") + F("extra_slots") - F("having"))
    )
    for pk, slots, count in articles.values_list("pk", "open_slots", "having").iterator(chunk_size=_BATCH):
        yield f"article {pk}: {slots} open places do not fit the {count} annotators who have it"


def _batches(sets: Any) -> Iterator[list[AnnotationSet]]:
    batch: list[AnnotationSet] = []
    for annotation_set in sets.iterator(chunk_size=_BATCH):
        batch.append(annotation_set)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


def _sets_unlike_their_log(annotation_sets: list[AnnotationSet]) -> Iterator[str]:
    keys = [annotation_set.pk for annotation_set in annotation_sets]
    spans: dict[UUID, dict[str, Any]] = {key: {} for key in keys}
    for span in Span.objects.filter(annotation_set__in=keys).select_related("label", "entity"):
        spans[span.annotation_set_id][str(span.pk)] = _stored_span(span)
    relations: dict[UUID, dict[str, Any]] = {key: {} for key in keys}
    for relation in Relation.objects.filter(annotation_set__in=keys).select_related("label"):
        relations[relation.annotation_set_id][str(relation.pk)] = _stored_relation(relation)
    lines: dict[UUID, list[Change]] = {key: [] for key in keys}
    for change in Change.objects.filter(annotation_set__in=keys).order_by("annotation_set", "revision"):
        lines[change.annotation_set_id].append(change)
    for annotation_set in annotation_sets:
        key = annotation_set.pk
        built = rebuild(lines[key])
        yield from _faults_of(annotation_set, built)
        yield from _unlike(f"annotation set {key}: span", built.spans, spans[key])
        yield from _unlike(f"annotation set {key}: relation", built.relations, relations[key])


def _faults_of(annotation_set: AnnotationSet, built: Rebuilt) -> Iterator[str]:
    for fault in built.faults:
        yield f"annotation set {annotation_set.pk}: {fault}"
    if built.revision != annotation_set.revision:
        revision = annotation_set.revision
        yield f"annotation set {annotation_set.pk}: revision {revision}, but its log ends at {built.revision}"


def _unlike(what: str, logged: Mapping[str, Any], stored: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(logged.keys() | stored.keys()):
        if key not in stored:
            yield f"{what} {key} is in the log, but not stored"
        elif key not in logged:
            yield f"{what} {key} is stored, but not in the log"
        elif logged[key] != stored[key]:
            names = sorted(name for name in stored[key] if logged[key].get(name) != stored[key][name])
            yield f"{what} {key} differs from the log in {', '.join(names)}"


def _stored_span(span: Span) -> dict[str, Any]:
    return {
        "label": span.label.key,
        "fragments": [list(fragment) for fragment in span.fragments],
        "entity": span.entity.name if span.entity else "",
        "attributes": span.attributes,
        "note": span.note,
        "origin": span.origin,
        "external_id": span.external_id,
        "revision": span.revision,
    }


def _stored_relation(relation: Relation) -> dict[str, Any]:
    return {
        "label": relation.label.key,
        "source": str(relation.source_id),
        "target": str(relation.target_id),
        "external_id": relation.external_id,
        "revision": relation.revision,
    }


def counts() -> dict[str, int]:
    """How much was checked."""
    return {
        "articles": Article.objects.count(),
        "annotation sets": AnnotationSet.objects.count(),
        "spans": Span.objects.count(),
        "relations": Relation.objects.count(),
        "changes": Change.objects.count(),
    }
