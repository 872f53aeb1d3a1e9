"""Public ids: UUID version 7 where no input decides them, version 5 where the same input must give the same id."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from uuid import UUID, uuid5


def uuid7() -> UUID:
    """A new UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    random = int.from_bytes(os.urandom(10))
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | random
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def annotation_set_uuid(article: UUID, kind: str, author: str) -> UUID:
    """The id of a set: `author` is the annotator's user id or the source of suggestions, empty for gold."""
    return uuid5(article, f"{kind}:{author}")


def span_uuid(annotation_set: UUID, external_id: str) -> UUID:
    """The id of an imported span."""
    return uuid5(annotation_set, f"span:{external_id}")


def relation_uuid(annotation_set: UUID, external_id: str) -> UUID:
    """The id of an imported relation."""
    return uuid5(annotation_set, f"relation:{external_id}")


def disagreement_uuid(article: UUID, sources: Iterable[str]) -> UUID:
    """The id of a disagreement: the same as long as the same spans or relations make it up."""
    return uuid5(article, "disagreement:" + ",".join(sorted(sources)))
