"""Lists by cursor: `{next, previous, results}`, right while data changes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import pagination
from rest_framework.exceptions import NotFound
from rest_framework.request import Request


class ByCursor(pagination.CursorPagination):
    """Pages of 50 (`?page_size=` up to 500), in an order the view gives as a tuple of unique columns."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "pk"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """The rows of the page.

        Raises:
            NotFound: a cursor that this list has not given.
        """
        try:
            return super().paginate_queryset(queryset, request, view=view)
        except (ValidationError, ValueError):
            raise NotFound(_("There is no such page of the list.")) from None
