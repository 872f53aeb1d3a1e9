"""What an export would hold, counted before it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, Q

from annotations import policies
from annotations.models import AnnotationSet, Article, Membership, Role, SetKind, SetState
from annotations.selectors.articles import articles_listed


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


def narrowing(
    member: Membership,
    *,
    search: str = "",
    state: str = "",
    outlet: str = "",
    published_after: date | None = None,
    published_before: date | None = None,
) -> str:
    """The same articles as a list of articles with these filters, as a condition in SQL on an article `a`, complete
    with its values: an export reads on a connection of its own.
    """
    found = articles_listed(
        member,
        search=search,
        state=state,
        outlet=outlet,
        published_after=published_after,
        published_before=published_before,
    )
    query, values = found.order_by().values("pk").query.sql_with_params()
    connection.ensure_connection()
    composed: str = connection.ops.compose_sql(query, values)  # type: ignore[attr-defined] # PostgreSQL's
    return f"a.id IN ({composed})"
