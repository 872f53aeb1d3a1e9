"""Native JSON Lines: one document a line (docs/document.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

import orjson

from annotations.domain.documents import Document
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import shorten
from annotations.formats.fields import refuse_nul
from annotations.formats.items import DEFAULT_READ, DEFAULT_WRITE, Item, ReadOptions, WriteOptions
from annotations.formats.reading import document_of
from annotations.formats.writing import mapping_of

# A million code points, each written as \uXXXX twice, and their spans.
MAX_LINE: Final = 16 * 1024 * 1024
UTF_8_MARK: Final = b"\xef\xbb\xbf"
_SKIPPED_AT_ONCE: Final = 64 * 1024


def read(stream: BinaryIO, options: ReadOptions = DEFAULT_READ) -> Iterator[Item]:
    """An item for each line that is not blank."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            _skip_line(stream, line)
            yield Item(line=number, problem=f"the line is longer than {MAX_LINE // 1024 // 1024} MiB.")
            continue
        if number == 1:
            line = line.removeprefix(UTF_8_MARK)
        if not line.isspace() and line:
            yield _item(line, number, options)


def write(documents: Iterable[Document], options: WriteOptions = DEFAULT_WRITE) -> Iterator[bytes]:  # noqa: ARG001
    """A line for each document."""
    for document in documents:
        mapping = mapping_of(document)
        if document.metadata:
            # The only part whose keys have no order of their own.
            sorted_keys = orjson.dumps(dict(document.metadata), option=orjson.OPT_SORT_KEYS)
            mapping["metadata"] = orjson.Fragment(sorted_keys)
        yield orjson.dumps(mapping, option=orjson.OPT_APPEND_NEWLINE)


def _item(line: bytes, number: int, options: ReadOptions) -> Item:
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Item(line=number, problem=_why_not_json(line, error))
    try:
        if b"\\u0000" in line:  # the only way a NUL gets into JSON
            refuse_nul(raw)
        return Item(line=number, id=_id_of(raw), document=document_of(raw, options))
    except InvalidData as error:
        return Item(line=number, id=_id_of(raw), problem=error.detail)


def _id_of(raw: object) -> str:
    name = raw.get("id") if isinstance(raw, dict) else None
    return shorten(name) if isinstance(name, str) else ""


def _why_not_json(line: bytes, error: orjson.JSONDecodeError) -> str:
    if line.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "the file is UTF-16; save it as UTF-8."
    try:
        line.decode()
    except UnicodeDecodeError as undecodable:
        byte = line[undecodable.start]
        return f"the line is not UTF-8: byte 0x{byte:02X} at offset {undecodable.start}."
    if "surrogate" in error.msg:
        return f"the line has half a character (a lone surrogate) at character {error.colno}."
    if "depth" in error.msg:
        return "the line is nested too deeply."
    if line.lstrip().startswith(b"["):
        return "the line is not a document but the beginning of a list; one document a line is needed."
    reason = error.msg.partition(": line ")[0]
    return f"the line is not JSON: {reason} at character {error.colno}."


def _skip_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(_SKIPPED_AT_ONCE)
