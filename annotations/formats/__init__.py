"""File formats: bytes to domain documents and back; no Django, no database.

Adding one: a module, a line in the dict, golden files in tests/formats/golden, a row in docs/formats.md.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from annotations.formats import jsonl, tables, text
from annotations.formats.items import Item, Reader, ReadOptions, WriteOptions, Writer

__all__ = [
    "MEDIA_TYPES",
    "READERS",
    "WRITERS",
    "Item",
    "ReadOptions",
    "Reader",
    "WriteOptions",
    "Writer",
    "detect_format",
]

READERS: Final[dict[str, Reader]] = {
    "jsonl": jsonl.read,
    "text": text.read,
    "csv": tables.read_csv,
    "tsv": tables.read_tsv,
}
WRITERS: Final[dict[str, Writer]] = {
    "jsonl": jsonl.write,
    "csv": tables.write_csv,
    "tsv": tables.write_tsv,
}
MEDIA_TYPES: Final = {
    "jsonl": "application/jsonl",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values",
}

_ENDINGS: Final = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv",
    ".txt": "text", ".text": "text", ".zip": "text",
}  # fmt: skip


def detect_format(name: str, head: bytes) -> str:
    """The key of the reader for a file: by its name's ending, else by its first bytes (some hundred are enough)."""
    if found := _ENDINGS.get(PurePosixPath(name.lower()).suffix):
        return found
    if head.startswith(text.ZIP_SIGNATURES):
        return "text"
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    first = head.decode(encoding, errors="replace").lstrip().partition("\n")[0]
    if first.startswith("{"):
        return "jsonl"
    for key, delimiters in (("tsv", "\t"), ("csv", ",;")):
        for delimiter in delimiters:
            columns = {column.strip().strip('"').casefold() for column in first.split(delimiter)}
            if {"id", "text"} <= columns:
                return key
    return "text"
