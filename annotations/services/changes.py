"""Apply a batch of changes to an annotation set: in order, each once, in one transaction, with its history."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.changes import MAX_CHANGES, Applied, ChangeRequest, ChangeResult
from annotations.domain.editing import Draft, LabelRule, Record, RelationRule, RelationState, Rules, SpanState
from annotations.domain.errors import NotFound, TooLarge
from annotations.domain.queueing import WITHOUT_SLOT
from annotations.models import (
    AnnotationSet,
    Article,
    Change,
    Decision,
    DecisionKind,
    Entity,
    GuidelineVersion,
    Membership,
    Relation,
    SetKind,
    SetState,
    Span,
    User,
)

LEASE: Final = timedelta(minutes=30)


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
            _record_gold_edit(actor, annotation_set, records)
        return applied


def write_changes(
    *, actor: User, annotation_set: AnnotationSet, changes: Sequence[ChangeRequest]
) -> tuple[Applied, Sequence[Record]]:
    """Judge and write the changes of a set that the caller has locked (`lock_set`) and checked, in its transaction."""
    labels = LabelTable(annotation_set.article.project_id)
    draft = _draft_of(annotation_set, labels, changes)
    existing = draft.spans.keys() | draft.relations.keys()
    results = tuple(draft.judge(change) for change in changes)
    if draft.records:
        _write(actor, annotation_set, labels, draft, existing=existing)
    return _outcome(draft, results), draft.records


def lock_set(*, actor: User, annotation_set_id: UUID) -> tuple[AnnotationSet, Membership]:
    """The set, locked, with its article, project and the person's membership.

    Raises:
        NotFound: no such set, or no member of its project.
    """
    found = (
        AnnotationSet.objects.select_for_update(of=("self",))
        .select_related("article")
        .defer("article__search", "article__metadata")
        .filter(pk=annotation_set_id)
        .first()
    )
    member = (
        Membership.objects.select_related("project")
        .filter(user=actor, project=found.article.project_id, removed_at__isnull=True)
        .first()
        if found
        else None
    )
    if found is None or member is None:
        raise NotFound(_("There is no such annotation set."))
    return found, member


# One round trip for all that a project says about labels.
_LABELS: Final = """
SELECT TRUE, id, key, archived_at IS NOT NULL, NULL, NULL, TRUE,
       (SELECT jsonb_object_agg(a.key, a.choices) FROM annotations_labelattribute a WHERE a.label_id = l.id)::text
  FROM annotations_label l WHERE project_id = %(project)s
UNION ALL
SELECT FALSE, r.id, r.key, r.archived_at IS NOT NULL, source.key, target.key, r.many, NULL
  FROM annotations_relationlabel r
  LEFT JOIN annotations_label source ON source.id = r.source_label_id
  LEFT JOIN annotations_label target ON target.id = r.target_label_id
 WHERE r.project_id = %(project)s
