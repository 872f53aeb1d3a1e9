"""The columns of a table, and how their cells are kept from being formulas of a spreadsheet."""

from __future__ import annotations

import re
from typing import Final

from annotations.formats.reading import ARTICLE_TEXTS

ARTICLE_COLUMNS: Final = ("id", "title", "text", *ARTICLE_TEXTS[1:], "metadata")
# Column -> key of the native form.
SET_COLUMNS: Final = {
    "set_kind": "kind", "annotator": "annotator", "state": "state", "guideline": "guideline", "set_source": "source",
    "engine": "engine", "engine_version": "version",
}  # fmt: skip
FRAGMENT_COLUMNS: Final = ("start", "end", "quote")
SPAN_COLUMNS: Final = {
    "span_id": "id", "label": "label", "entity": "entity", "attributes": "attributes", "note": "note",
    "origin": "origin", "score": "score", "span_sources": "sources",
}  # fmt: skip
RELATION_COLUMNS: Final = {
    "relation_id": "id", "relation": "label", "relation_source": "source", "relation_target": "target",
}  # fmt: skip
COLUMNS: Final = (
    *ARTICLE_COLUMNS, *SET_COLUMNS, "span_id", "label", *FRAGMENT_COLUMNS, "entity", "attributes", "note", "origin",
    "score", "span_sources", *RELATION_COLUMNS,
)  # fmt: skip
JSON_COLUMNS: Final = frozenset(("metadata", "attributes", "span_sources"))
NUMBER_COLUMNS: Final = frozenset(("guideline", "start", "end", "score"))
# Names other programs give the columns, taken where the table has no column of our name.
ALIASES: Final = {
    "id": ("external_id", "article_id", "doc_id", "document_id"), "text": ("content", "body"),
    "title": ("headline",), "url": ("link",), "outlet": ("publisher", "newspaper"),
    "published_at": ("published", "date"), "language": ("lang",), "license": ("licence",),
}  # fmt: skip

# What a spreadsheet would take for a formula. Further apostrophes in front keep the way back unambiguous.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def escape(text: str) -> str:
    """The text of a cell, with an apostrophe where a spreadsheet would see a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescape(text: str) -> str:
    """The text before `escape`."""
    return text[1:] if _ESCAPED.match(text) else text
