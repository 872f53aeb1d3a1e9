"""What is in a project's bin, and what would go into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce

from annotations import policies
from annotations.models import (
    AnnotationSet,
    Article,
    AuditEntry,
    BinnedArticle,
    Decision,
    Label,
    Membership,
    Project,
    Relation,
    RelationLabel,
    Release,
    Role,
    SetKind,
    SetState,
    Span,
    User,
)


@dataclass(frozen=True, slots=True)
class Affected:
    """What goes with articles: annotation sets, of them in work and submitted, spans in all, decisions, gold done."""

    articles: int
    sets: int
    in_progress: int
    submitted: int
    gold_done: int
    spans: int
    decisions: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What one action put into the bin; `example` is the title of one of its articles."""

    id: UUID
    at: datetime
    by: str
    example: str
    affected: Affected


def affected_by_binning(article_ids: Iterable[UUID]) -> Affected:
    """The counts shown before, and beside what is in the bin."""
    ids = list(article_ids)
    sets = AnnotationSet.objects.filter(article__in=ids)
    counted = sets.aggregate(
        sets=Count("pk"),
        in_progress=Count("pk", filter=Q(state__in=(SetState.IN_PROGRESS, SetState.RETURNED))),
        submitted=Count("pk", filter=Q(kind=SetKind.ANNOTATOR, state=SetState.SUBMITTED)),
        gold_done=Count("pk", filter=Q(kind=SetKind.GOLD, state=SetState.DONE)),
    )
    return Affected(
        articles=len(ids),
        spans=Span.objects.filter(annotation_set__article__in=ids).count(),
        decisions=Decision.objects.filter(article__in=ids, undone_at=None).count(),
        **counted,
    )


def batches_in_bin(member: Membership) -> list[Batch]:
    """The articles in the bin by what put them there, newest first.

    Raises:
        NotAllowed: not a manager.
    """
    policies.check_can_manage(member)
    named = Coalesce("article__title", "article__external_id", output_field=TextField())
    rows = (
        BinnedArticle.objects.filter(project=member.project_id)
        .values("batch", "by__username")
        .annotate(last=Max("at"), example=Max(named))
        .order_by("-last", "batch")
    )
    return [
        Batch(
            id=row["batch"],
            at=row["last"],
            by=row["by__username"],
            example=row["example"],
            affected=affected_by_binning(
                BinnedArticle.objects.filter(batch=row["batch"]).values_list("article", flat=True)
            ),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class ProjectContents:
    """What is in a project: articles (former versions and those in its bin too), the work on them, its releases."""

    members: int
    articles: int
    sets: int
    spans: int
    decisions: int
    releases: int

    def counts(self) -> dict[str, Any]:
        """Those that are not zero, by name."""
        return {name: value for name, value in asdict(self).items() if value}


def contents_of(project: Project) -> ProjectContents:
    """The counts shown before a project goes into the bin, and when it is destroyed."""
    both = Project.objects.filter(Q(pk=project.pk) | Q(bin_of=project))
    return ProjectContents(
        members=Membership.objects.filter(project=project, removed_at=project.binned_at).count(),
        articles=Article.objects.filter(project__in=both).count(),
        sets=AnnotationSet.objects.filter(article__project__in=both).count(),
        spans=Span.objects.filter(annotation_set__article__project__in=both).count(),
        decisions=Decision.objects.filter(article__project__in=both, undone_at=None).count(),
        releases=Release.objects.filter(project=project).count(),
    )


def projects_in_bin(user: User) -> QuerySet[Membership]:
    """The memberships the person had as a manager of projects that are in the bin, latest first (`binned_by`)."""
    who = AuditEntry.objects.filter(project=OuterRef("project"), action="project.binned").order_by("-at", "-pk")
    return (
        Membership.objects.filter(
            user=user, role=Role.MANAGER, removed_at__isnull=False, removed_at=F("project__binned_at")
        )
        .select_related("project")
        .annotate(binned_by=Subquery(who.values("actor__username")[:1]))
        .order_by("-removed_at", "pk")
    )


def members_removed(member: Membership) -> QuerySet[Membership]:
    """Who was taken out of the project, latest first, with how much of their work is there (`sets_kept`)."""
    work = Count(
        "user__annotation_sets", filter=Q(user__annotation_sets__article__project=member.project_id), distinct=True
    )
    removed = Membership.objects.filter(project=member.project_id, removed_at__isnull=False, user__is_active=True)
    return removed.select_related("user").annotate(sets_kept=work).order_by("-removed_at", "pk")


def labels_archived(member: Membership) -> list[tuple[Label | RelationLabel, int]]:
    """Archived labels and relation labels with how many spans, or links, have them."""
    labels = Label.objects.filter(project=member.project_id, archived_at__isnull=False).order_by("-archived_at")
    links = RelationLabel.objects.filter(project=member.project_id, archived_at__isnull=False).order_by("-archived_at")
    counted = dict(Span.objects.filter(label__in=labels).order_by().values_list("label").annotate(Count("pk")))
    linked = dict(Relation.objects.filter(label__in=links).order_by().values_list("label").annotate(Count("pk")))
    return [
        *((label, counted.get(label.pk, 0)) for label in labels),
        *((link, linked.get(link.pk, 0)) for link in links),
    ]
