"""What became of suggestions, which engines are switched off, and what the dictionary has learnt."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7
from annotations.models.annotation_sets import AnnotationSet
from annotations.models.articles import Article
from annotations.models.fields import FragmentsField
from annotations.models.labels import Label
from annotations.models.projects import Project


class Verdict(models.TextChoices):
    """What an annotator made of a suggestion."""

    ACCEPTED = "accepted", _("Accepted")
    EDITED = "edited", _("Accepted, then edited")
    REJECTED = "rejected", _("Rejected")
    # the acceptance or the rejection was taken back: it counts as not judged
    WITHDRAWN = "withdrawn", _("Taken back")


class SuggestionVerdict(models.Model):
    """One suggestion (by its id, made of article, engine, label and fragments) as judged in one set."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="suggestion_verdicts")
    suggestion = models.UUIDField()
    engine = models.CharField(max_length=200)
    version = models.CharField(max_length=200, blank=True)
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+", db_index=False)
    fragments = FragmentsField()
    score = models.FloatField(null=True)
    verdict = models.CharField(max_length=9, choices=Verdict)
    # The span it became, also when that was deleted since; None when rejected as it was.
    span = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="verdict_once_per_suggestion", fields=["annotation_set", "suggestion"]),
            models.CheckConstraint(name="verdict_known", condition=Q(verdict__in=Verdict.values)),
        ]
        indexes = [
            # an engine's last fifty verdicts on a label
            models.Index(name="verdict_of_engine", fields=["label", "engine", "at"]),
        ]


class EngineSwitch(models.Model):
    """An engine is off (or on again) for a label: by itself (`by` is None: few were accepted) or by a manager."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="engine_switches")
    engine = models.CharField(max_length=200)
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="engine_switch_once_per_label", fields=["project", "engine", "label"])
        ]


class LearntPhrase(models.Model):
    """How often a phrase stands in a submitted article, and how often it was labelled there.

    Kept per article, so that what was learnt from an article (or its copies) can be left out on that article.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", db_index=False)
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="+")
    phrase = models.CharField(max_length=200)
    labelled = models.PositiveIntegerField()
    occurrences = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="phrase_once_per_article", fields=["article", "label", "phrase"]),
            models.CheckConstraint(name="phrase_labelled_where_it_is", condition=Q(labelled__lte=F("occurrences"))),
        ]
        indexes = [
            # the dictionary: what is known of the phrases of a text
            models.Index(name="phrase_in_project", fields=["project", "phrase"]),
        ]
