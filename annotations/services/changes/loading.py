"""Read what a batch of changes can touch: the locked set, its project's labels, the spans and the log near by.

The SQL is written by hand: this runs at every save, where building the queries would cost more than they do.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import orjson
from django.db.models import Q
from django.utils.translation import gettext as _

from annotations.domain.changes import ChangeRequest
from annotations.domain.editing import Draft, LabelRule, RelationRule, RelationState, Rules, SpanState
from annotations.domain.errors import NotFound
from annotations.models import AnnotationSet, Article, Membership, Project, Relation, User
from annotations.models.prepared import Joined, rows

_LOCKED: Final = Joined(
    "SELECT {columns} FROM annotations_annotationset s"
    " JOIN annotations_article a ON a.id = s.article_id"
    " JOIN annotations_project p ON p.id = a.project_id"
    " JOIN annotations_membership m ON m.project_id = p.id AND m.user_id = %(user)s AND m.removed_at IS NULL"
    " WHERE s.id = %(set)s FOR UPDATE OF s",
    s=AnnotationSet,
    a=(Article, ("search", "metadata")),
    p=Project,
    m=Membership,
)


def lock_set(*, actor: User, annotation_set_id: UUID) -> tuple[AnnotationSet, Membership]:
    """The set, locked, with its article, project and the person's membership.

    Raises:
        NotFound: no such set, or no member of its project.
    """
    found = _LOCKED.first({"set": annotation_set_id, "user": actor.pk})
    if found is None:
        raise NotFound(_("There is no such annotation set."))
    annotation_set, article, project, member = found
    annotation_set.article, article.project, member.project, member.user = article, project, project, actor
    return annotation_set, member


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
        found = rows(_LABELS, {"project": project_id})
        for is_label, pk, key, archived, source, target, many, attributes in found:
            if is_label:
                self.id_of[key] = pk
                labels[key] = LabelRule(attributes=orjson.loads(attributes or "{}"), archived=archived)
            else:
                self.relation_id_of[key] = pk
                relations[key] = RelationRule(source=source, target=target, many=many, archived=archived)
        self.key_of = {pk: key for key, pk in self.id_of.items()}
        self.relation_key_of = {pk: key for key, pk in self.relation_id_of.items()}
        self.rules = Rules(labels=labels, relations=relations)


def relation_state(relation: Relation, labels: Mapping[int, str]) -> RelationState:
    """The relation as the log and the judges see it."""
    return RelationState(
        label=labels[relation.label_id],
        source=relation.source_id,
        target=relation.target_id,
        external_id=relation.external_id,
        revision=relation.revision,
    )


# Named spans wherever they live, so that an id of another set is noticed; the set's others by their ends and starts.
_SPANS: Final = """
SELECT s.id, s.annotation_set_id, s.label_id, s.fragments, coalesce(e.name, ''), s.attributes::text, s.note, s.origin,
       s.external_id, s.revision
  FROM annotations_span s LEFT JOIN annotations_entity e ON e.id = s.entity_id
 WHERE s.id = ANY(%(objects)s::uuid[])
    OR s.annotation_set_id = %(set)s AND (s.id = ANY(%(ends)s::uuid[]) OR s.start = ANY(%(starts)s::int[]))
"""
_LOG: Final = """
SELECT uuid, revision, object, after IS NULL, CASE WHEN after IS NULL THEN before::text END
  FROM annotations_change
 WHERE annotation_set_id = %(set)s AND (uuid = ANY(%(changes)s::uuid[]) OR object = ANY(%(objects)s::uuid[]))
 ORDER BY revision
"""


def draft_of(annotation_set: AnnotationSet, labels: LabelTable, changes: Sequence[ChangeRequest]) -> Draft:
    """Load what the batch can touch, and no more: a set of 5,000 spans costs what a set of 5 does."""
    objects = {change.object for change in changes}
    ends = set(itertools.chain.from_iterable(_ends(change) for change in changes))
    relations = _relations_near(annotation_set, changes, objects, ends)
    for relation in relations.values():
        ends |= {relation.source_id, relation.target_id}
    spans, elsewhere = _spans_near(annotation_set, labels, changes, objects, ends)
    draft = Draft(
        text=annotation_set.article.text,
        rules=labels.rules,
        revision=annotation_set.revision,
        spans=spans,
        relations={key: relation_state(each, labels.relation_key_of) for key, each in relations.items()},
        last={},
        done={},
        foreign=elsewhere | _relations_elsewhere(annotation_set, changes),
    )
    _read_log(annotation_set, draft, {change.id for change in changes}, objects)
    return draft


def _spans_near(
    annotation_set: AnnotationSet,
    labels: LabelTable,
    changes: Sequence[ChangeRequest],
    objects: set[UUID],
    ends: set[UUID],
) -> tuple[dict[UUID, SpanState], set[UUID]]:
    """The set's spans that the batch can touch, and the named ids that live in other sets."""
    starts = {start for change in changes for start in _starts(change)}
    spans: dict[UUID, SpanState] = {}
    elsewhere: set[UUID] = set()
    values = {"set": annotation_set.pk, "objects": list(objects), "ends": list(ends), "starts": list(starts)}
    for key, owner, label, fragments, entity, attributes, note, origin, external_id, revision in rows(_SPANS, values):
        if owner != annotation_set.pk:
            elsewhere.add(key)
            continue
        spans[key] = SpanState(
            label=labels.key_of[label],
            fragments=tuple((part.lower, part.upper) for part in fragments),
            entity=entity,
            attributes=orjson.loads(attributes),
            note=note,
            origin=origin,
            external_id=external_id,
            revision=revision,
        )
    return spans, elsewhere


def _read_log(annotation_set: AnnotationSet, draft: Draft, changes: set[UUID], objects: set[UUID]) -> None:
    """What last happened to the named objects, which changes were applied before, and what deleted objects were."""
    former: dict[UUID, Mapping[str, Any]] = {}
    values = {"set": annotation_set.pk, "changes": list(changes), "objects": list(objects)}
    for uuid, revision, key, is_deletion, was in rows(_LOG, values):
        draft.last[key] = (uuid, revision)
        former.pop(key, None)
        if is_deletion:
            former[key] = orjson.loads(was)
        if uuid in changes:
            draft.done[uuid] = revision
    draft.former = former


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
