"""Figures about a whole project: what took long to count is kept for a while, and told with the time of the count."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

_TIMES: Final = 20
"""Kept for so many times as long as the count took: a twentieth of the time, at most, goes into counting."""


@dataclass(frozen=True, slots=True)
class Counted[T]:
    """Figures, and when they were counted: None for just now."""

    figures: T
    at: datetime | None


def kept[T](name: str, count: Callable[[], T]) -> Counted[T]:
    """What `count` says or lately said. `name` tells for whom: nobody may be given the figures of another."""
    lately: Counted[T] | None = cache.get(name)
    if lately is not None:
        return lately
    at, begun = timezone.now(), time.monotonic()
    figures = count()
    took = time.monotonic() - begun
    if took > settings.KEEP_COUNTS_AFTER:
        cache.set(name, Counted(figures, at), _TIMES * took)
    return Counted(figures, None)
