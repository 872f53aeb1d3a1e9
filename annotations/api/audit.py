"""Who did what when in a project; for its managers."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.lists import CURSOR, PAGE, page_shape, read_filters
from annotations.api.pagination import ByCursor
from annotations.selectors.audit import ACTIONS, audit_of_project, entries_found, entry_json


class AuditEntryShape(serializers.Serializer[None]):
    """One deed. `person` is to whom, `object` to what else; `token` is the program's, null in a browser."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True, help_text="Null: the operator at the command line, or nobody.")
    action = serializers.CharField(help_text=f"One of: {', '.join(ACTIONS)}.")
    project = serializers.CharField(allow_null=True)
    person = serializers.CharField(allow_null=True)
    object = serializers.CharField()
    details = serializers.DictField(help_text="What was changed as `[before, after]`, counts and the like.")
    token = serializers.UUIDField(allow_null=True)
    request_id = serializers.CharField(help_text="As in `X-Request-ID` and in the log.")


class AuditOptions(serializers.Serializer[None]):
    """What to list, in the address."""

    search = serializers.CharField(max_length=200, required=False, help_text="A part of a name or of the object.")
    # Not a list of choices: what later versions do must not make this one's clients break.
    action = serializers.CharField(max_length=40, required=False)
    since = serializers.DateField(required=False, help_text="A day in UTC.")
    until = serializers.DateField(required=False, help_text="A day in UTC, included.")


class AuditView(APIView):
    """The audit of a project."""

    @extend_schema(
        operation_id="list_audit",
        parameters=[AuditOptions, *CURSOR],
        responses=page_shape("AuditPage", AuditEntryShape),
    )
    def get(self, request: Request, slug: str) -> Response:
        """Newest first."""
        member = policies.check_member(user=request.user, slug=slug)
        entries = audit_of_project(member)
        wanted = read_filters(request, AuditOptions, *PAGE)
        paginator = ByCursor()
        paginator.ordering = ("-at", "-id")
        page = paginator.paginate_queryset(entries_found(entries, **wanted), request, view=self) or []
        return paginator.get_paginated_response([entry_json(entry) for entry in page])
