"""Articles whose texts may not be passed on: a hash instead of the text, short quotes, or letters that are scrambled.

Offsets are code points of the text that is withheld; `metadata` says its SHA-256 (of UTF-8) and its length, so that
whoever has the text can put it back and be sure that it is the same.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import Final

from annotations.domain.documents import Document, quote_of

LEVELS: Final = ("full", "hash", "quotes", "scrambled")
SHA256: Final = "text_sha256"
CHARACTERS: Final = "text_characters"
CUT: Final = "…"


def withheld(document: Document, *, level: str, quote_length: int) -> Document:
    """The document at one of `LEVELS`; with `quotes`, those are cut to `quote_length` code points."""
    if level == "full":
        return document
    text = document.text
    metadata = {
        **document.metadata,
        SHA256: hashlib.sha256(text.encode()).hexdigest(),
        CHARACTERS: len(text),
    }
    if level == "scrambled":
        return replace(document, text=scrambled(text), metadata=metadata)
    length = quote_length if level == "quotes" else 0
    sets = tuple(
        replace(
            one,
            spans=tuple(replace(span, quote=cut(quote_of(text, span.fragments), length)) for span in one.spans),
        )
        for one in document.annotation_sets
    )
    return replace(document, text="", metadata=metadata, annotation_sets=sets)


def cut(quote: str, length: int) -> str | None:
    """The first `length` code points, with an ellipsis where more was there; none of nothing."""
    if not length:
        return None
    return quote if len(quote) <= length else quote[:length] + CUT


def scrambled(text: str) -> str:
    """The text with its letters and digits in each other's places.

    Each stands where one of the same kind stood (script, case), everything else stays: length, offsets, words, lines
    and punctuation are as before. The order is drawn from the whole text, so only who has the text can undo it.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for place, character in enumerate(text):
        if kind := _kind(character):
            places[kind].append(place)
    found = list(text)
    seed = f"scrambled:{text}".encode()
    for kind, own in sorted(places.items()):
        drawn = hashlib.shake_256(seed + kind.encode()).digest(8 * len(own))
        order = sorted(range(len(own)), key=lambda number: drawn[8 * number : 8 * number + 8])
        for place, number in zip(own, order, strict=True):
            found[place] = text[own[number]]
    return "".join(found)


@cache
def _kind(character: str) -> str:
    """Script and case of a letter, the script of a digit; empty for whatever stays where it is."""
    category = unicodedata.category(character)
    if category[0] != "L" and category != "Nd":
        return ""
    return f"{category} {unicodedata.name(character, '').partition(' ')[0]}"
