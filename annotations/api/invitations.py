"""Invitations: one-time links by which people join a project."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.lists import CURSOR, page_answer, page_shape
from annotations.models import Membership, OneTimeLink, Role
from annotations.selectors.projects import open_invitations_of
from annotations.services import members


class InvitationShape(serializers.Serializer[OneTimeLink]):
    """An invitation that nobody has accepted yet."""

    id = serializers.UUIDField()
    role = serializers.ChoiceField(choices=Role.choices)
    created_by = serializers.CharField(source="created_by.username")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class NewInvitationShape(InvitationShape):
    """With the link, which is answered only once."""

    link = serializers.SerializerMethodField()

    def get_link(self, _invitation: OneTimeLink) -> str:
        """The address to send."""
        return str(self.context["link"])


class InvitationBody(serializers.Serializer[None]):
    """The role of whom is invited."""

    role = serializers.ChoiceField(choices=Role.choices)


class InvitationsView(APIView):
    """Open invitations."""

    @extend_schema(
        operation_id="list_invitations", parameters=CURSOR, responses=page_shape("InvitationPage", InvitationShape)
    )
    def get(self, request: Request, slug: str) -> Response:
        """Those that can still be accepted."""
        member = _manager(request, slug)
        return page_answer(request, open_invitations_of(member.project), self, InvitationShape)

    @extend_schema(operation_id="invite", request=InvitationBody, responses={201: NewInvitationShape})
    def post(self, request: Request, slug: str) -> Response:
        """Make a link for one person, good for seven days."""
        member = _manager(request, slug)
        body = InvitationBody(data=request.data)
        body.is_valid(raise_exception=True)
        invitation, secret = members.invite(member=member, role=body.validated_data["role"])
        link = request.build_absolute_uri(reverse("invitation", args=[secret]))
        return Response(NewInvitationShape(invitation, context={"link": link}).data, status=201)


class InvitationView(APIView):
    """One open invitation."""

    @extend_schema(operation_id="withdraw_invitation", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, invitation: UUID) -> Response:
        """The link works no longer."""
        members.withdraw_invitation(member=_manager(request, slug), invitation=invitation)
        return Response(status=204)


def _manager(request: Request, slug: str) -> Membership:
    member = policies.check_member(user=request.user, slug=slug)
    policies.check_can_manage(member)
    return member
