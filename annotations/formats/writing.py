"""From documents to the native form: plain mappings, everything in the order of an export."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from annotations.domain.documents import AnnotationSet, Document, Relation, Span, quote_of
from annotations.formats.reading import ARTICLE_TEXTS

span_order = attrgetter("fragments", "label", "id")
relation_order = attrgetter("label", "source", "target", "id")


def set_order(one: AnnotationSet) -> tuple[str, str]:
    """Sets stand by kind, then by annotator or source."""
    return one.kind, one.annotator or one.source


def ordered_spans(one: AnnotationSet) -> list[Span]:
    """Spans stand by fragments, label and id."""
    return sorted(one.spans, key=span_order)


def ordered_relations(one: AnnotationSet) -> list[Relation]:
    """Relations stand by label, source, target and id."""
    return sorted(one.relations, key=relation_order)


def mapping_of(document: Document) -> dict[str, Any]:
    """The document as a mapping with its keys in the native order; what is empty is left out, metadata is last but
    one and unsorted.
    """
    text = document.text
    raw: dict[str, Any] = {"id": document.id}
    if document.title:
        raw["title"] = document.title
    if text:  # else it is withheld
        raw["text"] = text
    for name in ARTICLE_TEXTS[1:]:
        if value := getattr(document, name):
            raw[name] = value
    if document.metadata:
        raw["metadata"] = document.metadata
    if document.annotation_sets:
        raw["annotation_sets"] = [_set_mapping(one, text) for one in sorted(document.annotation_sets, key=set_order)]
    return raw


def _set_mapping(one: AnnotationSet, text: str) -> dict[str, Any]:
    raw: dict[str, Any] = {"kind": one.kind}
    for name in ("annotator", "state", "guideline", "source", "engine", "version"):
        if value := getattr(one, name):
            raw[name] = value
    if one.spans:
        raw["spans"] = [_span_mapping(span, text) for span in ordered_spans(one)]
    if one.relations:
        raw["relations"] = [_relation_mapping(relation) for relation in ordered_relations(one)]
    return raw


def _span_mapping(span: Span, text: str) -> dict[str, Any]:
    fragments = span.fragments
    raw: dict[str, Any] = {"id": span.id, "label": span.label, "fragments": fragments}
    if text:
        raw["quote"] = text[fragments[0][0] : fragments[0][1]] if len(fragments) == 1 else quote_of(text, fragments)
    elif span.quote:  # of a text that is withheld
        raw["quote"] = span.quote
    if span.entity:
        raw["entity"] = span.entity
    if span.attributes:
        raw["attributes"] = dict(sorted(span.attributes.items()))
    if span.note:
        raw["note"] = span.note
    if span.origin:
        raw["origin"] = span.origin
    if span.score is not None:
        raw["score"] = span.score
    if span.sources:
        raw["sources"] = span.sources
    return raw


def _relation_mapping(relation: Relation) -> dict[str, str]:
    raw = {"id": relation.id} if relation.id else {}
    raw["label"] = relation.label
    raw["source"] = relation.source
    raw["target"] = relation.target
    return raw
