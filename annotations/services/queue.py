"""The queue: the next article for an annotator by one indexed look-up, and leases that run out by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone

from annotations import policies
from annotations.domain.documents import Fragment
from annotations.models import (
    AnnotationSet,
    Article,
    GuidelineVersion,
    Membership,
    Purpose,
    SetKind,
    SetState,
    User,
)
from annotations.selectors.repeats import repeat_due
from annotations.selectors.training import check_due, needs_training, next_known_article
from annotations.services.changes import LEASE
from annotations.services.readings import record_visit

# Fifty candidates behind the mark from the partial index, materialised so that the planner cannot turn the anti-join
# around; without one's own, without those seen in review; one locked, those locked by others passed over.
_NEXT: Final = """
WITH candidates AS MATERIALIZED (
  SELECT id, priority FROM annotations_article
   WHERE project_id = %(project)s AND open_slots > 0 AND purpose = 'work'
     AND (priority, id) > (%(priority)s, %(article)s)
   ORDER BY priority, id LIMIT 50
), free AS (
  SELECT c.id FROM candidates c
   WHERE NOT EXISTS (SELECT 1 FROM annotations_annotationset s WHERE s.article_id = c.id AND s.annotator_id = %(user)s)
     AND NOT (%(blind)s AND EXISTS (
       SELECT 1 FROM annotations_articleopening o WHERE o.article_id = c.id AND o.user_id = %(user)s))
), locked AS (
  SELECT a.id, a.priority FROM annotations_article a JOIN free USING (id)
   WHERE a.open_slots > 0 AND a.purpose = 'work' AND a.superseded_by_id IS NULL
   ORDER BY a.priority, a.id LIMIT 1 FOR UPDATE OF a {lock}
)
SELECT (SELECT id FROM locked), (SELECT priority FROM locked),
       (SELECT id FROM candidates ORDER BY priority DESC, id DESC LIMIT 1), (SELECT max(priority) FROM candidates),
       EXISTS (SELECT 1 FROM free)
