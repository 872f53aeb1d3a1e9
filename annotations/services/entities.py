"""Entities made and described by hand, merged and taken apart again.

A merge moves no mention: annotation sets keep what their annotators wrote, and whoever reads follows `merged_into`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused
from annotations.models import Alias, Entity, EntityMerge, Label, Membership
from annotations.services.agreement import forget_counts

MAX_ALIASES: Final = 100
MAX_IDENTIFIERS: Final = 50


def create_entity(
    *,
    member: Membership,
    label: str,
    name: str,
    aliases: Sequence[str] = (),
    identifiers: Mapping[str, str] | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> Entity:
    """A new entity of a label; one that came with somebody's labelling becomes a listed one.

    Raises:
        NotAllowed: neither reviewer nor manager.
        InvalidData: no such label, a name that is taken, half a place.
    """
    policies.check_can_review(member)
    owner = Label.objects.filter(project=member.project_id, key=label).first()
    if owner is None:
        raise _fault("label", _("There is no such label."))
    name = name.strip()
    with transaction.atomic():
        entity = Entity.objects.select_for_update().filter(project=member.project_id, label=owner, name=name).first()
        if entity is not None and entity.listed:
            raise _fault("name", _("There is an entity of this name already."))
        entity = entity or Entity(project=member.project, label=owner, name=name)
        entity.listed = True
        _describe(entity, identifiers=identifiers or {}, place=(latitude, longitude), aliases=aliases)
    return entity


def describe_entity(
    *,
    member: Membership,
    entity_id: UUID,
    aliases: Sequence[str] | None = None,
    identifiers: Mapping[str, str] | None = None,
    **place: float | None,
) -> Entity:
    """Change what is given: `aliases` and `identifiers` as a whole, `latitude` and `longitude` in degrees.

    The name stays, because annotation sets are what their annotators wrote; to rename is to merge into another.

    Raises:
        NotFound, NotAllowed, InvalidData: as for `create_entity`.
    """
    policies.check_can_review(member)
    with transaction.atomic():
        entity = _locked(member, entity_id)
        latitude, longitude = (place.get(name, getattr(entity, name)) for name in ("latitude", "longitude"))
        _describe(entity, identifiers=identifiers, place=(latitude, longitude), aliases=aliases)
    return entity


def merge_entities(*, member: Membership, entity_id: UUID, into: UUID) -> Entity:
    """From now on mentions of `entity_id` are read as mentions of `into`.

    Raises:
        NotFound: one of them is not there.
        InvalidData: the same one, or of another label.
        StateRefused: one of them is merged already.
    """
    policies.check_can_review(member)
    if entity_id == into:
        raise _fault("into", _("An entity cannot be merged into itself."))
    with transaction.atomic():
        first, second = sorted((entity_id, into))
        locked = {first: _locked(member, first), second: _locked(member, second)}
        merged, kept = locked[entity_id], locked[into]
        if merged.label_id != kept.label_id:
            raise _fault("into", _("Only entities of one label can be merged."))
        for one in (merged, kept):
            if one.merged_into_id is not None:
                raise StateRefused(_("“%(name)s” is merged into another one already.") % {"name": one.name})
        forget_counts(entity=merged)
        merged.merged_into = kept
        merged.save(update_fields=["merged_into"])
        EntityMerge.objects.create(kept=kept, merged=merged, by=member.user)
    return kept


def unmerge_entity(*, member: Membership, entity_id: UUID) -> Entity:
    """Take a merge back: the entity stands for itself again, with its mentions.

    Raises:
        StateRefused: it is not merged.
    """
    policies.check_can_review(member)
    with transaction.atomic():
        entity = _locked(member, entity_id)
        if entity.merged_into_id is None:
            raise StateRefused(_("“%(name)s” is not merged.") % {"name": entity.name})
        EntityMerge.objects.filter(merged=entity, kept=entity.merged_into_id, undone_at=None).update(
            undone_at=timezone.now()
        )
        entity.merged_into = None
        entity.save(update_fields=["merged_into"])
        forget_counts(entity=entity)
    return entity


def _locked(member: Membership, entity_id: UUID) -> Entity:
    found = Entity.objects.select_for_update().filter(pk=entity_id, project=member.project_id).first()
    if found is None:
        raise NotFound(_("There is no such entity."))
    return found


def _describe(
    entity: Entity,
    *,
    identifiers: Mapping[str, str] | None,
    place: tuple[float | None, float | None],
    aliases: Sequence[str] | None,
) -> None:
    if identifiers is not None:
        if len(identifiers) > MAX_IDENTIFIERS:
            raise _fault("identifiers", _("At most %(n)d identifiers are kept.") % {"n": MAX_IDENTIFIERS})
        entity.identifiers = dict(sorted(identifiers.items()))
    entity.latitude, entity.longitude = place
    if (entity.latitude is None) != (entity.longitude is None):
        raise _fault("longitude", _("A place has a latitude and a longitude, or neither."))
    _save(entity)
    if aliases is not None:
        _set_aliases(entity, aliases)


def _save(entity: Entity) -> None:
    try:
        entity.full_clean(exclude=["project", "label"], validate_unique=False, validate_constraints=False)
        with transaction.atomic():
            entity.save()
    except ValidationError as error:
        problems = [FieldError(field, str(text)) for field, texts in error.message_dict.items() for text in texts]
        raise InvalidData(_("The entity was not saved."), problems) from None
    except IntegrityError as error:
        if "entity_coordinates_on_earth" in str(error):
            raise _fault("latitude", _("Latitudes go from -90 to 90, longitudes from -180 to 180.")) from None
        raise _fault("name", _("There is an entity of this name already.")) from None


def _set_aliases(entity: Entity, aliases: Sequence[str]) -> None:
    wanted = sorted({alias.strip() for alias in aliases if alias.strip() and alias.strip() != entity.name})
    if len(wanted) > MAX_ALIASES:
        raise _fault("aliases", _("At most %(n)d other names are kept.") % {"n": MAX_ALIASES})
    if long := [alias for alias in wanted if len(alias) > 500]:
        raise _fault("aliases", _("“%(name)s…” is longer than 500 characters.") % {"name": long[0][:40]})
    entity.aliases.exclude(name__in=wanted).delete()
    Alias.objects.bulk_create((Alias(entity=entity, name=name) for name in wanted), ignore_conflicts=True)


def _fault(field: str, sentence: str) -> InvalidData:
    return InvalidData(sentence, [FieldError(field, sentence)])
