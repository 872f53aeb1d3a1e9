"""Pages of a long list: each begins behind the values of the last row, so that rows that come and go move nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _

from annotations.domain.errors import InvalidData


@dataclass(frozen=True, slots=True)
class Keyset[Row: Model]:
    """The rows of a page, with the cursors of the pages behind and before it, empty where there is none."""

    rows: list[Row]
    next: str
    previous: str


def keyset_of[Row: Model](
    rows: QuerySet[Row], order: Sequence[str], *, descending: bool, size: int, cursor: str | None, backwards: bool
) -> Keyset[Row]:
    """The page behind the cursor (`backwards`: before it), the first one without; `order` names fields that together
    are unique.

    Raises:
        InvalidData: a cursor that is none.
    """
    falling = descending != backwards
    if cursor is not None:
        rows = rows.filter(_beyond(order, _decoded(rows.model, order, cursor), falling=falling))
    found = list(rows.order_by(*(f"-{name}" if falling else name for name in order))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    is_first = cursor is None
    has_next, has_previous = (not is_first, more) if backwards else (more, not is_first)
    return Keyset(
        rows=found,
        next=_encoded(order, found[-1]) if found and has_next else "",
        previous=_encoded(order, found[0]) if found and has_previous else "",
    )


def _beyond(order: Sequence[str], values: Sequence[Any], *, falling: bool) -> Q:
    """Rows behind `values` in the order of the fields."""
    operator = "lt" if falling else "gt"
    condition = Q()
    for position, name in enumerate(order):
        equal = dict(zip(order[:position], values[:position], strict=True))
        condition |= Q(**equal, **{f"{name}__{operator}": values[position]})
    return condition


def _encoded(order: Sequence[str], row: Model) -> str:
    """The values of a row, for an address."""
    texts = [str(getattr(row, name)) for name in order]
    return base64.urlsafe_b64encode(json.dumps(texts).encode()).decode()


def _decoded(model: type[Model], order: Sequence[str], cursor: str) -> list[Any]:
    """The values again.

    Raises:
        InvalidData: they are none of this list.
    """
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        fields = [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in order]
        values = zip(fields, texts, strict=True)
        return [field.to_python(_kept(text)) for field, text in values if isinstance(field, Field)]
    except (ValueError, TypeError, ValidationError, binascii.Error):
        raise InvalidData(_("There is no such page of the list.")) from None


def _kept(text: Any) -> str:
    """A text that the database can hold.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(text, str) or "\x00" in text:
        raise ValueError
    text.encode()  # no lone surrogates
    return text
