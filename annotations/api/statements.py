"""Statements: who said what, about where."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.lists import CURSOR, PAGE, read_filters
from annotations.api.pagination import ByCursor
from annotations.api.serializers import FragmentsSerializer
from annotations.selectors.statements import SETS, claims_listed, statement_json, statements_found
from annotations.services.disagreements import record_openings


class MentionShape(serializers.Serializer[None]):
    """A span of a statement; `entity` is empty where its words are all that is known."""

    id = serializers.UUIDField()
    label = serializers.CharField()
    fragments = FragmentsSerializer()
    quote = serializers.CharField()
    entity = serializers.CharField()


class StatementArticleShape(serializers.Serializer[None]):
    """Where it was said."""

    id = serializers.UUIDField()
    external_id = serializers.CharField()
    title = serializers.CharField()
    outlet = serializers.CharField()
    url = serializers.CharField()
    published_at = serializers.CharField()


class StatementShape(serializers.Serializer[None]):
    """A claim with one of its actors and one of its locations; null where it has none."""

    actor = MentionShape(allow_null=True)
    claim = MentionShape()
    location = MentionShape(allow_null=True)
    attributes = serializers.DictField(child=serializers.CharField())
    article = StatementArticleShape()
    annotation_set = serializers.UUIDField()
    annotator = serializers.CharField(help_text="Empty for gold.")


class StatementPage(serializers.Serializer[None]):
    """The statements of a page of claims."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = StatementShape(many=True)


class StatementFilter(serializers.Serializer[None]):
    """The named filters of the list."""

    sets = serializers.ChoiceField(choices=SETS, required=False, default="gold")
    search = serializers.CharField(max_length=200, required=False, help_text="Words of the claim.")
    actor = serializers.CharField(max_length=500, required=False, help_text="An entity, or the words of a mention.")
    location = serializers.CharField(max_length=500, required=False, help_text="As for `actor`.")
    concept = serializers.CharField(max_length=500, required=False, help_text="The entity of the claim.")
    attribute = serializers.CharField(max_length=130, required=False, help_text="`key:choice`.")
    outlet = serializers.CharField(max_length=500, required=False)
    article = serializers.UUIDField(required=False)
    published_after = serializers.DateField(required=False)
    published_before = serializers.DateField(required=False)


class StatementsView(APIView):
    """The statements of a project."""

    @extend_schema(
        operation_id="list_statements",
        parameters=[StatementFilter, *CURSOR],
        responses=StatementPage,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Who said what, about where. A claim of two actors makes two statements, so a page may hold more rows."""
        member = policies.check_member(user=request.user, slug=slug)
        wanted = read_filters(request, StatementFilter, *PAGE)
        paginator = ByCursor()
        page = paginator.paginate_queryset(claims_listed(member, **wanted), request, view=self) or []
        found = statements_found(page)
        if wanted["sets"] == "annotators":
            record_openings(member=member, article_ids=sorted({each.article.pk for each in found}))
        return paginator.get_paginated_response([statement_json(each) for each in found])
