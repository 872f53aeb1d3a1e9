"""Undo and redo from the log: ordinary changes with a batch of their own that says what it undoes (settled 7)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.changes import Applied, ChangeRequest
from annotations.domain.errors import NotFound, RevisionConflict, StateRefused
from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, Change, ChangeAction, Decision, SetKind, User
from annotations.services.changes import lock_set, record_gold_edit, write_changes

type Line = tuple[UUID, UUID | None]  # batch, what it undoes


def undo(*, actor: User, annotation_set_id: UUID, request_id: UUID, redo: bool = False) -> Applied:
    """Take back one's own newest batch in this set (or, with `redo`, bring back the newest that was taken back).

    `request_id` is the batch of the new changes: the same id twice is applied once.

    Raises:
        NotFound: nothing to undo or redo, or no such set.
        NotAllowed, StateRefused: as `policies` says; what a decision made is taken back with the decision.
        RevisionConflict: somebody else changed one of the objects since; nothing is undone.
    """
    with transaction.atomic():
        annotation_set, member = lock_set(actor=actor, annotation_set_id=annotation_set_id)
        policies.check_can_edit_set(member, annotation_set)
        if Change.objects.filter(annotation_set=annotation_set, batch=request_id).exists():
            return Applied(revision=annotation_set.revision, results=())
        target = _target(_own_lines(actor, annotation_set), redo=redo)
        if target is None:
            raise NotFound(_("There is nothing to redo.") if redo else _("There is nothing to undo."))
        if Decision.objects.filter(
            batch=target, article=annotation_set.article_id, disagreement__isnull=False
        ).exists():
            raise StateRefused(_("This came of a decision; take the decision back instead."))
        batch = list(Change.objects.filter(annotation_set=annotation_set, batch=target).order_by("revision"))
        _check_untouched(actor, annotation_set, batch)
        applied, records = write_changes(
            actor=actor,
            annotation_set=annotation_set,
            changes=_inverse(annotation_set, batch, request_id=request_id),
        )
        failed = [result for result in applied.results if result.status != "applied"]
        if failed:
            transaction.set_rollback(True)
            raise RevisionConflict(
                _("It cannot be taken back: something else depends on it now."),
                current=dict(failed[0].current) if failed[0].current else None,
                revision=annotation_set.revision,
            )
        if annotation_set.kind == SetKind.GOLD:
            record_gold_edit(actor=actor, annotation_set=annotation_set, records=records)
        return applied


def _own_lines(actor: User, annotation_set: AnnotationSet) -> list[Line]:
    """One's own batches in this set, oldest first."""
    log = Change.objects.filter(annotation_set=annotation_set, author=actor).exclude(action=ChangeAction.IMPORT_SET)
    lines = dict(log.order_by("revision").values_list("batch", "undoes"))
    return list(lines.items())


def _target(lines: Sequence[Line], *, redo: bool) -> UUID | None:
    """The batch to take back, by replaying all of them: an undone batch leaves one stack for the other."""
    done: list[UUID] = []
    undone: list[UUID] = []
    for batch, undoes in lines:
        if undoes is None:
            done.append(batch)
            undone.clear()
        elif undoes in done:
            done.remove(undoes)
            undone.append(batch)
        elif undoes in undone:
            undone.remove(undoes)
            done.append(batch)
    stack = undone if redo else done
    return stack[-1] if stack else None


def _check_untouched(actor: User, annotation_set: AnnotationSet, batch: Sequence[Change]) -> None:
    newest = batch[-1].revision
    objects = {change.object for change in batch}
    later = Change.objects.filter(annotation_set=annotation_set, revision__gt=newest, object__in=objects)
    other = later.exclude(author=actor).order_by("-revision").first()
    if other is not None:
        raise RevisionConflict(
            _("Somebody else changed this since; nothing was undone."), current=other.after, revision=other.revision
        )


def _inverse(annotation_set: AnnotationSet, batch: Sequence[Change], *, request_id: UUID) -> list[ChangeRequest]:
    """The changes that bring back what was before the batch, newest first, on the objects' revisions now."""
    objects = {change.object for change in batch}
    log = Change.objects.filter(annotation_set=annotation_set, object__in=objects).order_by("revision")
    base: dict[UUID, int | UUID] = dict(log.values_list("object", "revision"))
    changes = []
    for change in reversed(batch):
        noun = "span" if change.action.endswith("span") else "relation"
        uuid = uuid7()
        value = {key: each for key, each in (change.before or {}).items() if key not in {"origin", "external_id"}}
        changes.append(
            ChangeRequest(
                id=uuid,
                action=f"{'put' if change.before else 'delete'}_{noun}",  # type: ignore[arg-type]
                object=change.object,
                base=base[change.object],
                value=value,
                batch=request_id,
                undoes=change.batch,
            )
        )
        base[change.object] = uuid
    return changes
