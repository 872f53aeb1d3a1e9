"""The bin of a project: articles that a manager took out of it, with all work on them, until they are restored."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F

from annotations.models.articles import Article
from annotations.models.projects import Project


class BinnedArticle(models.Model):
    """An article in the bin of `project`. It belongs to another project meanwhile, the bin, which has no members.

    So every page, list, count and export of the project goes without it, whatever it asks for.
    """

    article = models.OneToOneField(Article, primary_key=True, on_delete=models.CASCADE, related_name="binned")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="binned", db_index=False)
    # What one action put there, one action brings back.
    batch = models.UUIDField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(F("project"), F("at").desc(), F("article").desc(), name="binned_of_project")]
