"""Conditional requests: what is asked again is not sent again, and what was changed meanwhile is not overwritten."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.views import APIView

from annotations.api.renderers import JSONRenderer
from annotations.domain.errors import RevisionConflict

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The `ETag` of what was read; 412 when it changed since."
)


def etag_of(content: bytes) -> str:
    """The tag of a representation: the same bytes, the same tag."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


class ConditionalAnswers:
    """Middleware: each whole answer of the API to a GET has an `ETag`; one that the asker has already is a 304."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        asks = request.method in {"GET", "HEAD"} and request.path.startswith("/api/")
        if not asks or response.status_code != 200 or response.streaming:
            return response
        whole: Any = response
        if not whole.has_header("ETag"):
            whole["ETag"] = etag_of(whole.content)
        patch_vary_headers(whole, ("Authorization", "Cookie"))
        if not whole.has_header("Cache-Control"):
            patch_cache_control(whole, private=True, no_cache=True)
        found: HttpResponseBase = get_conditional_response(request, etag=whole["ETag"], response=whole) or whole
        return found


class Guarded(APIView):
    """A thing that PATCH and DELETE change only while it is what `If-Match` says; one after another, so that none
    comes between the look and the write.
    """

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The request, alone at its address where it writes."""
        if request.method not in {"PATCH", "DELETE"}:
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            with connection.cursor() as cursor:  # until the end of the transaction
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [request.path])
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who may ask, then whether it still is what the asker saw.

        Raises:
            RevisionConflict: it is not.
        """
        super().initial(request, *args, **kwargs)
        given = request.headers.get("If-Match")
        if given is None or request.method not in {"PATCH", "DELETE"}:
            return
        current = self.get(request, *args, **kwargs).data  # type: ignore[attr-defined] # what is guarded can be read
        tags = parse_etags(given)
        if tags != ["*"] and etag_of(JSONRenderer().render(current)) not in tags:
            raise RevisionConflict(
                _("It was changed elsewhere; `current` is what it is now."), current=dict(current), revision=0
            )
