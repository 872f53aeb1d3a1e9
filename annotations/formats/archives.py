"""Zip archives: read without trust, written piece by piece.

An archive of ours holds a member or two for each annotation set (`gold/ID.ann`, `annotator/NAME/ID.ann`), then
`index.jsonl` (what the format itself has no place for: a line for each article with its details and whose set is
where), and as the last member `manifest.json` with counts and losses.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, Final, cast

from annotations.domain.errors import InvalidData
from annotations.domain.wording import _

MAX_MEMBERS: Final = 100_000
MAX_RATIO: Final = 100
ZIP_SIGNATURES: Final = (b"PK\x03\x04", b"PK\x05\x06")  # with members, without any
_KEPT_IN_MEMORY: Final = 8 * 1024 * 1024
_PIECE: Final = 1024 * 1024


class Archive:
    """The members of an archive, each checked when it is read."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._opened = opened
        self.members = opened.infolist()
        self._by_name = {member.filename: member for member in reversed(self.members)}

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def read(self, member: zipfile.ZipInfo | str, limit: int) -> bytes:
        """The member's bytes, at most `limit`, or `InvalidData` with the reason why they are not to be had."""
        if isinstance(member, str):
            if member not in self._by_name:
                raise InvalidData(_("the archive has no member “%(member)s”.") % {"member": member[:200]})
            member = self._by_name[member]
        check_member(member)
        if member.file_size > limit:
            raise InvalidData(_("the member unpacks to more than %(n)s MiB.") % {"n": limit // 1024 // 1024})
        if member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise InvalidData(_("the member unpacks to more than %(most)s times its size.") % {"most": MAX_RATIO})
        try:
            with self._opened.open(member) as stream:
                return stream.read(limit + 1)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
            raise InvalidData(_("the member cannot be unpacked: %(error)s.") % {"error": error}) from None
        except Exception as error:  # noqa: BLE001 - each decompressor has its own errors for damaged data
            raise InvalidData(_("the member is damaged: %(error)s.") % {"error": error}) from None


class SingleFile:
    """A file that stands alone, asked like an archive with that one member."""

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        self._data = data

    def __contains__(self, name: str) -> bool:
        return name == self._name

    def read(self, member: str, limit: int) -> bytes:
        """The file's bytes, at most `limit`."""
        if member not in self:
            raise InvalidData(_("there is no “%(member)s” beside the file.") % {"member": member[:200]})
        if len(self._data) > limit:
            raise InvalidData(_("the file is larger than %(n)s MiB.") % {"n": limit // 1024 // 1024})
        return self._data


def check_member(member: zipfile.ZipInfo) -> None:
    """Refuse members that lead outside, links and encrypted ones."""
    name = member.filename
    if name.startswith("/") or "\\" in name or ".." in PurePosixPath(name).parts or ":" in name.split("/")[0]:
        raise InvalidData(_("the member's name leads outside the archive."))
    if stat.S_ISLNK(member.external_attr >> 16):
        raise InvalidData(_("the member is a link."))
    if member.flag_bits & 1:
        raise InvalidData(_("the member is encrypted."))


@contextmanager
def opened_archive(stream: BinaryIO, head: bytes = b"") -> Iterator[Archive]:
    """The archive that a stream holds, of which `head` was read already.

    Raises:
        InvalidData: it is none, or holds too much.
    """
    with SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as copy:  # zip needs to seek
        copy.write(head)
        while piece := stream.read(_PIECE):
            copy.write(piece)
        size = copy.tell()
        try:
            opened = zipfile.ZipFile(cast("BinaryIO", copy))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError, OSError) as error:
            raise InvalidData(_("the archive cannot be read: %(error)s.") % {"error": error}) from None
        with opened:
            members = opened.infolist()
            if len(members) > MAX_MEMBERS:
                raise InvalidData(
                    _("the archive has %(n)s members; it may have %(most)s.")
                    % {"n": f"{len(members):,}", "most": f"{MAX_MEMBERS:,}"}
                )
            if sum(member.file_size for member in members) > MAX_RATIO * size:
                raise InvalidData(_("the archive unpacks to more than %(most)s times its size.") % {"most": MAX_RATIO})
            yield Archive(opened)


class ArchiveWriter:
    """An archive as it grows: `add` a member, `take` what it gave since; the same members, the same bytes."""

    def __init__(self, *, counting_only: bool = False) -> None:
        self._sink = _Sink(keeps=not counting_only)
        method = zipfile.ZIP_STORED if counting_only else zipfile.ZIP_DEFLATED
        self._archive = zipfile.ZipFile(cast("BinaryIO", self._sink), "w", method)

    def add(self, name: str, data: bytes) -> None:
        """A member; its time is the beginning of all zip files' time."""
        member = zipfile.ZipInfo(name)
        member.compress_type = self._archive.compression
        member.external_attr = 0o644 << 16
        self._archive.writestr(member, data)

    def stream(self, name: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """A member of any size, written as it comes; what of the archive is there after each piece."""
        member = zipfile.ZipInfo(name)
        member.compress_type = self._archive.compression
        member.external_attr = 0o644 << 16
        with self._archive.open(member, "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                yield self._sink.take()
        yield self._sink.take()

    def take(self) -> bytes:
        """What was written since the last time."""
        return self._sink.take()

    def close(self) -> bytes:
        """The end of the archive."""
        self._archive.close()
        return self._sink.take()


class _Sink:
    """A file that can only be written forward; what was written waits to be taken."""

    def __init__(self, *, keeps: bool) -> None:
        self._keeps = keeps
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        if self._keeps:
            self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def take(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data
