"""How far somebody is with the practice article."""

from __future__ import annotations

from annotations.models import AnnotationSet, User


def practice_of(user: User) -> AnnotationSet | None:
    """The person's work on the practice article, if it was begun."""
    return AnnotationSet.objects.filter(annotator=user, article__project__is_practice=True).first()
