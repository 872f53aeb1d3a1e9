"""An annotation set is one author's labelling of one article; legal transitions are in `domain.queueing`."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7
from annotations.models.articles import Article
from annotations.models.guidelines import GuidelineVersion


class SetKind(models.TextChoices):
    """Whose labelling it is."""

    ANNOTATOR = "annotator", _("Annotator")
    GOLD = "gold", _("Gold")
    SUGGESTION = "suggestion", _("Suggestion")


class SetState(models.TextChoices):
    """Where the work on a set stands."""

    IN_PROGRESS = "in_progress", _("In progress")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    SKIPPED = "skipped", _("Skipped")
    RELEASED = "released", _("Released")
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    READY = "ready", _("Ready")


STATES_OF_KIND = {
    SetKind.ANNOTATOR: (
        SetState.IN_PROGRESS, SetState.SUBMITTED, SetState.RETURNED, SetState.SKIPPED, SetState.RELEASED,
    ),
    SetKind.GOLD: (SetState.OPEN, SetState.DONE),
    SetKind.SUGGESTION: (SetState.READY,),
}  # fmt: skip


class AnnotationSet(models.Model):
    """One author's spans and relations on one article, with the counter of its changes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="annotation_sets")
    kind = models.CharField(max_length=10, choices=SetKind)
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="annotation_sets", db_index=False
    )
    source = models.CharField(max_length=200, blank=True)
    engine = models.CharField(max_length=200, blank=True)
    version = models.CharField(max_length=200, blank=True)
    # 0 is the work itself; later rounds are the same article again, to see how an annotator agrees with himself.
    round = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Whether suggestions stood beside the text: agreement on such work is reported apart.
    suggestions_shown = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=11, choices=SetState)
    revision = models.IntegerField(default=0)
    guideline = models.ForeignKey(GuidelineVersion, null=True, on_delete=models.PROTECT, related_name="+")
    imported_guideline = models.IntegerField(null=True)
    lease_expires_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True)
    active_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="set_once_per_annotator_and_article",
                fields=["article", "annotator", "round"],
                condition=Q(kind=SetKind.ANNOTATOR),
            ),
            models.UniqueConstraint(
                name="set_one_gold_per_article", fields=["article"], condition=Q(kind=SetKind.GOLD)
            ),
            models.UniqueConstraint(
                name="set_once_per_source_and_article",
                fields=["article", "source"],
                condition=Q(kind=SetKind.SUGGESTION),
            ),
            models.CheckConstraint(
                name="set_has_its_author",
                condition=Q(kind=SetKind.ANNOTATOR, annotator__isnull=False, source="")
                | Q(kind=SetKind.GOLD, annotator__isnull=True, source="")
                | (Q(kind=SetKind.SUGGESTION, annotator__isnull=True) & ~Q(source="")),
            ),
            models.CheckConstraint(
                name="set_state_of_its_kind",
                condition=Q(kind=SetKind.ANNOTATOR, state__in=STATES_OF_KIND[SetKind.ANNOTATOR])
                | Q(kind=SetKind.GOLD, state__in=STATES_OF_KIND[SetKind.GOLD])
                | Q(kind=SetKind.SUGGESTION, state__in=STATES_OF_KIND[SetKind.SUGGESTION]),
            ),
            models.CheckConstraint(name="set_revision_from_0", condition=Q(revision__gte=0)),
        ]
        indexes = [
            # the queue's "own open claim"
            models.Index(name="set_of_annotator", fields=["annotator", "state", "started_at"]),
            # a person's own work, newest first
            models.Index(name="set_begun", fields=["annotator", "started_at", "id"]),
            # leases that have run out
            models.Index(
                name="set_leases",
                fields=["lease_expires_at"],
                condition=Q(state=SetState.IN_PROGRESS, lease_expires_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.annotator_id or self.source} on {self.article_id}"
