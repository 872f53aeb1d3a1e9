"""What became of a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from annotations.formats import Losses

MOST_LISTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was taken from the line (from 1) of the article `id`, as far as that could be read."""

    line: int
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article whose text another one has already, to the letter; both are kept."""

    line: int
    id: str
    duplicate_of: str


@dataclass(slots=True)
class ImportReport:
    """Articles `created`, `updated` (metadata or annotation sets were added) and `skipped` (all was there already);
    `spans` and `relations` that were stored; labels and the like that the project lacked (`added`).

    `losses` counts what of the file has no place here. Of duplicates and problems the first thousand are listed,
    `…_count` says how many there are.
    """

    created: int = 0
    updated: int = 0
    skipped: int = 0
    spans: int = 0
    relations: int = 0
    added: list[str] = field(default_factory=list)
    duplicate_count: int = 0
    duplicates: list[Duplicate] = field(default_factory=list)
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    losses: Losses = field(default_factory=Losses)

    def add_problem(self, line: int, key: str, reason: str) -> None:
        """Nothing was taken from this line."""
        self.problem_count += 1
        if len(self.problems) < MOST_LISTED:
            self.problems.append(Problem(line, key, reason))

    def add_duplicate(self, line: int, key: str, duplicate_of: str) -> None:
        """The text of this line's article was there already under another id."""
        self.duplicate_count += 1
        if len(self.duplicates) < MOST_LISTED:
            self.duplicates.append(Duplicate(line, key, duplicate_of))

    def as_json(self) -> dict[str, Any]:
        """The report in its wire form."""
        plain = asdict(replace(self, losses=Losses()))
        return {**plain, "losses": self.losses.rows()}
