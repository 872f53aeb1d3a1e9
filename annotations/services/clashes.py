"""Judging a quote that carries several labels: one of them becomes a rule, or it is fine as it is."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.clusters import normalised
from annotations.domain.errors import FieldError, InvalidData, NotFound
from annotations.domain.offsets import check_characters
from annotations.models import Membership, Precedent, RoleClash
from annotations.selectors.clashes import clash_of
from annotations.services.precedents import create_precedent


@transaction.atomic
def judge_clash(*, member: Membership, quote: str, label: str = "", rule: str = "") -> RoleClash:
    """Say that the quote has this label (the rule becomes a precedent's draft), or, without one, that all are right.

    `quote` is normalised or not. What was said before is replaced, its draft withdrawn.

    Raises:
        NotAllowed: not a reviewer.
        NotFound: the quote does not carry several labels.
        InvalidData: a label it does not carry.
    """
    policies.check_can_review(member)
    clash = clash_of(member, quote)
    keys = [use.label.key for use in clash.uses]
    if label and label not in keys:
        detail = _("The quote carries: %(labels)s.") % {"labels": ", ".join(keys)}
        raise InvalidData(detail, [FieldError("label", detail)])
    _withdraw_draft(member, clash.key)
    precedent = None
    if label:
        name = next(use.label.name for use in clash.uses if use.label.key == label)
        words = rule.strip() or _("“%(quote)s” is labelled %(label)s.") % {"quote": clash.quote, "label": name}
        precedent = create_precedent(member=member, rule=words, label=label, quote=clash.quote)
    judged, _made = RoleClash.objects.update_or_create(
        project=member.project,
        quote=clash.key,
        defaults={"labels": keys, "precedent": precedent, "by": member.user, "at": timezone.now()},
    )
    return judged


@transaction.atomic
def reopen_clash(*, member: Membership, quote: str) -> None:
    """Take a judgement back; the draft of its rule is withdrawn, a published rule stays.

    Raises:
        NotAllowed: not a reviewer.
        NotFound: it was not judged.
    """
    policies.check_can_review(member)
    check_characters(quote, "quote")
    key = normalised(quote)
    _withdraw_draft(member, key)
    if not RoleClash.objects.filter(project=member.project_id, quote=key).delete()[0]:
        raise NotFound(_("This quote was not judged."))


def _withdraw_draft(member: Membership, quote: str) -> None:
    drafts = Precedent.objects.filter(guideline=None, withdrawn_at=None)
    found = RoleClash.objects.filter(project=member.project_id, quote=quote).values("precedent")
    drafts.filter(pk__in=found).update(withdrawn_at=timezone.now())
