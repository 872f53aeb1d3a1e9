"""The bin of a project; for its managers."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.lists import read_filters
from annotations.api.projects import ProjectShape
from annotations.selectors.bins import Batch, batches_in_bin, projects_in_bin
from annotations.services.bins import MOST, bin_articles, restore_batch, restore_project


class AffectedShape(serializers.Serializer[None]):
    """What is in the bin with the articles."""

    articles = serializers.IntegerField()
    sets = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    submitted = serializers.IntegerField()
    gold_done = serializers.IntegerField()
    spans = serializers.IntegerField()
    decisions = serializers.IntegerField()


class BinBatchShape(serializers.Serializer[None]):
    """What one action put into the bin."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    affected = AffectedShape()


class BinShape(serializers.Serializer[None]):
    """The bin, newest first."""

    results = BinBatchShape(many=True)


class BinBody(serializers.Serializer[None]):
    """Articles by their ids."""

    articles = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST)


class RestoredShape(serializers.Serializer[None]):
    """How many articles came back."""

    articles = serializers.IntegerField()


class BinnedProjectShape(serializers.Serializer[Any]):
    """A project in the bin."""

    slug = serializers.CharField(source="project.slug")
    name = serializers.CharField(source="project.name")
    by = serializers.CharField(source="binned_by")
    at = serializers.DateTimeField(source="removed_at")


class BinnedProjectsShape(serializers.Serializer[None]):
    """Projects in the bin, latest first."""

    results = BinnedProjectShape(many=True)


class BinnedProjectsView(APIView):
    """Projects that one managed and that were put into the bin."""

    @extend_schema(operation_id="list_binned_projects", responses=BinnedProjectsShape)
    def get(self, request: Request) -> Response:
        """Latest first."""
        read_filters(request)
        return Response({"results": BinnedProjectShape(projects_in_bin(signed_in(request)), many=True).data})


class RestoreProjectView(APIView):
    """The way back of a project."""

    @extend_schema(operation_id="restore_project", request=None, responses=ProjectShape)
    def post(self, request: Request, slug: str) -> Response:
        """As it was, for all who were its members."""
        restore_project(actor=signed_in(request), slug=slug)
        return Response(ProjectShape(policies.check_member(user=request.user, slug=slug)).data)


class BinView(APIView):
    """What managers took out of the project."""

    @extend_schema(operation_id="list_bin", responses=BinShape)
    def get(self, request: Request, slug: str) -> Response:
        """By what put it there."""
        member = policies.check_member(user=request.user, slug=slug)
        read_filters(request)
        return Response({"results": [_shown(batch) for batch in batches_in_bin(member)]})

    @extend_schema(operation_id="bin_articles", request=BinBody, responses={201: BinBatchShape})
    def post(self, request: Request, slug: str) -> Response:
        """Put articles there, with all work on them; the answer's `id` brings them back."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        body = BinBody(data=request.data)
        body.is_valid(raise_exception=True)
        batch = bin_articles(member=member, article_ids=body.validated_data["articles"])
        return Response(_shown(next(each for each in batches_in_bin(member) if each.id == batch)), status=201)


class BinRestoreView(APIView):
    """The way back."""

    @extend_schema(operation_id="restore_bin", request=None, responses=RestoredShape)
    def post(self, request: Request, slug: str, batch: UUID) -> Response:
        """As it was; 409 when articles with the same ids were imported meanwhile."""
        member = policies.check_member(user=request.user, slug=slug)
        return Response({"articles": restore_batch(member=member, batch=batch)})


def _shown(batch: Batch) -> dict[str, Any]:
    return {"id": str(batch.id), "at": batch.at, "by": batch.by, "affected": asdict(batch.affected)}
