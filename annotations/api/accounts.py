"""Who asks."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.models import ApiToken, TokenScope


class AccountShape(serializers.Serializer[None]):
    """The account, and what the token reaches (null: a session, which reaches everything)."""

    username = serializers.CharField()
    may_create_projects = serializers.BooleanField()
    scope = serializers.ChoiceField(choices=TokenScope.choices, allow_null=True)


class AccountView(APIView):
    """One's own account."""

    @extend_schema(operation_id="get_account", responses=AccountShape)
    def get(self, request: Request) -> Response:
        """Who is signed in, and how far the token reaches."""
        user = signed_in(request)
        token: Any = request.auth
        return Response(
            {
                "username": user.username,
                "may_create_projects": policies.can_create_projects(user),
                "scope": token.scope if isinstance(token, ApiToken) else None,
            }
        )
