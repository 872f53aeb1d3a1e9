"""Errors as `application/problem+json` (RFC 9457): `{type, title, status, detail, errors}`."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback
from structlog.contextvars import get_contextvars

from annotations.domain import errors

logger = logging.getLogger(__name__)

CONTENT_TYPE: Final = "application/problem+json"
STATUS: Final[dict[type[errors.NewsappError], HTTPStatus]] = {
    errors.InvalidData: HTTPStatus.BAD_REQUEST,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.StateRefused: HTTPStatus.CONFLICT,
    errors.RevisionConflict: HTTPStatus.PRECONDITION_FAILED,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:  # noqa: ARG001 - DRF's signature
    """The answer to an exception of ours, of REST framework or of Django; None for a defect (a 500 with its trace)."""
    headers: dict[str, str] = {}
    if isinstance(exc, OperationalError | InterfaceError):
        # Restarting, or all its connections are taken: programs and the outbox of the desk try again.
        logger.error("The database does not answer.", exc_info=exc)
        exc = errors.Busy(_("The database does not answer at the moment; please try again."), retry_after=5)
    if isinstance(exc, errors.NewsappError):
        status = STATUS[type(exc)]
        body = problem(status, exc.detail, **_members_of(exc))
        if isinstance(exc, errors.TooManyRequests | errors.Busy):
            headers["Retry-After"] = str(exc.retry_after)
    elif isinstance(exc, exceptions.APIException):
        status = HTTPStatus(exc.status_code)
        body = problem(status, _sentence(exc), **_field_errors(exc))
        if challenge := getattr(exc, "auth_header", None):
            headers["WWW-Authenticate"] = challenge
    elif isinstance(exc, Http404):
        status, body = HTTPStatus.NOT_FOUND, problem(HTTPStatus.NOT_FOUND, _("There is no such thing."))
    elif isinstance(exc, PermissionDenied):
        status, body = HTTPStatus.FORBIDDEN, problem(HTTPStatus.FORBIDDEN, _("You may not do this."))
    else:
        return None
    set_rollback()
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def problem(status: HTTPStatus, detail: str, **members: Any) -> dict[str, Any]:
    """The body of a problem, with the id by which its request stands in the log."""
    body = {"type": "about:blank", "title": status.phrase, "status": int(status), "detail": detail, **members}
    number = get_contextvars().get("request_id")
    return {**body, "request_id": number} if number else body


def _members_of(exc: errors.NewsappError) -> dict[str, Any]:
    if isinstance(exc, errors.InvalidData):
        return {"errors": [{"field": each.field, "message": each.message} for each in exc.errors]}
    if isinstance(exc, errors.RevisionConflict):
        return {"errors": [], "current": exc.current, "revision": exc.revision}
    return {"errors": []}


def _sentence(exc: exceptions.APIException) -> str:
    if isinstance(exc, exceptions.ValidationError):
        return _("The request breaks a rule; `errors` says which.")
    return str(exc.detail)


def _field_errors(exc: exceptions.APIException) -> dict[str, Any]:
    if not isinstance(exc, exceptions.ValidationError):
        return {"errors": []}
    return {"errors": list(_flatten("", exc.detail))}


def _flatten(field: str, detail: Any) -> Any:
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _flatten(f"{field}.{key}" if field else str(key), value)
    elif isinstance(detail, list):
        for number, value in enumerate(detail):
            yield from _flatten(f"{field}[{number}]" if isinstance(value, dict | list) else field, value)
    else:
        yield {"field": field, "message": str(detail)}
