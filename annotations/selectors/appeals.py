"""Appeals as those who answer them see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from annotations import policies
from annotations.domain.queueing import WITHOUT_SLOT
from annotations.models import AnnotationSet, Appeal, AppealOutcome, Disagreement, Membership, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """An appeal with the words the decision was about."""

    appeal: Appeal
    quote: str


def appeals_to_answer(member: Membership, *, answered: bool = False) -> QuerySet[Appeal]:
    """Those the member may answer, the oldest open one first; with `answered`, those that are, the newest first."""
    policies.check_can_review(member)
    found = Appeal.objects.filter(decision__article__project=member.project_id).exclude(by=member.user_id)
    if member.role == Role.REVIEWER and member.project.blind:
        mine = AnnotationSet.objects.filter(article=OuterRef("decision__article"), annotator=member.user_id)
        found = found.filter(~Exists(mine.exclude(state__in=WITHOUT_SLOT)))
    found = found.select_related("decision__article", "by", "answered_by").defer("decision__article__text")
    if answered:
        return found.exclude(outcome=AppealOutcome.OPEN).order_by("-answered_at", "-pk")
    return found.filter(outcome=AppealOutcome.OPEN).order_by("at", "pk")


def objections(appeals: Sequence[Appeal]) -> list[Objection]:
    """The appeals with the words they are about."""
    keys: list[UUID] = [each.decision.disagreement for each in appeals if each.decision.disagreement]
    rows = dict(Disagreement.objects.filter(pk__in=keys).values_list("pk", "payload__quote"))
    return [
        Objection(appeal=each, quote=rows.get(each.decision.disagreement, "") if each.decision.disagreement else "")
        for each in appeals
    ]
