"""An entity is whom or what a mention means."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from annotations.domain.identifiers import uuid7
from annotations.models.labels import Label
from annotations.models.projects import Project


class Entity(models.Model):
    """A canonical name within a label of a project, with identifiers and, for places, coordinates in degrees."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="entities")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=500)
    identifiers = models.JSONField(default=dict, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    # Merged entities keep their mentions; whoever reads follows this link, so that a merge can be undone.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="merged"
    )
    # Made by hand or by an import: everybody may see it. The others came with somebody's labelling.
    listed = models.BooleanField(default=False, db_default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="entity_name_once_per_label", fields=["project", "label", "name"]),
            models.CheckConstraint(name="entity_not_merged_into_itself", condition=~Q(merged_into=F("pk"))),
            models.CheckConstraint(name="entity_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="entity_coordinates_on_earth",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Alias(models.Model):
    """Another name of an entity."""

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="alias_once_per_entity", fields=["entity", "name"]),
            models.CheckConstraint(name="alias_has_a_name", condition=~Q(name="")),
        ]


class EntityMerge(models.Model):
    """Somebody merged one entity into another, or took that back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kept = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="+")
    merged = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
