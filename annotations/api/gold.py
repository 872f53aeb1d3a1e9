"""Gold of an article: accepting what annotators agree on, and marking it as done."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations.api.authentication import signed_in
from annotations.services.decisions import accept_agreed
from annotations.services.gold import finish_article


class AcceptBody(serializers.Serializer[None]):
    """What to take: what all, or more than half and `at_least` so many agree on, or an only annotator's whole work."""

    how = serializers.ChoiceField(choices=["unanimous", "majority", "whole"])
    at_least = serializers.IntegerField(min_value=1, required=False, default=2)


class AcceptedShape(serializers.Serializer[None]):
    """How many decisions were made, and how many rows could not be settled like this."""

    decided = serializers.IntegerField()
    left = serializers.IntegerField()


class GoldStateBody(serializers.Serializer[None]):
    """`done` when nothing is open; `open` to decide anew."""

    state = serializers.ChoiceField(choices=["open", "done"])


class GoldStateShape(serializers.Serializer[None]):
    """The gold set and its state."""

    id = serializers.UUIDField()
    state = serializers.CharField()


class AcceptView(APIView):
    """Many decisions at once."""

    @extend_schema(operation_id="accept_agreed", request=AcceptBody, responses=AcceptedShape)
    def post(self, request: Request, article_id: UUID) -> Response:
        """Take what annotators agree on into gold."""
        body = AcceptBody(data=request.data)
        body.is_valid(raise_exception=True)
        outcome = accept_agreed(actor=signed_in(request), article_id=article_id, **body.validated_data)
        return Response({"decided": len(outcome.decisions), "left": outcome.left})


class GoldView(APIView):
    """The gold of an article."""

    @extend_schema(operation_id="finish_gold", request=GoldStateBody, responses=GoldStateShape)
    def patch(self, request: Request, article_id: UUID) -> Response:
        """Mark it as done, or open it again."""
        body = GoldStateBody(data=request.data)
        body.is_valid(raise_exception=True)
        done = body.validated_data["state"] == "done"
        gold = finish_article(actor=signed_in(request), article_id=article_id, done=done)
        return Response({"id": str(gold.pk), "state": gold.state})
