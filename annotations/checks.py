"""What `manage.py check` looks at before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from annotations.suggesters.spacy_engine import NoPipeline, spacy_engine

_LEAST_VERSION: Final = 150_000


@register(Tags.database)
def check_server(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    databases: Sequence[str] | None = None,
    **kwargs: Any,  # noqa: ARG001 - Django's signature
) -> list[CheckMessage]:
    """PostgreSQL 15 or newer, in UTF-8: multiranges and code points are counted on."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
            version, encoding = cursor.fetchone()
        if version < _LEAST_VERSION:
            hint = "Point DATABASE_URL at PostgreSQL 15 or newer."
            found.append(Error(f"PostgreSQL {version // 10_000} is too old.", hint=hint, id="annotations.E001"))
        if encoding != "UTF8":
            hint = "Make the database with ENCODING 'UTF8'."
            found.append(Error(f"The database is encoded in {encoding}.", hint=hint, id="annotations.E002"))
    return found


@register(Tags.compatibility)
def check_pipeline(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001 - Django's signature
    **kwargs: Any,  # noqa: ARG001 - Django's signature
) -> list[CheckMessage]:
    """The spaCy pipeline that is named is there."""
    if not settings.SPACY_PIPELINE:
        return []
    try:
        spacy_engine(settings.SPACY_PIPELINE)
    except NoPipeline as missing:
        hint = "Install it, or unset SPACY_PIPELINE."
        return [Error(f"SPACY_PIPELINE: {missing.detail}", hint=hint, id="annotations.E003")]
    return []
