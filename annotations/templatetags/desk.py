"""Draws an article's text: the one place where HTML is made from parts by hand.

The text content of what is drawn for a paragraph equals its part of the article, code point for code point: so nothing
is added, no white space and no element with text of its own. Offsets are code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from annotations.domain.segments import Piece, Segmented
from annotations.selectors.desk import Item, Paragraph, Sign

register = template.Library()


@register.simple_tag
def paragraph(shown: Paragraph, signs: Sequence[Sign], text: str) -> SafeString:
    """A paragraph of `text` with its segments; a long one in blocks. `signs` are the spans the segments index."""
    if len(shown.blocks) == 1:
        return _paragraph(shown.blocks[0], signs, text, swap="")
    astral = " data-astral" if shown.astral else ""
    blocks = "".join(_block(segments, signs, text, swap="") for segments in shown.blocks)
    return mark_safe(f'<p id="p{shown.number}" data-o="{shown.start}"{astral} dir="auto">{blocks}</p>')  # noqa: S308


@register.simple_tag
def swapped_piece(segments: Segmented, whole: bool, signs: Sequence[Sign], text: str) -> SafeString:  # noqa: FBT001
    """A paragraph (`whole`) or one block of a long one, to be swapped in for the one that stands in the page."""
    draw = _paragraph if whole else _block
    return draw(segments, signs, text, swap=' hx-swap-oob="true"')


@register.simple_tag
def item_data(item: Item) -> SafeString:
    """The attributes by which the list tells the scripts what a span is; what is empty is left out."""
    optional = {
        "entity": item.entity,
        "note": item.note,
        "attributes": item.attributes_json,
        "origin": "" if item.origin == "typed" else item.origin,
        "links": item.relations,
    }
    given = "".join(f' data-{name}="{escape(value)}"' for name, value in optional.items() if value)
    fixed = f'data-label="{escape(item.label.key)}" data-at="{item.at}" data-revision="{item.revision}"'
    return mark_safe(fixed + given)  # noqa: S308 - every value is escaped


@register.simple_tag
def bare_items(items: Sequence[Item]) -> SafeString:
    """Items of the list that are not shown yet: only their places and their data."""
    bare = (f'<li id="s-{item.id}" class="p{item.label.slot}" hidden {item_data(item)}></li>' for item in items)
    return mark_safe("".join(bare))  # noqa: S308 - `item_data` escapes


def _paragraph(segments: Segmented, signs: Sequence[Sign], text: str, *, swap: str) -> SafeString:
    block = segments.block
    astral = " data-astral" if block.astral else ""
    return mark_safe(  # noqa: S308 - the text is escaped piece by piece
        f'<p id="p{block.paragraph}" data-o="{block.start}"{astral} dir="auto"{swap}>'
        f"{_pieces(segments, signs, text)}</p>"
    )


def _block(segments: Segmented, signs: Sequence[Sign], text: str, *, swap: str) -> SafeString:
    block = segments.block
    return mark_safe(  # noqa: S308 - the text is escaped piece by piece
        f'<span id="p{block.paragraph}b{block.number}" class="block"{swap}>{_pieces(segments, signs, text)}</span>'
    )


def _pieces(segments: Segmented, signs: Sequence[Sign], text: str) -> str:
    return "".join(_piece(piece, segments, signs, escape(text[piece.start : piece.end])) for piece in segments.pieces)


def _piece(piece: Piece, segments: Segmented, signs: Sequence[Sign], escaped: str) -> str:
    if not piece.covering:
        return escaped
    covering = [signs[index] for index in piece.covering]
    classes = ["s", f"p{covering[0].label.slot}"]
    for index, sign in zip(piece.covering, covering, strict=True):
        lane = segments.lanes[index]
        classes += [f"l{lane}-{sign.label.slot}", f"l{lane}-{sign.label.style}"]
        if sign.label.bar:
            classes.append(f"bar{sign.label.slot}")
    ids = " ".join(str(sign.id) for sign in covering)
    letters = escape("".join(sign.label.letter for sign in covering))
    begins = ", ".join(signs[index].label.name for index in piece.begins)
    spoken = f' data-b="{escape(begins)}"' if begins else ""
    return (
        f'<span class="{" ".join(dict.fromkeys(classes))}" data-s="{ids}" data-l="{letters}"{spoken}>{escaped}</span>'
    )
