"""What a reader yields, and what readers and writers can be told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from annotations.domain.documents import Document
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import Newlines, Unit
from annotations.domain.wording import _
from annotations.formats.losses import Losses

KINDS: Final = ("annotator", "gold", "suggestion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One article of a file, or why there is none.

    `line` is the line of the file (from 1) where it begins, in an archive the number of its member, whose name is
    `where`. `problem` is a sentence, empty when there is a document; `id` is the article's, as far as it could be read.
    `losses` counts what of the file has no place in a document.
    """

    line: int
    id: str = ""
    document: Document | None = None
    problem: str = ""
    where: str = ""
    losses: Losses = field(default_factory=Losses)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What the file does not say itself.

    `name` is the file's name; `kind` and `annotator` are for sets that give none; `offsets` and `newlines` say how
    offsets were counted, `auto` lets the quotes decide (see `domain.offsets.place`). `columns` says what the columns of
    a table are by their names in its header: one of ours, or nothing to leave it out.
    """

    name: str = ""
    kind: str = ""
    annotator: str = ""
    offsets: str = "auto"
    newlines: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for option, value, allowed in (
            ("kind", self.kind, ("", *KINDS)),
            ("offsets", self.offsets, ("auto", *Unit)),
            ("newlines", self.newlines, ("auto", *Newlines)),
        ):
            if value not in allowed:
                raise InvalidData(
                    _("%(option)s is one of %(value)s, not “%(value2)s”.")
                    % {"option": option, "value": ", ".join(filter(None, allowed)), "value2": value}
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOptions:
    """`byte_order_mark`: begin tables with one, which spreadsheet programs need to see that it is UTF-8.

    `losses` is where the writer counts what its format cannot carry; with `counting_only` nobody wants the bytes, which
    may then be none.
    """

    byte_order_mark: bool = False
    losses: Losses = field(default_factory=Losses)
    counting_only: bool = False


DEFAULT_READ: Final = ReadOptions()
DEFAULT_WRITE: Final = WriteOptions()

type Reader = Callable[[BinaryIO, ReadOptions], Iterator[Item]]
type Writer = Callable[[Iterable[Document], WriteOptions], Iterator[bytes]]
