"""Many annotation sets at once: the sets of a project, and changes to several of them in one request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.changes import applied_json, read_changes
from annotations.api.errors import STATUS
from annotations.api.lists import CURSOR, page_answer, page_shape
from annotations.api.serializers import AppliedShape, ChangesBody
from annotations.domain.errors import FieldError, InvalidData, NewsappError
from annotations.models import AnnotationSet, SetKind, SetState, TokenScope
from annotations.selectors.annotation_sets import sets_listed
from annotations.services.changes import apply_changes

MOST = 50
"""Sets a request."""


class SetFilter(serializers.Serializer[None]):
    """The named filters of the list."""

    kind = serializers.ChoiceField(choices=SetKind.choices, required=False)
    state = serializers.ChoiceField(choices=SetState.choices, required=False)
    annotator = serializers.CharField(max_length=150, required=False)
    article = serializers.UUIDField(required=False)


class SetRowShape(serializers.Serializer[AnnotationSet]):
    """An annotation set without what is in it."""

    id = serializers.UUIDField()
    article = serializers.UUIDField(source="article_id")
    kind = serializers.ChoiceField(choices=SetKind.choices)
    annotator = serializers.CharField(source="annotator.username", allow_null=True, default=None)
    state = serializers.ChoiceField(choices=SetState.choices)
    revision = serializers.IntegerField()


class BulkPart(ChangesBody):
    """Changes to one set."""

    annotation_set = serializers.UUIDField()


class BulkBody(serializers.Serializer[None]):
    """Changes to some sets."""

    sets = serializers.ListField(child=BulkPart(), max_length=MOST)


class BulkRowShape(AppliedShape):
    """What became of the changes to one set: as for one, or the `status` and `detail` of what refused all of them."""

    annotation_set = serializers.UUIDField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    revision = serializers.IntegerField(allow_null=True)


class BulkShape(serializers.Serializer[None]):
    """One row for each set, in the order of the request."""

    sets = BulkRowShape(many=True)


class SetsView(APIView):
    """The annotation sets of a project."""

    @extend_schema(
        operation_id="list_annotation_sets",
        parameters=[SetFilter, *CURSOR],
        responses=page_shape("SetPage", SetRowShape),
    )
    def get(self, request: Request, slug: str) -> Response:
        """Those one may see."""
        member = policies.check_member(user=request.user, slug=slug)
        names = SetFilter().fields
        given = SetFilter(data={name: value for name, value in request.query_params.items() if name in names})
        given.is_valid(raise_exception=True)
        return page_answer(request, sets_listed(member, **given.validated_data), self, SetRowShape, filters=SetFilter)


class BulkChangesView(APIView):
    """Changes to several sets."""

    write_scope = TokenScope.ANNOTATE

    @extend_schema(operation_id="apply_changes_to_sets", request=BulkBody, responses=BulkShape)
    def post(self, request: Request, slug: str) -> Response:
        """The changes of each set in a transaction of its own; one that is refused stops no other."""
        member = policies.check_member(user=request.user, slug=slug)
        parts = request.data.get("sets") if isinstance(request.data, Mapping) else None
        if not isinstance(parts, list) or len(parts) > MOST:
            detail = _('The body must be {"sets": [...]}, of at most %(n)d sets.') % {"n": MOST}
            raise InvalidData(detail, [FieldError("sets", detail)])
        return Response({"sets": [_applied(request, member.project_id, part) for part in parts]})


def _applied(request: Request, project: UUID, part: Any) -> dict[str, Any]:
    try:
        set_id = UUID(str(part.get("annotation_set"))) if isinstance(part, Mapping) else UUID(int=0)
    except ValueError:
        set_id = UUID(int=0)
    row: dict[str, Any] = {"annotation_set": str(set_id), "status": 200, "detail": "", "revision": None, "results": []}
    try:
        _member, found = policies.check_member_by_set(user=signed_in(request), set_id=set_id)
        policies.check_in_project(found, project)
        applied = apply_changes(actor=signed_in(request), annotation_set_id=set_id, changes=read_changes(part))
    except NewsappError as error:
        return {**row, "status": int(STATUS[type(error)]), "detail": error.detail}
    return {**row, **applied_json(applied)}
