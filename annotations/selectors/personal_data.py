"""What is kept of a person: every row of every table that names the person as its own, or as who made it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, QuerySet

from annotations import policies
from annotations.models import AnnotationSet, Membership, User

_HIDDEN: Final = frozenset({"password", "digest", "session_key", "round", "search"})
"""Columns that are not told: what opens something, whether an article comes a second time, what is computed."""
_CHUNK: Final = 500


def personal_data(user: User) -> Iterator[dict[str, Any]]:
    """The account, then a line for each row: `{"table", column: value, …}`; values as the tables hold them.

    Of annotation sets and changes those the person may see: an article that is labelled again hides the first time.
    """
    yield _line(user, user.pk)
    sets = _visible_sets(user)
    for model in apps.get_app_config("annotations").get_models():
        names = [field.name for field in model._meta.fields if isinstance(field, ForeignKey) and _is_user(field)]
        if not names:
            continue
        theirs = Q()
        for name in names:
            theirs |= Q(**{name: user.pk})
        rows: QuerySet[Any] = model.objects.filter(theirs).order_by("pk")  # type: ignore[attr-defined]
        if model is AnnotationSet:
            rows = rows.filter(pk__in=sets)
        elif any(field.name == "annotation_set" for field in model._meta.fields):
            rows = rows.filter(Q(annotation_set__in=sets) | Q(annotation_set__isnull=True))
        for row in rows.iterator(_CHUNK):
            yield _line(row, user.pk)


def _is_user(field: Any) -> bool:
    return field.remote_field.model is User


def _visible_sets(user: User) -> list[Any]:
    members = Membership.objects.select_related("project", "user").filter(user=user)
    return [key for each in members for key in policies.sets_visible_to(each).values_list("pk", flat=True)]


def _line(row: Model, owner: int) -> dict[str, Any]:
    """The row, without the columns that name other people."""
    values = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        is_another = isinstance(field, ForeignKey) and _is_user(field) and value != owner
        if field.name not in _HIDDEN and not is_another:
            values[field.name] = value
    return {"table": row._meta.model_name, **values}
