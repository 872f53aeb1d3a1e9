"""`spans/{uuid}/` and `relations/{uuid}/`: the service of changes with one change, and HTTP's own conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.serializers import RelationBody, RelationShape, SpanBody, SpanShape
from annotations.domain.changes import Action, ChangeRequest, ChangeResult
from annotations.domain.errors import FieldError, InvalidData, NotFound, RevisionConflict
from annotations.domain.identifiers import uuid7
from annotations.models import Relation, Span, TokenScope, User
from annotations.selectors.annotation_sets import relation_json, span_json
from annotations.services.changes import apply_changes
from annotations.services.disagreements import record_opening_of

_ETAG: Final = re.compile(r'^(?:W/)?"(\d{1,9})"$')
_CONDITIONS: Final = [
    OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description='The revision seen: `"7"`.'),
    OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="`*`: only if it is not there yet."),
]


class ObjectView(APIView):
    """What spans and relations have in common."""

    write_scope = TokenScope.ANNOTATE
    put_action: ClassVar[Action]
    delete_action: ClassVar[Action]

    def find(self, user: User, uuid: UUID) -> tuple[UUID, dict[str, Any]]:
        """The id of its set, and the object as JSON, where the person may see it."""
        raise NotImplementedError

    def read(self, request: Request, uuid: UUID) -> Response:
        """One object with its revision as `ETag`."""
        _set, shown = self.find(signed_in(request), uuid)
        return _with_etag(shown)

    def write(self, request: Request, uuid: UUID) -> Response:
        """Create or replace one object."""
        data = request.data
        if not isinstance(data, Mapping):
            raise InvalidData(_("The body must be an object."), [FieldError("", _("It must be an object."))])
        value = {key: each for key, each in data.items() if key != "annotation_set"}
        change = ChangeRequest(id=uuid7(), action=self.put_action, object=uuid, base=_base_of(request), value=value)
        result = self.apply(signed_in(request), _set_of(data), change)
        _set, shown = self.find(signed_in(request), uuid)
        created = result.status == "applied" and request.headers.get("If-Match") is None
        return _with_etag(shown, status=201 if created else 200)

    def remove(self, request: Request, uuid: UUID) -> Response:
        """Delete one object; without `If-Match` the one that is there now."""
        annotation_set, shown = self.find(signed_in(request), uuid)
        base = _base_of(request) if request.headers.get("If-Match") else shown["revision"]
        change = ChangeRequest(id=uuid7(), action=self.delete_action, object=uuid, base=base)
        self.apply(signed_in(request), annotation_set, change)
        return Response(status=204)

    def apply(self, user: User, annotation_set: UUID, change: ChangeRequest) -> ChangeResult:
        """One change.

        Raises:
            RevisionConflict: the object is not (any more) what the caller saw.
            InvalidData: the value breaks a rule.
        """
        applied = apply_changes(actor=user, annotation_set_id=annotation_set, changes=[change])
        (result,) = applied.results
        if result.status == "conflict":
            current = None if result.current is None else {"id": str(change.object), **result.current}
            raise RevisionConflict(
                _("It was changed elsewhere; `current` is what it is now."),
                current=current,
                revision=result.revision or 0,
            )
        if result.status == "invalid":
            errors = [FieldError(each["field"], each["message"]) for each in result.errors]
            raise InvalidData(errors[0].message, errors)
        return result


class SpanView(ObjectView):
    """One span."""

    put_action = "put_span"
    delete_action = "delete_span"

    def find(self, user: User, uuid: UUID) -> tuple[UUID, dict[str, Any]]:
        """The span with its quote."""
        span = Span.objects.select_related("label", "entity").filter(pk=uuid).first()
        refusal = _("There is no such span.")
        if span is None:
            raise NotFound(refusal)
        set_id = span.annotation_set_id
        member, annotation_set = policies.check_member_by_set(user=user, set_id=set_id, missing=refusal)
        record_opening_of(member=member, annotation_set=annotation_set)
        return annotation_set.pk, span_json(span=span, text=annotation_set.article.text)

    @extend_schema(responses=SpanShape)
    def get(self, request: Request, uuid: UUID) -> Response:
        """One span."""
        return self.read(request, uuid)

    @extend_schema(request=SpanBody, responses={200: SpanShape, 201: SpanShape}, parameters=_CONDITIONS)
    def put(self, request: Request, uuid: UUID) -> Response:
        """Create (no `If-Match`) or replace (`If-Match`) a span."""
        return self.write(request, uuid)

    @extend_schema(responses={204: None}, parameters=_CONDITIONS[:1])
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Delete a span, and its relations with it."""
        return self.remove(request, uuid)


class RelationView(ObjectView):
    """One relation."""

    put_action = "put_relation"
    delete_action = "delete_relation"

    def find(self, user: User, uuid: UUID) -> tuple[UUID, dict[str, Any]]:
        """The relation."""
        relation = Relation.objects.select_related("label").filter(pk=uuid).first()
        refusal = _("There is no such relation.")
        if relation is None:
            raise NotFound(refusal)
        set_id = relation.annotation_set_id
        member, annotation_set = policies.check_member_by_set(user=user, set_id=set_id, missing=refusal)
        record_opening_of(member=member, annotation_set=annotation_set)
        return annotation_set.pk, relation_json(relation=relation)

    @extend_schema(responses=RelationShape)
    def get(self, request: Request, uuid: UUID) -> Response:
        """One relation."""
        return self.read(request, uuid)

    @extend_schema(request=RelationBody, responses={200: RelationShape, 201: RelationShape}, parameters=_CONDITIONS)
    def put(self, request: Request, uuid: UUID) -> Response:
        """Create (no `If-Match`) or replace (`If-Match`) a relation."""
        return self.write(request, uuid)

    @extend_schema(responses={204: None}, parameters=_CONDITIONS[:1])
    def delete(self, request: Request, uuid: UUID) -> Response:
        """Delete a relation."""
        return self.remove(request, uuid)


def _with_etag(shown: dict[str, Any], status: int = 200) -> Response:
    return Response(shown, status=status, headers={"ETag": f'"{shown["revision"]}"'})


def _base_of(request: Request) -> int | None:
    given = request.headers.get("If-Match")
    if given is None:
        return None
    found = _ETAG.match(given.strip())
    if found is None:
        raise InvalidData(
            _('If-Match must be one revision in quotes, such as "7".'),
            [FieldError("If-Match", _("One revision in quotes."))],
        )
    return int(found[1])


def _set_of(data: Mapping[str, Any]) -> UUID:
    given = data.get("annotation_set")
    try:
        return UUID(given if isinstance(given, str) else "")
    except ValueError:
        message = _("It must be the UUID of an annotation set.")
        raise InvalidData(message, [FieldError("annotation_set", message)]) from None
