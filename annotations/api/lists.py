"""How lists by cursor are described; the paginator itself is `api.pagination`."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.pagination import ByCursor

CURSOR = [
    OpenApiParameter("cursor", str, description="From `next` or `previous`."),
    OpenApiParameter("page_size", int, description="Up to 500."),
]


def page_shape(name: str, shape: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """`{next, previous, results}` of rows of this shape."""
    return inline_serializer(
        name,
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
        },
    )


def page_answer[Row: Model](
    request: Request,
    rows: QuerySet[Row],
    view: APIView,
    shape: type[serializers.BaseSerializer[Any]],
    ordering: tuple[str, ...] = ("pk",),
    **context: Any,
) -> Response:
    """One page of the rows; `ordering` names columns that together are unique."""
    paginator = ByCursor()
    paginator.ordering = ordering  # type: ignore[assignment] # the stubs know one column only
    page = paginator.paginate_queryset(rows, request, view=view) or []
    return paginator.get_paginated_response(shape(page, many=True, context=context).data)
