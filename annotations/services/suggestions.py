"""Showing suggestions, rejecting one without a change, and switching engines on and off."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused
from annotations.domain.suggesting import Suggested
from annotations.models import (
    AnnotationSet,
    EngineSwitch,
    Label,
    Membership,
    SuggestionVerdict,
    User,
    Verdict,
)
from annotations.selectors.suggestions import Suggestion, suggestions_for
from annotations.services import audit
from annotations.services.changes import lock_set
from annotations.services.changes.verdicts import TAKEN, store, verdicts_of
from annotations.suggesters.proposals import proposal_uuid

JUDGEABLE: Final = (Verdict.REJECTED, Verdict.WITHDRAWN)
"""The verdicts that come by themselves; the others come with the change that accepts or edits."""


def show_suggestions(*, member: Membership, annotation_set: AnnotationSet) -> list[Suggestion]:
    """What is suggested to the set's own annotator; that something was shown stays with the work.

    Raises:
        NotAllowed: somebody else's work.
    """
    policies.check_owns_set(member, annotation_set)
    found = suggestions_for(annotation_set)
    if found and not annotation_set.suggestions_shown:
        AnnotationSet.objects.filter(pk=annotation_set.pk).update(suggestions_shown=True)
        annotation_set.suggestions_shown = True
    return found


def judge_suggestion(*, actor: User, annotation_set_id: UUID, suggestion: Suggested, verdict: str) -> None:
    """Reject a suggestion, or take the rejection back; asked for twice it is done once.

    Raises:
        NotFound, NotAllowed, StateRefused: as `policies` says; a suggestion that was accepted is deleted as a span.
        InvalidData: the id is not that of the suggestion described, no such label, or no such verdict.
    """
    with transaction.atomic():
        annotation_set, member = lock_set(actor=actor, annotation_set_id=annotation_set_id)
        policies.check_can_edit_set(member, annotation_set)
        policies.check_owns_set(member, annotation_set)
        if verdict not in JUDGEABLE:
            raise _fault("verdict", _("One of %(verdicts)s.") % {"verdicts": ", ".join(JUDGEABLE)})
        check_described(annotation_set, suggestion)
        labels = dict(Label.objects.filter(project=annotation_set.article.project_id).values_list("key", "pk"))
        rows = verdicts_of(annotation_set, labels, suggestion, span=None, verdict=verdict)
        if not rows:
            raise _fault("label", _("The project has no such label."))
        before = SuggestionVerdict.objects.filter(
            annotation_set=annotation_set, suggestion__in=[row.suggestion for row in rows]
        )
        given = set(before.values_list("verdict", flat=True))
        if given & set(TAKEN):
            raise StateRefused(_("This suggestion was accepted; delete the span it became."))
        if verdict == Verdict.REJECTED or given:
            store(annotation_set, rows)


def check_described(annotation_set: AnnotationSet, suggestion: Suggested) -> None:
    """Raises InvalidData unless the id is made of what is said of the suggestion, within the article's text."""
    described = proposal_uuid(annotation_set.article_id, suggestion.engine, suggestion.label, suggestion.fragments)
    if described != suggestion.id:
        raise _fault("id", _("This is not the id of a suggestion with that engine, label and fragments."))
    if suggestion.fragments[-1][1] > len(annotation_set.article.text):
        raise _fault("fragments", _("They reach past the end of the article."))


@transaction.atomic
def switch_engine(*, member: Membership, engine: str, label: str, is_on: bool) -> EngineSwitch:
    """Switch an engine off for a label, or on again: then it has as many verdicts to prove itself as at first.

    Raises:
        NotAllowed: not a manager.
        NotFound: no such label.
    """
    policies.check_can_manage(member)
    found = None if "\x00" in label else Label.objects.filter(project=member.project_id, key=label).first()
    if found is None:
        raise NotFound(_("There is no such label."))
    if not engine or len(engine) > 200 or "\x00" in engine:
        raise _fault("engine", _("The name of an engine has 1 to 200 characters."))
    switch, _made = EngineSwitch.objects.update_or_create(
        project=member.project,
        engine=engine,
        label=found,
        defaults={"is_on": is_on, "by": member.user, "at": timezone.now()},
    )
    what: dict[str, Any] = {
        "project": member.project_id,
        "object": engine,
        "label": label,
        "switched": "on" if is_on else "off",
    }
    audit.record("engine.switched", actor=member.user, **what)
    return switch


def _fault(field: str, message: str) -> InvalidData:
    return InvalidData(message, [FieldError(field, message)])
