"""Annotation sets of the database as plain values, whole: what is carried over to another text."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from annotations.domain.documents import AnnotationSet, Relation, Span
from annotations.models import AnnotationSet as StoredSet
from annotations.models import Relation as StoredRelation
from annotations.models import Span as StoredSpan


def sets_loaded(set_ids: Iterable[UUID]) -> dict[UUID, AnnotationSet]:
    """The sets by their ids; annotators are left out, spans and relations are called as an export calls them."""
    ids = list(set_ids)
    spans: dict[UUID, list[Span]] = {key: [] for key in ids}
    relations: dict[UUID, list[Relation]] = {key: [] for key in ids}
    names: dict[UUID, str] = {}
    stored = StoredSpan.objects.filter(annotation_set__in=ids).select_related("label", "entity").order_by("start", "pk")
    for each in stored:
        names[each.pk] = each.external_id or str(each.pk)
        spans[each.annotation_set_id].append(
            Span(
                id=names[each.pk],
                label=each.label.key,
                fragments=each.fragments,
                entity=each.entity.name if each.entity else "",
                attributes=each.attributes,
                note=each.note,
                origin=each.origin,
                score=each.score,
                sources=each.sources,
            )
        )
    links = StoredRelation.objects.filter(annotation_set__in=ids).select_related("label").order_by("pk")
    for link in links:
        relations[link.annotation_set_id].append(
            Relation(
                id=link.external_id or str(link.pk),
                label=link.label.key,
                source=names[link.source_id],
                target=names[link.target_id],
            )
        )
    return {
        one.pk: AnnotationSet(
            kind=one.kind,
            state=one.state,
            guideline=one.imported_guideline,
            source=one.source,
            engine=one.engine,
            version=one.version,
            spans=tuple(spans[one.pk]),
            relations=tuple(relations[one.pk]),
        )
        for one in StoredSet.objects.filter(pk__in=ids)
    }