"""


class LabelTable:
    """The labels and relation labels of a project by key and by id, read once per batch."""

    def __init__(self, project_id: UUID) -> None:
        self.project_id = project_id
        self.id_of: dict[str, int] = {}
        self.relation_id_of: dict[str, int] = {}
        labels: dict[str, LabelRule] = {}
        relations: dict[str, RelationRule] = {}
        with connection.cursor() as cursor:
            cursor.execute(_LABELS, {"project": project_id})
            for is_label, pk, key, archived, source, target, many, attributes in cursor.fetchall():
                if is_label:
                    self.id_of[key] = pk
                    labels[key] = LabelRule(attributes=orjson.loads(attributes or "{}"), archived=archived)
                else:
                    self.relation_id_of[key] = pk
                    relations[key] = RelationRule(source=source, target=target, many=many, archived=archived)
        self.key_of = {pk: key for key, pk in self.id_of.items()}
        self.relation_key_of = {pk: key for key, pk in self.relation_id_of.items()}
        self.rules = Rules(labels=labels, relations=relations)


def span_state(span: Span, labels: Mapping[int, str]) -> SpanState:
    """The span as the log and the judges see it; `labels` is id -> key, the entity must be loaded."""
    return SpanState(
        label=labels[span.label_id],
        fragments=span.fragments,
        entity=span.entity.name if span.entity else "",
        attributes=span.attributes,
        note=span.note,
        origin=span.origin,
        external_id=span.external_id,
        revision=span.revision,
    )


def relation_state(relation: Relation, labels: Mapping[int, str]) -> RelationState:
    """The relation as the log and the judges see it."""
    return RelationState(
        label=labels[relation.label_id],
        source=relation.source_id,
        target=relation.target_id,
        external_id=relation.external_id,
        revision=relation.revision,
    )


def _draft_of(annotation_set: AnnotationSet, labels: LabelTable, changes: Sequence[ChangeRequest]) -> Draft:
    """Load what the batch can touch, and no more: a set of 5,000 spans costs what a set of 5 does."""
    objects = {change.object for change in changes}
    ends = set(itertools.chain.from_iterable(_ends(change) for change in changes))
    relations = _relations_near(annotation_set, changes, objects, ends)
    for relation in relations.values():
        ends |= {relation.source_id, relation.target_id}
    starts = {start for change in changes for start in _starts(change)}
    near = Q(pk__in=ends)
    if starts:
        near |= Q(start__in=starts)
    found = Span.objects.filter(Q(pk__in=objects) | Q(annotation_set=annotation_set) & near)
    loaded = {span.pk: span for span in found.select_related("entity").order_by()}
    spans = {key: span for key, span in loaded.items() if span.annotation_set_id == annotation_set.pk}
    last: dict[UUID, tuple[UUID, int]] = {}
    done: dict[UUID, int] = {}
    wanted_ids = {change.id for change in changes}
    log = Change.objects.filter(annotation_set=annotation_set).filter(Q(uuid__in=wanted_ids) | Q(object__in=objects))
    former: dict[UUID, Mapping[str, Any]] = {}
    columns = ("uuid", "revision", "object", "before", "after")
    for uuid, revision, key, was, after in log.order_by("revision").values_list(*columns):
        last[key] = (uuid, revision)
        former.pop(key, None)
        if after is None:
            former[key] = was
        if uuid in wanted_ids:
            done[uuid] = revision
    return Draft(
        text=annotation_set.article.text,
        rules=labels.rules,
        revision=annotation_set.revision,
        spans={key: span_state(span, labels.key_of) for key, span in spans.items()},
        relations={key: relation_state(each, labels.relation_key_of) for key, each in relations.items()},
        last=last,
        done=done,
        foreign=(loaded.keys() - spans.keys()) | _relations_elsewhere(annotation_set, changes),
        former=former,
    )


def _relations_elsewhere(annotation_set: AnnotationSet, changes: Sequence[ChangeRequest]) -> set[UUID]:
    """Ids of relations that other sets use: they cannot be created here."""
    named = {change.object for change in changes if change.action.endswith("relation")}
    if not named:
        return set()
    return set(
        Relation.objects.filter(pk__in=named).exclude(annotation_set=annotation_set).values_list("pk", flat=True)
    )


def _relations_near(
    annotation_set: AnnotationSet, changes: Sequence[ChangeRequest], objects: set[UUID], ends: set[UUID]
) -> dict[UUID, Relation]:
    """Relations that are named, or hang on a span that is named; none of them is needed to make a new span."""
    near = objects | ends if any(change.base is not None or "relation" in change.action for change in changes) else None
    if near is None:
        return {}
    found = Relation.objects.filter(annotation_set=annotation_set).filter(
        Q(pk__in=objects) | Q(source__in=near) | Q(target__in=near)
    )
    return {relation.pk: relation for relation in found}


def _ends(change: ChangeRequest) -> Iterable[UUID]:
    if change.action != "put_relation":
        return
    for key in ("source", "target"):
        try:
            yield UUID(str(change.value.get(key)))
        except ValueError:
            continue  # the judge says what is wrong with it


def _starts(change: ChangeRequest) -> Iterable[int]:
    """Where the fragments of a written span begin: there a span with the same fragments would begin, too."""
    fragments = change.value.get("fragments") if change.action == "put_span" else None
    if not isinstance(fragments, list | tuple):
        return []
    starts = [pair[0] for pair in fragments if isinstance(pair, list | tuple) and pair]
    numbers = [start for start in starts if type(start) is int and 0 <= start < 2**31]
    return [min(numbers)] if numbers else []


def _write(
    actor: User, annotation_set: AnnotationSet, labels: LabelTable, draft: Draft, *, existing: AbstractSet[UUID]
) -> None:
    """Bring the tables to the draft: deletions first, relations after their ends, then the log and the counter."""
    now = timezone.now()
    final = {record.object: record.after for record in draft.records}
    is_span = {record.object: record.action.endswith("span") for record in draft.records}
    gone = [key for key, after in final.items() if after is None and key in existing]
    if gone:
        Relation.objects.filter(
            annotation_set=annotation_set, pk__in=[key for key in gone if not is_span[key]]
        ).delete()
        with connection.cursor() as cursor:  # nothing to cascade: the draft named every relation of these spans
            cursor.execute(
                "DELETE FROM annotations_span WHERE annotation_set_id = %s AND id = ANY(%s)", [annotation_set.pk, gone]
            )
    _put_spans(annotation_set, labels, {k: v for k, v in final.items() if isinstance(v, SpanState)}, existing)
    _put_relations(annotation_set, labels, {k: v for k, v in final.items() if isinstance(v, RelationState)}, existing)
    Change.objects.bulk_create(
        Change(
            annotation_set=annotation_set,
            revision=record.revision,
            uuid=record.uuid,
            author=actor,
            at=now,
            action=record.action,
            object=record.object,
            before=record.before and record.before.as_json(),
            after=record.after and record.after.as_json(),
            batch=record.batch,
            undoes=record.undoes,
        )
        for record in draft.records
    )
    _touch(annotation_set, draft.revision, now)


def _put_spans(
    annotation_set: AnnotationSet, labels: LabelTable, spans: Mapping[UUID, SpanState], existing: AbstractSet[UUID]
) -> None:
    entities = _entity_ids(labels, spans.values())
    new = []
    for key, state in spans.items():
        label = labels.id_of[state.label]
        columns: dict[str, Any] = {
            "label_id": label,
            "fragments": state.fragments,
            "entity_id": entities.get((label, state.entity)),
            "attributes": dict(state.attributes),
            "note": state.note,
            "origin": state.origin,
            "revision": state.revision,
        }
        if key in existing:
            Span.objects.filter(pk=key, annotation_set=annotation_set).update(**columns)
        else:
            new.append(Span(pk=key, annotation_set=annotation_set, external_id=state.external_id, **columns))
    if new:
        Span.objects.bulk_create(new)


def _put_relations(
    annotation_set: AnnotationSet,
    labels: LabelTable,
    relations: Mapping[UUID, RelationState],
    existing: AbstractSet[UUID],
) -> None:
    new = []
    for key, state in relations.items():
        columns: dict[str, Any] = {
            "label_id": labels.relation_id_of[state.label],
            "source_id": state.source,
            "target_id": state.target,
            "revision": state.revision,
        }
        if key in existing:
            Relation.objects.filter(pk=key, annotation_set=annotation_set).update(**columns)
        else:
            new.append(Relation(pk=key, annotation_set=annotation_set, external_id=state.external_id, **columns))
    if new:
        Relation.objects.bulk_create(new)


def _entity_ids(labels: LabelTable, spans: Iterable[SpanState]) -> dict[tuple[int, str], UUID]:
    """The entities that the spans mean, by label and name; new names become new entities."""
    wanted = {(labels.id_of[span.label], span.entity) for span in spans if span.entity}
    if not wanted:
        return {}
    Entity.objects.bulk_create(
        (Entity(project_id=labels.project_id, label_id=label, name=name) for label, name in sorted(wanted)),
        ignore_conflicts=True,
    )
    names = {name for _, name in wanted}
    found = Entity.objects.filter(project=labels.project_id, name__in=names)
    return {(entity.label_id, entity.name): entity.pk for entity in found}


def _touch(annotation_set: AnnotationSet, revision: int, now: datetime) -> None:
    """The set's new revision; a saved change renews the lease, and takes up work that was skipped or given back."""
    columns: dict[str, Any] = {"revision": revision}
    if annotation_set.kind == SetKind.ANNOTATOR:
        columns["lease_expires_at"] = now + LEASE
        if annotation_set.state in WITHOUT_SLOT:
            columns["state"] = SetState.IN_PROGRESS
            Article.objects.filter(pk=annotation_set.article_id).update(open_slots=F("open_slots") - 1)
    AnnotationSet.objects.filter(pk=annotation_set.pk).update(**columns)
    annotation_set.revision = revision


def _record_gold_edit(actor: User, annotation_set: AnnotationSet, records: Sequence[Record]) -> None:
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
