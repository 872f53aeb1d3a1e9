"""Comments: what is said about a set and its spans, in threads, and resolving them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotations import policies
from annotations.api.authentication import signed_in
from annotations.api.lists import CURSOR, page_answer, page_shape, read_filters
from annotations.models import Comment, CommentKind, TokenScope
from annotations.selectors.comments import STATES, threads_listed
from annotations.services import comments
from annotations.services.disagreements import record_opening_of, record_openings


class CommentShape(serializers.Serializer[Comment]):
    """A comment; `parent` is the first of its thread (null: it is that one), `span` what it is about (null: all)."""

    id = serializers.UUIDField()
    annotation_set = serializers.UUIDField(source="annotation_set_id", allow_null=True)
    article = serializers.UUIDField(source="article_id", allow_null=True)
    disagreement = serializers.UUIDField(allow_null=True)
    span = serializers.UUIDField(allow_null=True)
    parent = serializers.UUIDField(source="parent_id", allow_null=True)
    kind = serializers.ChoiceField(choices=CommentKind.choices)
    text = serializers.CharField()
    author = serializers.CharField(source="author.username")
    at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolved_by = serializers.CharField(source="resolved_by.username", default=None, allow_null=True)


class CommentBody(serializers.Serializer[None]):
    """A thread (`kind`, `span`), an answer (`parent`), or the mark that one is not sure of a span (`kind` unsure)."""

    id = serializers.UUIDField(required=False, help_text="Made by the client; the same one twice is written once.")
    kind = serializers.ChoiceField(choices=[each.value for each in comments.KINDS], default=CommentKind.COMMENT)
    text = serializers.CharField(max_length=comments.MAX_CHARACTERS, required=False, allow_blank=True, default="")
    span = serializers.UUIDField(required=False, allow_null=True, default=None)
    parent = serializers.UUIDField(required=False, allow_null=True, default=None)
    resolved = serializers.BooleanField(
        required=False, default=False, help_text="With `kind` unsure: take the mark away."
    )


class ResolvedBody(serializers.Serializer[None]):
    """Whether the thread is closed."""

    resolved = serializers.BooleanField()


class ThreadsFilter(serializers.Serializer[None]):
    """Which threads to list."""

    state = serializers.ChoiceField(choices=[*STATES, "all"], required=False, default="open")
    kind = serializers.ChoiceField(choices=CommentKind.choices, required=False, allow_blank=True)
    annotator = serializers.CharField(required=False, allow_blank=True, max_length=150)
    search = serializers.CharField(required=False, allow_blank=True, max_length=200)


class CommentsView(APIView):
    """What is said about an annotation set: by its annotator and the reviewers."""

    write_scope = TokenScope.ANNOTATE

    @extend_schema(operation_id="list_comments", parameters=CURSOR, responses=page_shape("CommentPage", CommentShape))
    def get(self, request: Request, set_id: UUID) -> Response:
        """All comments, oldest first, answers among them."""
        member, annotation_set = policies.check_member_by_set(user=request.user, set_id=set_id)
        policies.check_can_discuss(member, annotation_set)
        record_opening_of(member=member, annotation_set=annotation_set)
        comments.see_answers(member=member, annotation_set=annotation_set)
        rows = Comment.objects.filter(annotation_set=annotation_set).select_related("author", "resolved_by")
        return page_answer(request, rows, self, CommentShape, ordering=("at", "pk"))

    @extend_schema(operation_id="write_comment", request=CommentBody, responses={201: CommentShape, 204: None})
    def post(self, request: Request, set_id: UUID) -> Response:
        """Begin a thread, answer one, or mark a span as unsure; 204 when there was no mark to take away."""
        body = CommentBody(data=request.data)
        body.is_valid(raise_exception=True)
        written = _write(request, set_id, body.validated_data)
        return Response(status=204) if written is None else Response(CommentShape(written).data, status=201)


class CommentView(APIView):
    """One comment."""

    write_scope = TokenScope.ANNOTATE

    @extend_schema(operation_id="resolve_comment", request=ResolvedBody, responses=CommentShape)
    def patch(self, request: Request, comment_id: UUID) -> Response:
        """Close the thread the comment belongs to, or open it again: a reviewer, or who began it."""
        body = ResolvedBody(data=request.data)
        body.is_valid(raise_exception=True)
        resolved = body.validated_data["resolved"]
        thread = comments.resolve_thread(actor=signed_in(request), thread_id=comment_id, resolved=resolved)
        return Response(CommentShape(thread).data)


class ThreadsView(APIView):
    """The threads of a project."""

    @extend_schema(
        operation_id="list_threads",
        parameters=[ThreadsFilter, *CURSOR],
        responses=page_shape("ThreadPage", CommentShape),
    )
    def get(self, request: Request, slug: str) -> Response:
        """First comments of threads, oldest first: all for reviewers, those on one's own work for annotators."""
        member = policies.check_member(user=request.user, slug=slug)
        policies.check_can_annotate(member)
        wanted = read_filters(request, ThreadsFilter, "cursor", "page_size")
        wanted["state"] = "" if wanted["state"] == "all" else wanted["state"]
        threads = threads_listed(member, **wanted)
        if policies.can_review(member):
            others = threads.exclude(annotation_set__annotator=member.user_id).filter(annotation_set__isnull=False)
            record_openings(
                member=member, article_ids=list(others.values_list("annotation_set__article", flat=True).distinct())
            )
        return page_answer(request, threads, self, CommentShape, ordering=("at", "pk"), filters=ThreadsFilter)


def _write(request: Request, set_id: UUID, values: dict[str, Any]) -> Comment | None:
    actor, text = signed_in(request), values["text"]
    if values["kind"] == CommentKind.UNSURE:
        return comments.mark_unsure(
            actor=actor, annotation_set_id=set_id, span=values["span"], unsure=not values["resolved"], text=text
        )
    if values["parent"] is not None:
        return comments.answer_thread(
            actor=actor, thread_id=values["parent"], text=text, comment_id=values.get("id"), annotation_set_id=set_id
        )
    return comments.begin_thread(
        actor=actor,
        annotation_set_id=set_id,
        kind=values["kind"],
        text=text,
        span=values["span"],
        comment_id=values.get("id"),
    )
