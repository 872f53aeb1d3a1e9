"""A span is one or more fragments of an article's text with one label."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from annotations.domain.identifiers import uuid7
from annotations.models.annotation_sets import AnnotationSet
from annotations.models.entities import Entity
from annotations.models.fields import FragmentsField
from annotations.models.labels import Label

MAX_FRAGMENTS = 100


class Origin(models.TextChoices):
    """How a span came to be."""

    TYPED = "typed", _("Labelled by hand")
    SUGGESTED = "suggested", _("Accepted suggestion")
    PROPAGATED = "propagated", _("Identical mention")
    IMPORTED = "imported", _("Imported")


class Span(models.Model):
    """Fragments (code points, half open, sorted, disjoint) with a label; `revision` is the set's at its last change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    external_id = models.CharField(max_length=200, null=True)
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="spans", db_index=False)
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+")
    fragments = FragmentsField()
    start = models.GeneratedField(
        expression=Func(F("fragments"), function="lower"), output_field=models.IntegerField(), db_persist=True
    )
    end = models.GeneratedField(
        expression=Func(F("fragments"), function="upper"), output_field=models.IntegerField(), db_persist=True
    )
    parts = models.GeneratedField(
        expression=Func(F("fragments"), function="count_fragments"),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    entity = models.ForeignKey(Entity, null=True, on_delete=models.PROTECT, related_name="spans")
    attributes = models.JSONField(default=dict)
    note = models.TextField(blank=True, max_length=10_000)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.TYPED)
    score = models.FloatField(null=True)
    sources = models.JSONField(default=list)
    revision = models.IntegerField()

    class Meta:
        ordering = ["start", "end", "id"]
        constraints = [
            models.UniqueConstraint(
                name="span_once_per_label_and_fragments",
                fields=["annotation_set", "label", "fragments"],
                deferrable=models.Deferrable.DEFERRED,  # two spans of a batch may change places
            ),
            models.UniqueConstraint(
                name="span_external_id_once_per_set",
                fields=["annotation_set", "external_id"],
                condition=Q(external_id__isnull=False),
            ),
            # what the ends of relations refer to, so that both are in the same set
            models.UniqueConstraint(name="span_in_its_set", fields=["id", "annotation_set"]),
            models.CheckConstraint(
                name="span_has_1_to_100_fragments", condition=Q(parts__gte=1, parts__lte=MAX_FRAGMENTS)
            ),
            models.CheckConstraint(name="span_starts_at_0_or_later", condition=Q(start__isnull=False, start__gte=0)),
            models.CheckConstraint(name="span_has_an_end", condition=Q(end__isnull=False)),
            models.CheckConstraint(name="span_origin_known", condition=Q(origin__in=Origin.values)),
        ]
        indexes = [
            # the desk: spans of a set in reading order, or those that touch a range
            models.Index(name="span_reading_order", fields=["annotation_set", "start"]),
        ]
