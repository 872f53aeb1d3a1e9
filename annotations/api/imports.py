"""Imports: a file in, a report out."""

from __future__ import annotations

import io
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
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
from annotations.api.jobs import JobShape
from annotations.api.lists import read_filters
from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.offsets import Newlines, Unit
from annotations.formats import READERS, detect_file
from annotations.models import Membership, SetKind
from annotations.selectors.jobs import job_json
from annotations.services.imports import CORRECTIONS, MAX_UPLOAD, import_documents
from annotations.services.imports.undoing import undo_import
from annotations.services.imports.uploads import ImportOptions, prepare_import, start_import, upload_files


class ProblemLineShape(serializers.Serializer[None]):
    """Why nothing was taken from a line."""

    line = serializers.IntegerField()
    id = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()
    file = serializers.CharField(allow_blank=True)


class DuplicateShape(serializers.Serializer[None]):
    """An article whose text another one has already."""

    line = serializers.IntegerField()
    id = serializers.CharField()
    duplicate_of = serializers.CharField()
    file = serializers.CharField(allow_blank=True)


class NearCopyShape(serializers.Serializer[None]):
    """An article whose text is nearly that of another one, which is in the same cluster."""

    line = serializers.IntegerField()
    id = serializers.CharField()
    near = serializers.CharField()
    similarity = serializers.FloatField(help_text="Of their sequences of three words, estimated, 0 to 1.")
    file = serializers.CharField(allow_blank=True)


class CorrectionShape(serializers.Serializer[None]):
    """What became of the spans on the old version of an article."""

    line = serializers.IntegerField()
    id = serializers.CharField()
    kept = serializers.IntegerField()
    moved = serializers.IntegerField()
    lost = serializers.IntegerField()
    lost_spans = serializers.ListField(child=serializers.CharField(), help_text="The first of them, label and quote.")
    file = serializers.CharField(allow_blank=True)


class ImportReportShape(serializers.Serializer[None]):
    """What became of the file; of duplicates and problems the first thousand are listed."""

    id = serializers.UUIDField(
        required=False, help_text="The import's, to undo it by; single articles that a program puts in have none."
    )
    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    skipped = serializers.IntegerField()
    spans = serializers.IntegerField()
    relations = serializers.IntegerField()
    added = serializers.ListField(child=serializers.CharField())
    duplicate_count = serializers.IntegerField()
    duplicates = DuplicateShape(many=True)
    corrected = serializers.IntegerField(help_text="Articles whose text has a new version.")
    corrections = CorrectionShape(many=True)
    near_copy_count = serializers.IntegerField()
    near_copies = NearCopyShape(many=True)
    problem_count = serializers.IntegerField()
    problems = ProblemLineShape(many=True)
    losses = LossShape(many=True, help_text="What of the file has no place here.")


class ImportOptionsShape(serializers.Serializer[None]):
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
    corrections = serializers.ChoiceField(
        choices=CORRECTIONS,
        required=False,
        help_text="The same id with another text: a problem line, or a new version that takes the labels over.",
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
        parameters=[ImportOptionsShape],
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            },
            "application/octet-stream": OpenApiTypes.BINARY,
        },
        responses={200: ImportReportShape, 202: JobShape},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Import a file, as the form field `file` or as the body itself.

        Up to 50 MiB the answer is the report. Above, up to 512 MiB, or with `Prefer: respond-async`, it is 202 with the
        job that imports it, whose address is in `Location`; its report comes with the job.
        """
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        options = read_filters(request, ImportOptionsShape)
        with _file_of(request) as stream:
            name = options.pop("name", "") or _name_of(stream)
            size = stream.seek(0, io.SEEK_END)
            stream.seek(0)
            if size > MAX_UPLOAD or "respond-async" in request.headers.get("Prefer", "").lower():
                return _later(request, member, name, stream, options)
            options["format"] = options.get("format") or detect_file(stream, name)
            report = import_documents(
                actor=signed_in(request), project=member.project, stream=stream, name=name, **options
            )
        return Response(report.as_json())


class ImportUndoView(APIView):
    """The way back."""

    @extend_schema(operation_id="undo_import", request=None, responses=JobShape)
    def post(self, request: Request, slug: str, job_id: UUID) -> Response:
        """Remove what an import brought; 409 with a sentence when something was built on it."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        return Response(job_json(undo_import(member=member, job_id=job_id)))


def _later(request: Request, member: Membership, name: str, stream: BinaryIO, options: dict[str, Any]) -> Response:
    """Hand the file to the worker."""
    job = upload_files(member=member, files=[(name, options.pop("format", ""), stream)])
    prepare_import(member=member, job_id=job.pk, options=ImportOptions(**options), formats={})
    job = start_import(member=member, job_id=job.pk)
    address = request.build_absolute_uri(reverse("api:job", args=[member.project.slug, job.pk]))
    return Response(job_json(job), status=202, headers={"Location": address, "Preference-Applied": "respond-async"})


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
