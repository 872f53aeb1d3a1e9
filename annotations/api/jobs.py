"""Jobs: what runs longer than a request, how far it is, and what came of it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.lists import CURSOR, PAGE, page_shape, read_filters
from annotations.api.pagination import ByCursor
from annotations.models import JobState
from annotations.selectors.jobs import job_json, job_of, jobs_visible_to
from annotations.services.agreement import request_agreement, request_gamma
from annotations.services.jobs import cancel_job

_REQUESTS: Final = {"agreement": request_agreement, "gamma": request_gamma}


class JobShape(serializers.Serializer[None]):
    """A job; `done` of `total` pieces are done, `error` is a sentence when it failed."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=JobState.choices)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    report = serializers.DictField()
    error = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class JobBody(serializers.Serializer[None]):
    """What is to be done: `agreement` counts all of it anew where it changed, `gamma` computes gamma."""

    kind = serializers.ChoiceField(choices=list(_REQUESTS))


class JobsView(APIView):
    """The jobs of a project."""

    @extend_schema(operation_id="list_jobs", parameters=CURSOR, responses=page_shape("JobPage", JobShape))
    def get(self, request: Request, slug: str) -> Response:
        """Newest first: all of the project for reviewers and managers, one's own for others."""
        member = policies.check_member(user=request.user, slug=slug)
        read_filters(request, None, *PAGE)
        paginator = ByCursor()
        paginator.ordering = ("-created_at", "-id")
        page = paginator.paginate_queryset(jobs_visible_to(member), request, view=self) or []
        return paginator.get_paginated_response([job_json(job) for job in page])

    @extend_schema(operation_id="start_job", request=JobBody, responses={202: JobShape})
    def post(self, request: Request, slug: str) -> Response:
        """Put a job down for the worker; while one of the kind is under way, that is the answer."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        body = JobBody(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(job_json(_REQUESTS[body.validated_data["kind"]](member=member)), status=202)


class JobView(APIView):
    """One job."""

    @extend_schema(operation_id="get_job", responses=JobShape)
    def get(self, request: Request, slug: str, job_id: UUID) -> Response:
        """Its state, progress and report."""
        member = policies.check_member(user=request.user, slug=slug)
        read_filters(request)
        return Response(job_json(job_of(member, job_id)))


class JobCancelView(APIView):
    """The end of a job before its time."""

    @extend_schema(operation_id="cancel_job", request=None, responses=JobShape)
    def post(self, request: Request, slug: str, job_id: UUID) -> Response:
        """A running job ends at its next step; what it has done so far stays."""
        member = policies.check_member(user=request.user, slug=slug)
        job = cancel_job(job_id=job_of(member, job_id).pk)
        return Response(job_json(job))
