"""Plain texts: a file is an article, and so is each member of a zip archive; the id is the name without its ending."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from annotations.domain.documents import Document
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import check_text, shorten
from annotations.domain.wording import _
from annotations.formats.archives import ZIP_SIGNATURES, Archive, check_member, opened_archive
from annotations.formats.items import DEFAULT_READ, Item, ReadOptions
from annotations.formats.reading import MAX_DOCUMENT_ID

# A million code points of four bytes, and their line breaks of two.
MAX_BYTES: Final = 8 * 1024 * 1024
ENDINGS: Final = (".txt", ".text")
_UTF_16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(stream: BinaryIO, options: ReadOptions = DEFAULT_READ) -> Iterator[Item]:
    """One item for a text, one for each text of an archive."""
    head = stream.read(4)
    if not head.startswith(ZIP_SIGNATURES):
        yield _item(1, options.name, head + stream.read(MAX_BYTES - len(head) + 1))
        return
    try:
        with opened_archive(stream, head) as archive:
            yield from _members(archive)
    except InvalidData as error:
        yield Item(line=1, problem=error.detail)


def decode(data: bytes) -> str:
    """The text of a file: UTF-8 or, with a byte-order mark, UTF-16; `InvalidData` says where it is neither."""
    encoding = "utf-16" if data.startswith(_UTF_16_MARKS) else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        byte = data[error.start]
        raise InvalidData(
            _("the file is not %(value)s: byte 0x%(byte)s at offset %(start)s; save it as UTF-8.")
            % {"value": encoding.upper(), "byte": f"{byte:02X}", "start": error.start}
        ) from None


def _item(line: int, name: str, data: bytes, where: str = "") -> Item:
    key = str(PurePosixPath(name).with_suffix("")) if name.lower().endswith(ENDINGS) else name
    try:
        if not key:
            raise InvalidData(_("a plain text needs a file name: it becomes the article's id."))
        if len(key) > MAX_DOCUMENT_ID:
            raise InvalidData(
                _("the name has %(n)s characters; it may have %(most)s.") % {"n": len(key), "most": MAX_DOCUMENT_ID}
            )
        if len(data) > MAX_BYTES:
            raise InvalidData(_("the file is larger than %(n)s MiB.") % {"n": MAX_BYTES // 1024 // 1024})
        return Item(line=line, id=key, where=where, document=Document(id=key, text=check_text(decode(data))))
    except InvalidData as error:
        return Item(line=line, id=shorten(key), where=where, problem=error.detail)


def _members(archive: Archive) -> Iterator[Item]:
    seen: set[str] = set()
    for number, member in enumerate(archive.members, start=1):
        if member.is_dir():
            continue
        name = member.filename
        try:
            check_member(member)
            if not name.lower().endswith(ENDINGS):
                raise InvalidData(_("the member is not a text (.txt)."))
            if name in seen:
                raise InvalidData(_("the archive has two members of this name."))
            seen.add(name)
            data = archive.read(member, MAX_BYTES)
        except InvalidData as error:
            yield Item(line=number, where=shorten(name), problem=error.detail)
        else:
            yield _item(number, name, data, where=shorten(name))
