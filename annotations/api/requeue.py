"""Decisions that predate a version of the guideline or a precedent: back into review, and that taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.domain.errors import InvalidData, NotFound
from annotations.selectors.decisions import decisions_listed
from annotations.selectors.precedents import precedents_visible_to
from annotations.services.requeue import requeue_decisions, undo_requeue


class RequeueBody(serializers.Serializer[None]):
    """Which decisions: made under a version (0: none), under one before another, or before a precedent on its words."""

    version = serializers.IntegerField(min_value=0, required=False)
    before = serializers.IntegerField(min_value=1, required=False)
    precedent = serializers.UUIDField(required=False)


class RequeuedShape(serializers.Serializer[None]):
    """The step, by which it can be taken back; how many decisions; of how many articles gold that was done is open."""

    batch = serializers.UUIDField()
    decisions = serializers.IntegerField()
    reopened = serializers.IntegerField()


class RequeueView(APIView):
    """Decisions to be looked at again."""

    @extend_schema(operation_id="requeue_decisions", request=RequeueBody, responses=RequeuedShape)
    def post(self, request: Request, slug: str) -> Response:
        """Their disagreements become stale; gold stays as it is until somebody decides anew."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        body = RequeueBody(data=request.data)
        body.is_valid(raise_exception=True)
        wanted: dict[str, Any] = dict(body.validated_data)
        if not wanted:
            raise InvalidData(_("Say which decisions: before which version, or before which precedent."))
        if "precedent" in wanted:
            wanted["precedent"] = precedents_visible_to(member).filter(pk=wanted["precedent"]).first()
            if wanted["precedent"] is None:
                raise NotFound(_("There is no such precedent."))
        keys = decisions_listed(member, **wanted).values_list("pk", flat=True)
        done = requeue_decisions(member=member, decisions=keys)
        return Response({"batch": str(done.batch), "decisions": done.decisions, "reopened": done.reopened})


class RequeueUndoView(APIView):
    """One such step."""

    @extend_schema(operation_id="undo_requeue", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, batch: UUID) -> Response:
        """Take it back for all that was not decided anew meanwhile."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        undo_requeue(member=member, batch=batch)
        return Response(status=204)
