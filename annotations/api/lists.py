"""Lists: the named filters they take, how pages by cursor are described; the paginator is `api.pagination`."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.pagination import ByCursor
from annotations.domain.errors import FieldError, InvalidData

PAGE = ("cursor", "page_size")
CURSOR = [
    OpenApiParameter("cursor", str, description="From `next` or `previous`."),
    OpenApiParameter("page_size", int, description="Up to 500."),
]


def read_filters(
    request: Request, shape: type[serializers.Serializer[Any]] | None = None, *others: str
) -> dict[str, Any]:
    """The parameters of the address, read as `shape` says; `others` are names that are read elsewhere.

    Raises:
        InvalidData: a name that is not known here, with those that are: a misspelt filter must not answer everything.
        ValidationError: a value that is not legal.
    """
    given = None if shape is None else shape(data=request.query_params)
    names = [*([] if given is None else given.fields), *others]
    unknown = sorted(set(request.query_params) - set(names))
    if unknown:
        known = ", ".join(names) or _("none")
        detail = _("There is no parameter of this name here. Parameters: %(names)s.") % {"names": known}
        raise InvalidData(detail, [FieldError(name[:200], detail) for name in unknown])
    if given is None:
        return {}
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


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
    *,
    ordering: tuple[str, ...] = ("pk",),
    filters: type[serializers.Serializer[Any]] | None = None,
    **context: Any,
) -> Response:
    """One page of the rows; `ordering` names columns that together are unique, `filters` what else may be asked."""
    read_filters(request, filters, *PAGE)
    paginator = ByCursor()
    paginator.ordering = ordering
    page = paginator.paginate_queryset(rows, request, view=view) or []
    return paginator.get_paginated_response(shape(page, many=True, context=context).data)
