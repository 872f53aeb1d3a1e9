"""One field of a plain mapping at a time: its type, its length, and a sentence when it is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from annotations.domain.errors import InvalidData
from annotations.domain.offsets import check_characters, shorten
from annotations.domain.wording import _, marked

# The most characters of each text (the article's own is bounded in domain.offsets).
LIMITS: Final = {
    "kind": 20, "state": 20, "id": 200, "title": 10_000, "url": 10_000, "outlet": 10_000, "author": 10_000,
    "section": 10_000, "published_at": 40, "language": 35, "license": 10_000, "annotator": 80, "source": 200,
    "engine": 200, "version": 200, "label": 40, "entity": 500, "note": 10_000, "target": 200,
}  # fmt: skip
MAX_DEPTH: Final = 32
MAX_METADATA_NUMBER: Final = 2**63

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?", re.ASCII)
_JSON_NAMES = {
    str: marked("a text"), bool: marked("true or false"), int: marked("a number"), float: marked("a number"),
    list: marked("a list"), dict: marked("an object"), type(None): "null",
}  # fmt: skip


def refuse_nul(value: object, path: str = "", depth: int = 0) -> None:
    """Refuse a NUL anywhere in parsed JSON; it can only come from an escape, so callers look for that first."""
    if depth > 2 * MAX_DEPTH:
        raise InvalidData(_("%(value)s is nested too deeply.") % {"value": path.partition("[")[0].partition(".")[0]})
    if isinstance(value, str):
        check_characters(value, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            check_characters(key, _("a key of %(path)s") % {"path": path or _("the document")})
            refuse_nul(inner, f"{path}.{shorten(key)}" if path else shorten(key), depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            refuse_nul(inner, f"{path}[{index}]", depth + 1)


def check_json(value: object, path: str, depth: int) -> None:
    """Refuse what does not survive the way through the database: deep nesting and numbers beyond 64 bits."""
    if depth > MAX_DEPTH:
        raise InvalidData(_("metadata is nested more than %(most)s levels deep.") % {"most": MAX_DEPTH})
    if isinstance(value, dict):
        for key, inner in value.items():
            check_json(inner, f"{path}.{shorten(key)}", depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            check_json(inner, f"{path}[{index}]", depth + 1)
    elif isinstance(value, int | float) and not -MAX_METADATA_NUMBER <= value < MAX_METADATA_NUMBER:
        raise InvalidData(_("%(path)s is a number beyond 64 bits; write it as a text.") % {"path": path})


def check_date(value: str) -> None:
    """Refuse a time of publication that is no ISO 8601 date, or date and time."""
    try:
        if not _DATE.fullmatch(value):
            raise ValueError(value)
        if len(value) == 10:
            date.fromisoformat(value)
        else:
            datetime.fromisoformat(value)
    except ValueError:
        raise InvalidData(
            _(
                "published_at must be a date or a date and time such as 2026-11-24 or "
                "2026-11-24T08:00:00Z, not “%(value)s”."
            )
            % {"value": shorten(value)}
        ) from None


def text_of(raw: Mapping[str, Any], name: str) -> str:
    """A text that may be absent, within its limit."""
    value = raw.get(name)
    if value is None:
        return ""
    if type(value) is not str:
        raise InvalidData(_("%(name)s must be a text, not %(kind)s.") % {"name": name, "kind": kind_of(value)})
    if len(value) > LIMITS[name]:
        raise InvalidData(
            _("%(name)s has %(n)s characters; it may have %(most)s.")
            % {"name": name, "n": f"{len(value):,}", "most": f"{LIMITS[name]:,}"}
        )
    return value


def required_text(raw: Mapping[str, Any], name: str, limit: int) -> str:
    """A text that must be there, of at most `limit` characters."""
    value = raw.get(name)
    if type(value) is str and value and len(value) <= limit:
        return value
    if value is None or value == "":
        raise InvalidData(_("%(name)s is missing.") % {"name": name})
    if type(value) is not str:
        raise InvalidData(_("%(name)s must be a text, not %(kind)s.") % {"name": name, "kind": kind_of(value)})
    raise InvalidData(
        _("%(name)s has %(n)s characters; it may have %(limit)s.")
        % {"name": name, "n": f"{len(value):,}", "limit": f"{limit:,}"}
    )


def list_of(raw: Mapping[str, Any], name: str, path: str) -> list[Any]:
    """A list that may be absent."""
    value = raw.get(name)
    if value is None:
        return []
    if type(value) is not list:
        raise InvalidData(
            _("%(path)s%(name)s must be a list, not %(kind)s.") % {"path": path, "name": name, "kind": kind_of(value)}
        )
    return value


def check_keys(raw: Mapping[str, Any], allowed: frozenset[str]) -> None:
    """Refuse keys nobody knows: a misspelt one would be work lost unseen."""
    if unknown := sorted(raw.keys() - allowed):
        raise InvalidData(
            _("“%(unknown)s” is not known here; known are %(value)s.")
            % {"unknown": shorten(unknown[0]), "value": ", ".join(sorted(allowed))}
        )


def kind_of(value: object) -> str:
    """What a value is, in words of JSON."""
    return _(_JSON_NAMES.get(type(value), marked("something else")))
