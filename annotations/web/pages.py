"""Pages of a long list by keyset: as fast at the end as at the beginning, and right while rows come and go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from annotations.selectors.keysets import keyset_of

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
    cursor = request.GET.get("before" if backwards else "after") or None
    found = keyset_of(rows, order, descending=descending, size=size, cursor=cursor, backwards=backwards)
    return Page(
        rows=found.rows,
        next=_address(request, "after", found.next),
        previous=_address(request, "before", found.previous),
    )


def _address(request: HttpRequest, name: str, cursor: str) -> str:
    if not cursor:
        return ""
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    query[name] = cursor
    return f"?{query.urlencode()}"
