"""What review made of one's own work, and appeals against decisions on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.lists import CURSOR, PAGE, read_filters
from annotations.api.pagination import ByCursor
from annotations.domain.feedback import Fate
from annotations.models import AnnotationSet, AppealOutcome, SetKind, SetState, TokenScope
from annotations.selectors.appeals import appeals_to_answer
from annotations.selectors.feedback import (
    appeal_json,
    change_json,
    changes_made,
    own_appeals,
    reviewed_sets,
    summaries,
)
from annotations.services.appeals import answer_appeal, appeal


class SummaryShape(serializers.Serializer[None]):
    """One of one's own articles whose gold is done; the counts are of spans, `f1` is exact."""

    article = serializers.UUIDField()
    annotation_set = serializers.UUIDField()
    submitted_at = serializers.DateTimeField()
    f1 = serializers.FloatField()
    kept = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()
    added = serializers.IntegerField()


class SummaryPage(serializers.Serializer[None]):
    """A page of the list."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = SummaryShape(many=True)


class PartShape(serializers.Serializer[None]):
    """A span or link in words."""

    quote = serializers.CharField()
    label = serializers.CharField()


class AppealShape(serializers.Serializer[None]):
    """An appeal; it names nobody."""

    id = serializers.UUIDField()
    decision = serializers.UUIDField()
    article = serializers.UUIDField()
    text = serializers.CharField()
    at = serializers.DateTimeField()
    outcome = serializers.ChoiceField(choices=AppealOutcome.choices)
    answer = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class ReasonShape(serializers.Serializer[None]):
    """The decision that made it so."""

    id = serializers.UUIDField()
    reason = serializers.CharField()
    rule = serializers.CharField()
    at = serializers.DateTimeField()


class FateShape(serializers.Serializer[None]):
    """What became of a span or link of one's own; `kind` as in disagreements."""

    fate = serializers.ChoiceField(choices=[each.value for each in Fate])
    kind = serializers.CharField()
    own = PartShape(many=True)
    gold = PartShape(many=True)
    details = serializers.ListField(child=serializers.CharField())
    decision = ReasonShape(allow_null=True)
    appeal = AppealShape(allow_null=True)


class FatesShape(serializers.Serializer[None]):
    """All of an article."""

    results = FateShape(many=True)


class AppealPage(serializers.Serializer[None]):
    """A page of the list."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AppealShape(many=True)


class AppealFilter(serializers.Serializer[None]):
    """Whose: one's own, or for reviewers those to answer."""

    state = serializers.ChoiceField(
        choices=["own", "open", "answered"],
        required=False,
        default="own",
        help_text="`own`: one's own; `open`, `answered`: for reviewers.",
    )


class NewAppealBody(serializers.Serializer[None]):
    """An objection."""

    decision = serializers.UUIDField()
    text = serializers.CharField(max_length=5_000)


class AnswerBody(serializers.Serializer[None]):
    """A reviewer's answer; where the decision stays, it says why."""

    outcome = serializers.ChoiceField(choices=["upheld", "changed"])
    answer = serializers.CharField(max_length=5_000, required=False, allow_blank=True, default="")


class FeedbackView(APIView):
    """One's own articles that are through review."""

    @extend_schema(operation_id="list_feedback", parameters=CURSOR, responses=SummaryPage)
    def get(self, request: Request, slug: str) -> Response:
        """What was kept, changed, taken out and added on each."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_annotate(member)
        read_filters(request, None, *PAGE)
        paginator = ByCursor()
        page = paginator.paginate_queryset(reviewed_sets(member, user_id=member.user_id), request, view=self) or []
        return paginator.get_paginated_response(
            [
                {
                    "article": each.set.article_id,
                    "annotation_set": each.set.pk,
                    "submitted_at": each.set.submitted_at,
                    "f1": each.f1,
                    **{fate.value: each.counts.get(fate, 0) for fate in Fate},
                }
                for each in summaries(page)
            ]
        )


class ArticleFeedbackView(APIView):
    """One article."""

    @extend_schema(operation_id="get_article_feedback", responses=FatesShape)
    def get(self, request: Request, article_id: UUID) -> Response:
        """What became of each of one's spans and links in gold, and why."""
        member, article = policies.check_member_by_article(user=request.user, article_id=article_id)
        policies.check_can_see_feedback(member, article.pk)
        sets = AnnotationSet.objects.filter(article=article.pk)
        own = sets.get(annotator=member.user_id, kind=SetKind.ANNOTATOR, round=0)
        gold = sets.get(kind=SetKind.GOLD, state=SetState.DONE)
        return Response({"results": [change_json(each) for each in changes_made(own, gold, article)]})


class AppealsView(APIView):
    """Objections to decisions."""

    write_scope = TokenScope.ANNOTATE

    @extend_schema(operation_id="list_appeals", parameters=[AppealFilter, *CURSOR], responses=AppealPage)
    def get(self, request: Request, slug: str) -> Response:
        """One's own, or for reviewers those to answer."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_annotate(member)
        state = read_filters(request, AppealFilter, *PAGE)["state"]
        found = own_appeals(member) if state == "own" else appeals_to_answer(member, answered=state == "answered")
        paginator = ByCursor()
        page = paginator.paginate_queryset(found, request, view=self) or []
        return paginator.get_paginated_response([appeal_json(each) for each in page])

    @extend_schema(operation_id="create_appeal", request=NewAppealBody, responses={201: AppealShape})
    def post(self, request: Request, slug: str) -> Response:
        """Object to a decision on one's own work, once."""
        member = policies.check_member(user=request.user, slug=slug)
        body = NewAppealBody(data=request.data)
        body.is_valid(raise_exception=True)
        values: dict[str, Any] = body.validated_data
        made = appeal(member=member, decision_id=values["decision"], text=values["text"])
        return Response(appeal_json(made), status=201)


class AppealView(APIView):
    """One objection."""

    @extend_schema(operation_id="answer_appeal", request=AnswerBody, responses=AppealShape)
    def patch(self, request: Request, slug: str, appeal_id: UUID) -> Response:
        """Say that the decision stays, or that it was changed."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_review(member)
        body = AnswerBody(data=request.data)
        body.is_valid(raise_exception=True)
        answered = answer_appeal(member=member, appeal_id=appeal_id, **body.validated_data)
        return Response(appeal_json(answered))
