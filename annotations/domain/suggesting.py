"""Suggestions beside the text: which articles have them, what is said of one, when an engine is too weak."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from annotations.domain.documents import Fragments

LAST: Final = 50
"""Of how many verdicts, the latest, it is told whether an engine is worth asking."""
LEAST_ACCEPTED: Final = 0.4
"""The part of them that must have been accepted."""
MOST_ENGINES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A suggestion that somebody judges: `engine` offered `label` on `fragments` (code points, half open) with `score`.

    `engines` names all that offered the same, `engine` among them.
    """

    id: UUID
    engine: str
    label: str
    fragments: Fragments
    version: str = ""
    score: float | None = None
    engines: tuple[str, ...] = ()

    @property
    def all_engines(self) -> tuple[str, ...]:
        """Every engine once, the one that offered it first."""
        return tuple(dict.fromkeys((self.engine, *self.engines)))


def stays_without(external_id: str, *, annotators: int) -> bool:
    """Whether an article has no suggestions, for none of its annotators: half of those that several people label.

    The external id decides: an article stays on its side when it is imported anew.
    """
    return annotators > 1 and hashlib.sha256(external_id.encode()).digest()[0] % 2 == 1


def is_too_weak(accepted: Sequence[bool]) -> bool:
    """Whether of an engine's latest verdicts on a label, `LAST` at least, too few accepted what it offered."""
    latest = accepted[:LAST]
    return len(latest) == LAST and sum(latest) < LEAST_ACCEPTED * LAST
