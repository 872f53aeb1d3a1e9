"""Statements, who said what about where, as a table (CSV)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson

from annotations.domain.documents import AnnotationSet, Document
from annotations.domain.statements import LOCATED_IN, MADE_BY, Mention, Statement, statements_of
from annotations.formats.items import WriteOptions
from annotations.formats.losses import Loss, Losses
from annotations.formats.tables.columns import escape
from annotations.formats.writing import set_order

_MENTION: Final = ("name", "quote", "fragments")
COLUMNS: Final = (
    "article", "title", "outlet", "published_at", "url", "language", "license", "set_kind", "author",
    *(f"{who}_{what}" for who in ("actor", "claim", "location") for what in _MENTION), "concept", "attributes",
)  # fmt: skip


def write_table(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """The header, then the statements of each document as one piece."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    if options.byte_order_mark:
        buffer.write("\ufeff")
    writer.writerow(COLUMNS)
    for document in documents:
        for one, statement in _statements(document, options.losses):
            row = _row(document, one, statement)
            writer.writerow([escape(str(row.get(column, ""))) for column in COLUMNS])
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def _statements(document: Document, losses: Losses) -> Iterator[tuple[AnnotationSet, Statement]]:
    """The statements of each set; spans and relations that are in none are counted as lost."""
    sets = sorted(document.annotation_sets, key=set_order)
    found = [(one, list(statements_of(document.text, one))) for one in sets]
    losses.add(Loss.ARTICLES, not any(statements for _one, statements in found))
    for one, statements in found:
        mentions = {
            part.id
            for statement in statements
            for part in (statement.claim, statement.actor, statement.location)
            if part
        }
        losses.add(Loss.SPANS, len(one.spans) - len(mentions))
        losses.add(Loss.RELATIONS, sum(link.label not in {MADE_BY, LOCATED_IN} for link in one.relations))
        losses.add(Loss.NOTES, sum(bool(span.note) for span in one.spans if span.id in mentions))
        yield from ((one, statement) for statement in statements)


def _row(document: Document, one: AnnotationSet, statement: Statement) -> dict[str, Any]:
    attributes = dict(sorted(statement.attributes.items()))
    return {
        "article": document.id,
        **{name: getattr(document, name) for name in COLUMNS[1:7]},
        "set_kind": one.kind,
        "author": one.annotator or one.source,
        **_cells("actor", statement.actor),
        **_cells("claim", statement.claim),
        **_cells("location", statement.location),
        "concept": statement.claim.entity,
        "attributes": orjson.dumps(attributes).decode() if attributes else "",
    }


def _cells(who: str, mention: Mention | None) -> dict[str, str]:
    if mention is None:
        return {}
    places = " ".join(f"{start}-{end}" for start, end in mention.fragments)
    return {f"{who}_name": mention.name, f"{who}_quote": mention.quote, f"{who}_fragments": places}