"""
_PASSING_OVER: Final = _NEXT.format(lock="SKIP LOCKED")
_WAITING: Final = _NEXT.format(lock="")
_BEFORE_ALL: Final = (-(2**31), UUID(int=0))

type Mark = tuple[int, UUID]


def claim_next_article(*, actor: User, slug: str) -> AnnotationSet | None:
    """The person's open claim in the project, else a new one on the next article that needs an annotator, else None.

    Raises:
        NotFound: not a member.
        NotAllowed: a reader.
    """
    member = policies.check_member(user=actor, slug=slug)
    policies.check_can_annotate(member)
    _take_back_expired_leases(member.project_id)
    with transaction.atomic():
        # One claim of a person at a time: two tabs that ask at once get the same article.
        member = Membership.objects.select_for_update(of=("self",)).select_related("project").get(pk=member.pk)
        now = timezone.now()
        claim = _open_claim(member)
        if claim is not None:
            until = Greatest("lease_expires_at", Value(now + LEASE))
            AnnotationSet.objects.filter(pk=claim.pk).update(lease_expires_at=until)
            return claim
        if needs_training(member):
            known = next_known_article(member, Purpose.TRAINING)
            return None if known is None else _claim_known(member, known, now)
        if (check := check_due(member)) is not None:
            return _claim_known(member, check, now)
        if (repeat := repeat_due(member)) is not None:
            return _begun(member, repeat, now, number=1)
        found = _find(member)
        return None if found is None else _claim(member, found, now)


def renew_lease(
    *, actor: User, annotation_set_id: UUID, active_seconds: int = 0, paragraphs: Sequence[Fragment] = ()
) -> datetime:
    """The open page says that somebody is still there, and what `record_visit` keeps; answers when the lease runs out.

    The lease of work that was assigned by name does not run out (`domain.queueing.NO_END`).

    Raises:
        NotFound: not a set the person may see.
        NotAllowed: somebody else's.
        InvalidData: a paragraph the article does not have.
    """
    member, annotation_set = policies.check_member_by_set(user=actor, set_id=annotation_set_id)
    policies.check_owns_set(member, annotation_set)
    record_visit(annotation_set=annotation_set, active_seconds=active_seconds, paragraphs=paragraphs)
    until = timezone.now() + LEASE
    leased = AnnotationSet.objects.filter(pk=annotation_set.pk, state=SetState.IN_PROGRESS)
    leased.update(lease_expires_at=Greatest("lease_expires_at", Value(until)))
    return max(until, annotation_set.lease_expires_at or until)


def _open_claim(member: Membership) -> AnnotationSet | None:
    own = AnnotationSet.objects.filter(article__project=member.project_id, annotator=member.user_id)
    # Returned work comes first: a reviewer waits for it.
    returned_first = Case(When(state=SetState.RETURNED, then=Value(0)), default=Value(1))
    return (
        own.filter(kind=SetKind.ANNOTATOR, state__in=(SetState.IN_PROGRESS, SetState.RETURNED))
        .filter(article__superseded_by__isnull=True)
        .order_by(returned_first, "started_at", "pk")
        .first()
    )


def _take_back_expired_leases(project_id: UUID) -> None:
    """Slots of work that nobody has touched for a whole lease go back to the queue; the spans stay."""
    expired = AnnotationSet.objects.filter(
        article__project=project_id, state=SetState.IN_PROGRESS, lease_expires_at__lt=timezone.now()
    )
    if not expired.exists():
        return
    with transaction.atomic():
        for annotation_set in expired.select_for_update(skip_locked=True, of=("self",)).order_by("article")[:20]:
            AnnotationSet.objects.filter(pk=annotation_set.pk).update(state=SetState.RELEASED, lease_expires_at=None)
            if annotation_set.round == 0:
                give_slot_back(article_id=annotation_set.article_id)


def give_slot_back(*, article_id: UUID) -> None:
    """The article needs one annotator more again; marks that stand behind it are set back so that it is found."""
    Article.objects.filter(pk=article_id).update(open_slots=F("open_slots") + 1)
    article = Article.objects.only("priority", "project_id").get(pk=article_id)
    behind = Q(queue_priority__gt=article.priority) | Q(queue_priority=article.priority, queue_article__gte=article_id)
    # A member who is claiming right now is passed over, lest two wait for one another; that one finds it on the wrap.
    marks = Membership.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        behind, project=article.project_id
    )
    Membership.objects.filter(pk__in=list(marks.values_list("pk", flat=True))).update(
        queue_priority=None, queue_article=None
    )


def _find(member: Membership) -> Mark | None:
    """The next free article behind the mark, else from the start; locked until the transaction ends.

    Articles that others are claiming right now are passed over; when only those are left, we wait for them.
    """
    mark = _mark_of(member)
    starts = [_BEFORE_ALL] if mark == _BEFORE_ALL else [mark, _BEFORE_ALL]
    for sql in (_PASSING_OVER, _WAITING):
        was_busy = False
        for start in starts:
            position: Mark | None = start
            while position is not None:
                found, position, any_free = _look(member, sql, position)
                if found is not None:
                    return found
                was_busy |= any_free
        if not was_busy:
            return None
    return None


def _look(member: Membership, sql: str, behind: Mark) -> tuple[Mark | None, Mark | None, bool]:
    """A free article among the next fifty, where the fifty end (None: nothing comes after), and if any was free."""
    values: dict[str, UUID | int | bool] = {
        "project": member.project_id,
        "user": member.user_id,
        "blind": member.project.blind,
        "priority": behind[0],
        "article": behind[1],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cast("tuple[UUID | None, int, UUID | None, int, bool]", cursor.fetchone())
    article, priority, last, last_priority, any_free = row
    return (
        None if article is None else (priority, article),
        None if last is None else (last_priority, last),
        any_free,
    )


def _mark_of(member: Membership) -> Mark:
    if member.queue_priority is None or member.queue_article is None:
        return _BEFORE_ALL
    return member.queue_priority, member.queue_article


def _claim(member: Membership, found: Mark, now: datetime) -> AnnotationSet:
    priority, article = found
    Article.objects.filter(pk=article).update(open_slots=F("open_slots") - 1)
    Membership.objects.filter(pk=member.pk).update(queue_priority=priority, queue_article=article)
    return _created(member, article, now)


def _claim_known(member: Membership, article: UUID, now: datetime) -> AnnotationSet:
    """An article with known gold takes a place like any other, but the queue does not stop when all are taken."""
    Article.objects.filter(pk=article).update(open_slots=F("open_slots") - 1)
    return _begun(member, article, now)


def _begun(member: Membership, article: UUID, now: datetime, *, number: int = 0) -> AnnotationSet:
    """A new set, or the person's own that was given back: it begins now, too, for what comes so long after it."""
    own = AnnotationSet.objects.filter(article=article, annotator=member.user_id, round=number).first()
    if own is None:
        return _created(member, article, now, number=number)
    own.state, own.started_at, own.lease_expires_at = SetState.IN_PROGRESS, now, now + LEASE
    own.save(update_fields=["state", "started_at", "lease_expires_at"])
    return own


def _created(member: Membership, article: UUID, now: datetime, *, number: int = 0) -> AnnotationSet:
    guideline = GuidelineVersion.objects.filter(project=member.project_id).order_by("-number").first()
    return AnnotationSet.objects.create(
        article_id=article,
        kind=SetKind.ANNOTATOR,
        annotator_id=member.user_id,
        round=number,
        state=SetState.IN_PROGRESS,
        guideline=guideline,
        lease_expires_at=now + LEASE,
    )
