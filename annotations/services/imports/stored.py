"""Whether an annotation set of a file is one that is there already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from annotations.domain.documents import AnnotationSet, Fragments
from annotations.models import Change, ChangeAction, Relation, Span

type SpanContents = tuple[str, Fragments, str, dict[str, str], str]


@dataclass(slots=True)
class Contents:
    """What an annotation set holds, by the ids an export gives: spans as (label, fragments, entity, attributes, note),
    relations (label, source, target) with their id, empty where the file gave none.
    """

    spans: dict[str, SpanContents] = field(default_factory=dict)
    relations: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def equals(self, given: Contents) -> bool:
        """Whether `given`, from a file, is the same; a relation without id is any relation of its ends and label."""
        if self.spans != given.spans or self.relations.keys() != given.relations.keys():
            return False
        return all(key in {"", self.relations[triple]} for triple, key in given.relations.items())


def contents_of(one: AnnotationSet) -> Contents:
    """The contents of a set in a file."""
    return Contents(
        {
            span.id: (span.label, tuple(span.fragments), span.entity, dict(span.attributes), span.note)
            for span in one.spans
        },
        {(each.label, each.source, each.target): each.id for each in one.relations},
    )


def stored_contents(set_ids: Iterable[UUID]) -> dict[UUID, Contents]:
    """The contents of stored sets as they are now."""
    ids = list(set_ids)
    found = {key: Contents() for key in ids}
    names: dict[UUID, str] = {}
    for key, owner, external_id, label, fragments, entity, attributes, note in (
        Span.objects.filter(annotation_set__in=ids)
        .values_list(
            "pk", "annotation_set", "external_id", "label__key", "fragments", "entity__name", "attributes", "note"
        )
        .order_by()
    ):
        names[key] = external_id or str(key)
        found[owner].spans[names[key]] = (label, fragments, entity or "", attributes, note)
    for key, owner, external_id, label, source, target in Relation.objects.filter(annotation_set__in=ids).values_list(
        "pk", "annotation_set", "external_id", "label__key", "source", "target"
    ):
        found[owner].relations[label, names[source], names[target]] = external_id or str(key)
    return found


def imported_contents(set_ids: Iterable[UUID]) -> dict[UUID, Contents]:
    """The contents of stored sets as they once came out of a file, whatever was done to them since."""
    log = Change.objects.filter(annotation_set__in=list(set_ids), action=ChangeAction.IMPORT_SET)
    return {owner: _logged(after or {}) for owner, after in log.values_list("annotation_set", "after")}


def _logged(after: Mapping[str, Any]) -> Contents:
    spans, relations = after["spans"], after["relations"]
    names = {key: state["external_id"] or key for key, state in spans.items()}
    return Contents(
        {
            names[key]: (
                state["label"],
                tuple((start, end) for start, end in state["fragments"]),
                state["entity"],
                state["attributes"],
                state["note"],
            )
            for key, state in spans.items()
        },
        {
            (state["label"], names[state["source"]], names[state["target"]]): state["external_id"] or key
            for key, state in relations.items()
        },
    )
