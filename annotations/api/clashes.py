"""Quotes that carry several labels, and what was said about them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.lists import read_filters
from annotations.selectors.clashes import Clash, articles_of, clash_of, clashes_of
from annotations.services.clashes import judge_clash, reopen_clash
from annotations.services.disagreements import record_openings


class UseShape(serializers.Serializer[None]):
    """A label of the quote: how often, and the articles in which (the first twelve)."""

    label = serializers.CharField()
    count = serializers.IntegerField()
    articles = serializers.ListField(child=serializers.UUIDField())


class ClashShape(serializers.Serializer[None]):
    """A quote that carries several labels; `key` names it, without differences of case and white space."""

    key = serializers.CharField()
    quote = serializers.CharField()
    labels = UseShape(many=True)
    judged = serializers.BooleanField()
    precedent = serializers.UUIDField(allow_null=True)


class ClashesShape(serializers.Serializer[None]):
    """All of the project."""

    results = ClashShape(many=True)


class JudgementBody(serializers.Serializer[None]):
    """The label the quote shall have, which makes a rule; without one all its labels are right."""

    key = serializers.CharField(max_length=500)
    label = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    rule = serializers.CharField(max_length=5_000, required=False, allow_blank=True, default="")
    reopen = serializers.BooleanField(required=False, default=False, help_text="Take a judgement back.")


class ClashesView(APIView):
    """The clashes of a project; for reviewers."""

    @extend_schema(operation_id="list_clashes", responses=ClashesShape)
    def get(self, request: Request, slug: str) -> Response:
        """Those with the most to settle first."""
        member = policies.check_member(user=request.user, slug=slug)
        read_filters(request)
        found = clashes_of(member)
        record_openings(member=member, article_ids=articles_of(found))
        return Response({"results": [_shown(each) for each in found]})

    @extend_schema(operation_id="judge_clash", request=JudgementBody, responses=ClashShape)
    def post(self, request: Request, slug: str) -> Response:
        """Settle one, or open it again."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        body = JudgementBody(data=request.data)
        body.is_valid(raise_exception=True)
        values: dict[str, Any] = body.validated_data
        if values["reopen"]:
            reopen_clash(member=member, quote=values["key"])
        else:
            judge_clash(member=member, quote=values["key"], label=values["label"], rule=values["rule"])
        return Response(_shown(clash_of(member, values["key"])))


def _shown(clash: Clash) -> dict[str, Any]:
    return {
        "key": clash.key,
        "quote": clash.quote,
        "labels": [
            {
                "label": use.label.key,
                "count": use.count,
                "articles": [str(place.article_id) for place in use.places],
            }
            for use in clash.uses
        ],
        "judged": clash.judged is not None,
        "precedent": str(clash.judged.precedent_id) if clash.judged and clash.judged.precedent_id else None,
    }
