"""Disagreements between annotators, and the decisions of reviewers on them."""

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
from annotations.api.serializers import FragmentsSerializer
from annotations.domain.disagreements import Kind, RelationKind
from annotations.domain.errors import NotFound
from annotations.models import Disagreement, DisagreementState, Membership
from annotations.selectors.disagreement_lists import STATES, Wanted, disagreements_listed, kind_counts
from annotations.selectors.review import RELATIONS, disagreements_json
from annotations.services.decisions import decide, undo_decision
from annotations.services.disagreements import record_openings

KINDS = [*(str(kind) for kind in Kind), *(str(kind) for kind in RelationKind)]


class VersionSpanShape(serializers.Serializer[None]):
    """A span as annotators have it."""

    label = serializers.CharField()
    fragments = FragmentsSerializer()
    quote = serializers.CharField()
    entity = serializers.CharField()
    attributes = serializers.DictField(child=serializers.CharField())


class EndShape(VersionSpanShape):
    """An end of a relation, with the disagreement that is to be decided before."""

    disagreement = serializers.UUIDField()


class VersionRelationShape(serializers.Serializer[None]):
    """A relation as annotators have it."""

    label = serializers.CharField()
    source = EndShape()
    target = EndShape()


class VersionShape(serializers.Serializer[None]):
    """What some annotators chose; `annotators` is how many, with `names=true` who."""

    digit = serializers.IntegerField()
    spans = VersionSpanShape(many=True)
    relation = VersionRelationShape(required=False)
    annotators = serializers.JSONField()
    sources = serializers.ListField(child=serializers.UUIDField())


class DecisionShape(serializers.Serializer[None]):
    """What a reviewer made of it; `gold` are the ids it has in gold."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    versions = serializers.ListField(child=serializers.IntegerField())
    sources = serializers.ListField(child=serializers.UUIDField())
    gold = serializers.ListField(child=serializers.UUIDField())
    reason = serializers.CharField()
    rule = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()


class DisagreementShape(serializers.Serializer[None]):
    """Spans or relations of several annotators that belong together; `alike` counts others of the same shape."""

    id = serializers.UUIDField()
    article = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    label = serializers.CharField()
    state = serializers.ChoiceField(choices=DisagreementState.choices)
    quote = serializers.CharField()
    unanimous = serializers.BooleanField()
    versions = VersionShape(many=True)
    alike = serializers.IntegerField()
    decision = DecisionShape(allow_null=True)


class DisagreementPage(serializers.Serializer[None]):
    """A page of the list."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = DisagreementShape(many=True)


class DisagreementFilter(serializers.Serializer[None]):
    """The named filters of the list."""

    kind = serializers.ChoiceField(choices=[*KINDS, RELATIONS], required=False, default="")
    label = serializers.CharField(max_length=40, required=False, default="")
    open = serializers.BooleanField(required=False, allow_null=True, default=None)
    state = serializers.ChoiceField(choices=STATES, required=False, default="")
    annotator = serializers.CharField(max_length=150, required=False, default="")
    quote = serializers.CharField(max_length=200, required=False, default="")
    article = serializers.UUIDField(required=False, allow_null=True, default=None)
    unanimous = serializers.BooleanField(required=False, default=False)


class DisagreementListFilter(DisagreementFilter):
    """With `names` the annotators are named."""

    names = serializers.BooleanField(required=False, default=False)


class KindCountShape(serializers.Serializer[None]):
    """How many disagreements of a kind there are; all that are about relations count as `relation`."""

    kind = serializers.ChoiceField(choices=[*KINDS, RELATIONS])
    count = serializers.IntegerField()


class EditedSpanBody(serializers.Serializer[None]):
    """A span that stands instead of the versions."""

    label = serializers.CharField(max_length=40)
    fragments = FragmentsSerializer(min_length=1, max_length=100)
    quote = serializers.CharField(required=False)
    entity = serializers.CharField(required=False, allow_blank=True, max_length=500)
    attributes = serializers.DictField(child=serializers.CharField(), required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=10_000)


