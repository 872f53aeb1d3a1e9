"""Decisions that stand: under which version of the guideline they were made, which predate a rule, how fast they go."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from annotations.models import Decision, Disagreement, DisagreementState, Membership, Precedent
from annotations.selectors.disagreements import disagreements_visible_to
from annotations.selectors.precedents import telling_words

_LAST: Final = 100
_PAUSE: Final = 120
"""Seconds; a longer gap between two decisions was no work on the second."""
_GUESS: Final = 8.0
"""Seconds a decision takes, as long as somebody has made too few to tell."""
_ENOUGH: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCount:
    """How many decisions stand that were made under a version of the guideline; None: before there was any."""

    number: int | None
    decisions: int


def standing_decisions(member: Membership) -> QuerySet[Decision]:
    """Decisions that stand on disagreements the member may see, those to be looked at again left out, newest first."""
    decided = disagreements_visible_to(member).filter(pk=OuterRef("disagreement"), state=DisagreementState.DECIDED)
    found = Decision.objects.filter(article__project=member.project_id, undone_at__isnull=True)
    return found.filter(Exists(decided)).select_related("article", "guideline", "by").order_by("-at", "-pk")


def decisions_listed(
    member: Membership, *, version: int | None = None, before: int | None = None, precedent: Precedent | None = None
) -> QuerySet[Decision]:
    """Those made under a version (0: before there was any), under one before another, or before a precedent.

    Before a precedent: made earlier than it, on its label, and on a quote that shares a telling word with its own; a
    precedent without a quote is about all of its label.
    """
    found = standing_decisions(member)
    if version is not None:
        found = found.filter(guideline__number=version) if version else found.filter(guideline__isnull=True)
    if before is not None:
        found = found.filter(Q(guideline__isnull=True) | Q(guideline__number__lt=before))
    return found if precedent is None else _predating(found, precedent)


def versions_decided_under(member: Membership) -> list[VersionCount]:
    """How many decisions stand from each version, the newest first."""
    found = standing_decisions(member).order_by().values_list("guideline__number").annotate(Count("pk"))
    counts = [VersionCount(number=number, decisions=count) for number, count in found]
    return sorted(counts, key=lambda each: -(each.number or 0))


def quotes_of(decisions: Sequence[Decision]) -> dict[UUID, Disagreement]:
    """The disagreement of each decision, by its id."""
    keys = [each.disagreement for each in decisions if each.disagreement]
    return {row.pk: row for row in Disagreement.objects.filter(pk__in=keys)}


def minutes_left(member: Membership, disagreements: int) -> int:
    """About how long the member needs for so many, going by the pace of the last ones; at least one."""
    times = list(
        Decision.objects.filter(by=member.user_id, disagreement__isnull=False, kind="disagreement")
        .order_by("-at")
        .values_list("at", flat=True)[:_LAST]
    )
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(times)]
    gaps = [gap for gap in gaps if 0 < gap <= _PAUSE]
    pace = median(gaps) if len(gaps) >= _ENOUGH else _GUESS
    return max(1, math.ceil(disagreements * pace / 60))


def _predating(decisions: QuerySet[Decision], precedent: Precedent) -> QuerySet[Decision]:
    decisions = decisions.filter(at__lt=precedent.at)
    if precedent.decision_id is not None:
        decisions = decisions.exclude(pk=precedent.decision_id)
    rows = Disagreement.objects.filter(pk=OuterRef("disagreement"))
    if precedent.label is not None:
        versions = [{"spans": [{"label": precedent.label.key}]}]
        rows = rows.filter(Q(label=precedent.label.key) | Q(payload__versions__contains=versions))
    words = telling_words(precedent.quote, "en")
    if words:
        shared = Q()
        for word in words:
            shared |= Q(payload__quote__icontains=word)
        rows = rows.filter(shared)
    return decisions.filter(Exists(rows))
