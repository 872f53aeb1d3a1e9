"""Lines of JSON, each as the value it holds or a sentence that says why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import orjson

from annotations.domain.errors import InvalidData
from annotations.domain.offsets import shorten
from annotations.domain.wording import _
from annotations.formats.fields import refuse_nul

# A million code points, each written as \uXXXX twice, and their spans.
MAX_LINE: Final = 16 * 1024 * 1024
UTF_8_MARK: Final = b"\xef\xbb\xbf"
_SKIPPED_AT_ONCE: Final = 64 * 1024


def json_lines(stream: BinaryIO) -> Iterator[tuple[int, Any, str]]:
    """Number (from 1), value and problem of each line that is not blank; with a value the problem is empty."""
    number, what = 0, _("line")
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            _skip_line(stream, line)
            yield number, None, _("the line is longer than %(n)s MiB.") % {"n": MAX_LINE // 1024 // 1024}
            continue
        if number == 1:
            line = line.removeprefix(UTF_8_MARK)
        if line and not line.isspace():
            yield number, *json_value(line, what)


def json_value(data: bytes, what: str) -> tuple[Any, str]:
    """The value of JSON and no problem, or a problem; `what` is what the data is called."""
    try:
        raw = orjson.loads(data)
        if b"\\u0000" in data:  # the only way a NUL gets into JSON
            refuse_nul(raw)
    except orjson.JSONDecodeError as error:
        return None, _why_not_json(data, error, what)
    except InvalidData as error:
        return raw if isinstance(raw, dict) else None, error.detail
    return raw, ""


def attributes_in(cell: str) -> Any:
    """What a cell that holds attributes as JSON says; what is not JSON is one attribute of that name.

    Raises:
        InvalidData: it holds a NUL.
    """
    try:
        found = orjson.loads(cell)
    except orjson.JSONDecodeError:
        return {"attributes": cell}
    refuse_nul(found, "attributes")
    return found


def id_in(raw: object) -> str:
    """The id of what may be a document."""
    name = raw.get("id") if isinstance(raw, dict) else None
    return shorten(name) if isinstance(name, str) else ""


def _why_not_json(data: bytes, error: orjson.JSONDecodeError, what: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _("the file is UTF-16; save it as UTF-8.")
    try:
        data.decode()
    except UnicodeDecodeError as undecodable:
        byte = data[undecodable.start]
        return _("the %(what)s is not UTF-8: byte 0x%(byte)s at offset %(start)s.") % {
            "what": what,
            "byte": f"{byte:02X}",
            "start": undecodable.start,
        }
    if "surrogate" in error.msg:
        return _("the %(what)s has half a character (a lone surrogate) at character %(n)s.") % {
            "what": what,
            "n": error.colno,
        }
    if "depth" in error.msg:
        return _("the %(what)s is nested too deeply.") % {"what": what}
    if data.lstrip().startswith(b"["):
        return _("the %(what)s is not a document but the beginning of a list; one document a line is needed.") % {
            "what": what
        }
    reason = error.msg.partition(": line ")[0]
    return _("the %(what)s is not JSON: %(reason)s at character %(n)s.") % {
        "what": what,
        "reason": reason,
        "n": error.colno,
    }


def _skip_line(stream: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(_SKIPPED_AT_ONCE)
