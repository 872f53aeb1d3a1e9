"""The guideline in its versions."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.lists import CURSOR, page_answer, page_shape
from annotations.models import GuidelineVersion
from annotations.selectors.guidelines import guideline_version, guideline_versions_of
from annotations.services.guidelines import MAX_CHARACTERS, publish_guideline


class GuidelineShape(serializers.Serializer[GuidelineVersion]):
    """One version; it never changes."""

    number = serializers.IntegerField()
    markdown = serializers.CharField()
    published_at = serializers.DateTimeField()
    published_by = serializers.CharField(source="published_by.username", default=None, allow_null=True)


class GuidelineBody(serializers.Serializer[None]):
    """The text of the next version."""

    markdown = serializers.CharField(max_length=MAX_CHARACTERS, trim_whitespace=False)


class GuidelinesView(APIView):
    """The versions of the guideline."""

    @extend_schema(
        operation_id="list_guidelines", parameters=CURSOR, responses=page_shape("GuidelinePage", GuidelineShape)
    )
    def get(self, request: Request, slug: str) -> Response:
        """All versions, the one in force first."""
        member = policies.check_member(user=request.user, slug=slug)
        return page_answer(request, guideline_versions_of(member.project), self, GuidelineShape, ordering=("-number",))

    @extend_schema(operation_id="publish_guideline", request=GuidelineBody, responses={201: GuidelineShape})
    def post(self, request: Request, slug: str) -> Response:
        """Publish the next version."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        body = GuidelineBody(data=request.data)
        body.is_valid(raise_exception=True)
        version = publish_guideline(member=member, markdown=body.validated_data["markdown"])
        return Response(GuidelineShape(version).data, status=201)


class GuidelineView(APIView):
    """One version of the guideline."""

    @extend_schema(operation_id="get_guideline", responses=GuidelineShape)
    def get(self, request: Request, slug: str, number: int) -> Response:
        """The version of this number."""
        member = policies.check_member(user=request.user, slug=slug)
        return Response(GuidelineShape(guideline_version(member.project, number)).data)
