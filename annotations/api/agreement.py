"""Agreement: every measure per label and pair of annotators, with its interval and what it is made of."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.files import AlwaysJSON
from annotations.api.jobs import JobShape
from annotations.api.lists import read_filters
from annotations.domain.agreement_names import MEASURES
from annotations.selectors.agreement_rows import measure_rows, measures_csv
from annotations.selectors.jobs import job_json
from annotations.services.agreement import agreement_report

_CSV: Final = "text/csv"


class AgreementOptions(serializers.Serializer[None]):
    """What to show, in the address."""

    label = serializers.CharField(max_length=130, required=False, help_text="With its attributes: `claim.stance`.")
    measure = serializers.ChoiceField(choices=MEASURES, required=False)
    suggestions = serializers.ChoiceField(
        choices=["hidden", "shown"],
        required=False,
        default="hidden",
        help_text="`shown`: of the articles on which suggestions were shown, which the others leave out.",
    )
    format = serializers.ChoiceField(choices=["json", "csv"], required=False, help_text="Or by `Accept`.")


class MeasureShape(serializers.Serializer[None]):
    """One number; `spans` counts what was compared (relations, statements, fragments of both, where it is of these)."""

    measure = serializers.ChoiceField(choices=MEASURES)
    label = serializers.CharField(allow_null=True, help_text="Null: all.")
    annotators = serializers.ListField(
        child=serializers.CharField(), min_length=2, max_length=2, allow_null=True, help_text="A pair; null: all."
    )
    value = serializers.FloatField(allow_null=True, help_text="Null: undefined.")
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    articles = serializers.IntegerField()
    spans = serializers.IntegerField()


class AgreementShape(serializers.Serializer[None]):
    """The numbers; `job` is there while they are made, `measures` then are those of before, or none."""

    measures = MeasureShape(many=True)
    job = JobShape(required=False)


class AgreementView(APIView):
    """Agreement of a project."""

    content_negotiation_class = AlwaysJSON

    @extend_schema(
        operation_id="agreement",
        parameters=[AgreementOptions],
        responses={(200, "application/json"): AgreementShape, (200, _CSV): OpenApiTypes.STR, 202: AgreementShape},
    )
    def get(self, request: Request, slug: str) -> HttpResponseBase:
        """Every measure per label and pair, over submitted work; 202 with a job while a large project is counted."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        options = read_filters(request, AgreementOptions)
        report, job = agreement_report(member=member, shown=options["suggestions"] == "shown")
        rows = measure_rows(report, label=options.get("label"), measure=options.get("measure"))
        if _wants_csv(request, options):
            headers = {"Content-Disposition": f'attachment; filename="{slug}-agreement.csv"'}
            return HttpResponse(measures_csv(rows), content_type=f"{_CSV}; charset=utf-8", headers=headers)
        answer: dict[str, Any] = {"measures": rows}
        if job is None:
            return Response(answer)
        return Response(answer | {"job": job_json(job)}, status=202, headers={"Retry-After": "5"})


def _wants_csv(request: Request, options: dict[str, Any]) -> bool:
    if "format" in options:
        return bool(options["format"] == "csv")
    return request.headers.get("Accept", "").partition(",")[0].partition(";")[0].strip() == _CSV
