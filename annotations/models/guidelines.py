"""The guideline of a project in numbered, never changing versions of Markdown."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from annotations.models.projects import Project


class GuidelineVersion(models.Model):
    """One published version; numbers start at 1 and have no gaps (a trigger sees to it)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="guideline_versions")
    number = models.PositiveIntegerField()
    markdown = models.TextField(max_length=200_000)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(name="guideline_number_once", fields=["project", "number"]),
            models.CheckConstraint(name="guideline_number_from_1", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} guideline {self.number}"
