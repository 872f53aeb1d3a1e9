"""Members of a project: who there is, adding people one manages elsewhere, roles, leaving."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.conditions import IF_MATCH, Guarded
from annotations.api.lists import CURSOR, page_answer, page_shape
from annotations.models import Membership, Role
from annotations.selectors.projects import member_of, members_of
from annotations.services import members


class MemberShape(serializers.Serializer[Membership]):
    """A member; an account made by an import is not active and cannot sign in."""

    username = serializers.CharField(source="user.username")
    role = serializers.ChoiceField(choices=Role.choices)
    active = serializers.BooleanField(source="user.is_active")
    joined_at = serializers.DateTimeField()


class MemberBody(serializers.Serializer[None]):
    """Somebody who is a member of another project that the manager manages; others join by invitation."""

    username = serializers.CharField(max_length=150)
    role = serializers.ChoiceField(choices=Role.choices)


class RoleBody(serializers.Serializer[None]):
    """The new role."""

    role = serializers.ChoiceField(choices=Role.choices)


class MembersView(APIView):
    """The members of a project."""

    @extend_schema(operation_id="list_members", parameters=CURSOR, responses=page_shape("MemberPage", MemberShape))
    def get(self, request: Request, slug: str) -> Response:
        """Everybody in the project, for reviewers and managers."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        return page_answer(request, members_of(member.project), self, MemberShape)

    @extend_schema(operation_id="add_member", request=MemberBody, responses={201: MemberShape})
    def post(self, request: Request, slug: str) -> Response:
        """Add somebody the manager manages in another project."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        body = MemberBody(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(MemberShape(members.add_member(member=member, **body.validated_data)).data, status=201)


class MemberView(Guarded):
    """One member."""

    @extend_schema(operation_id="get_member", responses=MemberShape)
    def get(self, request: Request, slug: str, username: str) -> Response:
        """The member."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        return Response(MemberShape(member_of(member.project, username)).data)

    @extend_schema(operation_id="change_role", parameters=[IF_MATCH], request=RoleBody, responses=MemberShape)
    def patch(self, request: Request, slug: str, username: str) -> Response:
        """Give the member another role; the last manager stays one (409)."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        body = RoleBody(data=request.data)
        body.is_valid(raise_exception=True)
        changed = members.change_role(member=member, username=username, role=body.validated_data["role"])
        return Response(MemberShape(changed).data)

    @extend_schema(operation_id="remove_member", parameters=[IF_MATCH], request=None, responses={204: None})
    def delete(self, request: Request, slug: str, username: str) -> Response:
        """Take the person out of the project; the work stays."""
        member = policies.check_member(user=request.user, slug=slug)
        members.remove_member(member=member, username=username)
        return Response(status=204)
