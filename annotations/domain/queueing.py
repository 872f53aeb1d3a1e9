"""Where the work on an annotation set stands, and how it may go on: the one table of legal transitions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final

from annotations.domain.errors import StateRefused
from annotations.domain.wording import _, marked

# action -> state before -> state after
TRANSITIONS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "submit": {"in_progress": "submitted", "returned": "submitted"},
    "skip": {"in_progress": "skipped"},
    "release": {"in_progress": "released"},
    "reopen": {"submitted": "in_progress", "skipped": "in_progress", "released": "in_progress"},
    "return": {"submitted": "returned"},
    "finish": {"open": "done"},
    "reopen_gold": {"done": "open"},
})  # fmt: skip

# States in which the annotator may go on writing; writing into a skipped or released set takes it up again.
WRITABLE: Final = frozenset({"in_progress", "returned", "skipped", "released"})
# States that leave the article's slot to somebody else.
WITHOUT_SLOT: Final = frozenset({"skipped", "released"})

# The lease of work that a manager gave to somebody by name: it is not taken back.
NO_END: Final = datetime(9999, 1, 1, tzinfo=UTC)

_STATES: Final[Mapping[str, str]] = MappingProxyType({
    "in_progress": marked("in progress"),
    "submitted": marked("submitted"),
    "returned": marked("returned"),
    "skipped": marked("skipped"),
    "released": marked("released"),
    "open": marked("open"),
    "done": marked("done"),
    "ready": marked("ready"),
})  # fmt: skip
_REFUSALS: Final[Mapping[str, str]] = MappingProxyType({
    "submit": marked("Only work in progress can be submitted; this is %(state)s."),
    "skip": marked("Only work in progress can be skipped; this is %(state)s."),
    "release": marked("Only work in progress can be released; this is %(state)s."),
    "reopen": marked("Only submitted, skipped or released work can be reopened; this is %(state)s."),
    "return": marked("Only submitted work can be returned; this is %(state)s."),
    "finish": marked("Only open gold can be marked as done; this is %(state)s."),
    "reopen_gold": marked("Only gold that is done can be opened again; this is %(state)s."),
})  # fmt: skip


def state_after(action: str, state: str) -> str:
    """The state `action` leads to from `state`.

    Raises:
        StateRefused: the transition is not legal.
    """
    after = TRANSITIONS[action].get(state)
    if after is None:
        raise StateRefused(_(_REFUSALS[action]) % {"state": _(_STATES.get(state, state))})
    return after


def slots_freed(before: str, after: str) -> int:
    """By how much a transition changes the number of annotators an article still needs."""
    return (after in WITHOUT_SLOT) - (before in WITHOUT_SLOT)
