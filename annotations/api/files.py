"""Files in and out: any bytes as a body, and addresses whose `format` is ours, not REST framework's."""

from __future__ import annotations

from collections.abc import Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from django.utils.translation import gettext as _
from rest_framework import parsers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from annotations.domain.errors import TooLarge
from annotations.services.imports.uploads import MAX_TOTAL

_KEPT_IN_MEMORY: Final = 2 * 2**20
_PIECE: Final = 2**18


class FileParser(parsers.BaseParser):
    """The raw body as a file, whatever its type says."""

    media_type = "*/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - DRF's signature
    ) -> Any:
        """The body as a binary file, kept on disk when it is large: the database must not wait for a slow sender.

        Raises:
            TooLarge: more than 512 MiB.
        """
        copy: Any = SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY)  # noqa: SIM115 - the view reads and closes it
        size = 0
        try:
            while piece := stream.read(_PIECE):
                size += len(piece)
                check_size(size)
                copy.write(piece)
        except BaseException:
            copy.close()
            raise
        copy.seek(0)
        return copy


class MultipartParser(parsers.MultiPartParser):
    """A form with a file."""


class AlwaysJSON(BaseContentNegotiation):
    """`?format=` names a file format and `Accept` may name it too; reports and problems are JSON in any case."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The parser for the body's type."""
        is_form = (request.content_type or "").partition(";")[0].strip().lower() == "multipart/form-data"
        return next((parser for parser in parsers if isinstance(parser, MultipartParser) == is_form), None)

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002 - DRF's signature
        renderers: Any,
        format_suffix: str | None = None,  # noqa: ARG002 - DRF's signature
    ) -> tuple[BaseRenderer, str]:
        """The JSON renderer."""
        return renderers[0], renderers[0].media_type


def check_size(size: int) -> None:
    """Raises TooLarge above 512 MiB."""
    if size > MAX_TOTAL:
        raise TooLarge(
            _("The file is larger than %(n)d MiB; `manage.py import_documents` takes any size.")
            % {"n": MAX_TOTAL // 2**20}
        )
