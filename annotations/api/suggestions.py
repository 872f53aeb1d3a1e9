"""Suggestions for an annotation set, the verdicts on them, and how good each engine is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.lists import read_filters
from annotations.api.serializers import FragmentsSerializer, SuggestedBody
from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.suggesting import Suggested
from annotations.models import TokenScope
from annotations.selectors.engines import engines_judged
from annotations.selectors.suggestions import has_suggestions
from annotations.services.suggestions import JUDGEABLE, judge_suggestion, show_suggestions, switch_engine


class LinkShape(serializers.Serializer[None]):
    """A relation that comes with the suggestion: its label, and the span it goes to."""

    relation = serializers.CharField()
    label = serializers.CharField()
    fragments = FragmentsSerializer()


class SuggestionShape(serializers.Serializer[None]):
    """A span that an engine offers; `engines` names all that offer the same."""

    id = serializers.UUIDField()
    engine = serializers.CharField()
    version = serializers.CharField()
    engines = serializers.ListField(child=serializers.CharField())
    label = serializers.CharField()
    fragments = FragmentsSerializer()
    quote = serializers.CharField()
    score = serializers.FloatField()
    entity = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    links = LinkShape(many=True)


class SuggestionsShape(serializers.Serializer[None]):
    """What is left to be judged; `offered` is false where the work has no suggestions at all."""

    offered = serializers.BooleanField()
    suggestions = SuggestionShape(many=True)


class VerdictBody(SuggestedBody):
    """The suggestion, as the list gives it, and the verdict; acceptance comes with the change that makes the span."""

    id = None  # in the address
    verdict = serializers.ChoiceField(choices=[(str(each), each.label) for each in JUDGEABLE])


class EngineShape(serializers.Serializer[None]):
    """How an engine does on a label: verdicts, the part of them that accepted, and the same of the latest fifty."""

    engine = serializers.CharField()
    label = serializers.CharField()
    accepted = serializers.IntegerField()
    edited = serializers.IntegerField()
    rejected = serializers.IntegerField()
    precision = serializers.FloatField(allow_null=True)
    latest = serializers.IntegerField()
    latest_precision = serializers.FloatField(allow_null=True)
    is_on = serializers.BooleanField()
    switched_off_by_itself = serializers.BooleanField()


class EnginesShape(serializers.Serializer[None]):
    """The engines of a project, by name and label."""

    on = serializers.BooleanField()
    engines = EngineShape(many=True)


class EngineSwitchBody(serializers.Serializer[None]):
    """Which engine, for which label."""

    engine = serializers.CharField(max_length=200)
    label = serializers.CharField(max_length=40)
    is_on = serializers.BooleanField()


class SuggestionsView(APIView):
    """Suggestions for one's own work."""

    write_scope = TokenScope.ANNOTATE

    @extend_schema(operation_id="list_suggestions", responses=SuggestionsShape)
    def get(self, request: Request, set_id: UUID) -> Response:
        """What is left to be judged, in reading order; that something was shown stays with the work."""
        read_filters(request)
        member, annotation_set = policies.check_member_by_set(user=request.user, set_id=set_id)
        found = show_suggestions(member=member, annotation_set=annotation_set)
        return Response({"offered": has_suggestions(annotation_set), "suggestions": [each.as_json() for each in found]})


class VerdictView(APIView):
    """The verdict on a suggestion."""

    write_scope = TokenScope.ANNOTATE

    @extend_schema(operation_id="judge_suggestion", request=VerdictBody, responses={204: None})
    def post(self, request: Request, set_id: UUID, suggestion: UUID) -> Response:
        """Reject the suggestion, or take the rejection back; to accept it, send the change that makes the span."""
        data = request.data if isinstance(request.data, Mapping) else {}
        described = {key: value for key, value in data.items() if key != "verdict"} | {"id": str(suggestion)}
        judge_suggestion(
            actor=signed_in(request),
            annotation_set_id=set_id,
            suggestion=read_suggested(described, "suggestion"),
            verdict=str(data.get("verdict", ""))[:40],
        )
        return Response(status=204)


class EnginesView(APIView):
    """How good the engines are in a project, and their switches."""

    @extend_schema(operation_id="list_engines", responses=EnginesShape)
    def get(self, request: Request, slug: str) -> Response:
        """Every engine and label with its verdicts; for managers."""
        read_filters(request)
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        engines = [each.as_json() for each in engines_judged(member.project)]
        return Response({"on": member.project.suggestions, "engines": engines})

    @extend_schema(operation_id="switch_engine", request=EngineSwitchBody, responses=EngineShape)
    def post(self, request: Request, slug: str) -> Response:
        """Switch an engine off for a label, or on again."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        body = EngineSwitchBody(data=request.data)
        body.is_valid(raise_exception=True)
        values = dict(body.validated_data)
        switch_engine(member=member, **values)
        found = engines_judged(member.project)
        mine = next(each for each in found if (each.engine, each.label.key) == (values["engine"], values["label"]))
        return Response(mine.as_json())


_KEYS: Final = frozenset({"id", "engine", "version", "label", "fragments", "score", "engines"})


def read_suggested(given: Any, where: str) -> Suggested:
    """What a change or a verdict says of a suggestion, from its JSON.

    Raises:
        InvalidData: unreadable, with the field.
    """
    if not isinstance(given, Mapping):
        raise _fault(where, _("It must be an object."))
    if unknown := sorted(set(given) - _KEYS):
        raise _fault(f"{where}.{unknown[0]}"[:200], _("This key is not known here."))
    body = SuggestedBody(data=given)
    if not body.is_valid():
        field, problems = next(iter(body.errors.items()))
        raise _fault(f"{where}.{field}", _sentence(problems))
    values = dict(body.validated_data)
    fragments = tuple((start, end) for start, end in values["fragments"])
    borders = [border for fragment in fragments for border in fragment]
    if borders != sorted(set(borders)) or borders[-1] >= 2**31:
        raise _fault(f"{where}.fragments", _("Fragments are [start, end) in reading order that do not touch."))
    return Suggested(
        id=values["id"],
        engine=values["engine"],
        version=values.get("version", ""),
        label=values["label"],
        fragments=fragments,
        score=values.get("score"),
        engines=tuple(values.get("engines", ())),
    )


def _sentence(problems: Any) -> str:
    """The first of the sentences, however deep it lies."""
    while isinstance(problems, Mapping | list) and problems:
        problems = next(iter(problems.values())) if isinstance(problems, Mapping) else problems[0]
    return str(problems)


def _fault(field: str, message: str) -> InvalidData:
    return InvalidData(
        _("The request cannot be read: %(field)s: %(why)s") % {"field": field, "why": message},
        [FieldError(field, message)],
    )
