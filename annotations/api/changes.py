"""The one way edits come in: `annotation-sets/{id}/changes/`, and undo and redo for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.lists import read_filters
from annotations.api.serializers import AppliedShape, ChangesBody, LogShape, RequestIdBody
from annotations.api.suggestions import read_suggested
from annotations.domain.changes import ACTIONS, Applied, ChangeRequest
from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.suggesting import Suggested
from annotations.models import TokenScope
from annotations.selectors.annotation_sets import changes_json, changes_since
from annotations.selectors.desk import changes_context
from annotations.services.changes import apply_changes
from annotations.services.disagreements import record_opening_of
from annotations.services.undo import undo

_CHANGE_KEYS = frozenset({"id", "action", "object", "base", "value", "batch", "undoes", "origin", "suggestion"})
_MOST_REVISION = 2**31 - 1


class ChangesView(APIView):
    """The log of an annotation set, and the way to add to it."""

    write_scope = TokenScope.ANNOTATE

    @extend_schema(
        operation_id="list_changes",
        parameters=[OpenApiParameter("since", int, description="Only changes after this revision.")],
        responses=LogShape,
    )
    def get(self, request: Request, set_id: UUID) -> Response:
        """The changes after revision `since`, oldest first."""
        member, annotation_set = policies.check_member_by_set(user=request.user, set_id=set_id)
        read_filters(request, None, "since")
        since = _number(request.query_params.get("since", "0"))
        record_opening_of(member=member, annotation_set=annotation_set)
        lines = changes_json(changes=changes_since(annotation_set=annotation_set, since=since))
        return Response({"revision": annotation_set.revision, "changes": lines})

    @extend_schema(operation_id="apply_changes", request=ChangesBody, responses=AppliedShape)
    def post(self, request: Request, set_id: UUID) -> HttpResponseBase:
        """Apply changes in order, each once; what became of each stands in `results`."""
        changes = read_changes(request.data)
        applied = apply_changes(actor=signed_in(request), annotation_set_id=set_id, changes=changes)
        return _answer(request, set_id, applied)


class UndoView(APIView):
    """Take back one's own newest batch in a set."""

    write_scope = TokenScope.ANNOTATE
    redo = False

    @extend_schema(request=RequestIdBody, responses=AppliedShape)
    def post(self, request: Request, set_id: UUID) -> Response:
        """The same `id` twice is applied once."""
        data = request.data if isinstance(request.data, Mapping) else {}
        request_id = _uuid(data.get("id"), "id")
        return Response(
            applied_json(
                undo(actor=signed_in(request), annotation_set_id=set_id, request_id=request_id, redo=self.redo)
            )
        )


class RedoView(UndoView):
    """Bring back what was taken back last."""

    redo = True


def _answer(request: Request, set_id: UUID, applied: Applied) -> HttpResponseBase:
    """JSON for programs, the touched paragraphs and list items for the desk."""
    if request.headers.get("HX-Request") != "true":
        response: HttpResponseBase = Response(applied_json(applied))
    else:
        _member, annotation_set = policies.check_member_by_set(user=request.user, set_id=set_id)
        context = changes_context(annotation_set=annotation_set, applied=applied)
        response = render(request._request, "desk.html#changes", context)  # noqa: SLF001 - templates want Django's own
    patch_vary_headers(response, ["HX-Request"])
    return response


def applied_json(applied: Applied) -> dict[str, Any]:
    """What became of each change, and the revision the set has now."""
    return {"revision": applied.revision, "results": [result.as_json() for result in applied.results]}


def read_changes(body: Any) -> list[ChangeRequest]:
    """The changes of a body `{"changes": […]}`.

    Raises:
        InvalidData: unreadable, with the field of each fault.
    """
    given = body.get("changes") if isinstance(body, Mapping) else None
    if not isinstance(given, list):
        detail = _('The body must be {"changes": [...]}.')
        raise InvalidData(detail, [FieldError("changes", detail)])
    return [_read_change(change, f"changes[{number}]") for number, change in enumerate(given)]


def _read_change(given: Any, where: str) -> ChangeRequest:
    if not isinstance(given, Mapping):
        raise _fault(where, _("A change must be an object."))
    unknown = sorted(set(given) - _CHANGE_KEYS)
    if unknown:
        raise _fault(f"{where}.{unknown[0]}"[:200], _("This key is not known here."))
    if given.get("action") not in ACTIONS:
        raise _fault(f"{where}.action", _("One of %(actions)s.") % {"actions": ", ".join(ACTIONS)})
    value = given.get("value")
    if value is not None and not isinstance(value, Mapping):
        raise _fault(f"{where}.value", _("It must be an object."))
    origin = given.get("origin") or ""
    if not isinstance(origin, str):
        raise _fault(f"{where}.origin", _("It must be text."))
    return ChangeRequest(
        id=_uuid(given.get("id"), f"{where}.id"),
        action=given["action"],
        object=_uuid(given.get("object"), f"{where}.object"),
        base=_base(given.get("base"), f"{where}.base"),
        value=value or {},
        batch=_optional_uuid(given.get("batch"), f"{where}.batch"),
        undoes=_optional_uuid(given.get("undoes"), f"{where}.undoes"),
        origin=origin,
        suggestion=_suggestion(given, where),
    )


def _suggestion(given: Mapping[str, Any], where: str) -> Suggested | None:
    """What a new span accepts; only a span can."""
    suggestion = given.get("suggestion")
    if suggestion is None:
        return None
    if given["action"] != "put_span":
        raise _fault(f"{where}.suggestion", _("Only `put_span` accepts a suggestion."))
    return read_suggested(suggestion, f"{where}.suggestion")


def _base(given: Any, where: str) -> int | UUID | None:
    if given is None:
        return None
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= _MOST_REVISION:
        return given
    if isinstance(given, str):
        return _uuid(given, where)
    raise _fault(where, _("A revision, null for a new object, or the id of your earlier change to it."))


def _optional_uuid(given: Any, where: str) -> UUID | None:
    return None if given is None else _uuid(given, where)


def _uuid(given: Any, where: str) -> UUID:
    try:
        return UUID(given if isinstance(given, str) else "")
    except ValueError:
        raise _fault(where, _("It must be a UUID.")) from None


def _number(given: str) -> int:
    if given.isascii() and given.isdecimal() and len(given) < 10:
        return int(given)
    raise _fault("since", _("It must be a revision: a whole number from 0 on."))


def _fault(field: str, message: str) -> InvalidData:
    return InvalidData(
        _("The request cannot be read: %(field)s: %(why)s") % {"field": field, "why": message},
        [FieldError(field, message)],
    )
