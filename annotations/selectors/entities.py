"""Entities: whom and what the mentions of a project mean, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django_stubs_ext import WithAnnotations

from annotations import policies
from annotations.domain.errors import NotFound
from annotations.models import Alias, Entity, Membership, Span
from annotations.selectors.spans import WithCovered, with_covered


class WithMentions(TypedDict):
    """What `entities_listed` adds: the mentions in the sets one may see, those of merged entities with them."""

    mentions: int


def entities_listed(
    member: Membership, *, label: str = "", search: str = "", merged: bool = False
) -> QuerySet[WithAnnotations[Entity, WithMentions]]:
    """The entities the member may know of, with `mentions`; `merged` adds those that were merged into others.

    A blind annotator knows of those made by hand or by an import, and of the person's own.
    """
    entities = _known_to(member)
    if not merged:
        entities = entities.filter(merged_into=None)
    if label:
        entities = entities.filter(label__key=label)
    if search:
        entities = entities.filter(Q(name__icontains=search) | Exists(_aliases_like(search)))
    return _with_mentions(entities.select_related("label", "merged_into").prefetch_related("aliases"), member)


def entity_of(member: Membership, entity_id: UUID) -> WithAnnotations[Entity, WithMentions]:
    """One of them, with what was merged into it as `merged_here`.

    Raises:
        NotFound: none the member may know of.
    """
    known = _known_to(member).filter(pk=entity_id).select_related("label", "merged_into", "project")
    here = Prefetch("merged", _known_to(member).order_by("name"), to_attr="merged_here")
    found = _with_mentions(known.prefetch_related("aliases", here), member).first()
    if found is None:
        raise NotFound(_("There is no such entity."))
    return found


def mentions_of(member: Membership, entity: Entity) -> QuerySet[WithAnnotations[Span, WithCovered]]:
    """The spans in the sets the member may see that mean the entity, or one merged into it."""
    spans = Span.objects.filter(
        Q(entity=entity.pk) | Q(entity__merged_into=entity.pk) | Q(entity__merged_into__merged_into=entity.pk)
    )
    return with_covered(spans.filter(annotation_set__in=_sets(member)))


def names_of_entities(ids: Iterable[UUID | None]) -> Mapping[UUID, str]:
    """entity -> its name, for a merged one that of the entity it was merged into."""
    return {key: entity.name for key, entity in roots_of_entities(ids).items()}


def roots_of_entities(ids: Iterable[UUID | None]) -> Mapping[UUID, Entity]:
    """entity -> itself, for a merged one the entity it was merged into."""
    wanted = {key for key in ids if key is not None}
    found: dict[UUID, Entity] = {}
    while wanted:
        found |= Entity.objects.only("name", "merged_into", "latitude", "longitude").in_bulk(wanted)
        wanted = {entity.merged_into_id for entity in found.values() if entity.merged_into_id} - found.keys()
    into = {key: entity.merged_into_id for key, entity in found.items() if entity.merged_into_id}
    return {key: found[_root(key, into)] for key in found}


def _root(key: UUID, into: Mapping[UUID, UUID]) -> UUID:
    while key in into:
        key = into[key]
    return key


def _known_to(member: Membership) -> QuerySet[Entity]:
    entities = Entity.objects.filter(project=member.project_id)
    if not policies.is_blinded(member):
        return entities
    own = Span.objects.filter(entity=OuterRef("pk"), annotation_set__annotator=member.user_id)
    return entities.filter(Q(listed=True) | Exists(own))


def _sets(member: Membership) -> QuerySet[Any]:
    return policies.sets_counted(member)


def _aliases_like(words: str) -> QuerySet[Any]:
    return Alias.objects.filter(entity=OuterRef("pk"), name__icontains=words)


def _with_mentions(entities: QuerySet[Entity], member: Membership) -> QuerySet[WithAnnotations[Entity, WithMentions]]:
    meaning = Q(entity=OuterRef("pk")) | Q(entity__merged_into=OuterRef("pk"))
    spans = Span.objects.filter(meaning, annotation_set__in=_sets(member)).order_by()
    counted = spans.values(one=OuterRef("pk")).annotate(n=Count("pk")).values("n")
    return entities.annotate(mentions=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
