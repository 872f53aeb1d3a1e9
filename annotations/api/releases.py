"""Releases: frozen states of a project's data, to be taken, cited and compared."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.exports import DataOptions
from annotations.api.files import AlwaysJSON
from annotations.api.jobs import JobShape
from annotations.api.lists import CURSOR, PAGE, page_shape, read_filters
from annotations.api.pagination import ByCursor
from annotations.formats import WRITERS
from annotations.models import Job
from annotations.selectors.documents import SETS
from annotations.selectors.jobs import job_json
from annotations.selectors.releases import (
    difference_of,
    download_headers,
    pieces_of,
    release_by_id,
    release_json,
    releases_visible_to,
)
from annotations.services.export_options import Options
from annotations.services.releases import MAX_NAME, MAX_NOTES, record_release_taken, request_release


class ReleaseShape(serializers.Serializer[None]):
    """A release; `sha256` and `size` (bytes) are the archive's, `manifest` is its last member."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    notes = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    agreement = serializers.ListField(child=serializers.DictField())
    manifest = serializers.DictField()


class ReleaseOptions(DataOptions):
    """The options of an export, without those that are said beside them."""

    sets = None


class ReleaseBody(serializers.Serializer[None]):
    """What to freeze. Native JSON Lines is always in it; `formats` come beside it."""

    name = serializers.CharField(max_length=MAX_NAME)
    notes = serializers.CharField(max_length=MAX_NOTES, required=False, allow_blank=True, default="")
    sets = serializers.ChoiceField(choices=SETS, default="gold")
    formats = serializers.ListField(
        child=serializers.ChoiceField(choices=list(WRITERS)), required=False, max_length=len(WRITERS)
    )
    options = ReleaseOptions(required=False)


class SpanChangeShape(serializers.Serializer[None]):
    """One span; `before` is its label of before."""

    change = serializers.ChoiceField(choices=["added", "removed", "relabelled", "reworded"])
    set = serializers.CharField()
    label = serializers.CharField()
    before = serializers.CharField()
    fragments = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))
    quote = serializers.CharField()


class ArticleDifferenceShape(serializers.Serializer[None]):
    """What became of an article."""

    id = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=[(name, name) for name in ("added", "removed", "changed")])
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    relabelled = serializers.IntegerField()
    reworded = serializers.IntegerField()
    relations_added = serializers.IntegerField()
    relations_removed = serializers.IntegerField()
    other_text = serializers.BooleanField()
    spans = SpanChangeShape(many=True)


class DifferenceShape(serializers.Serializer[None]):
    """What the later release has other than the earlier one; pairs are of the earlier and the later."""

    identical = serializers.BooleanField()
    query = serializers.ListField(child=serializers.DictField())
    counts = serializers.DictField()
    spans = serializers.DictField(child=serializers.IntegerField())
    labels = serializers.ListField(child=serializers.DictField())
    agreement = serializers.ListField(child=serializers.DictField())
    articles = ArticleDifferenceShape(many=True)
    spans_listed_of = serializers.ListField(child=serializers.IntegerField())


class ReleasesView(APIView):
    """The releases of a project."""

    @extend_schema(operation_id="list_releases", parameters=CURSOR, responses=page_shape("ReleasePage", ReleaseShape))
    def get(self, request: Request, slug: str) -> Response:
        """Those of sets one may export, newest first."""
        member = policies.check_member(user=request.user, slug=slug)
        read_filters(request, None, *PAGE)
        paginator = ByCursor()
        paginator.ordering = ("-at", "-id")
        page = paginator.paginate_queryset(releases_visible_to(member), request, view=self) or []
        return paginator.get_paginated_response([release_json(release) for release in page])

    @extend_schema(operation_id="make_release", request=ReleaseBody, responses={201: ReleaseShape, 202: JobShape})
    def post(self, request: Request, slug: str) -> Response:
        """Freeze the data as it is now; of a large project, put down a job that does."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        body = ReleaseBody(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = body.validated_data
        made = request_release(
            actor=signed_in(request),
            project=member.project,
            name=wanted["name"],
            notes=wanted["notes"],
            formats=wanted.get("formats", ()),
            options=cast(Options, {**wanted.get("options", {}), "sets": wanted["sets"]}),
        )
        if isinstance(made, Job):
            return Response(job_json(made), status=202)
        return Response(release_json(made), status=201)


class ReleaseView(APIView):
    """One release."""

    @extend_schema(operation_id="get_release", responses=ReleaseShape)
    def get(self, request: Request, release_id: UUID) -> Response:
        """Its manifest, agreement and checksum."""
        read_filters(request)
        _member, release = release_by_id(user=signed_in(request), release_id=release_id)
        return Response(release_json(release))


class ReleaseDownloadView(APIView):
    """The archive of a release."""

    content_negotiation_class = AlwaysJSON

    @extend_schema(
        operation_id="download_release", responses={(200, "application/zip"): OpenApiTypes.BINARY, 304: None}
    )
    def get(self, request: Request, release_id: UUID) -> HttpResponseBase:
        """The bytes, always the same; their SHA-256 is the `ETag`."""
        read_filters(request)
        member, release = release_by_id(user=signed_in(request), release_id=release_id)
        policies.check_can_take_release(member, release.manifest["query"]["sets"])
        headers = download_headers(release)
        if headers["ETag"] in parse_etags(request.headers.get("If-None-Match", "")):
            return HttpResponseNotModified(headers={"ETag": headers["ETag"]})
        record_release_taken(member=member, release=release)
        return StreamingHttpResponse(pieces_of(release), content_type="application/zip", headers=headers)


class ReleaseDifferenceView(APIView):
    """Two releases beside one another."""

    @extend_schema(operation_id="compare_releases", responses=DifferenceShape)
    def get(self, request: Request, before: UUID, after: UUID) -> Response:
        """Spans added, removed and relabelled, by article and label; the effect on counts and agreement."""
        read_filters(request)
        found = []
        for key in (before, after):
            member, release = release_by_id(user=signed_in(request), release_id=key)
            policies.check_can_take_release(member, release.manifest["query"]["sets"])
            found.append(release)
            record_release_taken(member=member, release=release)
        return Response(difference_of(found[0], found[1]))
