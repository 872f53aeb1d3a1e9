"""Between HTTP and the pages: errors become pages with a sentence, and who is asking from where."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from structlog.contextvars import get_contextvars

from annotations.domain import errors
from annotations.models import Membership, User
from annotations.services.accounts import check_anonymous_allowed
from annotations.web import sections

logger = logging.getLogger(__name__)

STATUS = {
    errors.InvalidData: HTTPStatus.BAD_REQUEST,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.StateRefused: HTTPStatus.CONFLICT,
    errors.RevisionConflict: HTTPStatus.PRECONDITION_FAILED,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}


class ErrorsMiddleware:
    """Turns the project's own errors into pages with a sentence; the API has its own way (`api.errors`)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):  # PostgreSQL keeps none
            return _refusal(request, HTTPStatus.BAD_REQUEST, _("The address holds a NUL character."))
        if request.headers.get("Transfer-Encoding") and not request.META.get("CONTENT_LENGTH"):
            # WSGI does not say where such a body ends: Django would take it for empty.
            return _refusal(request, HTTPStatus.LENGTH_REQUIRED, _("The request must say its Content-Length."))
        response = self.get_response(request)
        if response.status_code == HTTPStatus.UNAUTHORIZED and is_api(request):
            try:
                check_anonymous_allowed(address=client_address(request))
            except errors.TooManyRequests as error:
                response = _problem(HTTPStatus.TOO_MANY_REQUESTS, error.detail)
                response["Retry-After"] = str(error.retry_after)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for our own errors; any other goes on its way."""
        if isinstance(error, OperationalError | InterfaceError):
            return database_away(request, error)
        if not isinstance(error, errors.NewsappError) or is_api(request):
            return None
        response = error_page(request, STATUS.get(type(error), HTTPStatus.BAD_REQUEST), error.detail)
        if isinstance(error, errors.TooManyRequests | errors.Busy):
            response["Retry-After"] = str(error.retry_after)
        return response


def project_page(
    request: HttpRequest,
    template: str,
    *,
    member: Membership,
    section: str,
    context: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page in the frame of a project (`project_frame.html`); `section` is the entry of the side it stands under."""
    frame = {
        "project": member.project,
        "member": member,
        "section": section,
        "sections": sections.sections_of(member),
    }
    return render(request, template, frame | (context or {}), status=status)


def error_page(request: HttpRequest, status: HTTPStatus, sentence: str) -> HttpResponse:
    """The sentence alone for HTMX (frame.js shows it where messages go), else a whole page."""
    if request.headers.get("HX-Request"):
        response = render(request, "error.html#sentence", {"sentence": sentence}, status=status)
        response["X-Sentence"] = "1"
        return response
    return render(request, "error.html", {"title": _title(status), "sentence": sentence}, status=status)


def back_to(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the address the form says it stood on (`next`), where that is one of ours; else to `otherwise`."""
    back = request.POST.get("next", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(back if is_ours else otherwise)


def person(request: HttpRequest) -> User:
    """Who is signed in, on a page behind `login_required`."""
    if not isinstance(request.user, User):
        raise errors.NotAllowed(_("Please sign in."))
    return request.user


def is_api(request: HttpRequest) -> bool:
    """Whether a program is asking, who gets problems as JSON."""
    return request.path.startswith("/api/")


def client_address(request: HttpRequest) -> str:
    """The address a request comes from; behind a trusted proxy, the one which that proxy saw."""
    seen: str = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        return request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip() or seen
    return seen


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """400: Django could not read the request."""
    return _refusal(request, HTTPStatus.BAD_REQUEST, _("The request could not be read."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """403."""
    return _refusal(request, HTTPStatus.FORBIDDEN, _("You may not do this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """404: nothing at this address, or nothing the person may know of."""
    return _refusal(
        request, HTTPStatus.NOT_FOUND, _("There is nothing at this address, or you are not a member of it.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without the request, so that it also works when the database does not answer."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):  # of a middleware, still being handled
        return database_away(request)
    sentence = _("Something went wrong on the server. Nothing you had saved is lost; please try again.")
    if is_api(request):
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, sentence)
    context = {"sentence": sentence, "number": get_contextvars().get("request_id")}
    return HttpResponse(render_to_string("500.html", context), status=500)


def database_away(request: HttpRequest, error: Exception | None = None) -> HttpResponse:
    """503, restarting or all connections taken: rendered without the request, whose person is in the database.

    `error` is logged, where Django has not done it.
    """
    if error is not None:
        logger.error("The database does not answer.", exc_info=error)
    sentence = _("The database does not answer at the moment; please try again. What was saved is safe.")
    if is_api(request):
        response = _problem(HTTPStatus.SERVICE_UNAVAILABLE, sentence)
    elif request.headers.get("HX-Request"):
        response = HttpResponse(render_to_string("error.html#sentence", {"sentence": sentence}), status=503)
        response["X-Sentence"] = "1"
    else:
        response = HttpResponse(render_to_string("500.html", {"sentence": sentence}), status=503)
    response["Retry-After"] = "5"
    return response


def uuid_in(values: QueryDict, name: str) -> UUID | None:
    """The id that an address or a form names, None for none.

    Raises:
        InvalidData: it is no id.
    """
    text = values.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise errors.InvalidData(_("This address is not complete.")) from None


def uuids_in(values: QueryDict, name: str, *, most: int = 1_000) -> list[UUID]:
    """The ids that a form names, `most` of them at most.

    Raises:
        InvalidData: one of them is no id.
    """
    try:
        return [UUID(text) for text in values.getlist(name)[:most]]
    except ValueError:
        raise errors.InvalidData(_("This address is not complete.")) from None


def _refusal(request: HttpRequest, status: HTTPStatus, sentence: str) -> HttpResponse:
    return _problem(status, sentence) if is_api(request) else error_page(request, status, sentence)


def _problem(status: HTTPStatus, sentence: str) -> HttpResponse:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": sentence,
        "errors": [],
    }
    if number := get_contextvars().get("request_id"):
        body["request_id"] = number
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _title(status: HTTPStatus) -> str:
    titles = {
        HTTPStatus.BAD_REQUEST: _("That cannot be done like this"),
        HTTPStatus.FORBIDDEN: _("Your role does not allow this"),
        HTTPStatus.NOT_FOUND: _("Not found"),
        HTTPStatus.CONFLICT: _("Not in this state"),
        HTTPStatus.LENGTH_REQUIRED: _("The length is missing"),
        HTTPStatus.PRECONDITION_FAILED: _("Changed elsewhere"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: _("Too large"),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too many attempts"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("Busy"),
    }
    return titles[status]
