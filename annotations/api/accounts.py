"""Who asks, and how the pages look and answer to that person."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.lists import read_filters
from annotations.domain.preferences import CHOICES, filled
from annotations.models import ApiToken, TokenScope
from annotations.services.preferences import change_preferences


class PreferencesShape(serializers.Serializer[None]):
    """The settings of the pages; `keys` has the key of each command of the desk that can have another."""

    language = serializers.ChoiceField(choices=CHOICES["language"], required=False)
    theme = serializers.ChoiceField(choices=CHOICES["theme"], required=False)
    text_size = serializers.ChoiceField(choices=CHOICES["text_size"], required=False)
    text_width = serializers.ChoiceField(choices=CHOICES["text_width"], required=False)
    line_spacing = serializers.ChoiceField(choices=CHOICES["line_spacing"], required=False)
    motion = serializers.ChoiceField(choices=CHOICES["motion"], required=False)
    sticky = serializers.ChoiceField(choices=CHOICES["sticky"], required=False)
    snap = serializers.ChoiceField(choices=CHOICES["snap"], required=False)
    keys = serializers.DictField(child=serializers.CharField(max_length=20), required=False)


class AccountBody(serializers.Serializer[None]):
    """What is to be different; what is not given stays."""

    preferences = PreferencesShape()


class AccountShape(serializers.Serializer[None]):
    """The account, and what the token reaches (null: a session, which reaches everything)."""

    username = serializers.CharField()
    may_create_projects = serializers.BooleanField()
    scope = serializers.ChoiceField(choices=TokenScope.choices, allow_null=True)
    preferences = PreferencesShape()


class AccountView(APIView):
    """One's own account."""

    @extend_schema(operation_id="get_account", responses=AccountShape)
    def get(self, request: Request) -> Response:
        """Who is signed in, and how far the token reaches."""
        read_filters(request)
        return Response(_account(request))

    @extend_schema(operation_id="change_account", request=AccountBody, responses=AccountShape)
    def patch(self, request: Request) -> Response:
        """Change the settings that are given."""
        body = AccountBody(data=request.data)
        body.is_valid(raise_exception=True)
        change_preferences(user=signed_in(request), values=body.validated_data["preferences"])
        return Response(_account(request))


def _account(request: Request) -> dict[str, Any]:
    user = signed_in(request)
    token: Any = request.auth
    return {
        "username": user.username,
        "may_create_projects": policies.can_create_projects(user),
        "scope": token.scope if isinstance(token, ApiToken) else None,
        "preferences": filled(user.preferences),
    }
