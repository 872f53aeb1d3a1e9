"""How values stand in the cells of WebAnno TSV."""

from __future__ import annotations

import re
from typing import Final

SPAN_LAYER: Final = "webanno.custom.Span"
RELATION_LAYER: Final = "webanno.custom.Relation"
SPAN_FEATURES: Final = ("label", "spanId", "entity", "note", "attributes")
RELATION_FEATURES: Final = ("label", "relationId")
NOTHING: Final = "_"  # no annotation
NULL: Final = "*"  # an annotation without this feature

_SPECIAL = re.compile(r"->|[\\\[\]|_;\t\n*]")
_ESCAPED = re.compile(r"\\(->|[\\\[\]|_;tn*])")
_LETTERS: Final = {"t": "\t", "n": "\n"}
_NAMES: Final = {"\t": "t", "\n": "n"}
_NUMBERED = re.compile(r"((?:[^\\]|\\.)*?)(?:\[(\d{1,9})\])?", re.DOTALL)
_BAR = re.compile(r"((?:[^\\|]|\\.)*)(?:\||$)", re.DOTALL)


def escape(value: str) -> str:
    """The value with a backslash before what has a meaning."""
    return _SPECIAL.sub(lambda found: "\\" + _NAMES.get(found[0], found[0]), value)


def unescape(value: str) -> str:
    """The value before `escape`."""
    return _ESCAPED.sub(lambda found: _LETTERS.get(found[1], found[1]), value)


def split_cell(cell: str) -> list[tuple[str, int]]:
    """The stacked values of a cell, still escaped, each with its number (0: none)."""
    found = []
    for value in _bars(cell):
        numbered = _NUMBERED.fullmatch(value)
        found.append((numbered[1], int(numbered[2] or 0)) if numbered else (value, 0))
    return found


def _bars(cell: str) -> list[str]:
    if "|" not in cell:
        return [cell]
    pieces = []
    at = 0
    while at <= len(cell):
        found = _BAR.match(cell, at)
        if not found:  # a lone backslash at the end
            pieces.append(cell[at:])
            break
        pieces.append(found[1])
        if not found[0].endswith("|") or found.end() == at:
            break
        at = found.end()
    return pieces
