"""Gold of an article: accepting what annotators agree on, and marking it as done."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.lists import read_filters
from annotations.domain.errors import NotFound
from annotations.models import AnnotationSet, SetKind
from annotations.selectors.provenance import provenance_json, provenance_of
from annotations.services.decisions import accept_agreed
from annotations.services.disagreements import record_openings
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


class SourceShape(serializers.Serializer[None]):
    """An annotator's span or relation as it was when it was decided upon; `since` is empty, `changed` or `deleted`."""

    id = serializers.UUIDField()
    annotator = serializers.CharField()
    label = serializers.CharField()
    quote = serializers.CharField()
    since = serializers.ChoiceField(choices=["", "changed", "deleted"])


class GoldDecisionShape(serializers.Serializer[None]):
    """A decision that stands, and what it was made from."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    reason = serializers.CharField()
    rule = serializers.CharField()
    guideline = serializers.IntegerField(allow_null=True)
    sources = SourceShape(many=True)


class GoldObjectShape(serializers.Serializer[None]):
    """A span or relation of gold with the decisions it comes from, oldest first."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["span", "relation"])
    label = serializers.CharField()
    quote = serializers.CharField()
    decisions = GoldDecisionShape(many=True)


class ProvenanceShape(GoldStateShape):
    """The gold of an article, with where everything in it comes from."""

    objects = GoldObjectShape(many=True)


class ProvenanceFilter(serializers.Serializer[None]):
    """With `names` reviewers are told whose work it was; others get numbers."""

    names = serializers.BooleanField(required=False, default=False)


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

    @extend_schema(operation_id="get_gold", parameters=[ProvenanceFilter], responses=ProvenanceShape)
    def get(self, request: Request, article_id: UUID) -> Response:
        """What is in it: from whose work, by whose decision, when, why, under which version of the guideline."""
        names = read_filters(request, ProvenanceFilter)["names"]
        member, article = policies.check_member_by_article(user=request.user, article_id=article_id)
        gold = AnnotationSet.objects.filter(article=article.pk, kind=SetKind.GOLD).select_related("article").first()
        if gold is None or not policies.can_see_set(member, gold):
            raise NotFound(_("There is no gold of this article that you may see."))
        if policies.can_review_article(member, article.pk):
            record_openings(member=member, article_ids=[article.pk])
        found = provenance_of(member=member, gold=gold, names=names)
        return Response({"id": str(gold.pk), "state": gold.state, "objects": provenance_json(found)})

    @extend_schema(operation_id="finish_gold", request=GoldStateBody, responses=GoldStateShape)
    def patch(self, request: Request, article_id: UUID) -> Response:
        """Mark it as done, or open it again."""
        body = GoldStateBody(data=request.data)
        body.is_valid(raise_exception=True)
        done = body.validated_data["state"] == "done"
        gold = finish_article(actor=signed_in(request), article_id=article_id, done=done)
        return Response({"id": str(gold.pk), "state": gold.state})
