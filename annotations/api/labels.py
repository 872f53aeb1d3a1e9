"""Labels with their attributes, and relation labels."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.conditions import IF_MATCH, Guarded
from annotations.api.lists import CURSOR, page_answer, page_shape
from annotations.models import Label, LineStyle, Membership, RelationLabel
from annotations.models.labels import LABEL_SHORTCUTS, PALETTE_SLOTS, RELATION_SHORTCUTS
from annotations.selectors.projects import label_of, labels_of, relation_label_of, relation_labels_of
from annotations.services import labels

KEY = r"^[a-z][a-z0-9_-]*$"
LETTERS = [("", "none"), *((letter, letter) for letter in LABEL_SHORTCUTS)]
RELATION_LETTERS = [("", "none"), *((letter, letter) for letter in RELATION_SHORTCUTS)]


class AttributeShape(serializers.Serializer[None]):
    """A closed question about spans of a label."""

    key = serializers.RegexField(KEY, max_length=40)
    name = serializers.CharField(max_length=80)
    choices = serializers.ListField(child=serializers.CharField(max_length=80), min_length=1, max_length=50)


class LabelShape(serializers.Serializer[Label]):
    """A label; `colour` is the slot of the palette, from 0."""

    key = serializers.CharField()
    name = serializers.CharField()
    colour = serializers.IntegerField()
    shortcut = serializers.CharField()
    line_style = serializers.ChoiceField(choices=LineStyle.choices)
    position = serializers.IntegerField()
    archived = serializers.SerializerMethodField()
    attributes = AttributeShape(many=True)

    def get_archived(self, label: Label) -> bool:
        """No longer offered."""
        return label.archived_at is not None


class LabelChangeBody(serializers.Serializer[None]):
    """What is to be different; `attributes`, where given, are all that the label has then."""

    name = serializers.CharField(max_length=80, required=False)
    colour = serializers.IntegerField(min_value=0, max_value=PALETTE_SLOTS - 1, required=False)
    shortcut = serializers.ChoiceField(choices=LETTERS, required=False)
    line_style = serializers.ChoiceField(choices=LineStyle.choices, required=False)
    position = serializers.IntegerField(min_value=0, max_value=32_767, required=False)
    archived = serializers.BooleanField(required=False)
    attributes = AttributeShape(many=True, required=False)


class LabelBody(serializers.Serializer[None]):
    """A new label; what is not given is made of the name or the next free one is taken."""

    name = serializers.CharField(max_length=80)
    key = serializers.RegexField(KEY, max_length=40, required=False)
    colour = serializers.IntegerField(min_value=0, max_value=PALETTE_SLOTS - 1, required=False)
    shortcut = serializers.ChoiceField(choices=LETTERS, required=False)
    line_style = serializers.ChoiceField(choices=LineStyle.choices, required=False)
    attributes = AttributeShape(many=True, required=False)


class RelationLabelShape(serializers.Serializer[RelationLabel]):
    """A kind of link between spans of two labels (null: of any)."""

    key = serializers.CharField()
    name = serializers.CharField()
    source_label = serializers.CharField(source="source_label.key", default=None, allow_null=True)
    target_label = serializers.CharField(source="target_label.key", default=None, allow_null=True)
    shortcut = serializers.CharField()
    many = serializers.BooleanField()
    position = serializers.IntegerField()
    archived = serializers.SerializerMethodField()

    def get_archived(self, relation: RelationLabel) -> bool:
        """No longer offered."""
        return relation.archived_at is not None


class RelationLabelChangeBody(serializers.Serializer[None]):
    """What is to be different; which labels it joins stays."""

    name = serializers.CharField(max_length=80, required=False)
    shortcut = serializers.ChoiceField(choices=RELATION_LETTERS, required=False)
    many = serializers.BooleanField(required=False)
    position = serializers.IntegerField(min_value=0, max_value=32_767, required=False)
    archived = serializers.BooleanField(required=False)


class RelationLabelBody(serializers.Serializer[None]):
    """A new kind of link."""

    name = serializers.CharField(max_length=80)
    key = serializers.RegexField(KEY, max_length=40, required=False)
    source_label = serializers.CharField(max_length=40, required=False, allow_null=True)
    target_label = serializers.CharField(max_length=40, required=False, allow_null=True)
    shortcut = serializers.ChoiceField(choices=RELATION_LETTERS, required=False)
    many = serializers.BooleanField(required=False)


class LabelsView(APIView):
    """The labels of a project."""

    @extend_schema(operation_id="list_labels", parameters=CURSOR, responses=page_shape("LabelPage", LabelShape))
    def get(self, request: Request, slug: str) -> Response:
        """All labels, the archived ones too, by position."""
        member = policies.check_member(user=request.user, slug=slug)
        return page_answer(request, labels_of(member.project), self, LabelShape, ordering=("position", "pk"))

    @extend_schema(operation_id="create_label", request=LabelBody, responses={201: LabelShape})
    def post(self, request: Request, slug: str) -> Response:
        """Add a label."""
        member = _manager(request, slug)
        body = LabelBody(data=request.data)
        body.is_valid(raise_exception=True)
        label = labels.create_label(member=member, **body.validated_data)
        return Response(LabelShape(label_of(member.project, label.key)).data, status=201)


class LabelView(Guarded):
    """One label."""

    @extend_schema(operation_id="get_label", responses=LabelShape)
    def get(self, request: Request, slug: str, key: str) -> Response:
        """The label with its attributes."""
        member = policies.check_member(user=request.user, slug=slug)
        return Response(LabelShape(label_of(member.project, key)).data)

    @extend_schema(operation_id="change_label", parameters=[IF_MATCH], request=LabelChangeBody, responses=LabelShape)
    def patch(self, request: Request, slug: str, key: str) -> Response:
        """Change what is given."""
        member = _manager(request, slug)
        body = LabelChangeBody(data=request.data)
        body.is_valid(raise_exception=True)
        labels.change_label(member=member, key=key, **body.validated_data)
        return Response(LabelShape(label_of(member.project, key)).data)


class RelationLabelsView(APIView):
    """The kinds of links of a project."""

    @extend_schema(
        operation_id="list_relation_labels",
        parameters=CURSOR,
        responses=page_shape("RelationLabelPage", RelationLabelShape),
    )
    def get(self, request: Request, slug: str) -> Response:
        """All kinds of links, the archived ones too, by position."""
        member = policies.check_member(user=request.user, slug=slug)
        return page_answer(
            request, relation_labels_of(member.project), self, RelationLabelShape, ordering=("position", "pk")
        )

    @extend_schema(operation_id="create_relation_label", request=RelationLabelBody, responses={201: RelationLabelShape})
    def post(self, request: Request, slug: str) -> Response:
        """Add a kind of link."""
        member = _manager(request, slug)
        body = RelationLabelBody(data=request.data)
        body.is_valid(raise_exception=True)
        relation = labels.create_relation_label(member=member, **body.validated_data)
        return Response(RelationLabelShape(relation).data, status=201)


class RelationLabelView(Guarded):
    """One kind of link."""

    @extend_schema(operation_id="get_relation_label", responses=RelationLabelShape)
    def get(self, request: Request, slug: str, key: str) -> Response:
        """The kind of link."""
        member = policies.check_member(user=request.user, slug=slug)
        return Response(RelationLabelShape(relation_label_of(member.project, key)).data)

    @extend_schema(
        operation_id="change_relation_label",
        parameters=[IF_MATCH],
        request=RelationLabelChangeBody,
        responses=RelationLabelShape,
    )
    def patch(self, request: Request, slug: str, key: str) -> Response:
        """Change what is given."""
        member = _manager(request, slug)
        body = RelationLabelChangeBody(data=request.data)
        body.is_valid(raise_exception=True)
        values: dict[str, Any] = dict(body.validated_data)
        return Response(RelationLabelShape(labels.change_relation_label(member=member, key=key, **values)).data)


def _manager(request: Request, slug: str) -> Membership:
    member = policies.check_member(user=request.user, slug=slug)
    policies.check_can_manage(member)
    return member
