"""Decisions that predate a rule, put into the queue of review again: their disagreements become stale, gold stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import NotFound
from annotations.domain.identifiers import uuid7
from annotations.models import (
    AnnotationSet,
    Article,
    Decision,
    Disagreement,
    DisagreementState,
    Membership,
    SetKind,
    SetState,
)
from annotations.selectors.disagreements import (
    before_requeued,
    disagreements_visible_to,
    fingerprint,
    is_requeued,
    requeued_on,
)
from annotations.services import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Requeued:
    """The step (one undo), how many decisions are to be looked at again, and of how many articles gold was done."""

    batch: UUID
    decisions: int
    reopened: int


@transaction.atomic
def requeue_decisions(*, member: Membership, decisions: Iterable[UUID]) -> Requeued:
    """Ask that the decisions with these ids be looked at again; gold that was done is open again.

    Those that do not stand any more, or that the member may not see, are left out.
    """
    policies.check_can_review(member)
    standing = Decision.objects.filter(pk__in=list(decisions), undone_at__isnull=True)
    keys = [key for key in standing.values_list("disagreement", flat=True) if key]
    seen = disagreements_visible_to(member).filter(pk__in=keys, state=DisagreementState.DECIDED)
    articles = _locked(seen.values_list("article", flat=True))
    gold = AnnotationSet.objects.filter(article__in=articles, kind=SetKind.GOLD, state=SetState.DONE)
    done = set(gold.values_list("article", flat=True))
    batch = uuid7()
    rows = [row for row in seen if not row.payload.get("gone")]  # of the others nothing is there to decide upon
    for row in rows:
        row.payload["decided_on"] = requeued_on(
            row.payload.get("decided_on", ""), batch=batch, was_done=row.article_id in done
        )
        row.state = DisagreementState.STALE
    Disagreement.objects.bulk_update(rows, ["payload", "state"], batch_size=500)
    reopened = done & {row.article_id for row in rows}
    gold.filter(article__in=reopened).update(state=SetState.OPEN)
    what: dict[str, Any] = {"project": member.project_id, "object": batch, "decisions": len(rows)}
    audit.record("decision.requeued", actor=member.user, **what)
    return Requeued(batch=batch, decisions=len(rows), reopened=len(reopened))


@transaction.atomic
def undo_requeue(*, member: Membership, batch: UUID) -> int:
    """Take the step back for all that were not decided anew meanwhile; how many. Gold that was done is done again
    where nothing else is open.

    Raises:
        NotFound: nothing of it is left.
    """
    policies.check_can_review(member)
    mine = disagreements_visible_to(member).filter(state=DisagreementState.STALE)
    mine = mine.filter(payload__decided_on__startswith=f"requeued {batch} ")
    articles = _locked(mine.values_list("article", flat=True))
    rows = [row for row in mine if is_requeued(row.payload, batch)]
    if not rows:
        raise NotFound(_("There is nothing to undo."))
    was_done: set[UUID] = set()
    for row in rows:
        decided_on, done = before_requeued(row.payload)
        row.payload["decided_on"] = decided_on
        unchanged = decided_on == fingerprint(row.payload)  # the annotators may have gone on meanwhile
        row.state = DisagreementState.DECIDED if unchanged else DisagreementState.STALE
        was_done |= {row.article_id} if done else set()
    Disagreement.objects.bulk_update(rows, ["payload", "state"], batch_size=500)
    undecided = Disagreement.objects.filter(article__in=articles).exclude(state=DisagreementState.DECIDED)
    still_open = set(undecided.values_list("article", flat=True))
    gold = AnnotationSet.objects.filter(article__in=was_done - still_open, kind=SetKind.GOLD)
    gold.update(state=SetState.DONE)
    return len(rows)


def _locked(articles: Iterable[UUID]) -> list[UUID]:
    """The articles, locked in one order, as everybody does who aligns or decides."""
    keys = sorted(set(articles))
    found = Article.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return list(found.values_list("pk", flat=True))
