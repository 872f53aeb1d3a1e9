"""How well annotators do, against gold, known gold and themselves; and who may begin real work."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.lists import read_filters
from annotations.selectors.training import Accuracy, accuracy_of
from annotations.services.training import set_trained


class AccuracyShape(serializers.Serializer[Accuracy]):
    """Means of F1 (exact spans), each with the number of articles it is of; null where there are none."""

    username = serializers.CharField()
    trained_at = serializers.DateTimeField(allow_null=True, help_text="Since when real work is open.")
    work = serializers.FloatField(allow_null=True, help_text="Against the gold of review.")
    worked = serializers.IntegerField()
    training = serializers.FloatField(allow_null=True)
    trainings = serializers.IntegerField()
    checks = serializers.FloatField(allow_null=True, help_text="Against the gold of hidden checks.")
    checked = serializers.IntegerField()
    again = serializers.FloatField(allow_null=True, help_text="Between two rounds of the same article.")
    repeated = serializers.IntegerField()


class AccuracyListShape(serializers.Serializer[None]):
    """Everybody who annotates."""

    results = AccuracyShape(many=True)


class TrainedBody(serializers.Serializer[None]):
    """Whether real work is open to the annotator."""

    trained = serializers.BooleanField()


class TrainedShape(serializers.Serializer[None]):
    """Since when it is."""

    username = serializers.CharField()
    trained_at = serializers.DateTimeField(allow_null=True)


class AccuracyView(APIView):
    """The figures of a project's annotators."""

    @extend_schema(operation_id="list_accuracy", responses=AccuracyListShape)
    def get(self, request: Request, slug: str) -> Response:
        """For managers."""
        member = policies.check_member(user=request.user, slug=slug)
        read_filters(request)
        return Response({"results": [AccuracyShape(each).data for each in accuracy_of(member)]})


class TrainedView(APIView):
    """One annotator."""

    @extend_schema(operation_id="set_trained", request=TrainedBody, responses=TrainedShape)
    def patch(self, request: Request, slug: str, username: str) -> Response:
        """Open real work, or have the annotator train again."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        body = TrainedBody(data=request.data)
        body.is_valid(raise_exception=True)
        person = set_trained(member=member, username=username, trained=body.validated_data["trained"])
        return Response({"username": username, "trained_at": person.trained_at})
