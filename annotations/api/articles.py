"""Articles: the list with its filters, bringing one in, one with the annotation sets one may see."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.lists import CURSOR, PAGE, page_answer, page_shape, read_filters
from annotations.api.serializers import AnnotationSetShape, ArticleShape
from annotations.domain.errors import FieldError, InvalidData
from annotations.models import Article, Purpose
from annotations.selectors.annotation_sets import annotation_set_json, article_json
from annotations.selectors.articles import articles_listed, sets_shown, shows_work_of_others
from annotations.selectors.progress import ARTICLE_STATES
from annotations.services.disagreements import record_openings
from annotations.services.imports import import_documents
from annotations.services.training import mark_articles

STATES = [(state, state) for state in ARTICLE_STATES]


class ArticleRowShape(serializers.Serializer[Article]):
    """An article of the list; `state` is, for a blind annotator, that of the annotator's own work."""

    id = serializers.UUIDField()
    external_id = serializers.CharField()
    title = serializers.CharField()
    outlet = serializers.CharField()
    author = serializers.CharField()
    section = serializers.CharField()
    url = serializers.CharField()
    published_at = serializers.CharField()
    language = serializers.CharField()
    license = serializers.CharField()
    characters = serializers.IntegerField()
    state = serializers.ChoiceField(source="work_state", choices=STATES)


class ArticleFilter(serializers.Serializer[None]):
    """The named filters of the list."""

    search = serializers.CharField(max_length=200, required=False, allow_blank=True, help_text="Words of the text.")
    state = serializers.ChoiceField(choices=STATES, required=False)
    outlet = serializers.CharField(max_length=500, required=False, allow_blank=True)
    published_after = serializers.DateField(required=False)


class SetWithoutArticle(AnnotationSetShape):
    """An annotation set inside its article."""

    article = None  # type: ignore[assignment]


class ArticleWithSets(ArticleShape):
    """An article with the annotation sets one may see."""

    annotation_sets = SetWithoutArticle(many=True)


class PurposeShape(serializers.Serializer[None]):
    """What an article is for: with known gold, training or a hidden check, or work that makes the dataset."""

    purpose = serializers.ChoiceField(choices=Purpose.choices)


class ImportedShape(serializers.Serializer[None]):
    """What became of the document."""

    id = serializers.UUIDField(help_text="Of the article.")
    created = serializers.BooleanField(help_text="False: it was there already, or only its metadata changed.")
    report = serializers.DictField()


class ArticlesView(APIView):
    """The articles of a project."""

    @extend_schema(
        operation_id="list_articles",
        parameters=[ArticleFilter, *CURSOR],
        responses=page_shape("ArticlePage", ArticleRowShape),
    )
    def get(self, request: Request, slug: str) -> Response:
        """The articles one may open."""
        member = policies.check_member(user=request.user, slug=slug)
        wanted = read_filters(request, ArticleFilter, *PAGE)
        return page_answer(request, articles_listed(member, **wanted), self, ArticleRowShape, filters=ArticleFilter)

    @extend_schema(
        operation_id="import_article",
        request=OpenApiTypes.OBJECT,
        responses={201: ImportedShape, 200: ImportedShape},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Bring one document of the native form in; 201 when the article is new."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_manage(member)
        document: Any = request.data
        line = orjson.dumps(document)
        report = import_documents(
            actor=signed_in(request), project=member.project, stream=BytesIO(line), format="jsonl", recorded=False
        )
        if report.problems:
            problems = [FieldError("", problem.reason) for problem in report.problems]
            raise InvalidData(_("The document was not taken."), problems)
        found = member.project.articles.get(external_id=document["id"], superseded_by=None)
        body = {"id": found.pk, "created": bool(report.created), "report": report.as_json()}
        return Response(body, status=201 if report.created else 200)


class ArticleView(APIView):
    """One article."""

    @extend_schema(operation_id="get_article", responses=ArticleWithSets)
    def get(self, request: Request, article_id: UUID) -> Response:
        """The document with the annotation sets one may see."""
        member, article = policies.check_member_by_article(user=request.user, article_id=article_id)
        if shows_work_of_others(member, article):
            record_openings(member=member, article_ids=[article.pk])
        sets = [annotation_set_json(annotation_set=each, with_article=False) for each in sets_shown(member, article)]
        answer: dict[str, Any] = article_json(article=article) | {"annotation_sets": sets}
        return Response(answer)

    @extend_schema(operation_id="change_article", request=PurposeShape, responses=PurposeShape)
    def patch(self, request: Request, article_id: UUID) -> Response:
        """Say what the article is for; for managers."""
        member, article = policies.check_member_by_article(user=request.user, article_id=article_id)
        policies.check_can_manage(member)
        body = PurposeShape(data=request.data)
        body.is_valid(raise_exception=True)
        mark_articles(member=member, article_ids=[article.pk], purpose=body.validated_data["purpose"])
        return Response(body.validated_data)