class DecisionBody(serializers.Serializer[None]):
    """Digits of versions, or edited spans; neither means "no span here".

    `replaces` is the decision that is to be changed, `alike` applies the choice to all open ones of the same shape.
    """

    versions = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=100, default=list)
    spans = EditedSpanBody(many=True, required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=5_000, default="")
    rule = serializers.CharField(required=False, allow_blank=True, max_length=5_000, default="")
    alike = serializers.BooleanField(required=False, default=False)
    replaces = serializers.UUIDField(required=False, allow_null=True, default=None)


class DecidedShape(DisagreementShape):
    """The disagreement as it is now; `decided` counts the decisions made, `left` those alike that could not be."""

    decided = serializers.IntegerField()
    left = serializers.IntegerField()


class _ByPlace(ByCursor):
    """In reading order; few begin at the same place."""

    ordering = ("start", "pk")


class DisagreementsView(APIView):
    """The disagreements of a project."""

    @extend_schema(
        operation_id="list_disagreements",
        parameters=[DisagreementListFilter, *CURSOR],
        responses=DisagreementPage,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Those the reviewer may decide; with `article` in reading order."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        given = read_filters(request, DisagreementListFilter, *PAGE)
        names, wanted = given.pop("names"), _wanted(given)
        paginator = _ByPlace() if wanted.article else ByCursor()
        page = paginator.paginate_queryset(disagreements_listed(member, wanted), request, view=self) or []
        record_openings(member=member, article_ids=sorted({row.article_id for row in page}))
        return paginator.get_paginated_response(disagreements_json(page, member=member, names=names))


class DisagreementCountsView(APIView):
    """How many disagreements of each kind there are."""

    @extend_schema(
        operation_id="count_disagreements", parameters=[DisagreementFilter], responses=KindCountShape(many=True)
    )
    def get(self, request: Request, slug: str) -> Response:
        """Those the filters of the list leave, the most first; `kind` is no filter here."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        counts = kind_counts(member, _wanted(read_filters(request, DisagreementFilter)))
        return Response([{"kind": kind, "count": count} for kind, count in counts])


class DecisionView(APIView):
    """The decision on a disagreement."""

    @extend_schema(operation_id="decide", request=DecisionBody, responses=DecidedShape)
    def put(self, request: Request, slug: str, disagreement_id: UUID) -> Response:
        """Decide it into gold. The same decision again changes nothing; another needs `replaces` (409 without)."""
        member = _checked(request, slug, disagreement_id)
        body = DecisionBody(data=request.data)
        body.is_valid(raise_exception=True)
        outcome = decide(actor=signed_in(request), disagreement_id=disagreement_id, **body.validated_data)
        [row] = disagreements_json([Disagreement.objects.get(pk=disagreement_id)], member=member)
        return Response({**row, "decided": len(outcome.decisions), "left": outcome.left})

    @extend_schema(operation_id="undo_decision", request=None, responses={204: None})
    def delete(self, request: Request, slug: str, disagreement_id: UUID) -> Response:
        """Take the decision back, and what it put into gold."""
        _checked(request, slug, disagreement_id)
        undo_decision(actor=signed_in(request), disagreement_id=disagreement_id)
        return Response(status=204)


def _wanted(given: dict[str, Any]) -> Wanted:
    """What the filters ask for; `open` is the shorter way to say two of the states."""
    is_open = given.pop("open")
    if is_open is not None and not given["state"]:
        given["state"] = "open" if is_open else "decided"
    return Wanted(**given)


def _checked(request: Request, slug: str, disagreement_id: UUID) -> Membership:
    """The membership of a reviewer of the project that the disagreement belongs to."""
    member = policies.check_member(user=request.user, slug=slug)
    policies.check_can_review(member)
    if not Disagreement.objects.filter(pk=disagreement_id, article__project=member.project_id).exists():
        raise NotFound(_("There is no such disagreement."))
    return member
