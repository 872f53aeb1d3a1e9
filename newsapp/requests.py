"""Every request has an id: in the answer (`X-Request-ID`), in problems, on pages of errors, in all lines of the log."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.signals import request_finished
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars

from annotations.domain.identifiers import uuid7
from newsapp.logs import route_of

HEADER: Final = "X-Request-ID"
_GIVEN: Final = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")

logger = logging.getLogger("newsapp.requests")


class RequestIdMiddleware:
    """Takes the proxy's or the client's id where it has the form of one, else makes one; `LOG_REQUESTS` logs each."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        number = given if _GIVEN.match(given) else uuid7().hex
        begun = time.perf_counter()
        clear_contextvars()
        bind_contextvars(request_id=number)  # until the answer is closed: Django logs refusals after all middleware
        response = self.get_response(request)
        if settings.LOG_REQUESTS:
            _note(request, response, begun)
        response[HEADER] = number
        return response


def _forget(**_given: object) -> None:
    """What the thread does next belongs to no request."""
    clear_contextvars()


request_finished.connect(_forget, dispatch_uid="newsapp.requests")


def _note(request: HttpRequest, response: HttpResponse, begun: float) -> None:
    """One line: who (an account's number, where the request asked for it), what, and how long until it answered."""
    user = getattr(request, "_cached_user", None)
    extra = {
        "method": request.method,
        "route": route_of(request),
        "status": response.status_code,
        "ms": round((time.perf_counter() - begun) * 1000, 1),
        "user": getattr(user, "pk", None),
    }
    logger.info("request", extra=extra)
