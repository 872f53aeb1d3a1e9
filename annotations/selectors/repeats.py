"""The same article again after weeks, to see how an annotator agrees with himself; only managers are told.

A second round is an annotation set with `round` 1; in exports, agreement, review and progress only round 0 counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.utils import timezone

from annotations import policies
from annotations.models import AnnotationSet, Article, Membership, Purpose, SetKind, SetState
from annotations.selectors.scores import exact_counts, f1_of

ONE_IN: Final = 10
"""At most one article in so many is an old one."""
RECENT: Final = 200
"""The figure is of so many articles of a person at most, the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """An article somebody labelled twice, and F1 (0 to 1, exact spans) between the rounds."""

    set_id: UUID
    article: Article
    submitted_at: datetime | None
    f1: float


def repeat_due(member: Membership) -> UUID | None:
    """The article to serve again now: the oldest submitted long enough ago, rather one without gold, if any is due."""
    weeks = member.project.repeat_after_weeks
    if weeks is None:
        return None
    own = AnnotationSet.objects.filter(
        annotator=member.user_id, article__project=member.project_id, kind=SetKind.ANNOTATOR
    )
    since = own.filter(round=0)
    last = own.filter(round__gt=0).order_by("-started_at").values_list("started_at", flat=True).first()
    if last is not None:
        since = since.filter(started_at__gt=last)
    if since[: ONE_IN - 1].count() < ONE_IN - 1:
        return None
    again = AnnotationSet.objects.filter(article=OuterRef("article"), annotator=member.user_id, round__gt=0)
    again = again.exclude(state=SetState.RELEASED)  # given back, or its lease ran out: it is still to be done
    gold = AnnotationSet.objects.filter(article=OuterRef("article"), kind=SetKind.GOLD, state=SetState.DONE)
    old = own.filter(
        ~Exists(again),
        round=0,
        state=SetState.SUBMITTED,
        submitted_at__lt=timezone.now() - timedelta(weeks=weeks),
        article__purpose=Purpose.WORK,
        article__superseded_by=None,
    )
    ordered = old.annotate(told=Exists(gold)).order_by("told", "submitted_at", "pk")
    return ordered.values_list("article", flat=True).first()


def repeat_scores(member: Membership, *, user_id: int) -> list[Repeat]:
    """The person's articles with a submitted second round, the newest first.

    Raises:
        NotAllowed: for managers only.
    """
    policies.check_can_manage(member)
    first = AnnotationSet.objects.filter(
        article=OuterRef("article"), annotator=user_id, kind=SetKind.ANNOTATOR, round=0, state=SetState.SUBMITTED
    )
    second = AnnotationSet.objects.filter(
        article__project=member.project_id, annotator=user_id, round=1, state=SetState.SUBMITTED
    )
    rows = second.annotate(first=Subquery(first.values("pk")[:1])).filter(first__isnull=False)
    sets = list(rows.select_related("article").defer("article__text").order_by("-submitted_at", "-pk")[:RECENT])
    pairs = [(each.first, each.pk) for each in sets]
    counts = exact_counts(pairs)
    return [
        Repeat(set_id=each.pk, article=each.article, submitted_at=each.submitted_at, f1=f1_of(counts[pair]))
        for each, pair in zip(sets, pairs, strict=True)
    ]
