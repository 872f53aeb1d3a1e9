"""Native JSON Lines: one document a line (docs/document.schema.json)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import orjson

from annotations.domain.documents import Document
from annotations.domain.errors import InvalidData
from annotations.formats.items import DEFAULT_READ, DEFAULT_WRITE, Item, ReadOptions, WriteOptions
from annotations.formats.json_lines import id_in, json_lines
from annotations.formats.reading import document_of
from annotations.formats.writing import mapping_of


def read(stream: BinaryIO, options: ReadOptions = DEFAULT_READ) -> Iterator[Item]:
    """An item for each line that is not blank."""
    for number, raw, problem in json_lines(stream):
        yield Item(line=number, id=id_in(raw), problem=problem) if problem else _item(number, raw, options)


def write(documents: Iterable[Document], options: WriteOptions = DEFAULT_WRITE) -> Iterator[bytes]:  # noqa: ARG001
    """A line for each document."""
    for document in documents:
        mapping = mapping_of(document)
        if document.metadata:
            # The only part whose keys have no order of their own.
            sorted_keys = orjson.dumps(dict(document.metadata), option=orjson.OPT_SORT_KEYS)
            mapping["metadata"] = orjson.Fragment(sorted_keys)
        yield orjson.dumps(mapping, option=orjson.OPT_APPEND_NEWLINE)


def _item(number: int, raw: Any, options: ReadOptions) -> Item:
    try:
        return Item(line=number, id=id_in(raw), document=document_of(raw, options))
    except InvalidData as error:
        return Item(line=number, id=id_in(raw), problem=error.detail)
