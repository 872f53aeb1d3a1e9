"""Assignments: articles that are given to a member by name."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.lists import CURSOR, page_answer, page_shape
from annotations.models import AnnotationSet
from annotations.selectors.assignments import assignments_of
from annotations.services.assignments import MOST, assign_articles, withdraw_assignment


class AssignmentShape(serializers.Serializer[AnnotationSet]):
    """An article in somebody's hand; `id` is the annotation set's."""

    id = serializers.UUIDField()
    article = serializers.UUIDField(source="article_id")
    external_id = serializers.CharField(source="article.external_id")
    annotator = serializers.CharField(source="annotator.username")
    started_at = serializers.DateTimeField()


class AssignmentBody(serializers.Serializer[None]):
    """Which articles go to whom."""

    annotator = serializers.CharField(max_length=150)
    articles = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST)


class RefusedShape(serializers.Serializer[None]):
    """An article that was not given, and why."""

    article = serializers.UUIDField()
    reason = serializers.CharField()


class AssignedShape(serializers.Serializer[None]):
    """What was given, and what was not."""

    assigned = AssignmentShape(many=True)
    refused = RefusedShape(many=True)


class AssignmentsView(APIView):
    """Assigned work in progress."""

    @extend_schema(
        operation_id="list_assignments", parameters=CURSOR, responses=page_shape("AssignmentPage", AssignmentShape)
    )
    def get(self, request: Request, slug: str) -> Response:
        """Assigned work that is still in progress."""
        member = policies.check_member(user=request.user, slug=slug)
        return page_answer(request, assignments_of(member), self, AssignmentShape)

    @extend_schema(operation_id="assign_articles", request=AssignmentBody, responses={200: AssignedShape})
    def post(self, request: Request, slug: str) -> Response:
        """Give articles to a member: the queue serves them to that person first, and nobody else gets the slot."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        body = AssignmentBody(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        assigned = assign_articles(member=member, username=values["annotator"], article_ids=values["articles"])
        refused = [{"article": key, "reason": reason} for key, reason in assigned.refused.items()]
        return Response({"assigned": [AssignmentShape(each).data for each in assigned.sets], "refused": refused})


class AssignmentView(APIView):
    """One assignment."""

    @extend_schema(operation_id="withdraw_assignment", responses={204: None})
    def delete(self, request: Request, slug: str, set_id: UUID) -> Response:
        """Give the article back to the queue; what was labelled is kept."""
        member = policies.check_member(user=request.user, slug=slug)
        withdraw_assignment(member=member, annotation_set_id=set_id)
        return Response(status=204)
