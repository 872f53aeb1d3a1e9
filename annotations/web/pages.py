"""Pages of a long list by keyset: as fast at the end as at the beginning, and right while rows come and go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from annotations.selectors.keysets import beyond, decoded, encoded

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
        rows = rows.filter(beyond(order, decoded(rows.model, order, cursor), falling=falling))
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


def _address(request: HttpRequest, name: str, order: Sequence[str], row: Model) -> str:
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    query[name] = encoded(order, row)
    return f"?{query.urlencode()}"
