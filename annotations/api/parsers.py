"""JSON in: bounded, without NUL, lone surrogates or numbers that JSON does not have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, Final

import orjson
from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import exceptions, parsers

from annotations.domain.errors import TooLarge

_MOST_DEPTH: Final = 40


class JSONParser(parsers.BaseParser):
    """`application/json` by orjson."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - DRF's signature
    ) -> Any:
        """The value.

        Raises:
            ParseError: not JSON, or nested too deeply.
            TooLarge: more than DATA_UPLOAD_MAX_MEMORY_SIZE bytes.
        """
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise TooLarge(_("The body is larger than %(n)d MiB.") % {"n": most // 2**20})
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise exceptions.ParseError(_("The body is not JSON: %(why)s.") % {"why": error}) from None
        check_json(value)
        return value


def check_json(value: Any, depth: int = 0) -> None:
    """Refuse what PostgreSQL cannot keep: NUL in a string, and nesting that no form of ours has.

    Raises:
        ParseError: with a sentence.
    """
    if depth > _MOST_DEPTH:
        raise exceptions.ParseError(_("The body is nested too deeply."))
    if isinstance(value, str):
        if "\x00" in value:
            raise exceptions.ParseError(_("A text holds a NUL character, which cannot be kept."))
    elif isinstance(value, dict):
        for key, each in value.items():
            check_json(key, depth + 1)
            check_json(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            check_json(each, depth + 1)
