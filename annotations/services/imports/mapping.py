"""The labels of a file under the names the project has for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from annotations.domain.documents import AnnotationSet, Relation, Span
from annotations.formats import Item, Loss, Losses


def mapped(items: Iterable[Item], labels: Mapping[str, str], relation_labels: Mapping[str, str]) -> Iterator[Item]:
    """The items with labels renamed; spans whose label becomes empty are left out, with their relations.

    Relations whose own label becomes empty are left out. Two spans that become the same are one, and have the relations
    of both.
    """
    if all(label == other for label, other in (*labels.items(), *relation_labels.items())):
        yield from items
        return
    for item in items:
        document = item.document
        if document is None or not document.annotation_sets:
            yield item
            continue
        losses = Losses()
        losses.update(item.losses)
        sets = tuple(_renamed(one, labels, relation_labels, losses) for one in document.annotation_sets)
        yield replace(item, document=replace(document, annotation_sets=sets), losses=losses)


def _renamed(
    one: AnnotationSet, labels: Mapping[str, str], relation_labels: Mapping[str, str], losses: Losses
) -> AnnotationSet:
    spans: dict[object, Span] = {}
    place: dict[str, str] = {}
    for span in one.spans:
        label = labels.get(span.label, span.label)
        if not label:
            losses.add(Loss.SPANS)
            continue
        kept = spans.setdefault((label, span.fragments), replace(span, label=label))
        place[span.id] = kept.id
        losses.add(Loss.MERGED, kept.id != span.id)
    relations: dict[tuple[str, str, str], Relation] = {}
    for relation in one.relations:
        label = relation_labels.get(relation.label, relation.label)
        source, target = place.get(relation.source), place.get(relation.target)
        if label and source and target and source != target:
            renamed = replace(relation, label=label, source=source, target=target)
            relations.setdefault((label, source, target), renamed)
    losses.add(Loss.RELATIONS, len(one.relations) - len(relations))
    return replace(one, spans=tuple(spans.values()), relations=tuple(relations.values()))
