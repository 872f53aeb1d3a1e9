"""Labels, their attributes and relation labels: a key stays what it is, what is in use is archived, never deleted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused
from annotations.models import Label, LabelAttribute, LineStyle, Membership, Project, RelationLabel, Span
from annotations.models.labels import PALETTE_SLOTS
from annotations.services import audit

MAX_LABELS = 100


@transaction.atomic
def create_label(
    *,
    member: Membership,
    name: str,
    key: str = "",
    colour: int | None = None,
    shortcut: str = "",
    line_style: str = "",
    attributes: Sequence[Mapping[str, Any]] = (),
) -> Label:
    """Add a label; without a key one is made of the name, without colour and line the next free ones are taken.

    `attributes` are `{key, name, choices}`.
    """
    policies.check_can_manage(member)
    project = _locked(member.project)
    free = free_signs(project)
    label = Label(
        project=project,
        key=key or _key_from(name),
        name=name.strip(),
        colour=free["colour"] if colour is None else colour,
        shortcut=shortcut,
        line_style=line_style or free["line_style"],
        position=_next_position(project.labels.aggregate(last=Max("position"))["last"]),
    )
    _check_number(project.labels.count())
    _save(label)
    audit.record("label.created", actor=member.user, project=project, object=label.key)
    for each in attributes:
        put_attribute(member=member, label=label.key, **each)
    return label


def free_signs(project: Project) -> dict[str, Any]:
    """The colour slot and the line style that the project's labels use least, the first of them."""
    used = list(project.labels.filter(archived_at=None).values_list("colour", "line_style"))
    return {
        "colour": min(range(PALETTE_SLOTS), key=[slot for slot, _style in used].count),
        "line_style": min(LineStyle.values, key=[style for _slot, style in used].count),
    }


@transaction.atomic
def change_label(
    *,
    member: Membership,
    key: str,
    name: str | None = None,
    colour: int | None = None,
    shortcut: str | None = None,
    line_style: str | None = None,
    position: int | None = None,
    archived: bool | None = None,
    attributes: Sequence[Mapping[str, Any]] | None = None,
) -> Label:
    """Change what is given; an archived label keeps its spans and is no longer offered.

    `attributes` (`{key, name, choices}`) are all that the label has then.
    """
    policies.check_can_manage(member)
    label = _label(member.project, key)
    were = _values(label)
    label.name = label.name if name is None else name.strip()
    label.colour = label.colour if colour is None else colour
    label.shortcut = label.shortcut if shortcut is None else shortcut
    label.line_style = label.line_style if line_style is None else line_style
    label.position = label.position if position is None else position
    _set_archived(label, archived)
    _save(label)
    _record_change(member, label, were)
    if attributes is not None:
        wanted = {each["key"] for each in attributes}
        for gone in label.attributes.exclude(key__in=wanted):
            remove_attribute(member=member, label=key, key=gone.key)
        for each in attributes:
            put_attribute(member=member, label=key, **each)
    return label


@transaction.atomic
def put_attribute(
    *, member: Membership, label: str, name: str, choices: Sequence[str], key: str = ""
) -> LabelAttribute:
    """Add an attribute to a label, or change the one of this key; a choice that spans have cannot be taken away."""
    policies.check_can_manage(member)
    owner = _label(member.project, label)
    key = key or _key_from(name)
    attribute = owner.attributes.filter(key=key).first() or LabelAttribute(
        label=owner, key=key, position=_next_position(owner.attributes.aggregate(last=Max("position"))["last"])
    )
    wanted = list(dict.fromkeys(text for choice in choices if (text := choice.strip())))
    if not wanted:
        raise InvalidData(_("Not saved."), [FieldError("choices", _("Give at least one choice."))])
    for choice in attribute.choices or ():
        if choice not in wanted and _is_chosen(owner, key, choice):
            problem = FieldError("choices", _("Spans have “%(choice)s”; it has to stay.") % {"choice": choice})
            raise InvalidData(_("Not saved."), [problem])
    attribute.name, attribute.choices = name.strip(), wanted
    _save(attribute)
    audit.record("attribute.saved", actor=member.user, project=member.project, object=f"{label}.{key}", choices=wanted)
    return attribute


@transaction.atomic
def remove_attribute(*, member: Membership, label: str, key: str) -> None:
    """Take away an attribute that no span has."""
    policies.check_can_manage(member)
    owner = _label(member.project, label)
    attribute = owner.attributes.filter(key=key).first()
    if attribute is None:
        raise NotFound(_("There is no such attribute."))
    if Span.objects.filter(label=owner, attributes__has_key=key).exists():
        raise StateRefused(_("Spans have this attribute; it has to stay."))
    attribute.delete()
    audit.record("attribute.removed", actor=member.user, project=member.project, object=f"{label}.{key}")


