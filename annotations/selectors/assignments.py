"""Work that was given to somebody by name and is still in hand, and articles that can be given."""

from __future__ import annotations

from django.db.models import QuerySet
from django_stubs_ext import WithAnnotations

from annotations import policies
from annotations.domain.queueing import NO_END
from annotations.models import AnnotationSet, Article, Membership, Purpose, Role, SetKind, SetState
from annotations.selectors.progress import WithState


def assignments_of(member: Membership) -> QuerySet[AnnotationSet]:
    """Assigned sets in progress of the project, with article and annotator; for managers."""
    policies.check_can_manage(member)
    return (
        AnnotationSet.objects.filter(
            article__project=member.project_id,
            kind=SetKind.ANNOTATOR,
            state=SetState.IN_PROGRESS,
            lease_expires_at=NO_END,
        )
        .select_related("article", "annotator")
        .defer("article__text", "article__metadata")
    )


def assignable(
    articles: QuerySet[WithAnnotations[Article, WithState]],
) -> QuerySet[WithAnnotations[Article, WithState]]:
    """Those of the articles that still need annotators."""
    return articles.filter(open_slots__gt=0, purpose=Purpose.WORK)


def annotators_of(member: Membership) -> list[str]:
    """The names of those who can be given an article."""
    people = Membership.objects.filter(project=member.project_id, removed_at=None, user__is_active=True)
    return list(people.exclude(role=Role.READER).order_by("user__username").values_list("user__username", flat=True))
