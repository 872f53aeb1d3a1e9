"""What formats are expected to make of documents: the fixture's losses, and documents without what may be lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from annotations.domain.documents import NOTHING, AnnotationSet, Document, Span
from annotations.formats import Loss, Losses
from annotations.formats.writing import ordered_spans, set_order
from tests.formats.documents import FIXTURE, WITHOUT_SPANS

# What writing the fixture and the article without spans loses.
FIXTURE_LOSSES: dict[str, dict[Loss, int]] = {
    "jsonl": {},
    "csv": {},
    "tsv": {},
    "brat": {Loss.ORIGINS: 1, Loss.IDS: 7},
    "doccano": {Loss.ENTITIES: 2, Loss.ATTRIBUTES: 2, Loss.NOTES: 1, Loss.ORIGINS: 1, Loss.IDS: 7},
    "label-studio": {},
    "prodigy": {Loss.SPLIT: 1},
    "conll": {
        Loss.NESTED: 2,
        Loss.SPLIT: 1,
        Loss.RELATIONS: 1,
        Loss.ENTITIES: 2,
        Loss.ATTRIBUTES: 2,
        Loss.NOTES: 1,
        Loss.ORIGINS: 1,
        Loss.IDS: 6,
    },
    "spacy": {},
    "web-annotation": {},
    "webanno": {Loss.ORIGINS: 1},
    "cas-xmi": {Loss.ORIGINS: 1},
    "cas-json": {Loss.ORIGINS: 1},
    "parquet": {},
    "dna": {Loss.JOINED: 1, Loss.ORIGINS: 1},
    "statements": {Loss.ARTICLES: 1, Loss.SPANS: 4, Loss.NOTES: 1},
    "graphml": {Loss.ARTICLES: 1, Loss.SPANS: 4, Loss.NOTES: 1},
    "graphml-congruence": {Loss.ARTICLES: 2, Loss.SPANS: 6, Loss.RELATIONS: 1},
    "graphml-conflict": {Loss.ARTICLES: 2, Loss.SPANS: 6, Loss.RELATIONS: 1},
}
# The plain fields that a loss takes from spans.
FIELDS: dict[Loss, dict[str, Any]] = {
    Loss.ENTITIES: {"entity": ""},
    Loss.ATTRIBUTES: {"attributes": NOTHING},
    Loss.NOTES: {"note": ""},
    Loss.ORIGINS: {"origin": "", "score": None, "sources": ()},
}
SET_FIELDS: dict[str, Any] = {"state": "", "guideline": None, "engine": "", "version": ""}
PLAIN = frozenset((*FIELDS, Loss.IDS, Loss.SET_DETAILS, Loss.DETAILS))


def comparable(document: Document, losses: Losses) -> Any:
    """What must come back when only `PLAIN` losses were counted."""
    if Loss.DETAILS in losses:
        document = Document(id=document.id, text=document.text, annotation_sets=document.annotation_sets)
    sets = sorted(document.annotation_sets, key=set_order)
    return replace(document, annotation_sets=()), [_comparable_set(one, losses) for one in sets]


def _comparable_set(one: AnnotationSet, losses: Losses) -> Any:
    blank = {name: value for loss, fields in FIELDS.items() if loss in losses for name, value in fields.items()}
    if Loss.JOINED in losses:
        hulls = [((span.fragments[0][0], span.fragments[-1][1]),) for span in one.spans]
        one = replace(one, spans=[replace(span, fragments=hull) for span, hull in zip(one.spans, hulls, strict=True)])
    places = {span.id: (span.label, span.fragments) for span in one.spans}
    spans: list[Any] = [replace(span, **blank, quote=None) for span in ordered_spans(one)]
    relations: list[Any] = list(one.relations)
    if Loss.IDS in losses:
        spans = sorted((_without_id(span) for span in spans), key=repr)
        relations = sorted((link.label, places[link.source], places[link.target]) for link in one.relations)
    if Loss.SET_DETAILS in losses:
        one = replace(one, **SET_FIELDS)
    return replace(one, spans=(), relations=()), spans, relations


def _without_id(span: Span) -> Any:
    return {name: getattr(span, name) for name in span.__slots__ if name not in {"id", "attributes"}} | {
        "attributes": dict(span.attributes)
    }


GOLDEN_DOCUMENTS = (FIXTURE, WITHOUT_SPANS)
