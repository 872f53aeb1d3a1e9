"""Projects: those one is a member of, making one, its rules."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.conditions import IF_MATCH, Guarded
from annotations.api.lists import CURSOR, page_answer, page_shape, read_filters
from annotations.models import Membership, Role
from annotations.selectors.projects import memberships_of
from annotations.services import projects
from annotations.services.bins import bin_project


class RulesShape(serializers.Serializer[None]):
    """Training, hidden checks, adaptive overlap and second rounds; null switches one off. Annotators are not told."""

    pass_mark = serializers.FloatField(min_value=0, max_value=1, allow_null=True, required=False)
    check_every = serializers.IntegerField(min_value=1, max_value=10_000, allow_null=True, required=False)
    adaptive_threshold = serializers.FloatField(min_value=0, max_value=1, allow_null=True, required=False)
    repeat_after_weeks = serializers.IntegerField(min_value=1, max_value=500, allow_null=True, required=False)


class ProjectShape(serializers.Serializer[Membership]):
    """A project, with the role of who asks."""

    slug = serializers.SlugField(source="project.slug")
    name = serializers.CharField(source="project.name")
    description = serializers.CharField(source="project.description")
    annotators_per_article = serializers.IntegerField(source="project.annotators_per_article")
    blind = serializers.BooleanField(source="project.blind")
    suggestions = serializers.BooleanField(source="project.suggestions")
    reading_evidence = serializers.BooleanField(source="project.reading_evidence")
    archived = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField(source="project.created_at")
    role = serializers.ChoiceField(choices=Role.choices)
    rules = serializers.SerializerMethodField()

    @extend_schema_field(RulesShape(allow_null=True))
    def get_rules(self, member: Membership) -> dict[str, float | None] | None:
        """For managers only, else null."""
        if not policies.can_manage(member):
            return None
        return {name: getattr(member.project, name) for name in projects.RULES}

    def get_archived(self, member: Membership) -> bool:
        """Put aside."""
        return member.project.archived_at is not None


class ProjectBody(serializers.Serializer[None]):
    """A new project; without a slug one is made of the name."""

    name = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=60, required=False, allow_blank=True)
    description = serializers.CharField(max_length=5_000, required=False, allow_blank=True)
    annotators_per_article = serializers.IntegerField(min_value=1, max_value=20, required=False)
    blind = serializers.BooleanField(required=False)
    suggestions = serializers.BooleanField(required=False)


class ProjectChangeBody(serializers.Serializer[None]):
    """What is to be different."""

    name = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(max_length=5_000, required=False, allow_blank=True)
    annotators_per_article = serializers.IntegerField(min_value=1, max_value=20, required=False)
    blind = serializers.BooleanField(required=False)
    suggestions = serializers.BooleanField(required=False)
    reading_evidence = serializers.BooleanField(
        required=False, help_text="Keep which paragraphs were on annotators' screens; the desk tells them."
    )
    archived = serializers.BooleanField(required=False)
    rules = RulesShape(required=False)


class ProjectsView(APIView):
    """The projects one is a member of."""

    @extend_schema(operation_id="list_projects", parameters=CURSOR, responses=page_shape("ProjectPage", ProjectShape))
    def get(self, request: Request) -> Response:
        """The projects one is a member of."""
        return page_answer(request, memberships_of(signed_in(request)), self, ProjectShape)

    @extend_schema(operation_id="create_project", request=ProjectBody, responses={201: ProjectShape})
    def post(self, request: Request) -> Response:
        """Make a project with the default labels; who makes it is its manager."""
        body = ProjectBody(data=request.data)
        body.is_valid(raise_exception=True)
        user = signed_in(request)
        project = projects.create_project(actor=user, **body.validated_data)
        member = policies.check_member(user=user, slug=project.slug)
        return Response(ProjectShape(member).data, status=201)


class ProjectView(Guarded):
    """One project."""

    @extend_schema(operation_id="get_project", responses=ProjectShape)
    def get(self, request: Request, slug: str) -> Response:
        """The project and one's own role in it."""
        read_filters(request)
        return Response(ProjectShape(policies.check_member(user=request.user, slug=slug)).data)

    @extend_schema(
        operation_id="change_project", parameters=[IF_MATCH], request=ProjectChangeBody, responses=ProjectShape
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Change what is given."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        body = ProjectChangeBody(data=request.data)
        body.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(body.validated_data)
        archived, rules = values.pop("archived", None), values.pop("rules", {})
        projects.change_project(member=member, **values, **rules)
        if archived is not None:
            projects.archive_project(member=member, archived=archived)
        return Response(ProjectShape(policies.check_member(user=request.user, slug=slug)).data)

    @extend_schema(operation_id="bin_project", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, slug: str) -> Response:
        """Put the whole project into the bin: nobody is a member any more, until a manager of it restores it."""
        bin_project(member=policies.check_member(user=request.user, slug=slug))
        return Response(status=204)
