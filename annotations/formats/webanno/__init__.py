"""WebAnno TSV 3.3, INCEpTION's format: an archive with a file for each annotation set, beside it the text.

Offsets are UTF-16 units. A line of the text is a sentence; a span is an annotation for each fragment, all with its
`spanId`; what begins or ends inside a token has a row of its own below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from annotations.domain.documents import Document
from annotations.formats.items import Item, ReadOptions, WriteOptions
from annotations.formats.set_archives import read_sets, write_sets
from annotations.formats.webanno.reading import MAX_FILE, parse
from annotations.formats.webanno.writing import render


def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """The archive."""
    yield from write_sets(documents, options, render, format_key="webanno")


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """An item for each article of an archive or the one of a file, ours or another's."""
    yield from read_sets(stream, options, parse, ending=".tsv", ignored=(".txt",), alone=MAX_FILE)
