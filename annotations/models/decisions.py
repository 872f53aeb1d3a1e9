"""Disagreements between annotation sets, and what reviewers made of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7
from annotations.models.articles import Article
from annotations.models.guidelines import GuidelineVersion


class DisagreementState(models.TextChoices):
    """Whether somebody has decided it, and on what is there now."""

    OPEN = "open", _("Open")
    DECIDED = "decided", _("Decided")
    STALE = "stale", _("Stale")


class Disagreement(models.Model):
    """An aligned group of spans (or relations) of several sets; its id is made of the article and its sources.

    `payload` is `{versions: [{digit, spans | relation, annotators: [user ids], sources: [ids]}], quote, start}`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="disagreements")
    kind = models.CharField(max_length=30)
    label = models.CharField(max_length=40)
    shape = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=DisagreementState, default=DisagreementState.OPEN)
    unanimous = models.BooleanField(default=False)
    start = models.IntegerField(default=0)
    payload = models.JSONField()

    class Meta:
        ordering = ["article", "start", "id"]
        constraints = [
            models.CheckConstraint(name="disagreement_state_known", condition=Q(state__in=DisagreementState.values))
        ]
        indexes = [
            # the review list: open ones of an article in reading order, and those alike
            models.Index(name="disagreement_open", fields=["article", "state", "start"]),
            models.Index(name="disagreement_shape", fields=["shape"]),
        ]


class DecisionKind(models.TextChoices):
    """What was decided upon."""

    DISAGREEMENT = "disagreement", _("Disagreement settled")
    EDIT = "edit", _("Gold edited")
    IMPORT = "import", _("Gold imported")
    UNANIMOUS = "unanimous", _("Unanimous accepted")
    MAJORITY = "majority", _("Majority accepted")


class Decision(models.Model):
    """What a reviewer made of a disagreement: sources in, 0 to n gold spans or relations out, with reason and rule.

    `sources` are the ids of the annotators' spans or relations it was made from, `gold` the ids it put into gold
    (in the changes of `batch`), `versions` the digits that were chosen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="decisions")
    disagreement = models.UUIDField(null=True, db_index=True)
    kind = models.CharField(max_length=15, choices=DecisionKind)
    versions = models.JSONField(default=list)
    sources = models.JSONField(default=list)
    gold = models.JSONField(default=list)
    batch = models.UUIDField()
    reason = models.TextField(blank=True, max_length=5_000)
    rule = models.TextField(blank=True, max_length=5_000)
    guideline = models.ForeignKey(GuidelineVersion, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="decision_once_per_disagreement",
                fields=["disagreement"],
                condition=Q(disagreement__isnull=False, undone_at__isnull=True),
            ),
            models.CheckConstraint(name="decision_kind_known", condition=Q(kind__in=DecisionKind.values)),
        ]


class ArticleOpening(models.Model):
    """A reviewer has seen other people's sets of an article, and so may not annotate it in a blind project."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="opening_once_per_person", fields=["article", "user"])]
