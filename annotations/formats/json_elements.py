"""The elements of a large JSON list, one at a time: the whole is never in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from annotations.domain.wording import _
from annotations.formats.json_lines import UTF_8_MARK, json_value

MAX_ELEMENT: Final = 32 * 1024 * 1024
_PIECE: Final = 1024 * 1024
# A whole string, or a bracket, or a quotation mark whose string ends further on.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)


def json_elements(stream: BinaryIO) -> Iterator[tuple[int, Any, str]]:
    """Number (from 1), value and problem of each element of a list, or of values that follow each other; the problem
    is empty where there is a value.
    """
    for number, (data, problem) in enumerate(_Elements(stream).pieces(), start=1):
        yield number, *((None, problem) if problem else json_value(data, _("element")))


class _Elements:
    """The bytes read and not yet done with: `begin` and `end` are those of the latest element in them, `scanned` is how
    far brackets were counted, `base` how many stand around each element.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = stream.read(_PIECE).removeprefix(UTF_8_MARK).lstrip()
        self._base = 1 if self._buffer.startswith(b"[") else 0
        self._depth = self._scanned = self._begin = self._end = 0

    def pieces(self) -> Iterator[tuple[bytes, str]]:
        """The bytes of each element, or what is wrong at its place."""
        if self._buffer.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield b"", _("the file is UTF-16; save it as UTF-8.")
            return
        while self._buffer:
            yield from self._scan()
            self._forget()
            if len(self._buffer) > MAX_ELEMENT:
                limit = MAX_ELEMENT // 1024 // 1024
                yield b"", _("the element is larger than %(n)s MiB; what follows it is not read.") % {"n": limit}
                return
            # A string that goes on is looked through again: twice as much each time keeps that from growing.
            piece = self._stream.read(max(_PIECE, len(self._buffer)))
            if not piece:
                break
            self._buffer += piece
        if self._depth > 0:
            yield b"", _("the file ends too soon: its last element is not whole.")
        elif self._is_rubbish(self._buffer[self._end :]):
            yield b"", _("the file has something that is no object.")

    def _scan(self) -> Iterator[tuple[bytes, str]]:
        for token in _TOKEN.finditer(self._buffer, self._scanned):
            mark = token[0]
            if mark == b'"':  # it goes on in the next piece
                self._scanned = token.start()
                return
            self._scanned = token.end()
            if mark in b"{[":
                if self._depth == self._base:
                    self._begin = token.start()
                    if self._is_rubbish(self._buffer[self._end : self._begin]):
                        yield b"", _("between the elements stands something that is no object.")
                self._depth += 1
            elif mark in b"}]":
                self._depth -= 1
                if self._depth == self._base:
                    self._end = self._scanned
                    yield self._buffer[self._begin : self._end], ""
        self._scanned = len(self._buffer)

    def _forget(self) -> None:
        """Drop what is done with."""
        kept = self._begin if self._depth > self._base else self._end
        self._buffer = self._buffer[kept:]
        self._scanned -= kept
        self._begin = max(self._begin - kept, 0)
        self._end = max(self._end - kept, 0)

    def _is_rubbish(self, between: bytes) -> bool:
        """Whether there is more between two elements than there should be."""
        return bool(between.strip(b" \t\r\n,[]" if self._base else b" \t\r\n"))
