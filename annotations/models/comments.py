"""What people say about an annotation set or a span: comments, flags, and the reasons of skipping and returning."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7
from annotations.models.annotation_sets import AnnotationSet


class CommentKind(models.TextChoices):
    """Why it was written."""

    COMMENT = "comment", _("Comment")
    FLAG = "flag", _("Flag")
    SKIP = "skip", _("Skipped because")
    RETURN = "return", _("Returned because")


class Comment(models.Model):
    """A text by a member about a set, or about one span of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="comments")
    span = models.UUIDField(null=True)
    kind = models.CharField(max_length=10, choices=CommentKind)
    text = models.TextField(max_length=5_000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["annotation_set", "at", "id"]
        constraints = [
            models.CheckConstraint(name="comment_has_text", condition=~Q(text="")),
            models.CheckConstraint(name="comment_kind_known", condition=Q(kind__in=CommentKind.values)),
        ]
