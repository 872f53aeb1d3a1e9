"""How the work on an annotation set goes from state to state: submit, skip, release, reopen, return, flag."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotAllowed, NotFound, StateRefused
from annotations.domain.offsets import check_characters
from annotations.domain.queueing import slots_freed, state_after
from annotations.models import (
    AnnotationSet,
    Article,
    Comment,
    CommentKind,
    Decision,
    Disagreement,
    DisagreementState,
    GuidelineVersion,
    Membership,
    SetKind,
    SetState,
    User,
)
from annotations.services.changes import LEASE, lock_set
from annotations.services.dictionary import learn_later
from annotations.services.disagreements import refresh_disagreements
from annotations.services.overlap import call_another
from annotations.services.queue import give_slot_back
from annotations.services.training import note_training
from annotations.services.webhooks import announce

OWN_ACTIONS: Final = ("submit", "skip", "release", "reopen")
_NEEDS_REASON: Final = {"skip": CommentKind.SKIP, "return": CommentKind.RETURN}
_EVENTS: Final = {
    "submit": "annotation_set.submitted",
    "return": "annotation_set.returned",
    "reopen": "annotation_set.reopened",
}
_MAX_REASON: Final = 5_000


def move_set(*, actor: User, annotation_set_id: UUID, action: str, reason: str = "") -> AnnotationSet:
    """Do `action` (submit, skip, release, reopen, return) on the set; skip and return need a reason.

    A submission that is asked for twice is answered like the first: the answer may have been lost on its way.

    Raises:
        NotFound, NotAllowed: as `policies` says.
        StateRefused: not legal in the set's state, or reopened after the first decision on the article.
        InvalidData: no reason.
    """
    with transaction.atomic():
        annotation_set, member = lock_set(actor=actor, annotation_set_id=annotation_set_id)
        _check_may_move(member, annotation_set, action)
        policies.check_is_current(annotation_set)
        reason = _checked_reason(action, reason)
        if action == "submit" and annotation_set.state == SetState.SUBMITTED:
            return annotation_set
        before, after = annotation_set.state, state_after(action, annotation_set.state)
        if action == "reopen" and before == SetState.SUBMITTED:
            _check_undecided(annotation_set)
        _write_state(annotation_set, after)
        _settle_slot(annotation_set, slots_freed(before, after))
        if action in _NEEDS_REASON:
            _say(actor, annotation_set, _NEEDS_REASON[action], reason)
        if SetState.SUBMITTED in {before, after} and not member.project.is_practice:
            refresh_disagreements(article_id=annotation_set.article_id)
            learn_later(project_id=member.project_id, article_ids=[annotation_set.article_id])
        if event := _EVENTS.get(action) if SetState.SUBMITTED in {before, after} else None:
            ids = {"article": annotation_set.article_id, "annotation_set": annotation_set.pk}
            announce(event, project=member.project_id, **ids)
        if after == SetState.SUBMITTED:
            call_another(article_id=annotation_set.article_id)
            note_training(member=member)
        return annotation_set


def flag_set(*, actor: User, annotation_set_id: UUID, reason: str) -> Comment:
    """Tell the reviewers that something about the article or its labelling needs a look; no state changes.

    Raises:
        NotFound: not a set the person may see.
        InvalidData: no reason.
    """
    _member, annotation_set = policies.check_member_by_set(user=actor, set_id=annotation_set_id)
    return _say(actor, annotation_set, CommentKind.FLAG, _checked_reason("flag", reason))


def finish_gold(*, actor: User, annotation_set_id: UUID, done: bool) -> AnnotationSet:
    """Mark the gold of an article as done, or open it again.

    Raises:
        NotFound, NotAllowed: as `policies` says.
        StateRefused: it is so already, or disagreements are open.
    """
    with transaction.atomic():
        annotation_set, member = lock_set(actor=actor, annotation_set_id=annotation_set_id)
        if annotation_set.kind != SetKind.GOLD or not policies.can_see_set(member, annotation_set):
            raise NotFound(_("There is no such gold."))
        policies.check_can_review_article(member, annotation_set.article_id)
        if done:
            _check_nothing_open(annotation_set)
        _write_state(annotation_set, state_after("finish" if done else "reopen_gold", annotation_set.state))
        learn_later(project_id=member.project_id, article_ids=[annotation_set.article_id])
        event = "article.done" if done else "article.reopened"
        announce(event, project=member.project_id, article=annotation_set.article_id)
        return annotation_set


def _check_may_move(member: Membership, annotation_set: AnnotationSet, action: str) -> None:
    if not policies.can_see_set(member, annotation_set):
        raise NotFound(_("There is no such annotation set."))
    if annotation_set.kind != SetKind.ANNOTATOR:
        raise NotAllowed(_("This is not an annotator's work."))
    if action in OWN_ACTIONS:
        policies.check_owns_set(member, annotation_set)
    else:
        policies.check_can_review_article(member, annotation_set.article_id)


def _checked_reason(action: str, reason: str) -> str:
    reason = reason.strip()
    if action not in {*_NEEDS_REASON, "flag"}:
        return reason
    if not reason:
        detail = _("Say why, in a few words.")
        raise InvalidData(detail, [FieldError("reason", detail)])
    if len(reason) > _MAX_REASON:
        detail = _("The reason has %(n)d characters; at most %(most)d are kept.")
        detail %= {"n": len(reason), "most": _MAX_REASON}
        raise InvalidData(detail, [FieldError("reason", detail)])
    check_characters(reason, "reason")
    return reason


def _check_undecided(annotation_set: AnnotationSet) -> None:
    if Decision.objects.filter(article=annotation_set.article_id, undone_at__isnull=True).exists():
        raise StateRefused(_("A reviewer has begun to decide on this article; ask for it to be returned to you."))


def _check_nothing_open(annotation_set: AnnotationSet) -> None:
    rows = Disagreement.objects.filter(article=annotation_set.article_id)
    count = rows.exclude(state=DisagreementState.DECIDED).count()
    if count:
        sentence = ngettext("%(n)d place is still to be decided.", "%(n)d places are still to be decided.", count)
        raise StateRefused(sentence % {"n": count})


def _write_state(annotation_set: AnnotationSet, state: str) -> None:
    now = timezone.now()
    columns: dict[str, Any] = {"state": state, "lease_expires_at": None}
    if state == SetState.SUBMITTED:
        columns["submitted_at"] = now
        columns["guideline"] = _guideline_in_force(annotation_set)  # which the work was ended under
    if state == SetState.IN_PROGRESS:
        columns["lease_expires_at"] = now + LEASE
    AnnotationSet.objects.filter(pk=annotation_set.pk).update(**columns)
    for name, value in columns.items():
        setattr(annotation_set, name, value)


def _guideline_in_force(annotation_set: AnnotationSet) -> GuidelineVersion | None:
    versions = GuidelineVersion.objects.filter(project__articles=annotation_set.article_id)
    return versions.order_by("-number").first()


def _settle_slot(annotation_set: AnnotationSet, freed: int) -> None:
    if annotation_set.round > 0:  # takes nobody's place
        return
    if freed > 0:
        give_slot_back(article_id=annotation_set.article_id)
    elif freed < 0:
        Article.objects.filter(pk=annotation_set.article_id).update(open_slots=F("open_slots") - 1)


def _say(actor: User, annotation_set: AnnotationSet, kind: CommentKind, text: str) -> Comment:
    return Comment.objects.create(annotation_set=annotation_set, kind=kind, text=text, author=actor)
