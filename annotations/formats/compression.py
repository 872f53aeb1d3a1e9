"""Files packed with gzip are read as what is in them, as far as they are whole and no bombs."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, Final, cast

from annotations.domain.errors import InvalidData
from annotations.domain.wording import _
from annotations.formats.items import Item, Reader, ReadOptions

GZIP_SIGNATURE: Final = b"\x1f\x8b"
MAX_RATIO: Final = 100
# A small file may be packed better than that.
_ALWAYS_ALLOWED: Final = 8 * 2**20


def unpacked(reader: Reader) -> Reader:
    """The reader, for files with or without gzip around them; damage is the last item's problem."""

    def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
        rewound = _Rewound(stream.read(len(GZIP_SIGNATURE)), stream)
        if not rewound.head.startswith(GZIP_SIGNATURE):
            yield from reader(cast("BinaryIO", rewound), options)
            return
        name = options.name[:-3] if options.name.lower().endswith(".gz") else options.name
        line = 0
        try:
            with io.BufferedReader(_Gunzipped(rewound)) as plain:
                for item in reader(cast("BinaryIO", plain), replace(options, name=name)):
                    line = item.line
                    yield item
        except EOFError:
            yield Item(line=line + 1, problem=_("the gzip file ends too soon; it was cut on its way."))
        except (gzip.BadGzipFile, zlib.error) as error:
            yield Item(line=line + 1, problem=_("the gzip file is damaged: %(error)s.") % {"error": error})
        except InvalidData as error:
            yield Item(line=line + 1, problem=error.detail)

    return read


class _Rewound:
    """A stream whose first bytes were read already, and come again."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self.head = head
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        if not self.head:
            return self._stream.read(size)
        if 0 <= size < len(self.head):
            found, self.head = self.head[:size], self.head[size:]
            return found
        found, self.head = self.head, b""
        return found + self._stream.read(size - len(found) if size >= 0 else -1)

    def readline(self, size: int = -1) -> bytes:
        if not self.head:
            return self._stream.readline(size)
        length = self.head.find(b"\n") + 1 or len(self.head)
        if 0 <= size < length:
            length = size
        found, self.head = self.head[:length], self.head[length:]
        if found.endswith(b"\n") or self.head or len(found) == size:
            return found
        return found + self._stream.readline(size - len(found) if size >= 0 else -1)


class _Gunzipped(io.RawIOBase):
    """The bytes in a gzip file, until they are too many for its size."""

    def __init__(self, packed: _Rewound) -> None:
        self._packed = packed
        self._taken = 0
        self._given = 0
        self._file = gzip.GzipFile(fileobj=cast("Any", self), mode="rb")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:  # asked by GzipFile, for packed bytes
        data = self._packed.read(size)
        self._taken += len(data)
        return data

    def readinto(self, buffer: Any) -> int:  # asked by BufferedReader, for plain bytes
        data = self._file.read1(len(buffer))
        self._given += len(data)
        if self._given > max(MAX_RATIO * self._taken, _ALWAYS_ALLOWED):
            raise InvalidData(_("the gzip file unpacks to more than %(most)s times its size.") % {"most": MAX_RATIO})
        buffer[: len(data)] = data
        return len(data)
