"""Documents to the rows of a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from annotations.domain.documents import AnnotationSet, Document
from annotations.formats.items import WriteOptions
from annotations.formats.tables.columns import (
    ARTICLE_COLUMNS,
    COLUMNS,
    JSON_COLUMNS,
    NUMBER_COLUMNS,
    RELATION_COLUMNS,
    SET_COLUMNS,
    SPAN_COLUMNS,
    escape,
)
from annotations.formats.writing import ordered_relations, ordered_spans, set_order


def table(documents: Iterable[Document], options: WriteOptions, delimiter: str) -> Iterator[bytes]:
    """The header, then the rows of each document as one piece."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    if options.byte_order_mark:
        buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    yield buffer.getvalue().encode()
    for document in documents:
        buffer.seek(0)
        buffer.truncate()
        for row in _rows(document):
            writer.writerow([_cell(column, row.get(column)) for column in COLUMNS])
        yield buffer.getvalue().encode()


def _rows(document: Document) -> Iterator[dict[str, Any]]:
    article: dict[str, Any] = {name: getattr(document, name) for name in ARTICLE_COLUMNS}
    if not document.annotation_sets:
        yield article
    for one in sorted(document.annotation_sets, key=set_order):
        of_set = {column: getattr(one, key) for column, key in SET_COLUMNS.items()}
        for row in _rows_of_set(one, document.text):
            yield article | of_set | row
            article = {"id": document.id}


def _rows_of_set(one: AnnotationSet, text: str) -> Iterator[dict[str, Any]]:
    if not one.spans:  # then it has no relations either
        yield {}
    for span in ordered_spans(one):
        of_span = {column: getattr(span, key) for column, key in SPAN_COLUMNS.items()}
        kept = None if text else span.quote  # of a text that is withheld, in the first row of the span
        for start, end in span.fragments:
            yield of_span | {"start": start, "end": end, "quote": text[start:end] or kept}
            kept = None
    for relation in ordered_relations(one):
        yield {column: getattr(relation, key) for column, key in RELATION_COLUMNS.items()}


def _cell(column: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column in JSON_COLUMNS:
        plain = dict(value) if isinstance(value, Mapping) else list(value)
        return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS).decode() if plain else ""
    return str(value) if column in NUMBER_COLUMNS else escape(value)
