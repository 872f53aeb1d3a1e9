"""Annotation sets: reading one, and moving it from state to state."""

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
from annotations.api.serializers import AnnotationSetShape, ReasonBody
from annotations.domain.errors import FieldError, InvalidData
from annotations.models import TokenScope
from annotations.selectors.annotation_sets import annotation_set_json
from annotations.services.annotation_sets import flag_set, move_set
from annotations.services.disagreements import record_opening_of
from annotations.services.queue import claim_next_article, renew_lease
from annotations.services.readings import MAX_RANGES


class StateShape(serializers.Serializer[None]):
    """Where the work on the set stands now."""

    id = serializers.UUIDField()
    state = serializers.CharField()
    revision = serializers.IntegerField()


class LeaseShape(serializers.Serializer[None]):
    """Until when the article is kept for its annotator: in the year 9999 for work that was assigned by name."""

    lease_expires_at = serializers.DateTimeField()


class VisitBody(serializers.Serializer[None]):
    """What an open desk tells; `paragraphs` are kept only where the project asks for reading evidence."""

    active_seconds = serializers.IntegerField(
        min_value=0,
        max_value=86_400,
        required=False,
        default=0,
        help_text="Of work since it told last, without pauses; in all never more than went by.",
    )
    paragraphs = serializers.ListField(
        child=serializers.ListField(
            child=serializers.IntegerField(min_value=0, max_value=2**31 - 1), min_length=2, max_length=2
        ),
        max_length=MAX_RANGES,
        required=False,
        default=list,
        help_text="Half-open ranges of numbers of paragraphs that were on screen, counted from 0.",
    )


class MoveBody(ReasonBody):
    """Why; and with `submit` what the desk still had to tell."""

    visit = VisitBody(required=False)


class FlagShape(serializers.Serializer[None]):
    """A flag."""

    id = serializers.UUIDField()
    reason = serializers.CharField()
    at = serializers.DateTimeField()


class AnnotationSetView(APIView):
    """One annotation set."""

    @extend_schema(responses=AnnotationSetShape)
    def get(self, request: Request, set_id: UUID) -> Response:
        """Article, spans, relations, state and revision; the revision is the `ETag`."""
        member, annotation_set = policies.check_member_by_set(user=request.user, set_id=set_id)
        record_opening_of(member=member, annotation_set=annotation_set)
        etag = f'"{annotation_set.revision}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers={"ETag": etag})
        return Response(annotation_set_json(annotation_set=annotation_set), headers={"ETag": etag})


class MoveView(APIView):
    """Moves of a set: each is one address, `action` says which."""

    write_scope = TokenScope.ANNOTATE
    action = ""

    @extend_schema(request=MoveBody, responses=StateShape)
    def post(self, request: Request, set_id: UUID) -> Response:
        """Move the set; `skip` and `return` need a reason, `submit` may tell of the work since the last time."""
        if self.action == "submit" and isinstance(request.data, Mapping) and request.data.get("visit"):
            renew_lease(actor=signed_in(request), annotation_set_id=set_id, **_visit_of(request.data["visit"]))
        moved = move_set(
            actor=signed_in(request), annotation_set_id=set_id, action=self.action, reason=_reason_of(request.data)
        )
        return Response({"id": str(moved.pk), "state": moved.state, "revision": moved.revision})


class FlagView(APIView):
    """Flags for the reviewers."""

    write_scope = TokenScope.ANNOTATE

    @extend_schema(request=ReasonBody, responses={201: FlagShape})
    def post(self, request: Request, set_id: UUID) -> Response:
        """Flag the article or its labelling, with a reason."""
        flag = flag_set(actor=signed_in(request), annotation_set_id=set_id, reason=_reason_of(request.data))
        return Response({"id": str(flag.pk), "reason": flag.text, "at": flag.at}, status=201)


class LeaseView(APIView):
    """The heartbeat of the open page."""

    write_scope = TokenScope.ANNOTATE

    @extend_schema(request=VisitBody, responses=LeaseShape)
    def post(self, request: Request, set_id: UUID) -> Response:
        """Keep the article for another while, and tell of the work since the last time."""
        until = renew_lease(actor=signed_in(request), annotation_set_id=set_id, **_visit_of(request.data))
        if request.headers.get("HX-Request") == "true":
            return Response(status=204)
        return Response({"lease_expires_at": until})


class NextArticleView(APIView):
    """The queue."""

    write_scope = TokenScope.ANNOTATE

    @extend_schema(operation_id="claim_next_article", request=None, responses={200: AnnotationSetShape, 204: None})
    def post(self, request: Request, slug: str) -> Response:
        """Claim the next article: its annotation set, or 204 when there is none. Asking again answers the same one."""
        claim = claim_next_article(actor=signed_in(request), slug=slug)
        if claim is None:
            return Response(status=204)
        _member, annotation_set = policies.check_member_by_set(user=request.user, set_id=claim.pk)
        etag = f'"{annotation_set.revision}"'
        return Response(annotation_set_json(annotation_set=annotation_set), headers={"ETag": etag})


def _visit_of(data: Any) -> dict[str, Any]:
    body = VisitBody(data=data if isinstance(data, Mapping) else {})
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def _reason_of(data: Any) -> str:
    reason = data.get("reason", "") if isinstance(data, Mapping) else ""
    if not isinstance(reason, str):
        raise InvalidData(_("`reason` must be text."), [FieldError("reason", _("It must be text."))])
    return reason
