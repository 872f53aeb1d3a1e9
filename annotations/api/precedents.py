"""Precedents: rules with the words they were made for; drafts go into the next version of the guideline."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.lists import CURSOR, PAGE, read_filters
from annotations.api.pagination import ByCursor
from annotations.domain.errors import NotFound
from annotations.models import Membership, Precedent
from annotations.selectors.precedents import STATES, precedent_json, precedents_in, precedents_visible_to
from annotations.services.precedents import change_precedent, create_precedent


class PrecedentShape(serializers.Serializer[None]):
    """A precedent; `guideline` is the version it is in, null for a draft. `by` and `decision`: for reviewers only."""

    id = serializers.UUIDField()
    rule = serializers.CharField()
    label = serializers.CharField(allow_null=True)
    quote = serializers.CharField()
    context = serializers.CharField()
    guideline = serializers.IntegerField(allow_null=True)
    withdrawn = serializers.BooleanField()
    at = serializers.DateTimeField()
    by = serializers.CharField(required=False)
    decision = serializers.UUIDField(required=False, allow_null=True)


class PrecedentPage(serializers.Serializer[None]):
    """A page of the list."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = PrecedentShape(many=True)


class PrecedentFilter(serializers.Serializer[None]):
    """The named filters of the list."""

    state = serializers.ChoiceField(choices=STATES, required=False, default="")


class NewPrecedentBody(serializers.Serializer[None]):
    """A rule that comes of no decision."""

    rule = serializers.CharField(max_length=5_000)
    label = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    quote = serializers.CharField(max_length=2_000, required=False, allow_blank=True, default="")
    context = serializers.CharField(max_length=5_000, required=False, allow_blank=True, default="")


class PrecedentBody(serializers.Serializer[None]):
    """Other words for a draft; `withdrawn` takes a precedent back, or brings it back."""

    rule = serializers.CharField(max_length=5_000, required=False)
    label = serializers.CharField(max_length=40, required=False, allow_blank=True)
    quote = serializers.CharField(max_length=2_000, required=False, allow_blank=True)
    withdrawn = serializers.BooleanField(required=False)


class PrecedentsView(APIView):
    """The precedents of a project."""

    @extend_schema(operation_id="list_precedents", parameters=[PrecedentFilter, *CURSOR], responses=PrecedentPage)
    def get(self, request: Request, slug: str) -> Response:
        """Those the member may see; a blind annotator none that comes of an article still open."""
        member = policies.check_member(user=request.user, slug=slug)
        state = read_filters(request, PrecedentFilter, *PAGE)["state"]
        paginator = ByCursor()
        page = paginator.paginate_queryset(precedents_in(member, state), request, view=self) or []
        return paginator.get_paginated_response([precedent_json(each, member) for each in page])

    @extend_schema(operation_id="create_precedent", request=NewPrecedentBody, responses={201: PrecedentShape})
    def post(self, request: Request, slug: str) -> Response:
        """Write one down."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        body = NewPrecedentBody(data=request.data)
        body.is_valid(raise_exception=True)
        created = create_precedent(member=member, **body.validated_data)
        return Response(_shown(member, created.pk), status=201)


class PrecedentView(APIView):
    """One precedent."""

    @extend_schema(operation_id="get_precedent", responses=PrecedentShape)
    def get(self, request: Request, slug: str, precedent_id: UUID) -> Response:
        """The precedent."""
        member = policies.check_member(user=request.user, slug=slug)
        return Response(_shown(member, precedent_id))

    @extend_schema(operation_id="change_precedent", request=PrecedentBody, responses=PrecedentShape)
    def patch(self, request: Request, slug: str, precedent_id: UUID) -> Response:
        """Change the words of a draft, take a precedent back, or bring it back."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        body = PrecedentBody(data=request.data)
        body.is_valid(raise_exception=True)
        _shown(member, precedent_id)
        change_precedent(actor=signed_in(request), precedent_id=precedent_id, **body.validated_data)
        return Response(_shown(member, precedent_id))


def _shown(member: Membership, key: UUID) -> dict[str, Any]:
    found: Precedent | None = precedents_visible_to(member).filter(pk=key).first()
    if found is None:
        raise NotFound(_("There is no such precedent."))
    return precedent_json(found, member)
