"""Precedents: a rule written at a decision is a draft, which the guideline's next version takes in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused
from annotations.domain.offsets import check_characters
from annotations.models import Decision, GuidelineVersion, Label, Membership, Precedent, Project, User

_MOST: Final = {"rule": 5_000, "quote": 2_000, "context": 5_000}
_AROUND: Final = 300
"""So many code points before and after its quote a precedent keeps, within the paragraph."""


def create_precedent(
    *, member: Membership, rule: str, label: str = "", quote: str = "", context: str = ""
) -> Precedent:
    """A draft that comes of no decision.

    Raises:
        NotAllowed: not a reviewer.
        InvalidData: no rule, too long, or no such label.
    """
    policies.check_can_review(member)
    return Precedent.objects.create(
        project=member.project,
        label=_label(member, label),
        rule=_checked("rule", rule),
        quote=_checked("quote", quote),
        context=_checked("context", context),
        by=member.user,
    )


def record_precedent(
    *, decision: Decision, label: str, quote: str, text: str, fragments: Sequence[Sequence[int]]
) -> Precedent | None:
    """The decision's rule as a draft, with its quote and what stands around it in the article's `text`."""
    if not decision.rule:
        return None
    project = decision.article.project_id
    return Precedent.objects.create(
        project_id=project,
        label=Label.objects.filter(project=project, key=label).first(),
        rule=decision.rule,
        quote=quote[: _MOST["quote"]],
        context=_around(text, fragments),
        decision=decision,
        by=decision.by,
    )


def drop_drafts_of(decisions: Iterable[Decision]) -> None:
    """Withdraw the drafts of decisions that were taken back; what is in a guideline stays in it."""
    drafts = Precedent.objects.filter(decision__in=[each.pk for each in decisions], guideline__isnull=True)
    drafts.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())


def change_precedent(*, actor: User, precedent_id: UUID, **given: Any) -> Precedent:
    """Change `rule`, `label` (a key, or empty) or `quote` of a draft; `withdrawn` takes any back, or brings it back.

    Raises:
        NotFound, NotAllowed: as `policies` says.
        StateRefused: other words for a rule that is in a published version.
        InvalidData: no rule, too long, or no such label.
    """
    with transaction.atomic():
        found = Precedent.objects.select_for_update(of=("self",)).select_related("project").filter(pk=precedent_id)
        precedent = found.first()
        refusal = _("There is no such precedent.")
        if precedent is None:
            raise NotFound(refusal)
        member = policies.check_member(user=actor, slug=precedent.project.slug, missing=refusal)
        policies.check_can_review(member)
        withdrawn = given.pop("withdrawn", None)
        words = {name: _checked(name, given[name]) for name in ("rule", "quote") if name in given}
        label = _label(member, given["label"]) if "label" in given else precedent.label
        changed = {name for name, value in words.items() if getattr(precedent, name) != value}
        if precedent.guideline_id is not None and (changed or label != precedent.label):
            raise StateRefused(_("This rule is in a published version; withdraw it and write another."))
        precedent.label = label
        for name, value in words.items():
            setattr(precedent, name, value)
        if withdrawn is not None and withdrawn != (precedent.withdrawn_at is not None):
            precedent.withdrawn_at = timezone.now() if withdrawn else None
        precedent.save(update_fields=["rule", "quote", "label", "withdrawn_at"])
        return precedent


def has_drafts(project: Project) -> bool:
    """Whether a precedent waits for the next version."""
    return _drafts(project.pk).exists()


def take_into(guideline: GuidelineVersion) -> int:
    """Put the project's drafts into the version that is being published; how many."""
    return _drafts(guideline.project_id).update(guideline=guideline)


def _drafts(project_id: UUID) -> QuerySet[Precedent]:
    return Precedent.objects.filter(project=project_id, guideline__isnull=True, withdrawn_at__isnull=True)


def _label(member: Membership, key: str | None) -> Label | None:
    if not key:
        return None
    found = Label.objects.filter(project=member.project_id, key=key).first()
    if found is None:
        detail = _("The project has no label “%(key)s”.") % {"key": key}
        raise InvalidData(detail, [FieldError("label", detail)])
    return found


def _checked(name: str, text: str) -> str:
    text = text.strip()
    if name == "rule" and not text:
        detail = _("A precedent needs a rule.")
        raise InvalidData(detail, [FieldError("rule", detail)])
    if len(text) > _MOST[name]:
        detail = _("%(n)d characters; at most %(most)d are kept.") % {"n": len(text), "most": _MOST[name]}
        raise InvalidData(detail, [FieldError(name, detail)])
    check_characters(text, name)
    return text


def _around(text: str, fragments: Sequence[Sequence[int]]) -> str:
    if not fragments:
        return ""
    start, end = fragments[0][0], fragments[-1][1]
    first = max(text.rfind("\n", 0, start) + 1, start - _AROUND)
    stop = text.find("\n", end)
    last = min(len(text) if stop < 0 else stop, end + _AROUND)
    return text[first:last].strip()[: _MOST["context"]]
