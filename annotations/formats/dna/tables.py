"""The tables of a DNA 3 database, and what we call our types of statements and their variables."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

SIGNATURE: Final = b"SQLite format 3\0"
LONGEST: Final = 190
"""Characters of a short text."""
CLAIM: Final = "Claim"
MENTION: Final = "Mention"
SHORT: Final = "short text"
LONG: Final = "long text"
BOOLEAN: Final = "boolean"
# Of claims, with what DNA itself calls them; attributes come on top.
CLAIM_VARIABLES: Final = {
    "actor": SHORT, "location": SHORT, "concept": SHORT, "agreement": BOOLEAN, "label": SHORT,
    "span id": LONG, "actor span": LONG, "location span": LONG, "actor link": LONG, "location link": LONG, "note": LONG,
}  # fmt: skip
MENTION_VARIABLES: Final = {"label": SHORT, "entity": SHORT, "span id": LONG, "note": LONG}
ATTRIBUTE: Final = "attribute "
"""Stands before the name of an attribute that is called as one of these."""


def tables() -> str:
    """The statements that make them."""
    return files("annotations.formats.dna").joinpath("tables.sql").read_text("utf-8")