@transaction.atomic
def create_relation_label(
    *,
    member: Membership,
    name: str,
    key: str = "",
    source_label: str | None = None,
    target_label: str | None = None,
    shortcut: str = "",
    many: bool = True,
) -> RelationLabel:
    """Add a kind of link between spans of two labels (None: of any label)."""
    policies.check_can_manage(member)
    project = _locked(member.project)
    relation = RelationLabel(
        project=project,
        key=key or _key_from(name),
        name=name.strip(),
        source_label=_end(project, "source_label", source_label),
        target_label=_end(project, "target_label", target_label),
        shortcut=shortcut,
        many=many,
        position=_next_position(project.relation_labels.aggregate(last=Max("position"))["last"]),
    )
    _check_number(project.relation_labels.count())
    _save(relation)
    audit.record("label.created", actor=member.user, project=project, object=relation.key)
    return relation


@transaction.atomic
def change_relation_label(
    *,
    member: Membership,
    key: str,
    name: str | None = None,
    shortcut: str | None = None,
    many: bool | None = None,
    position: int | None = None,
    archived: bool | None = None,
) -> RelationLabel:
    """Change what is given; which labels it joins stays, because links that are there rely on it."""
    policies.check_can_manage(member)
    relation = member.project.relation_labels.select_related("source_label", "target_label").filter(key=key).first()
    if relation is None:
        raise NotFound(_("There is no such relation label."))
    were = _values(relation)
    relation.name = relation.name if name is None else name.strip()
    relation.shortcut = relation.shortcut if shortcut is None else shortcut
    relation.many = relation.many if many is None else many
    relation.position = relation.position if position is None else position
    _set_archived(relation, archived)
    _save(relation)
    _record_change(member, relation, were)
    return relation


def _values(thing: Label | RelationLabel) -> dict[str, Any]:
    names = ("name", "colour", "shortcut", "line_style", "position", "many")
    return {name: getattr(thing, name) for name in names if hasattr(thing, name)} | {
        "archived": bool(thing.archived_at)
    }


def _record_change(member: Membership, thing: Label | RelationLabel, were: Mapping[str, Any]) -> None:
    changed = audit.differences(were, _values(thing))
    if archived := changed.pop("archived", None):
        action = "label.archived" if archived[1] else "label.restored"
        audit.record(action, actor=member.user, project=member.project, object=thing.key)
    if changed:
        audit.record("label.changed", actor=member.user, project=member.project, object=thing.key, **changed)


def _label(project: Project, key: str) -> Label:
    label = project.labels.filter(key=key).first()
    if label is None:
        raise NotFound(_("There is no such label."))
    return label


def _end(project: Project, field: str, key: str | None) -> Label | None:
    if not key:
        return None
    label = project.labels.filter(key=key).first()
    if label is None:
        raise InvalidData(_("Not saved."), [FieldError(field, _("There is no such label."))])
    return label


def _locked(project: Project) -> Project:
    """The project's row as the lock of its lists: positions and colours are given once."""
    return Project.objects.select_for_update().get(pk=project.pk)


def _key_from(name: str) -> str:
    return re.sub(r"^[^a-z]+", "", slugify(name).replace("-", "_"))[:40]


def _next_position(last: int | None) -> int:
    return 0 if last is None else last + 1


def _check_number(present: int) -> None:
    if present >= MAX_LABELS:
        raise InvalidData(_("A project has at most %(most)d labels.") % {"most": MAX_LABELS})


def _set_archived(thing: Label | RelationLabel, archived: bool | None) -> None:  # noqa: FBT001 - a value, not a switch
    if archived is not None:
        thing.archived_at = (thing.archived_at or timezone.now()) if archived else None


def _is_chosen(label: Label, key: str, choice: str) -> bool:
    return Span.objects.filter(label=label, attributes__contains={key: choice}).exists()


_TAKEN = {
    "label_key_once_per_project": "key",
    "label_shortcut_once_per_project": "shortcut",
    "relation_label_key_once_per_project": "key",
    "relation_label_shortcut_once_per_project": "shortcut",
}


def _save(thing: Model) -> None:
    refusal = _("Not saved.")
    try:
        thing.full_clean(validate_unique=False, validate_constraints=False)
        with transaction.atomic():
            thing.save()
    except ValidationError as error:
        problems = [FieldError(field, text) for field, texts in error.message_dict.items() for text in texts]
        raise InvalidData(refusal, problems) from None
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        field = _TAKEN.get(constraint)
        if field is None:
            raise
        raise InvalidData(refusal, [FieldError(field, _("Another one of this project has it already."))]) from None
