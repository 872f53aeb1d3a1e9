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
from annotations.selectors.keysets import keyset_of

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
        order = [name.removeprefix("-") for name in self.ordering]
        given = request.query_params.get(self.cursor_query_param) or None
        try:
            found = keyset_of(
                queryset,
                order,
                descending=self.ordering[0].startswith("-"),
                size=size,
                cursor=given and given.removeprefix(_BACK),
                backwards=given is not None and given.startswith(_BACK),
            )
        except InvalidData as error:
            raise NotFound(error.detail) from None
        address = request.build_absolute_uri()
        if found.next:
            self._next = replace_query_param(address, self.cursor_query_param, found.next)
        if found.previous:
            self._previous = replace_query_param(address, self.cursor_query_param, _BACK + found.previous)
        return found.rows

    def get_next_link(self) -> str | None:
        """The address of the page behind this one."""
        return self._next or None

    def get_previous_link(self) -> str | None:
        """The address of the page before this one."""
        return self._previous or None
