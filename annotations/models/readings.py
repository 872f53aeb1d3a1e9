"""Which paragraphs of an article were on an annotator's screen, where the project asks for it."""

from __future__ import annotations

from django.db import models

from annotations.models.annotation_sets import AnnotationSet
from annotations.models.fields import FragmentsField


class Reading(models.Model):
    """`paragraphs` are half-open ranges of paragraph numbers that were seen, of `total` paragraphs."""

    annotation_set = models.OneToOneField(AnnotationSet, on_delete=models.CASCADE, related_name="reading")
    paragraphs = FragmentsField()
    total = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now=True)
