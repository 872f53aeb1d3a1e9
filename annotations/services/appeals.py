"""Appeals: an annotator objects once to a decision on the annotator's own work, and a reviewer answers."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotAllowed, NotFound, StateRefused
from annotations.domain.offsets import check_characters
from annotations.models import Appeal, AppealOutcome, Decision, Membership

_MOST: Final = 5_000


def appeal(*, member: Membership, decision_id: UUID, text: str) -> Appeal:
    """Object to a decision that stands.

    Raises:
        NotFound: no such decision on an article whose review the member may see.
        StateRefused: the member has objected to it before.
        InvalidData: no words, or too many.
    """
    policies.check_can_annotate(member)
    decision = Decision.objects.filter(pk=decision_id, article__project=member.project_id, undone_at=None).first()
    if decision is None:
        raise NotFound(_("There is no such decision."))
    policies.check_can_see_feedback(member, decision.article_id)
    try:
        with transaction.atomic():
            return Appeal.objects.create(decision=decision, by=member.user, text=_checked("text", text))
    except IntegrityError:
        raise StateRefused(_("You have objected to this decision; it can be done once.")) from None


def answer_appeal(*, member: Membership, appeal_id: UUID, outcome: str, answer: str = "") -> Appeal:
    """Say that the decision stays (`upheld`, with words why) or was `changed`; another answer replaces the first.

    Raises:
        NotAllowed: not a reviewer, one's own appeal, or an article the reviewer annotated in a blind project.
        NotFound: no such appeal in the project.
        InvalidData: another outcome, or a decision that stays without words.
    """
    policies.check_can_review(member)
    with transaction.atomic():
        found = Appeal.objects.select_for_update(of=("self",)).select_related("decision__article")
        one = found.filter(pk=appeal_id, decision__article__project=member.project_id).first()
        if one is None:
            raise NotFound(_("There is no such appeal."))
        policies.check_can_review_article(member, one.decision.article_id)
        if one.by_id == member.user_id:
            raise NotAllowed(_("Somebody else answers your appeal."))
        if outcome not in {AppealOutcome.UPHELD, AppealOutcome.CHANGED}:
            detail = _("The outcome is “upheld” or “changed”.")
            raise InvalidData(detail, [FieldError("outcome", detail)])
        one.answer = _checked("answer", answer) if answer.strip() or outcome == AppealOutcome.UPHELD else ""
        one.outcome, one.answered_by, one.answered_at = outcome, member.user, timezone.now()
        one.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
        return one


def _checked(name: str, text: str) -> str:
    text = text.strip()
    detail = ""
    if not text:
        detail = _("Say why, in a few words.")
    elif len(text) > _MOST:
        detail = _("%(n)d characters; at most %(most)d are kept.") % {"n": len(text), "most": _MOST}
    if detail:
        raise InvalidData(detail, [FieldError(name, detail)])
    check_characters(text, name)
    return text
