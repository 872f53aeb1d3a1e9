"""What can be wrong with a request of the domain; the faces turn each into their own form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing that is wrong, where it is (`spans[3].fragments`), and what to do."""

    field: str
    message: str


class NewsappError(Exception):
    """The root of the project's own errors; `detail` is a sentence for the person who asked."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidData(NewsappError):
    """The input breaks a rule; `errors` says which and where."""

    def __init__(self, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.errors = tuple(errors)


class NotFound(NewsappError):
    """It does not exist, or the person may not know that it does."""


class NotAllowed(NewsappError):
    """A member, but with a role that may not do this."""


class StateRefused(NewsappError):
    """Legal in another state of the object, not in this one."""


class RevisionConflict(NewsappError):
    """The object changed since the client saw it; `current` is what it is now (None: deleted) at `revision`."""

    def __init__(self, detail: str, *, current: dict[str, Any] | None, revision: int) -> None:
        super().__init__(detail)
        self.current = current
        self.revision = revision


class TooLarge(NewsappError):
    """More than one request may carry."""


class TooManyRequests(NewsappError):
    """Come back after `retry_after` seconds."""

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Busy(NewsappError):
    """The server has all hands full; come back after `retry_after` seconds."""

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
