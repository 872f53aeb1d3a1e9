"""What reviewers settled for good: rules with the words they were made for, appeals, and quotes that play two roles."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7
from annotations.models.decisions import Decision
from annotations.models.guidelines import GuidelineVersion
from annotations.models.labels import Label
from annotations.models.projects import Project


class Precedent(models.Model):
    """A rule with the quote it was made for. `guideline` is the version it went into, None while it is a draft."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="precedents")
    label = models.ForeignKey(Label, null=True, on_delete=models.PROTECT, related_name="+")
    quote = models.TextField(max_length=2_000, blank=True)
    context = models.TextField(max_length=5_000, blank=True)
    rule = models.TextField(max_length=5_000)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.SET_NULL, related_name="precedents")
    guideline = models.ForeignKey(GuidelineVersion, null=True, on_delete=models.PROTECT, related_name="precedents")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)
    search = models.GeneratedField(
        expression=Func(
            template="to_tsvector('simple'::regconfig, left(quote || ' ' || context || ' ' || rule, 12000))",
            output_field=SearchVectorField(),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["project", "at", "id"]
        constraints = [models.CheckConstraint(name="precedent_has_a_rule", condition=~Q(rule=""))]
        indexes = [GinIndex(name="precedent_search", fields=["search"])]


class AppealOutcome(models.TextChoices):
    """What came of an appeal."""

    OPEN = "open", _("Open")
    UPHELD = "upheld", _("Decision stays")
    CHANGED = "changed", _("Decision changed")


class Appeal(models.Model):
    """An annotator's one objection to a decision, and the reviewer's answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=5_000)
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=7, choices=AppealOutcome, default=AppealOutcome.OPEN)
    answer = models.TextField(max_length=5_000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="appeal_once_per_decision", fields=["decision", "by"]),
            models.CheckConstraint(name="appeal_has_text", condition=~Q(text="")),
            models.CheckConstraint(name="appeal_outcome_known", condition=Q(outcome__in=AppealOutcome.values)),
        ]


class RoleClash(models.Model):
    """A quote that carries several labels in the project, as somebody judged it: fine as it is, or with a rule."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="role_clashes")
    quote = models.CharField(max_length=500)
    labels = ArrayField(models.CharField(max_length=40))
    precedent = models.ForeignKey(Precedent, null=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="clash_judged_once", fields=["project", "quote"])]
