"""Web pages saved as files: text, title, author, date and outlet as trafilatura finds them. Nothing is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final

from annotations.domain.documents import Document
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import shorten
from annotations.domain.wording import _
from annotations.formats.archives import ZIP_SIGNATURES, Archive, opened_archive
from annotations.formats.items import Item, ReadOptions
from annotations.formats.reading import MAX_DOCUMENT_ID, document_of

MAX_BYTES: Final = 16 * 2**20
ENDINGS: Final = (".html", ".htm", ".xhtml")
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_FOUND: Final = {
    "title": "title", "author": "author", "sitename": "outlet", "date": "published_at", "url": "url",
    "license": "license", "language": "language",
}  # fmt: skip


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """One item for a page, one for each page of an archive; the id is the name without its ending."""
    head = stream.read(4)
    if not head.startswith(ZIP_SIGNATURES):
        yield _item(1, options.name, head + stream.read(MAX_BYTES - len(head) + 1), options)
        return
    try:
        with opened_archive(stream, head) as archive:
            yield from _members(archive, options)
    except InvalidData as error:
        yield Item(line=1, problem=error.detail)


def _members(archive: Archive, options: ReadOptions) -> Iterator[Item]:
    for number, member in enumerate(archive.members, start=1):
        name = member.filename
        if member.is_dir():
            continue
        try:
            if not name.lower().endswith(ENDINGS):
                raise InvalidData(_("the member is not a web page (.html)."))
            data = archive.read(member, MAX_BYTES)
        except InvalidData as error:
            yield Item(line=number, where=shorten(name), problem=error.detail)
        else:
            yield _item(number, name, data, options, where=shorten(name))


def _item(line: int, name: str, data: bytes, options: ReadOptions, where: str = "") -> Item:
    key = str(PurePosixPath(name).with_suffix("")) if name.lower().endswith(ENDINGS) else name
    try:
        if not key:
            raise InvalidData(_("a web page needs a file name: it becomes the article's id."))
        if len(key) > MAX_DOCUMENT_ID:
            raise InvalidData(
                _("the name has %(n)s characters; it may have %(most)s.") % {"n": len(key), "most": MAX_DOCUMENT_ID}
            )
        if len(data) > MAX_BYTES:
            raise InvalidData(_("the page is larger than %(n)s MiB.") % {"n": MAX_BYTES // 2**20})
        return Item(line=line, id=key, where=where, document=_document(key, data, options))
    except InvalidData as error:
        return Item(line=line, id=shorten(key), where=where, problem=error.detail)


def _document(key: str, data: bytes, options: ReadOptions) -> Document:
    import trafilatura

    try:
        found: Any = trafilatura.bare_extraction(data, with_metadata=True, include_comments=False, include_tables=True)
    except Exception as error:  # noqa: BLE001 - whatever the library meets in a damaged page
        raise InvalidData(
            _("the page cannot be read: %(value)s.") % {"value": shorten(str(error)) or type(error).__name__}
        ) from None
    text = _plain(getattr(found, "text", None))
    if not text:
        raise InvalidData(_("no article was found in the page."))
    raw: dict[str, Any] = {"id": key, "text": text}
    raw |= {ours: value for theirs, ours in _FOUND.items() if (value := _plain(getattr(found, theirs, None)))}
    return document_of(raw, options)


def _plain(value: Any) -> str:
    return _NO_TEXT.sub("", value).strip() if isinstance(value, str) else ""
