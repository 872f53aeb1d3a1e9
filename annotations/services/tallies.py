"""What services count for whoever operates the site: kept in memory, or in files that all web processes share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from prometheus_client import Counter

from annotations.domain.changes import ChangeResult

_CHANGES: Final = Counter(
    "newsapp_changes",
    "Changes by what became of them; `repeated` are those that were sent again and had been applied already.",
    ["status"],
)


def count_changes(results: Iterable[ChangeResult]) -> None:
    """Count the fates of a batch that is on disk."""
    for result in results:
        _CHANGES.labels(result.status).inc()
