"""A project holds articles, labels, guideline, members and rules together."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7


class Project(models.Model):
    """One body of articles, labelled under one guideline."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=5_000)
    annotators_per_article = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    blind = models.BooleanField(default=True)
    suggestions = models.BooleanField(_("suggestions beside the text"), default=False)
    reading_evidence = models.BooleanField(_("keep which paragraphs were on screen"), default=False)
    # F1 against known gold that opens real work; without it there is no training.
    pass_mark = models.FloatField(null=True, blank=True)
    # After so many articles one with known gold comes, which looks like any other; without it none does.
    check_every = models.PositiveSmallIntegerField(null=True, blank=True)
    # Two annotators whose F1 on an article is below this are joined by a third; without it nobody is.
    adaptive_threshold = models.FloatField(null=True, blank=True)
    # After so many weeks an annotator gets an article of their own again; without it none comes back.
    repeat_after_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    # The one project in which newcomers learn the desk; nobody manages it, and no list shows it.
    is_practice = models.BooleanField(default=False, editable=False)
    # Of a bin: whose binned articles it holds (`models.binned`); it has no members.
    bin_of = models.OneToOneField(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="articles_bin"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    # In the bin since then: every membership of then has this as its `removed_at`, so that nobody is a member.
    binned_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="project_annotators_1_to_20",
                condition=Q(annotators_per_article__gte=1, annotators_per_article__lte=20),
            ),
            models.UniqueConstraint(
                name="project_one_for_practice", fields=["is_practice"], condition=Q(is_practice=True)
            ),
            models.CheckConstraint(
                name="project_pass_mark_0_to_1",
                condition=Q(pass_mark__isnull=True) | Q(pass_mark__gte=0, pass_mark__lte=1),
            ),
            models.CheckConstraint(
                name="project_adaptive_threshold_0_to_1",
                condition=Q(adaptive_threshold__isnull=True) | Q(adaptive_threshold__gte=0, adaptive_threshold__lte=1),
            ),
            models.CheckConstraint(
                name="project_check_every_1_or_more", condition=Q(check_every__isnull=True) | Q(check_every__gte=1)
            ),
            models.CheckConstraint(
                name="project_repeats_after_a_week_or_more",
                condition=Q(repeat_after_weeks__isnull=True) | Q(repeat_after_weeks__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do; `policies` says it in full."""

    MANAGER = "manager", _("Manager")
    REVIEWER = "reviewer", _("Reviewer")
    ANNOTATOR = "annotator", _("Annotator")
    READER = "reader", _("Reader")


class Membership(models.Model):
    """A person's role in a project, and where the queue last left that person."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    joined_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    guideline_seen = models.PositiveIntegerField(null=True, editable=False)
    trained_at = models.DateTimeField(null=True, editable=False)
    # (priority, article) of the last claim: the next look-up starts behind it.
    queue_priority = models.IntegerField(null=True, editable=False)
    queue_article = models.UUIDField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="membership_once_per_person", fields=["project", "user"]),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.project_id}: {self.role}"


LASTING: Final = Q(removed_at=None) | Q(removed_at=F("project__binned_at"))
"""Memberships of now, and those that come back as soon as their project comes out of the bin."""
