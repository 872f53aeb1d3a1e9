"""Entities: whom and what mentions mean; made, described, merged and taken apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.conditions import IF_MATCH, Guarded
from annotations.api.lists import CURSOR, PAGE, page_answer, page_shape, read_filters
from annotations.models import Entity
from annotations.selectors.entities import entities_listed, entity_of
from annotations.services.entities import create_entity, describe_entity, merge_entities, unmerge_entity


class EntityShape(serializers.Serializer[Entity]):
    """An entity; `mentions` counts spans in the sets one may see, those of entities merged into it with them."""

    id = serializers.UUIDField()
    label = serializers.CharField(source="label.key")
    name = serializers.CharField()
    aliases = serializers.SerializerMethodField()
    identifiers = serializers.DictField(child=serializers.CharField())
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    merged_into = serializers.UUIDField(source="merged_into_id", allow_null=True)
    mentions = serializers.IntegerField()

    def get_aliases(self, entity: Entity) -> list[str]:
        """Its other names."""
        return sorted(alias.name for alias in entity.aliases.all())


class EntityFilter(serializers.Serializer[None]):
    """The named filters of the list."""

    label = serializers.CharField(max_length=40, required=False)
    search = serializers.CharField(max_length=200, required=False, help_text="Part of a name.")
    merged = serializers.BooleanField(required=False, help_text="With those that were merged into others.")


class DescriptionBody(serializers.Serializer[None]):
    """What an entity is known by; `aliases` and `identifiers`, where given, are all that it has then."""

    aliases = serializers.ListField(child=serializers.CharField(max_length=500), max_length=100, required=False)
    identifiers = serializers.DictField(child=serializers.CharField(max_length=500), required=False)
    latitude = serializers.FloatField(required=False, allow_null=True, min_value=-90, max_value=90)
    longitude = serializers.FloatField(required=False, allow_null=True, min_value=-180, max_value=180)


class EntityBody(DescriptionBody):
    """A new entity."""

    label: Any = serializers.CharField(max_length=40)
    name = serializers.CharField(max_length=500)


class MergeBody(serializers.Serializer[None]):
    """The entity that stays."""

    into = serializers.UUIDField()


class EntitiesView(APIView):
    """The entities of a project."""

    @extend_schema(
        operation_id="list_entities",
        parameters=[EntityFilter, *CURSOR],
        responses=page_shape("EntityPage", EntityShape),
    )
    def get(self, request: Request, slug: str) -> Response:
        """Those one may know of, by name."""
        member = policies.check_member(user=request.user, slug=slug)
        wanted = read_filters(request, EntityFilter, *PAGE)
        found = entities_listed(member, **wanted)
        return page_answer(request, found, self, EntityShape, ordering=("name", "pk"), filters=EntityFilter)

    @extend_schema(operation_id="create_entity", request=EntityBody, responses={201: EntityShape})
    def post(self, request: Request, slug: str) -> Response:
        """Make one."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        body = EntityBody(data=request.data)
        body.is_valid(raise_exception=True)
        made = create_entity(member=member, **body.validated_data)
        return Response(EntityShape(entity_of(member, made.pk)).data, status=201)


class EntityView(Guarded):
    """One entity."""

    @extend_schema(operation_id="get_entity", responses=EntityShape)
    def get(self, request: Request, slug: str, entity_id: UUID) -> Response:
        """What it is known by."""
        member = policies.check_member(user=request.user, slug=slug)
        return Response(EntityShape(entity_of(member, entity_id)).data)

    @extend_schema(
        operation_id="describe_entity", parameters=[IF_MATCH], request=DescriptionBody, responses=EntityShape
    )
    def patch(self, request: Request, slug: str, entity_id: UUID) -> Response:
        """Change what it is known by; its name stays (merge it into one of another name)."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        body = DescriptionBody(data=request.data)
        body.is_valid(raise_exception=True)
        describe_entity(member=member, entity_id=entity_id, **body.validated_data)
        return Response(EntityShape(entity_of(member, entity_id)).data)


class MergeView(APIView):
    """One entity read as another."""

    @extend_schema(operation_id="merge_entity", request=MergeBody, responses=EntityShape)
    def post(self, request: Request, slug: str, entity_id: UUID) -> Response:
        """Merge it into another one of its label; answers the one that stays. No mention is changed."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        body = MergeBody(data=request.data)
        body.is_valid(raise_exception=True)
        kept = merge_entities(member=member, entity_id=entity_id, into=body.validated_data["into"])
        return Response(EntityShape(entity_of(member, kept.pk)).data)


class UnmergeView(APIView):
    """A merge taken back."""

    @extend_schema(operation_id="unmerge_entity", request=None, responses=EntityShape)
    def post(self, request: Request, slug: str, entity_id: UUID) -> Response:
        """Let it stand for itself again, with its mentions."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        unmerge_entity(member=member, entity_id=entity_id)
        return Response(EntityShape(entity_of(member, entity_id)).data)
