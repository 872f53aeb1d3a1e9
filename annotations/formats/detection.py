"""Which format a file has: told by its name's ending and its first bytes."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from annotations.formats.archives import MAX_MEMBERS, ZIP_SIGNATURES
from annotations.formats.compression import GZIP_SIGNATURE

HEAD: Final = 65_536

# What the ending alone tells; where it leaves a choice, the content decides.
_ENDINGS: Final = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv",
    ".txt": "text", ".text": "text", ".zip": "text", ".spacy": "spacy", ".jsonld": "web-annotation",
    ".xmi": "cas-xmi", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".dna": "dna",
}  # fmt: skip
# A member with the ending makes the archive one of the format; the first line that fits counts.
_MEMBERS: Final = (
    (".ann", "brat"),
    ("annotation.conf", "brat"),
    (".spacy", "spacy"),
    (".tsv", "webanno"),
    (".xmi", "cas-xmi"),
    (".html", "html"),
    (".htm", "html"),
    (".json", "cas-json"),
)
_OPEN: Final = frozenset((".json", ".jsonl", ".ndjson", ".tsv", ".zip", ".xml", ".txt"))
# What tells the formats of JSON apart; ours is any other.
_JSON: Final = (
    (re.compile(r'"annotation_sets"\s*:\s*\['), "jsonl"),
    (re.compile(r'^\{\s*"%(TYPES|FEATURE_STRUCTURES|VIEWS|FLAGS)"'), "cas-json"),
    (re.compile(r'"@context"\s*:'), "web-annotation"),
    (re.compile(r'^\[?\s*\{\s*("id"\s*:\s*\d+\s*,\s*)?"(data|annotations|predictions)"\s*:\s*[\[{]'), "label-studio"),
    (re.compile(r'"start_offset"\s*:|"entities"\s*:\s*\[\s*[\]{\[]|"labels?"\s*:\s*\[\s*\[\s*\d'), "doccano"),
)
_MARKUP = re.compile(
    r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype html|<html\b|<xmi:XMI\b)", re.IGNORECASE | re.DOTALL
)
_MEMBER_NAME = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)


def detect_format(name: str, head: bytes) -> str:
    """The key of the reader for a file: by its name's ending, else by its first bytes (`HEAD` are enough)."""
    plain = name.lower().removesuffix(".gz")
    ending = PurePosixPath(plain).suffix
    by_name = _ENDINGS.get(ending)
    if by_name and (ending not in _OPEN or not head):
        return by_name
    if head.startswith(b"SQLite format 3\0"):
        return "dna"
    if head.startswith(GZIP_SIGNATURE):
        return by_name or "text"
    if head.startswith(ZIP_SIGNATURES):
        return _by_members(_member_names(head))
    return _by_content(head, by_name) or by_name or "text"


def detect_file(stream: BinaryIO, name: str = "") -> str:
    """The same for a whole file that can seek, of an archive by all members; it is at its beginning afterwards."""
    if not stream.seekable():
        return detect_format(name, stream.peek(HEAD)[:HEAD] if isinstance(stream, io.BufferedReader) else b"")
    head = stream.read(HEAD)
    found = detect_format(name, head)
    if head.startswith(ZIP_SIGNATURES) and found == "text":
        try:
            with zipfile.ZipFile(stream) as archive:
                found = _by_members([member.filename for member in archive.infolist()[:MAX_MEMBERS]])
        except Exception:  # noqa: BLE001 - a damaged archive is the reader's to tell
            found = "text"
    stream.seek(0)
    return found


def _member_names(head: bytes) -> list[str]:
    names = []
    for found in _MEMBER_NAME.finditer(head):
        length = int.from_bytes(found[1], "little")
        names.append(head[found.end() : found.end() + length].decode(errors="replace"))
    return names


def _by_members(names: list[str]) -> str:
    lower = [name.lower() for name in names if name not in {"index.jsonl", "manifest.json"}]
    return next((key for ending, key in _MEMBERS if any(name.endswith(ending) for name in lower)), "text")


def _by_content(head: bytes, by_name: str | None) -> str:
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = head.decode(encoding, errors="replace").lstrip()
    first = text.partition("\n")[0]
    if by_name in {None, "jsonl"} and text.startswith(("{", "[")):
        return next((key for pattern, key in _JSON if pattern.search(text)), "jsonl")
    if (found := _MARKUP.match(text)) and by_name in {None, "text"}:
        return "cas-xmi" if "XMI" in found[0] else "html"
    if first.startswith("#FORMAT=WebAnno TSV 3"):
        return "webanno"
    if by_name:
        return ""
    for key, delimiters in (("tsv", "\t"), ("csv", ",;")):
        for delimiter in delimiters:
            columns = {column.strip().strip('"').casefold() for column in first.split(delimiter)}
            if {"id", "text"} <= columns:
                return key
    return ""
