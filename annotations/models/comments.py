"""What people say about an annotation set, a span or a disagreement, in threads of questions and answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7
from annotations.models.annotation_sets import AnnotationSet
from annotations.models.articles import Article


class CommentKind(models.TextChoices):
    """Why it was written."""

    COMMENT = "comment", _("Comment")
    QUESTION = "question", _("Question")
    FLAG = "flag", _("Flag")
    UNSURE = "unsure", _("Not sure")
    SKIP = "skip", _("Skipped because")
    RETURN = "return", _("Returned because")
    GUIDELINE = "guideline", _("Guideline issue")


class Comment(models.Model):
    """A text by a member: about a set or one span of it, or about a disagreement (by its id) of an article.

    `parent` is the first comment of its thread. `seen_at` is when the annotator asked saw an answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    annotation_set = models.ForeignKey(AnnotationSet, null=True, on_delete=models.PROTECT, related_name="comments")
    span = models.UUIDField(null=True)
    article = models.ForeignKey(Article, null=True, on_delete=models.PROTECT, related_name="review_comments")
    disagreement = models.UUIDField(null=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=10, choices=CommentKind)
    text = models.TextField(max_length=5_000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["annotation_set", "at", "id"]
        constraints = [
            # To be unsure needs no words.
            models.CheckConstraint(name="comment_has_text", condition=~Q(text="") | Q(kind=CommentKind.UNSURE)),
            models.CheckConstraint(name="comment_kind_known", condition=Q(kind__in=CommentKind.values)),
            models.CheckConstraint(
                name="comment_about_a_set_or_an_article",
                condition=Q(annotation_set__isnull=False, article__isnull=True, disagreement__isnull=True)
                | Q(annotation_set__isnull=True, article__isnull=False, span__isnull=True),
            ),
        ]
        indexes = [
            # the review page: what was said about a disagreement
            models.Index(
                name="comment_of_disagreement", fields=["disagreement"], condition=Q(disagreement__isnull=False)
            ),
        ]
