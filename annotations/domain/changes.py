"""A change is one atomic edit of an annotation set: what a client asks for and what became of it.

The wire form is that of docs/contract.md: `{"id", "action", "object", "base", "value", "batch"?, "undoes"?,
"origin"?, "suggestion"?}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

from annotations.domain.documents import NOTHING, Fragments
from annotations.domain.suggesting import Suggested

type Action = Literal["put_span", "delete_span", "put_relation", "delete_relation"]
type Status = Literal["applied", "repeated", "conflict", "invalid", "blocked"]

ACTIONS: Final[tuple[Action, ...]] = ("put_span", "delete_span", "put_relation", "delete_relation")
MAX_CHANGES: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest:
    """One edit as the client sent it.

    `base` is the revision of the object the client saw, None for a new object, or the id of this client's earlier
    change to the same object (that one was applied and nothing came after it). `suggestion` is what a new span accepts.
    """

    id: UUID
    action: Action
    object: UUID
    base: int | UUID | None = None
    value: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    batch: UUID | None = None
    undoes: UUID | None = None
    origin: str = ""
    suggestion: Suggested | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeResult:
    """What became of one change; `current` is the object now (None: deleted), `also` what else went with it."""

    id: UUID
    status: Status
    revision: int | None = None
    current: Mapping[str, Any] | None = None
    errors: tuple[Mapping[str, str], ...] = ()
    also: tuple[Mapping[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The result in its wire form."""
        answer: dict[str, Any] = {"id": str(self.id), "status": self.status, "revision": self.revision}
        if self.status == "conflict":
            answer["current"] = self.current
        if self.errors:
            answer["errors"] = [dict(error) for error in self.errors]
        if self.also:
            answer["also"] = [dict(other) for other in self.also]
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The outcome of a batch of changes on one annotation set.

    `touched` are the old and the new fragments (code points, half open) of every span whose ink changed;
    `spans` the ids of the spans whose list item changed (also by a relation), `gone` those that are no more.
    """

    revision: int
    results: tuple[ChangeResult, ...]
    touched: Fragments = ()
    spans: frozenset[UUID] = frozenset()
    gone: frozenset[UUID] = frozenset()
