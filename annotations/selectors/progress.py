"""How far the work on a project is: for a blind annotator only the person's own, for reviewers everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Case, CharField, Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, LessThanOrEqual
from django_stubs_ext import WithAnnotations

from annotations import policies
from annotations.models import AnnotationSet, Article, Membership, Purpose, Role, SetKind, SetState, Span

NEW, IN_PROGRESS, SUBMITTED, DONE = ARTICLE_STATES = ("new", "in_progress", "submitted", "done")
_AT_WORK = (SetState.IN_PROGRESS, SetState.RETURNED)


class WithState(TypedDict):
    """What `with_state` adds to an article."""

    work_state: str


@dataclass(frozen=True, slots=True)
class OwnProgress:
    """A member's own work in a project, in annotation sets."""

    in_progress: int
    returned: int
    submitted: int


@dataclass(frozen=True, slots=True)
class ProjectProgress:
    """Articles of a project by state; each article counts once."""

    articles: int
    new: int
    in_progress: int
    submitted: int
    done: int


@dataclass(frozen=True, slots=True)
class AnnotatorProgress:
    """One annotator's sets in a project, by state; `active_seconds` over all of them."""

    username: str
    in_progress: int
    submitted: int
    skipped: int
    last_submitted_at: datetime | None


def with_state(articles: QuerySet[Article], member: Membership) -> QuerySet[WithAnnotations[Article, WithState]]:
    """Articles with `work_state`, one of ARTICLE_STATES.

    new: nobody works on it; in_progress: it needs annotators, or one is at work; submitted: all have submitted, a
    reviewer can settle it; done: its gold is done. For a blind annotator only the person's own set counts, and `done`
    is told only after the person has submitted.
    """
    works = Q(kind=SetKind.ANNOTATOR)
    done = BoolOr(Q(kind=SetKind.GOLD, state=SetState.DONE))
    submitted = BoolOr(works & Q(state=SetState.SUBMITTED))
    at_work = BoolOr(works & Q(state__in=_AT_WORK))
    is_done, is_submitted = Q(has_gold=True), Q(has_submitted=True)
    sets = AnnotationSet.objects.filter(article=OuterRef("pk"))
    if member.role == Role.ANNOTATOR:
        is_done &= ~Q(Exact(OuterRef("purpose"), Purpose.CHECK))  # whose gold was there before
    if policies.is_blinded(member):
        sets = sets.filter(Q(kind=SetKind.GOLD) | works & Q(annotator=member.user_id) & ~Exists(_later_rounds()))
        is_done &= is_submitted
    else:
        is_submitted &= Q(LessThanOrEqual(OuterRef("open_slots"), 0)) & Q(has_work=False)
    state = Case(
        When(is_done, then=Value(DONE)),
        When(is_submitted, then=Value(SUBMITTED)),
        When(Q(has_work=True) | Q(has_submitted=True), then=Value(IN_PROGRESS)),
        default=Value(NEW),
        output_field=CharField(),
    )
    # One look at the sets of each article. Four questions that each ask whether there is a set of some kind would be
    # answered by reading all sets of the database first, however few articles are shown.
    states = (
        sets.order_by()
        .values("article")
        .annotate(has_gold=done, has_submitted=submitted, has_work=at_work)
        .annotate(found=state)
        .values("found")
    )
    return articles.annotate(work_state=Coalesce(Subquery(states), Value(NEW)))


def own_progress(member: Membership) -> OwnProgress:
    """What the member has in hand and has submitted."""
    sets = AnnotationSet.objects.filter(annotator=member.user_id, article__project=member.project_id)
    counts = sets.aggregate(
        in_progress=Count("pk", filter=Q(state=SetState.IN_PROGRESS)),
        returned=Count("pk", filter=Q(state=SetState.RETURNED)),
        submitted=Count("pk", filter=Q(state=SetState.SUBMITTED)),
    )
    return OwnProgress(**counts)


def project_progress(member: Membership) -> ProjectProgress:
    """The articles by state; only for members from whom the work of others is not hidden."""
    articles = with_state(_articles_of_work(member), member)
    counts = dict(articles.order_by().values_list("work_state").annotate(Count("pk")))
    return ProjectProgress(articles=sum(counts.values()), **{state: counts.get(state, 0) for state in ARTICLE_STATES})


def _articles_of_work(member: Membership) -> QuerySet[Article]:
    return Article.objects.filter(project=member.project_id, superseded_by=None, purpose=Purpose.WORK)


def progress_by_annotator(member: Membership) -> list[AnnotatorProgress]:
    """Everybody's sets by state, by name; for reviewers and managers."""
    policies.check_can_review(member)
    sets = AnnotationSet.objects.filter(
        article__project=member.project_id, article__purpose=Purpose.WORK, kind=SetKind.ANNOTATOR, round=0
    )
    rows = (
        sets.order_by()
        .values("annotator__username")
        .annotate(
            at_work=Count("pk", filter=Q(state__in=_AT_WORK)),
            submitted_sets=Count("pk", filter=Q(state=SetState.SUBMITTED)),
            skipped_sets=Count("pk", filter=Q(state=SetState.SKIPPED)),
            last=Max("submitted_at"),
        )
        .order_by("annotator__username")
    )
    return [
        AnnotatorProgress(
            username=row["annotator__username"],
            in_progress=row["at_work"],
            submitted=row["submitted_sets"],
            skipped=row["skipped_sets"],
            last_submitted_at=row["last"],
        )
        for row in rows
    ]


def own_sets(member_user_id: int) -> QuerySet[AnnotationSet]:
    """A person's own annotation sets in projects the person is still a member of, latest work first."""
    return (
        AnnotationSet.objects.filter(
            annotator=member_user_id,
            kind=SetKind.ANNOTATOR,
            article__project__memberships__user=member_user_id,
            article__project__memberships__removed_at=None,
            article__project__is_practice=False,
            article__superseded_by=None,
        )
        .filter(Q(state=SetState.RETURNED) | ~Exists(_later_rounds()))
        .select_related("article__project")
        .defer("article__text", "article__metadata", "article__search")
        .annotate(spans_count=Coalesce(Subquery(_spans_of_set()), 0))
        .order_by("-started_at", "-pk")
    )


def _spans_of_set() -> QuerySet[Span, int]:
    """Counted for the sets of a page only, not for all of which it is one."""
    spans = Span.objects.filter(annotation_set=OuterRef("pk")).order_by().values("annotation_set")
    return spans.annotate(n=Count("pk")).values_list("n", flat=True)


def _later_rounds() -> QuerySet[AnnotationSet]:
    """Whose article came back is shown it once, as if it were new."""
    return AnnotationSet.objects.filter(
        article=OuterRef("article"), annotator=OuterRef("annotator"), round__gt=OuterRef("round")
    )
