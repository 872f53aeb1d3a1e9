"""Public ids: UUID version 7 where no input decides them, version 5 where the same input must give the same id."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable
from uuid import UUID, uuid5

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new UUID version 7 (RFC 9562): 48 bits of milliseconds, 12 of their fraction (method 3), 62 random bits.

    Within a process each sorts behind the one before, also within a millisecond and when the clock is set back:
    articles stand in the queue in the order of their file.
    """
    global _last  # noqa: PLW0603 - the clock of the process
    with _lock:
        _last = ticks = max(_last + 1, time.time_ns() * 4096 // 1_000_000)
    random = int.from_bytes(os.urandom(8)) >> 2
    return UUID(int=(ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0x2 << 62 | random)


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
