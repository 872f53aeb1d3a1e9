"""CSV and TSV: a row for each fragment of a span and for each relation; an article without either has one row.

The article's own columns stand in its first row only, except `id`, which joins the rows. A table without the columns
`label`, `start` and `end` is a list of articles, and what it has besides goes into their metadata.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from annotations.domain.documents import Document
from annotations.formats.items import DEFAULT_READ, DEFAULT_WRITE, Item, ReadOptions, WriteOptions
from annotations.formats.tables.reading import articles, column_names
from annotations.formats.tables.writing import table


def read_csv(stream: BinaryIO, options: ReadOptions = DEFAULT_READ) -> Iterator[Item]:
    """An item for each article of a table separated by commas or, where its header is, by semicolons."""
    return articles(stream, options, ",;")


def read_tsv(stream: BinaryIO, options: ReadOptions = DEFAULT_READ) -> Iterator[Item]:
    """An item for each article of a table separated by tabs."""
    return articles(stream, options, "\t")


def columns_of(stream: BinaryIO, format: str) -> list[str]:  # noqa: A002 - what it is called everywhere
    """What the header of a table calls its columns."""
    return column_names(stream, "\t" if format == "tsv" else ",;")


def write_csv(documents: Iterable[Document], options: WriteOptions = DEFAULT_WRITE) -> Iterator[bytes]:
    """The header, then the rows of each document, separated by commas."""
    return table(documents, options, ",")


def write_tsv(documents: Iterable[Document], options: WriteOptions = DEFAULT_WRITE) -> Iterator[bytes]:
    """The header, then the rows of each document, separated by tabs."""
    return table(documents, options, "\t")
