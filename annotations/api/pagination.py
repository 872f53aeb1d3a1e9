"""Lists by cursor: `{next, previous, results}`, right while data changes."""

from __future__ import annotations

from rest_framework import pagination


class ByCursor(pagination.CursorPagination):
    """Pages of 50 (`?page_size=` up to 500), in an order the view gives as a tuple of unique columns."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "pk"
