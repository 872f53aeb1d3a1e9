"""A relation is a labelled link between two spans of one annotation set."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from annotations.domain.identifiers import uuid7
from annotations.models.annotation_sets import AnnotationSet
from annotations.models.labels import RelationLabel
from annotations.models.spans import Span


class Relation(models.Model):
    """A link from `source` to `target`; composite keys in the database hold both ends in the relation's own set."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    external_id = models.CharField(max_length=200, null=True)
    annotation_set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="relations")
    label = models.ForeignKey(RelationLabel, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(
        Span, on_delete=models.RESTRICT, related_name="relations_out", db_constraint=False, db_index=False
    )
    target = models.ForeignKey(Span, on_delete=models.RESTRICT, related_name="relations_in", db_constraint=False)
    revision = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="relation_once_per_triple",
                fields=["source", "label", "target"],
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                name="relation_external_id_once_per_set",
                fields=["annotation_set", "external_id"],
                condition=Q(external_id__isnull=False),
            ),
            models.CheckConstraint(name="relation_links_two_spans", condition=~Q(source=F("target"))),
        ]
