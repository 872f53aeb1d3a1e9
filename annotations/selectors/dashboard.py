"""What a manager looks at first: how much is left, how fast it goes, and whether the queue is well.

Only articles of work and first rounds count. All of it is about everybody's work: for managers only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy

from annotations import policies
from annotations.domain.errors import InvalidData
from annotations.domain.forecasts import end_of
from annotations.domain.queueing import NO_END
from annotations.models import AnnotationSet, Article, Comment, CommentKind, Membership, Purpose, SetKind, SetState

DAYS: Final = 14
"""The pace is that of so many days."""
SHOWN: Final = {
    "waiting": gettext_lazy("Articles that need annotators"),
    "leased": gettext_lazy("In hand"),
    "assigned": gettext_lazy("Assigned by name, not submitted"),
    "expired": gettext_lazy("In hand, but untouched for long"),
    "returned": gettext_lazy("Returned, not submitted again"),
    "skipped": gettext_lazy("Skipped"),
    "submitted": gettext_lazy("Submitted in the last 14 days"),
    "many": gettext_lazy("More annotators than the project asks for"),
    "called": gettext_lazy("One more annotator called"),
}
"""What the queue's page lists, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """`left`: submissions still to come; `recent`: those of the last 14 days; `end`: the day of the last one at that
    pace, None where there is none. `counts`: how many there are of each of `SHOWN`; `flags`: open ones.
    """

    left: int
    recent: int
    end: date | None
    counts: dict[str, int]
    flags: int

    @property
    def a_day(self) -> float:
        """Submissions a day."""
        return self.recent / DAYS


def dashboard_of(member: Membership) -> Dashboard:
    """The figures of the project."""
    policies.check_can_manage(member)
    counts = _counts(member)
    needed = _articles(member).filter(open_slots__gt=0).aggregate(n=Sum("open_slots"))["n"] or 0
    at_work = counts["leased"] + counts["assigned"] + counts["expired"] + counts["returned"]
    flags = Comment.objects.filter(
        kind=CommentKind.FLAG,
        resolved_at=None,
        annotation_set__article__project=member.project_id,
    )
    left = needed + at_work
    return Dashboard(
        left=left,
        recent=counts["submitted"],
        end=end_of(timezone.localdate(), left, counts["submitted"], DAYS),
        counts=counts,
        flags=flags.count(),
    )


def sets_shown(member: Membership, shown: str) -> QuerySet[AnnotationSet]:
    """The annotation sets behind a count; the last touched first."""
    policies.check_can_manage(member)
    found = _sets(member).filter(_SETS[shown]())
    return found.select_related("article", "annotator").defer("article__text").order_by("-started_at", "-pk")


def articles_shown(member: Membership, shown: str) -> QuerySet[Article]:
    """The articles behind a count, in queue order, each with `having` it."""
    policies.check_can_manage(member)
    having = Q(annotation_sets__kind=SetKind.ANNOTATOR, annotation_sets__round=0) & ~Q(
        annotation_sets__state__in=(SetState.SKIPPED, SetState.RELEASED)
    )
    found = _articles(member).filter(_ARTICLES[shown]).defer("text", "metadata")
    return found.annotate(having=Count("annotation_sets", filter=having)).order_by("priority", "pk")


def check_shown(shown: str) -> bool:
    """Whether the count is one of articles; else it is one of annotation sets.

    Raises:
        InvalidData: no such count.
    """
    if shown not in SHOWN:
        raise InvalidData(f"{shown[:40]}: {', '.join(SHOWN)}.")
    return shown in _ARTICLES


def _counts(member: Membership) -> dict[str, int]:
    sets = _sets(member).aggregate(**{name: Count("pk", filter=which()) for name, which in _SETS.items()})
    articles = _articles(member).aggregate(**{name: Count("pk", filter=which) for name, which in _ARTICLES.items()})
    return {**sets, **articles}


def _sets(member: Membership) -> QuerySet[AnnotationSet]:
    return AnnotationSet.objects.filter(
        article__project=member.project_id,
        article__purpose=Purpose.WORK,
        article__superseded_by=None,
        kind=SetKind.ANNOTATOR,
        round=0,
    )


def _articles(member: Membership) -> QuerySet[Article]:
    return Article.objects.filter(project=member.project_id, purpose=Purpose.WORK, superseded_by=None)


def _in_progress(**lease: Any) -> Q:
    return Q(state=SetState.IN_PROGRESS, **{f"lease_expires_at__{how}": at for how, at in lease.items()})


_SETS: Final[dict[str, Callable[[], Q]]] = {
    "leased": lambda: _in_progress(gte=timezone.now(), lt=NO_END),
    "assigned": lambda: _in_progress(gte=NO_END),
    "expired": lambda: _in_progress(lt=timezone.now()) | _in_progress(isnull=True),
    "returned": lambda: Q(state=SetState.RETURNED),
    "skipped": lambda: Q(state=SetState.SKIPPED),
    "submitted": lambda: Q(state=SetState.SUBMITTED, submitted_at__gte=timezone.now() - timedelta(days=DAYS)),
}
_ARTICLES: Final[dict[str, Q]] = {
    "waiting": Q(open_slots__gt=0),
    "many": Q(open_slots__lt=0),
    "called": Q(extra_slots__gt=0),
}
