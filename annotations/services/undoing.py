"""What has to leave gold when decisions are taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from annotations.domain.changes import Action, ChangeRequest
from annotations.domain.errors import StateRefused
from annotations.domain.identifiers import uuid7
from annotations.models import Change, Decision, Relation
from annotations.services.gold import GoldDraft


def plan_undo(draft: GoldDraft, decisions: Iterable[Decision]) -> list[Decision]:
    """Plan the deletion of what the decisions put into gold; all decisions that go, also those on relations of it.

    Raises:
        StateRefused: a relation that no decision made hangs on one of the spans.
    """
    undone = list(decisions)
    undone += _hanging(draft, undone)
    owner = {key: decision for decision in undone for key in decision.gold}
    log = Change.objects.filter(
        annotation_set=draft.annotation_set,
        batch__in={decision.batch for decision in undone},
        object__in=owner.keys(),
        action__in=["put_span", "put_relation"],
    )
    batch = uuid7()
    spans: list[ChangeRequest] = []
    relations: list[ChangeRequest] = []
    for change in log.order_by("revision"):
        decision = owner[str(change.object)]
        if change.batch != decision.batch:
            continue
        action: Action = "delete_span" if change.action == "put_span" else "delete_relation"
        request = ChangeRequest(
            id=uuid7(), action=action, object=change.object, base=change.revision, batch=batch, undoes=decision.batch
        )
        (spans if action == "delete_span" else relations).append(request)
    draft.changes += [*relations, *spans]  # relations first: a span takes its relations with it
    for key in owner:
        draft.spans.pop(key, None)
    for decision in undone:
        if decision.disagreement:
            draft.made.pop(decision.disagreement, None)
    return undone


def _hanging(draft: GoldDraft, decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions on relations whose ends go."""
    going = {key for decision in decisions for key in decision.gold}
    relations = Relation.objects.filter(annotation_set=draft.annotation_set)
    found = relations.filter(Q(source__in=going) | Q(target__in=going)).values_list("pk", flat=True)
    left = {str(key) for key in found} - going
    if not left:
        return []
    known = {decision.pk for decision in decisions}
    others = Decision.objects.filter(
        article=draft.annotation_set.article_id,
        undone_at=None,
        disagreement__isnull=False,
        gold__has_any_keys=sorted(left),
    ).exclude(pk__in=known)
    hanging = list(others)
    if not left <= {key for decision in hanging for key in decision.gold}:
        raise StateRefused(_("A relation was drawn by hand at this span since; delete it first."))
    return hanging
