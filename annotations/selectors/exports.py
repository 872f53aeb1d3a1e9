"""What an export would hold, counted before it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from annotations import policies
from annotations.models import AnnotationSet, Article, Membership, Role, SetKind, SetState


@dataclass(frozen=True, slots=True)
class ExportCounts:
    """Articles of the project, and articles with sets of each choice the member may export (`sets` -> articles)."""

    articles: int
    by_sets: dict[str, int]


def export_counts(member: Membership) -> ExportCounts:
    """The counts for this member: for an annotator only the person's own articles."""
    own = member.role == Role.ANNOTATOR
    submitted = Q(kind=SetKind.ANNOTATOR, state=SetState.SUBMITTED, round=0)
    if own:
        submitted &= Q(annotator=member.user_id)
    gold, suggestion = Q(kind=SetKind.GOLD), Q(kind=SetKind.SUGGESTION)
    wanted = {
        "gold": gold,
        "annotators": submitted,
        "suggestions": suggestion,
        "all": gold | submitted | suggestion,
        "majority": submitted,
    }
    allowed = policies.exportable_kinds(member)
    purposes = policies.purposes_counted(member)
    sets = AnnotationSet.objects.filter(
        article__project=member.project_id, article__superseded_by=None, article__purpose__in=purposes
    )
    counts = sets.aggregate(
        **{key: Count("article", distinct=True, filter=which) for key, which in wanted.items() if key in allowed}
    )
    articles = Article.objects.filter(project=member.project_id, superseded_by=None)
    if own:
        articles = policies.articles_open_to(member)
    articles = articles.filter(purpose__in=purposes)
    return ExportCounts(articles=articles.count(), by_sets=counts)
