"""Offsets: where a fragment is, whoever counted and in whatever unit, as code points of the normalised text.

A foreign program may have counted code points, UTF-16 units or UTF-8 bytes, over line breaks of one character or two.
The text itself is normalised once (a byte-order mark dropped, CRLF and CR to LF) and never touched again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, product
from typing import Final

from annotations.domain.documents import Fragments, quote_of
from annotations.domain.errors import InvalidData
from annotations.domain.wording import _

MAX_CHARACTERS: Final = 1_000_000
MAX_FRAGMENTS: Final = 100
BYTE_ORDER_MARK: Final = "\ufeff"
SHOWN_CHARACTERS: Final = 60

# Stands for a CRLF while offsets are counted: a text with a NUL of its own is refused before.
_CRLF_MARK: Final = "\0"


class Unit(StrEnum):
    """What one step of an offset is."""

    CODE_POINT = "code-point"
    UTF_16 = "utf-16"
    BYTE = "byte"


class Newlines(StrEnum):
    """Whether a line break was one character or two when the offsets were counted."""

    LF = "lf"
    CRLF = "crlf"


@dataclass(frozen=True, slots=True)
class Counting:
    """One way to count: the unit, the line breaks, and whether a leading byte-order mark was counted too."""

    unit: Unit = Unit.CODE_POINT
    newlines: Newlines = Newlines.LF
    counts_mark: bool = False

    def __str__(self) -> str:
        names = {Unit.CODE_POINT: _("code points"), Unit.UTF_16: _("UTF-16 units"), Unit.BYTE: _("UTF-8 bytes")}
        return _("%(unit)s with %(newlines)s line breaks") % {
            "unit": names[self.unit],
            "newlines": self.newlines.upper(),
        }


def normalise_text(raw: str) -> str:
    """The text offsets refer to: without a byte-order mark, each CRLF or CR as LF, nothing else changed."""
    text = raw.removeprefix(BYTE_ORDER_MARK)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def check_characters(value: str, field: str) -> None:
    """Refuse what the database cannot hold: NUL and lone surrogates."""
    if "\0" in value:
        raise InvalidData(
            _("%(field)s has a NUL character at offset %(value)s; remove it.")
            % {"field": field, "value": value.index("\x00")}
        )
    try:
        value.encode()
    except UnicodeEncodeError as error:
        where = error.start
        raise InvalidData(
            _("%(field)s has half a character (a lone surrogate) at offset %(where)s; remove it.")
            % {"field": field, "where": where}
        ) from None


def check_text(raw: str, field: str = "text") -> str:
    """The normalised text of an article, or `InvalidData` when it is empty, too long or not storable."""
    check_characters(raw, field)
    text = normalise_text(raw)
    if not text:
        raise InvalidData(_("%(field)s is empty.") % {"field": field})
    if len(text) > MAX_CHARACTERS:
        raise InvalidData(
            _("%(field)s has %(n)s characters; an article has at most %(most)s.")
            % {"field": field, "n": f"{len(text):,}", "most": f"{MAX_CHARACTERS:,}"}
        )
    return text


def join_fragments(fragments: Fragments, length: int) -> Fragments:
    """The fragments (code points, half open) sorted, those that touch joined; refused when one is empty, lies
    outside a text of `length` code points or overlaps another, or when more than 100 remain.
    """
    if not fragments:
        raise InvalidData(_("a span needs at least one fragment."))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(fragments):
        if start >= end:
            raise InvalidData(
                _("the fragment [%(start)s, %(end)s) is empty or backwards.") % {"start": start, "end": end}
            )
        if start < 0 or end > length:
            raise InvalidData(
                _("the fragment [%(start)s, %(end)s) is not inside the text, which has %(length)s characters.")
                % {"start": start, "end": end, "length": length}
            )
        if joined and start < joined[-1][1]:
            raise InvalidData(
                _("the fragments [%(joined)s, %(joined2)s) and [%(start)s, %(end)s) overlap.")
                % {"joined": joined[-1][0], "joined2": joined[-1][1], "start": start, "end": end}
            )
        if joined and start == joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    if len(joined) > MAX_FRAGMENTS:
        raise InvalidData(
            _("a span has at most %(most)s fragments, not %(n)s.") % {"most": MAX_FRAGMENTS, "n": len(joined)}
        )
    return tuple(joined)


def positions(raw: str, counting: Counting) -> Sequence[int]:
    """For each code point of the normalised text, and its end, the offset in the other way of counting.

    Index it to write foreign offsets; look in it (`code_point_at`) to read them.
    """
    text = normalise_text(raw)
    first = _width(BYTE_ORDER_MARK, counting.unit) if counting.counts_mark and raw.startswith(BYTE_ORDER_MARK) else 0
    marked = _mark_line_breaks(raw) if counting.newlines is Newlines.CRLF else text
    if counting.unit is Unit.CODE_POINT or text.isascii():
        if _CRLF_MARK not in marked:
            return range(first, first + len(text) + 1)
        widths: Iterator[int] = (2 if character == _CRLF_MARK else 1 for character in marked)
    else:
        widths = (_width(character, counting.unit) for character in marked)
    return list(accumulate(widths, initial=first))


def code_point_at(table: Sequence[int], offset: int) -> int:
    """The code point that starts (or the end that lies) at a foreign offset of a table made by `positions`."""
    index = bisect_left(table, offset)
    if index == len(table) or table[index] != offset:
        if table[0] <= offset <= table[-1]:
            sentence = _("the offset %(offset)s lies inside a character or line break.")
        else:
            sentence = _("the offset %(offset)s lies outside the text.")
        raise InvalidData(sentence % {"offset": offset})
    return index


def place(
    raw: str,
    mentions: Sequence[tuple[Fragments, str | None]],
    *,
    unit: str = "auto",
    newlines: str = "auto",
    name: Callable[[int], str] = "mention {}".format,
) -> list[Fragments]:
    """The fragments of each mention as code points of the normalised text, sorted and joined.

    A mention is its fragments as counted by somebody over `raw`, and its quote or None. With `auto` the way of counting
    with the fewest assumptions under which every mention lies in the text and every quote matches is taken; where no
    quote is given, offsets are code points of the text as it was written. `name(index)` names a mention in an error.
    """
    text = normalise_text(raw)
    evidence = any(quote is not None for _, quote in mentions)
    furthest: _Misfit | None = None
    tried = 0
    for counting in _countings(raw, unit, newlines):
        table = positions(raw, counting)
        try:
            return _place_counted(text, None if table == range(len(text) + 1) else table, mentions)
        except _Misfit as misfit:
            tried += 1
            if furthest is None or misfit.index > furthest.index:
                furthest = misfit
        if not evidence:
            break
    if furthest is None:
        return []
    others = " " + _("No other way of counting fits either (%(n)s tried).") % {"n": tried} if tried > 1 else ""
    raise InvalidData(f"{name(furthest.index)}: {furthest.sentence}{others}")


class _Misfit(Exception):
    def __init__(self, index: int, sentence: str) -> None:
        super().__init__(sentence)
        self.index = index
        self.sentence = sentence


def _countings(raw: str, unit: str, newlines: str) -> list[Counting]:
    """The ways to count that differ for this text, those with the fewest assumptions first."""
    written = Newlines.CRLF if "\r\n" in raw else Newlines.LF
    units = list(Unit) if unit == "auto" else [Unit(unit)]
    if len(units) > 1 and (raw.isascii() or not raw):
        units = [Unit.CODE_POINT]
    breaks = list(Newlines) if newlines == "auto" else [Newlines(newlines)]
    if len(breaks) > 1 and "\n" not in raw and "\r" not in raw:
        breaks = [Newlines.LF]
    marks = [True, False] if raw.startswith(BYTE_ORDER_MARK) else [False]
    found = [Counting(*choice) for choice in product(units, breaks, marks)]
    return sorted(
        found,
        key=lambda counting: (
            (counting.unit is not Unit.CODE_POINT)
            + (counting.newlines is not written)
            + (counting.counts_mark is not marks[0])
        ),
    )


def _place_counted(
    text: str, table: Sequence[int] | None, mentions: Sequence[tuple[Fragments, str | None]]
) -> list[Fragments]:
    length = len(text)
    placed: list[Fragments] = []
    for index, (given, quote) in enumerate(mentions):
        fragments = given
        try:
            if table is not None:
                fragments = tuple((code_point_at(table, start), code_point_at(table, end)) for start, end in given)
            if len(fragments) == 1:  # nearly all of them: worth a short way
                ((start, end),) = fragments
                if 0 <= start < end <= length and (quote is None or text[start:end] == quote):
                    placed.append(fragments)
                    continue
            joined = join_fragments(fragments, length)
        except InvalidData as error:
            raise _Misfit(index, error.detail) from None
        if quote is not None and not _is_quote(quote, text, joined, fragments):
            raise _Misfit(
                index,
                _("the text at %(fragments)s is “%(text)s”, but the quote is “%(quote)s”.")
                % {
                    "fragments": _shown_fragments(given),
                    "text": shorten(quote_of(text, joined)),
                    "quote": shorten(quote),
                },
            )
        placed.append(joined)
    return placed


def _is_quote(quote: str, text: str, joined: Fragments, given: Fragments) -> bool:
    """Whether a quote is that of the fragments, before or after they were sorted and joined."""
    # A mark inside the text is a character like any other, at its beginning it was dropped.
    wanted = (normalise_text(quote), normalise_text(BYTE_ORDER_MARK + quote))
    return any(quote_of(text, fragments) in wanted for fragments in (joined, sorted(given), given))


def shorten(value: str) -> str:
    """At most 60 characters of a text for a message, the middle left out."""
    if len(value) <= SHOWN_CHARACTERS:
        return value
    half = SHOWN_CHARACTERS // 2
    return f"{value[:half]} […] {value[-half:]}"


def _shown_fragments(fragments: Fragments) -> str:
    shown = ", ".join(f"[{start}, {end})" for start, end in fragments[:3])
    return f"{shown} and {len(fragments) - 3} more" if len(fragments) > 3 else shown


def _mark_line_breaks(raw: str) -> str:
    """The normalised text with a NUL for each line break of two characters: those written so, or, when the text
    lost them on its way here, all.
    """
    text = raw.removeprefix(BYTE_ORDER_MARK)
    if "\r\n" in text:
        return text.replace("\r\n", _CRLF_MARK).replace("\r", "\n")
    return normalise_text(raw).replace("\n", _CRLF_MARK)


def _width(character: str, unit: Unit) -> int:
    if character == _CRLF_MARK:
        return 2
    if unit is Unit.CODE_POINT:
        return 1
    if unit is Unit.UTF_16:
        return 2 if character > "\uffff" else 1
    return 1 if character < "\x80" else 2 if character < "\u0800" else 3 if character < "\U00010000" else 4
