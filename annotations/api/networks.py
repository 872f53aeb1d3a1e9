"""Networks of who said what, and the places that are spoken of, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.files import AlwaysJSON
from annotations.api.lists import read_filters
from annotations.api.statements import StatementFilter
from annotations.domain.networks import KINDS, Edge, Network, Node, strongest
from annotations.domain.places import feature_collection
from annotations.formats import MEDIA_TYPES
from annotations.formats.networks import graphml
from annotations.selectors.networks import network
from annotations.selectors.places import ATTRIBUTION, mentions_of_places, places
from annotations.selectors.statements import SETS, claims_listed
from annotations.services.disagreements import record_openings_of_spans

GRAPHML = MEDIA_TYPES["graphml"]
GEOJSON = "application/geo+json"


class NetworkFilter(StatementFilter):
    """The named filters: those of the statements, and which network of them."""

    kind = serializers.ChoiceField(
        choices=KINDS,
        required=False,
        default="claims",
        help_text="Actors and what they claim; actors who agree, or are in conflict, on a concept.",
    )
    least = serializers.IntegerField(
        required=False, default=1, min_value=1, max_value=1_000_000, help_text="Without edges that weigh less."
    )
    format = serializers.ChoiceField(choices=["json", "graphml"], required=False, default="json")


class NodeShape(serializers.Serializer[Node]):
    """An actor, a concept, or a claim whose concept is not known."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=["actor", "concept", "claim"])
    name = serializers.CharField()
    weight = serializers.IntegerField(help_text="The sum of its edges' weights.")


class EdgeShape(serializers.Serializer[Edge]):
    """Between two nodes, by their keys; `weight` counts claims or, between actors, `concepts`."""

    source: Any = serializers.CharField()
    target = serializers.CharField()
    relation = serializers.CharField(help_text="The stance, `claims` where there is none; else the kind.")
    weight = serializers.IntegerField()
    concepts = serializers.ListField(child=serializers.CharField())


class NetworkShape(serializers.Serializer[Network]):
    """A network."""

    kind = serializers.ChoiceField(choices=KINDS)
    directed = serializers.BooleanField()
    nodes = NodeShape(many=True)
    edges = EdgeShape(many=True)


class NetworkView(APIView):
    """The network of the statements."""

    content_negotiation_class = AlwaysJSON

    @extend_schema(
        operation_id="get_network",
        parameters=[NetworkFilter],
        responses={(200, "application/json"): NetworkShape, (200, GRAPHML): {"type": "string"}},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Who said what, or who agrees and disagrees with whom, as nodes and edges."""
        member = policies.check_member(user=request.user, slug=slug)
        wanted = read_filters(request, NetworkFilter)
        kind, least, file_format = (wanted.pop(name) for name in ("kind", "least", "format"))
        found = strongest(network(member, kind=kind, **wanted), least=least)
        if wanted["sets"] == "annotators":
            record_openings_of_spans(member=member, spans=claims_listed(member, **wanted))
        if file_format == "graphml":
            headers = {"Content-Disposition": f'attachment; filename="{member.project.slug}-{kind}.graphml"'}
            return HttpResponse(b"".join(graphml(found)), content_type=GRAPHML, headers=headers)
        return Response(NetworkShape(found).data)


class PlaceFilter(serializers.Serializer[None]):
    """The named filters of the places."""

    sets = serializers.ChoiceField(choices=SETS, required=False, default="gold")
    search = serializers.CharField(max_length=200, required=False, help_text="Part of a name.")
    outlet = serializers.CharField(max_length=500, required=False)
    published_after = serializers.DateField(required=False)
    published_before = serializers.DateField(required=False)


class PointShape(serializers.Serializer[None]):
    """Where a place is: longitude and latitude in degrees."""

    type = serializers.ChoiceField(choices=["Point"])
    coordinates = serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2)


class PlacePropertiesShape(serializers.Serializer[None]):
    """What is known of a place."""

    name = serializers.CharField()
    mentions = serializers.IntegerField()
    statements = serializers.IntegerField(help_text="Claims that are linked to a mention of it.")
    articles = serializers.IntegerField()
    entity = serializers.UUIDField(allow_null=True)
    coordinates_from = serializers.ChoiceField(choices=["entity", "gazetteer"], allow_null=True)


class PlaceFeatureShape(serializers.Serializer[None]):
    """A place; its geometry is null where nobody knows where it is."""

    type = serializers.ChoiceField(choices=["Feature"])
    geometry = PointShape(allow_null=True)
    properties = PlacePropertiesShape()


class PlacesShape(serializers.Serializer[None]):
    """GeoJSON (RFC 7946)."""

    type = serializers.ChoiceField(choices=["FeatureCollection"])
    features = PlaceFeatureShape(many=True)
    attribution = serializers.CharField(help_text="Whom to name where the coordinates are shown.")


class PlacesView(APIView):
    """The places that are spoken of."""

    content_negotiation_class = AlwaysJSON

    @extend_schema(
        operation_id="get_places",
        parameters=[PlaceFilter],
        responses={(200, GEOJSON): PlacesShape},
    )
    def get(self, request: Request, slug: str) -> Response:
        """The places as GeoJSON, those mentioned most first."""
        member = policies.check_member(user=request.user, slug=slug)
        wanted = read_filters(request, PlaceFilter)
        mentions = mentions_of_places(member, **wanted)
        found = places(mentions)
        if wanted["sets"] == "annotators":
            record_openings_of_spans(member=member, spans=mentions)
        return Response(feature_collection(found, attribution=ATTRIBUTION), content_type=GEOJSON)
