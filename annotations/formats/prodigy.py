"""Prodigy's JSON Lines: a task for each annotation set, with tokens that make up the text.

Each span begins and ends with a token. Offsets are code points; a span's `token_end` is its last token. A span of
several fragments is several spans of one id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from annotations.domain.documents import AnnotationSet, Document, Fragment, Span
from annotations.formats.items import WriteOptions
from annotations.formats.losses import Loss
from annotations.formats.set_archives import index_row, set_fields
from annotations.formats.tokens import pieces_of
from annotations.formats.writing import ordered_relations, ordered_spans, set_order


def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """A line for each set, one for an article without any."""
    for document in documents:
        sets = sorted(document.annotation_sets, key=set_order) or [AnnotationSet(kind="")]
        for one in sets:
            options.losses.add(Loss.SPLIT, sum(len(span.fragments) > 1 for span in one.spans))
        yield b"".join(orjson.dumps(_task(document, one), option=orjson.OPT_APPEND_NEWLINE) for one in sets)


def _task(document: Document, one: AnnotationSet) -> dict[str, Any]:
    text = document.text
    spans = ordered_spans(one)
    pieces = pieces_of(text, [fragment for span in spans for fragment in span.fragments])
    first = {piece.start: number for number, piece in enumerate(pieces)}
    last = {piece.end: number for number, piece in enumerate(pieces)}

    def placed(span: Span, fragment: Fragment) -> dict[str, Any]:
        start, end = fragment
        return {
            "start": start, "end": end, "token_start": first[start], "token_end": last[end], "label": span.label,
        }  # fmt: skip

    ends = {span.id: placed(span, span.fragments[0]) for span in spans}
    author = one.annotator or one.source or one.kind
    task: dict[str, Any] = {
        "text": text,
        "meta": {**index_row(document), **set_fields(one)},
        "tokens": [
            {"text": text[piece.start : piece.end], "start": piece.start, "end": piece.end, "id": number,
             "ws": piece.space}
            for number, piece in enumerate(pieces)
        ],
        "spans": [{**placed(span, fragment), **_details(span)} for span in spans for fragment in span.fragments],
        "relations": [
            {"head": ends[relation.source]["token_end"], "child": ends[relation.target]["token_end"],
             "head_span": ends[relation.source], "child_span": ends[relation.target], "label": relation.label,
             **({"id": relation.id} if relation.id else {})}
            for relation in ordered_relations(one)
        ],
    }  # fmt: skip
    if one.kind:
        task |= {"answer": "accept", "_annotator_id": author, "_session_id": author, "_view_id": "relations"}
    return task


def _details(span: Span) -> dict[str, Any]:
    names = ("id", "entity", "note", "origin")
    details: dict[str, Any] = {name: value for name in names if (value := getattr(span, name))}
    if span.attributes:
        details["attributes"] = dict(sorted(span.attributes.items()))
    if span.score is not None:
        details["score"] = span.score
    if span.sources:
        details["sources"] = list(span.sources)
    return details
