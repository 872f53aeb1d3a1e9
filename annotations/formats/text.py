"""Plain texts: a file is an article, and so is each member of a zip archive; the id is the name without its ending."""

from __future__ import annotations

import codecs
import stat
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from annotations.domain.documents import Document
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import check_text, shorten
from annotations.formats.items import DEFAULT_READ, Item, ReadOptions
from annotations.formats.reading import MAX_DOCUMENT_ID

MAX_MEMBERS: Final = 100_000
MAX_RATIO: Final = 100
# A million code points of four bytes, and their line breaks of two.
MAX_BYTES: Final = 8 * 1024 * 1024
ZIP_SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06")  # with members, without any
ENDINGS: Final = (".txt", ".text")
_KEPT_IN_MEMORY: Final = 8 * 1024 * 1024
_UTF_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(stream: BinaryIO, options: ReadOptions = DEFAULT_READ) -> Iterator[Item]:
    """One item for a text, one for each text of an archive."""
    head = stream.read(4)
    if head.startswith(ZIP_SIGNATURES):
        with SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as archive:  # zip needs to seek
            archive.write(head)
            while chunk := stream.read(1024 * 1024):
                archive.write(chunk)
            yield from _members(cast("BinaryIO", archive))
        return
    yield _item(1, options.name, head + stream.read(MAX_BYTES - len(head) + 1))


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 or, with a byte-order mark, UTF-16; `InvalidData` says where it is neither."""
    encoding = "utf-16" if data.startswith(_UTF_16_MARKS) else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise InvalidData(
            f"the file is not {encoding.upper()}: byte 0x{byte:02X} at offset {error.start}; save it as UTF-8."
        ) from None


def _item(line: int, name: str, data: bytes, where: str = "") -> Item:
    key = str(PurePosixPath(name).with_suffix("")) if name.lower().endswith(ENDINGS) else name
    try:
        if not key:
            raise InvalidData("a plain text needs a file name: it becomes the article's id.")
        if len(key) > MAX_DOCUMENT_ID:
            raise InvalidData(f"the name has {len(key)} characters; it may have {MAX_DOCUMENT_ID}.")
        if len(data) > MAX_BYTES:
            raise InvalidData(f"the file is larger than {MAX_BYTES // 1024 // 1024} MiB.")
        return Item(line=line, id=key, where=where, document=Document(id=key, text=check_text(decode(data))))
    except InvalidData as error:
        return Item(line=line, id=shorten(key), where=where, problem=error.detail)


def _members(archive: BinaryIO) -> Iterator[Item]:
    size = archive.tell()
    try:
        opened = zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError) as error:
        yield Item(line=1, problem=f"the archive cannot be read: {error}.")
        return
    with opened:
        members = opened.infolist()
        if len(members) > MAX_MEMBERS:
            yield Item(line=1, problem=f"the archive has {len(members):,} members; it may have {MAX_MEMBERS:,}.")
            return
        if sum(member.file_size for member in members) > MAX_RATIO * size:
            yield Item(line=1, problem=f"the archive unpacks to more than {MAX_RATIO} times its size.")
            return
        seen: set[str] = set()
        for number, member in enumerate(members, start=1):
            if not member.is_dir():
                yield _member(opened, member, number, seen)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, number: int, seen: set[str]) -> Item:
    name = member.filename
    try:
        _check_member(member)
        if name in seen:
            raise InvalidData("the archive has two members of this name.")
        seen.add(name)
        with archive.open(member) as opened:
            data = opened.read(MAX_BYTES + 1)
    except InvalidData as error:
        return Item(line=number, where=shorten(name), problem=error.detail)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        return Item(line=number, where=shorten(name), problem=f"the member cannot be unpacked: {error}.")
    except Exception as error:  # noqa: BLE001 - each decompressor has its own errors for damaged data
        return Item(line=number, where=shorten(name), problem=f"the member is damaged: {error}.")
    return _item(number, name, data, where=shorten(name))


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename
    parts = PurePosixPath(name).parts
    if name.startswith("/") or "\\" in name or ".." in parts or ":" in name.split("/")[0]:
        raise InvalidData("the member's name leads outside the archive.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise InvalidData("the member is a link.")
    if member.flag_bits & 1:
        raise InvalidData("the member is encrypted.")
    if not name.lower().endswith(ENDINGS):
        raise InvalidData("the member is not a text (.txt).")
    if member.file_size > MAX_BYTES:
        raise InvalidData(f"the member unpacks to more than {MAX_BYTES // 1024 // 1024} MiB.")
    if member.file_size > MAX_RATIO * max(member.compress_size, 1):
        raise InvalidData(f"the member unpacks to more than {MAX_RATIO} times its size.")
