"""What became of a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from annotations.domain.alignment import Fate
from annotations.domain.offsets import shorten
from annotations.formats import Losses
from annotations.selectors.figures import counted

MOST_LISTED: Final = 1_000
_LOST_LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """Why nothing was taken from the line (from 1) of the article `id`, as far as that could be read, in `file`."""

    line: int
    id: str
    reason: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An article whose text another one has already, to the letter; both are kept."""

    line: int
    id: str
    duplicate_of: str
    file: str = ""


@dataclass(frozen=True, slots=True)
class NearCopy:
    """An article whose text is nearly that of another one (`similarity` 0 to 1)."""

    line: int
    id: str
    near: str
    similarity: float
    file: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """An article that got a new version: how many spans of all sets stayed, moved with their words, and were lost; the
    first of these by label and quote.
    """

    line: int
    id: str
    kept: int
    moved: int
    lost: int
    lost_spans: list[str]
    file: str = ""


@dataclass(slots=True)
class ImportReport:
    """What became of the import `id`: articles `created`, `updated` (metadata or annotation sets were added), `skipped`
    (all was there already) and `corrected` (there is a new version of the text); `spans` and `relations` that were
    stored; labels and the like that the project lacked (`added`).

    `losses` counts what of the file has no place here. Of duplicates, near copies and problems the first thousand are
    listed, `…_count` says how many there are.
    """

    id: str = ""
    created: int = 0
    updated: int = 0
    skipped: int = 0
    corrected: int = 0
    spans: int = 0
    relations: int = 0
    added: list[str] = field(default_factory=list)
    duplicate_count: int = 0
    duplicates: list[Duplicate] = field(default_factory=list)
    near_copy_count: int = 0
    near_copies: list[NearCopy] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    losses: Losses = field(default_factory=Losses)
    file: str = ""
    """The file that is read just now."""

    @property
    def counts(self) -> dict[str, Any]:
        """How many articles, spans and problems."""
        return {
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "spans": self.spans,
            "problem_count": self.problem_count,
        }

    def add_problem(self, line: int, key: str, reason: str) -> None:
        """Nothing was taken from this line."""
        self.problem_count += 1
        if len(self.problems) < MOST_LISTED:
            self.problems.append(Problem(line, key, reason, self.file))

    def add_duplicate(self, line: int, key: str, duplicate_of: str) -> None:
        """The text of this line's article was there already under another id."""
        self.duplicate_count += 1
        if len(self.duplicates) < MOST_LISTED:
            self.duplicates.append(Duplicate(line, key, duplicate_of, self.file))

    def add_near_copy(self, line: int, key: str, near: str, similarity: float) -> None:
        """The text of this line's article is nearly that of another one."""
        self.near_copy_count += 1
        if len(self.near_copies) < MOST_LISTED:
            self.near_copies.append(NearCopy(line, key, near, round(similarity, 2), self.file))

    def add_correction(self, line: int, key: str, fate: Fate) -> None:
        """The text of this line's article is a new version; what became of the spans on the old one."""
        self.corrected += 1
        if len(self.corrections) < MOST_LISTED:
            lost = [f"{label}: {shorten(quote)}" for label, quote in fate.lost[:_LOST_LISTED]]
            self.corrections.append(Correction(line, key, fate.kept, fate.moved, len(fate.lost), lost, self.file))

    def as_json(self) -> dict[str, Any]:
        """The report in its wire form."""
        self.problems.sort(key=lambda problem: (problem.file, problem.line))
        plain = asdict(replace(self, losses=Losses()))
        del plain["file"]
        if not self.id:
            del plain["id"]
        return {**plain, "losses": self.losses.rows(counted)}
