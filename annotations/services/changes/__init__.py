"""Apply a batch of changes to an annotation set: in order, each once, in one transaction, with its history."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.changes import MAX_CHANGES, Applied, ChangeRequest, ChangeResult
from annotations.domain.editing import Draft, Record, RelationState, SpanState
from annotations.domain.errors import TooLarge
from annotations.models import AnnotationSet, Decision, DecisionKind, GuidelineVersion, SetKind, User
from annotations.services.changes.loading import LabelTable, draft_of, lock_set
from annotations.services.changes.writing import LEASE, write
from annotations.services.tallies import count_changes

__all__ = ["LEASE", "apply_changes", "lock_set", "record_gold_edit", "write_changes"]


def apply_changes(*, actor: User, annotation_set_id: UUID, changes: Sequence[ChangeRequest]) -> Applied:
    """Judge each change in order and write those that apply, in one transaction.

    A direct edit of gold is kept as a decision, too.

    Raises:
        NotFound: no such set, or one the person may not see.
        NotAllowed: somebody else's set.
        StateRefused: the set is submitted.
        TooLarge: more than `MAX_CHANGES` changes.
    """
    if len(changes) > MAX_CHANGES:
        raise TooLarge(_("%(n)d changes at once; at most %(most)d.") % {"n": len(changes), "most": MAX_CHANGES})
    with transaction.atomic():
        annotation_set, member = lock_set(actor=actor, annotation_set_id=annotation_set_id)
        policies.check_can_edit_set(member, annotation_set)
        applied, records = write_changes(actor=actor, annotation_set=annotation_set, changes=changes)
        if annotation_set.kind == SetKind.GOLD and records:
            record_gold_edit(actor=actor, annotation_set=annotation_set, records=records)
    count_changes(applied.results)
    return applied


def write_changes(
    *, actor: User, annotation_set: AnnotationSet, changes: Sequence[ChangeRequest]
) -> tuple[Applied, Sequence[Record]]:
    """Judge and write the changes of a set that the caller has locked (`lock_set`) and checked, in its transaction."""
    labels = LabelTable(annotation_set.article.project_id)
    draft = draft_of(annotation_set, labels, changes)
    existing = draft.spans.keys() | draft.relations.keys()
    results = tuple(draft.judge(change) for change in changes)
    if draft.records:
        write(actor, annotation_set, labels, draft, existing=existing)
    return _outcome(draft, results), draft.records


def record_gold_edit(*, actor: User, annotation_set: AnnotationSet, records: Sequence[Record]) -> None:
    """Nothing enters gold silently: a direct edit is a decision (settled 17), one for each batch."""
    batches: dict[UUID, list[str]] = {}
    for record in records:
        batches.setdefault(record.batch, []).append(str(record.object))
    guideline = GuidelineVersion.objects.filter(project=annotation_set.article.project_id).order_by("-number").first()
    Decision.objects.bulk_create(
        Decision(
            article_id=annotation_set.article_id,
            kind=DecisionKind.EDIT,
            gold=sorted(set(objects)),
            batch=batch,
            guideline=guideline,
            by=actor,
        )
        for batch, objects in batches.items()
    )


def _outcome(draft: Draft, results: tuple[ChangeResult, ...]) -> Applied:
    """What a page has to paint anew: old and new fragments, list items of spans that changed or whose links did."""
    touched: list[tuple[int, int]] = []
    items: set[UUID] = set()
    for record in draft.records:
        for state in (record.before, record.after):
            if isinstance(state, SpanState):
                touched.extend(state.fragments)
                items.add(record.object)
            elif isinstance(state, RelationState):
                items |= {state.source, state.target}
    # A repeated change was applied in a request whose answer got lost: show its object, too.
    items |= {key for key in draft.spans if key in draft.last and draft.last[key][0] in draft.done}
    touched.extend(itertools.chain.from_iterable(draft.spans[key].fragments for key in items & draft.spans.keys()))
    return Applied(
        revision=draft.revision,
        results=results,
        touched=tuple(sorted(set(touched))),
        spans=frozenset(items & draft.spans.keys()),
        gone=frozenset(items - draft.spans.keys()),
    )
