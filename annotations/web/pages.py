"""Pages of a long list by keyset: as fast at the end as at the beginning, and right while rows come and go."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from annotations.domain.errors import InvalidData

SIZE = 50


@dataclass(frozen=True, slots=True)
class Page[Row: Model]:
    """Rows with the addresses of the pages before and behind them, empty where there is none."""

    rows: list[Row]
    next: str
    previous: str


def page_of[Row: Model](
    request: HttpRequest, rows: QuerySet[Row], order: Sequence[str], *, descending: bool = False, size: int = SIZE
) -> Page[Row]:
    """The page that the address asks for with `after` or `before`; `order` names fields that together are unique.

    Raises:
        InvalidData: a cursor that is none.
    """
    backwards = "before" in request.GET
    cursor = request.GET.get("before" if backwards else "after", "")
    falling = descending != backwards
    if cursor:
        rows = rows.filter(_beyond(order, _values(rows.model, order, cursor), falling=falling))
    found = list(rows.order_by(*(f"-{name}" if falling else name for name in order))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (bool(cursor), more) if backwards else (more, bool(cursor))
    return Page(
        rows=found,
        next=_address(request, "after", order, found[-1]) if found and has_next else "",
        previous=_address(request, "before", order, found[0]) if found and has_previous else "",
    )


def _beyond(order: Sequence[str], values: Sequence[Any], *, falling: bool) -> Q:
    """Rows behind `values` in the order of the fields."""
    operator = "lt" if falling else "gt"
    condition = Q()
    for position, name in enumerate(order):
        equal = dict(zip(order[:position], values[:position], strict=True))
        condition |= Q(**equal, **{f"{name}__{operator}": values[position]})
    return condition


def _values(model: type[Model], order: Sequence[str], cursor: str) -> list[Any]:
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        fields = [model._meta.pk if name == "pk" else model._meta.get_field(name) for name in order]
        return [field.to_python(text) for field, text in zip(fields, texts, strict=True) if isinstance(field, Field)]
    except (ValueError, TypeError, ValidationError, binascii.Error):
        raise InvalidData(_("There is no such page of the list.")) from None


def _address(request: HttpRequest, name: str, order: Sequence[str], row: Model) -> str:
    texts = [str(getattr(row, field)) for field in order]
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    query[name] = base64.urlsafe_b64encode(json.dumps(texts).encode()).decode()
    return f"?{query.urlencode()}"
