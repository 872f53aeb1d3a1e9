"""Imports: a file in, a report out."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.exports import LossShape
from annotations.api.files import AlwaysJSON, FileParser, MultipartParser, check_size
from annotations.api.lists import read_filters
from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.offsets import Newlines, Unit
from annotations.formats import READERS, detect_file
from annotations.models import SetKind
from annotations.services.imports import import_documents


class ProblemLineShape(serializers.Serializer[None]):
    """Why nothing was taken from a line."""

    line = serializers.IntegerField()
    id = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()


class DuplicateShape(serializers.Serializer[None]):
    """An article whose text another one has already."""

    line = serializers.IntegerField()
    id = serializers.CharField()
    duplicate_of = serializers.CharField()


class ImportReportShape(serializers.Serializer[None]):
    """What became of the file; of duplicates and problems the first thousand are listed."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    skipped = serializers.IntegerField()
    spans = serializers.IntegerField()
    relations = serializers.IntegerField()
    added = serializers.ListField(child=serializers.CharField())
    duplicate_count = serializers.IntegerField()
    duplicates = DuplicateShape(many=True)
    problem_count = serializers.IntegerField()
    problems = ProblemLineShape(many=True)
    losses = LossShape(many=True, help_text="What of the file has no place here.")


class ImportOptions(serializers.Serializer[None]):
    """How to read the file, in the address."""

    format = serializers.ChoiceField(
        choices=list(READERS), required=False, help_text="Left out: told by the file's name, else by its beginning."
    )
    name = serializers.CharField(
        max_length=500, required=False, help_text="The file's name where the body is the file itself."
    )
    kind = serializers.ChoiceField(choices=SetKind.values, required=False, help_text="Of sets that say none.")
    annotator = serializers.CharField(max_length=80, required=False, help_text="Of sets that name none.")
    offsets = serializers.ChoiceField(
        choices=["auto", *Unit], required=False, help_text="What offsets count; `auto` lets the quotes decide."
    )
    newlines = serializers.ChoiceField(
        choices=["auto", *Newlines], required=False, help_text="How line breaks were counted."
    )
    strict = serializers.BooleanField(
        required=False, default=False, help_text="Refuse labels the project lacks instead of adding them."
    )


class ImportsView(APIView):
    """The way of whole files into a project."""

    parser_classes = [MultipartParser, FileParser]
    content_negotiation_class = AlwaysJSON

    @extend_schema(
        operation_id="import_file",
        parameters=[ImportOptions],
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            },
            "application/octet-stream": OpenApiTypes.BINARY,
        },
        responses=ImportReportShape,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Import a file, as the form field `file` or as the body itself, up to 50 MiB."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        options = read_filters(request, ImportOptions)
        with _file_of(request) as stream:
            options["name"] = options.get("name") or _name_of(stream)
            options["format"] = options.get("format") or detect_file(stream, options["name"])
            report = import_documents(actor=signed_in(request), project=member.project, stream=stream, **options)
        return Response(report.as_json())


def _file_of(request: Request) -> BinaryIO:
    data: Any = request.data
    if hasattr(data, "read"):
        return cast("BinaryIO", data)
    file = data.get("file")
    if not isinstance(file, UploadedFile):
        detail = _("There is no file: it is the body, or the field `file` of a form.")
        raise InvalidData(detail, [FieldError("file", detail)])
    check_size(file.size or 0)
    return cast("BinaryIO", file)


def _name_of(stream: BinaryIO) -> str:
    return (stream.name or "") if isinstance(stream, UploadedFile) else ""
