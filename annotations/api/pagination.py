"""Lists by cursor: `{next, previous, results}`, right while data changes.

A cursor holds the values of the row at the page's edge. Whatever was there before and still is, is given once, and rows
that come or go move no other.
"""

from __future__ import annotations

from typing import Any, Final

from rest_framework import pagination
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from annotations.domain.errors import InvalidData
from annotations.selectors.keysets import beyond, decoded, encoded

_BACK: Final = "-"


class ByCursor(pagination.CursorPagination):
    """Pages of 50 (`?page_size=` up to 500), in an order the view gives: columns, together unique, all one way."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering: Any = ("pk",)
    _next = _previous = ""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:  # noqa: ARG002
        """The rows of the page.

        Raises:
            NotFound: a cursor that this list has not given.
        """
        size = self.get_page_size(request) or self.page_size
        falls = self.ordering[0].startswith("-")
        order = [name.removeprefix("-") for name in self.ordering]
        cursor = request.query_params.get(self.cursor_query_param, "")
        backwards = cursor.startswith(_BACK)
        falling = falls != backwards
        if cursor:
            try:
                values = decoded(queryset.model, order, cursor.removeprefix(_BACK))
            except InvalidData as error:
                raise NotFound(error.detail) from None
            queryset = queryset.filter(beyond(order, values, falling=falling))
        found = list(queryset.order_by(*(f"-{name}" if falling else name for name in order))[: size + 1])
        more, found = len(found) > size, found[:size]
        if backwards:
            found.reverse()
        has_next, has_previous = (bool(cursor), more) if backwards else (more, bool(cursor))
        address = request.build_absolute_uri()
        if found and has_next:
            self._next = replace_query_param(address, self.cursor_query_param, encoded(order, found[-1]))
        if found and has_previous:
            self._previous = replace_query_param(address, self.cursor_query_param, _BACK + encoded(order, found[0]))
        return found

    def get_next_link(self) -> str | None:
        """The address of the page behind this one."""
        return self._next or None

    def get_previous_link(self) -> str | None:
        """The address of the page before this one."""
        return self._previous or None
