"""What has to leave gold when decisions are taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from annotations.domain.changes import Action, ChangeRequest
from annotations.domain.editing import SPAN_KEYS
from annotations.domain.errors import StateRefused
from annotations.domain.identifiers import uuid7
from annotations.models import Change, ChangeAction, Decision, Relation
from annotations.services.gold import GoldDraft


def plan_undo(draft: GoldDraft, decisions: Iterable[Decision]) -> list[Decision]:
    """Plan to take out of gold what the decisions put there; all decisions that go, also those on relations of it.

    Raises:
        StateRefused: a relation that no decision made hangs on one of the spans.
    """
    undone = list(decisions)
    changes = _made_by(draft, undone)
    hanging = _hanging(draft, {str(change.object) for _decision, change in changes if change.before is None}, undone)
    changes += _made_by(draft, hanging)
    undone += hanging
    batch = uuid7()
    # Relations first: a span takes its relations with it.
    for decision, change in sorted(changes, key=lambda pair: pair[1].action != ChangeAction.PUT_RELATION):
        draft.changes.append(_reversed(draft, decision, change, batch))
    for decision in undone:
        if decision.disagreement:
            draft.made.pop(decision.disagreement, None)
    return undone


def _made_by(draft: GoldDraft, decisions: Sequence[Decision]) -> list[tuple[Decision, Change]]:
    """The changes by which the decisions wrote gold; what was there already and stayed as it was has none."""
    owner = {(decision.batch, key): decision for decision in decisions for key in decision.gold}
    log = Change.objects.filter(
        annotation_set=draft.annotation_set,
        batch__in={batch for batch, _key in owner},
        object__in={key for _batch, key in owner},
        action__in=[ChangeAction.PUT_SPAN, ChangeAction.PUT_RELATION],
    )
    return [
        (owner[change.batch, str(change.object)], change)
        for change in log.order_by("revision")
        if (change.batch, str(change.object)) in owner
    ]


def _reversed(draft: GoldDraft, decision: Decision, change: Change, batch: UUID) -> ChangeRequest:
    """The change that brings back what was before, and the draft with it."""
    key, before = str(change.object), change.before
    action: Action = "delete_relation" if change.action == ChangeAction.PUT_RELATION else "delete_span"
    if before is not None:  # a span that was imported or drawn by hand, with something else said of it
        action = "put_span"
    request = ChangeRequest(
        id=uuid7(),
        action=action,
        object=change.object,
        base=change.revision,
        value={name: before[name] for name in SPAN_KEYS if name in before} if before is not None else {},
        batch=batch,
        undoes=decision.batch,
    )
    span = draft.spans.pop(key, None)
    if before is not None and span is not None:
        said = {"entity": before["entity"], "attributes": before["attributes"]}
        draft.spans[key] = replace(span, said=said, seen=request.id)
    return request


def _hanging(draft: GoldDraft, going: AbstractSet[str], decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions on relations whose ends go."""
    relations = Relation.objects.filter(annotation_set=draft.annotation_set)
    found = relations.filter(Q(source__in=going) | Q(target__in=going)).values_list("pk", flat=True)
    left = {str(key) for key in found} - {key for decision in decisions for key in decision.gold}
    if not left:
        return []
    others = Decision.objects.filter(
        article=draft.annotation_set.article_id,
        undone_at=None,
        disagreement__isnull=False,
        gold__has_any_keys=sorted(left),
    ).exclude(pk__in=[decision.pk for decision in decisions])
    hanging = list(others)
    if not left <= {key for decision in hanging for key in decision.gold}:
        raise StateRefused(_("A relation was drawn by hand at this span since; delete it first."))
    return hanging
