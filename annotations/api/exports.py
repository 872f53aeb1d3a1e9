"""Exports: a project's documents as a stream."""

from __future__ import annotations

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.files import AlwaysJSON
from annotations.api.lists import read_filters
from annotations.domain.withholding import LEVELS
from annotations.formats import MEDIA_TYPES, WRITERS
from annotations.selectors.documents import SETS
from annotations.selectors.progress import ARTICLE_STATES
from annotations.services.export_options import MOST_QUOTE_LENGTH
from annotations.services.exports import count_losses, export_documents


class DataOptions(serializers.Serializer[None]):
    """Which articles and sets, and what of them."""

    sets = serializers.ChoiceField(
        choices=SETS, required=False, help_text="Left out: gold, or one's own sets for an annotator."
    )
    state = serializers.ChoiceField(
        choices=["submitted", "all"], required=False, help_text="Of the annotators' sets; `submitted` if left out."
    )
    include = serializers.ChoiceField(
        choices=["empty"], required=False, help_text="Articles without any of these sets, too."
    )
    search = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="Words of the text.")
    article_state = serializers.ChoiceField(
        choices=[(state, state) for state in ARTICLE_STATES],
        required=False,
        help_text="As the list of articles has it.",
    )
    outlet = serializers.CharField(max_length=500, required=False, allow_blank=True)
    published_after = serializers.DateField(required=False)
    published_before = serializers.DateField(required=False)
    pseudonyms = serializers.BooleanField(
        required=False, default=False, help_text="`annotator-1` … for people: no name, e-mail or account is in it."
    )
    split = serializers.CharField(
        max_length=20,
        required=False,
        help_text="Train, dev and test in `metadata.split`, such as `80/10/10`; near copies are never parted.",
    )
    text = serializers.ChoiceField(
        choices=LEVELS,
        required=False,
        help_text="How much of the texts: all; their SHA-256; that and quotes cut short; or with scrambled letters.",
    )
    quote_length = serializers.IntegerField(
        min_value=1, max_value=MOST_QUOTE_LENGTH, required=False, help_text="Code points of a quote, for `text=quotes`."
    )


class LossesOptions(DataOptions):
    """What to export, in the address."""

    format = serializers.ChoiceField(choices=list(WRITERS), required=False, default="jsonl")


class ExportOptions(LossesOptions):
    """What to export, in the address, and how."""

    byte_order_mark = serializers.BooleanField(
        required=False, default=False, help_text="Begin tables with one, for spreadsheet programs."
    )


class LossShape(serializers.Serializer[None]):
    """A kind of thing the format cannot carry, and how many there are."""

    kind = serializers.CharField()
    count = serializers.IntegerField()
    sentence = serializers.CharField()


class LossReportShape(serializers.Serializer[None]):
    """What the export would hold and lose."""

    format = serializers.CharField()
    articles = serializers.IntegerField()
    annotation_sets = serializers.IntegerField()
    spans = serializers.IntegerField()
    relations = serializers.IntegerField()
    losses = LossShape(many=True)


class ExportView(APIView):
    """The dataset."""

    content_negotiation_class = AlwaysJSON

    @extend_schema(
        operation_id="export",
        parameters=[ExportOptions],
        responses={(200, media_type.partition(";")[0]): OpenApiTypes.BINARY for media_type in MEDIA_TYPES.values()},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """The project's documents, sorted by id, of one moment; the same data gives the same bytes."""
        member = policies.check_member(user=request.user, slug=slug)
        options = read_filters(request, ExportOptions)
        export = export_documents(actor=signed_in(request), project=member.project, **options)
        headers = {"Content-Disposition": f'attachment; filename="{export.filename}"'}
        return StreamingHttpResponse(export, content_type=export.media_type, headers=headers)


class ExportLossesView(APIView):
    """What an export could not carry, counted before it is asked for."""

    content_negotiation_class = AlwaysJSON

    @extend_schema(operation_id="export_losses", parameters=[LossesOptions], responses=LossReportShape)
    def get(self, request: Request, slug: str) -> Response:
        """The losses of an export with the same options; it takes about as long as the export."""
        member = policies.check_member(user=request.user, slug=slug)
        options = read_filters(request, LossesOptions)
        return Response(count_losses(actor=signed_in(request), project=member.project, **options).as_json())
