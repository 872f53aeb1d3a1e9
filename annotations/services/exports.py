"""Send a project's documents out: one snapshot, streamed, on connections of its own so that no save waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Self, Unpack

import psycopg
from django.db import connection as default_connection
from django.db import transaction
from django.utils.translation import gettext as _
from psycopg import IsolationLevel

from annotations import policies
from annotations.domain.documents import Document
from annotations.domain.errors import Busy
from annotations.formats import ENDINGS, LOSSLESS, MEDIA_TYPES, WRITERS, Losses, WriteOptions
from annotations.models import Project, User
from annotations.selectors.documents import Choice, documents_of
from annotations.selectors.figures import counted
from annotations.services import audit
from annotations.services.disagreements import record_openings_of_export
from annotations.services.export_options import Options, choice_of

# Of each server process; an export keeps one connection and most of one core busy.
AT_ONCE: Final = 2
RETRY_AFTER: Final = 5
PIECE: Final = 64 * 1024
_slots = threading.BoundedSemaphore(AT_ONCE)
_CONNECTION_KEYS: Final = ("dbname", "user", "password", "host", "port")


@dataclass(slots=True)
class Counts:
    """How much there is in documents."""

    articles: int = 0
    annotation_sets: int = 0
    spans: int = 0
    relations: int = 0

    def add(self, document: Document) -> None:
        """One more."""
        self.articles += 1
        self.annotation_sets += len(document.annotation_sets)
        for one in document.annotation_sets:
            self.spans += len(one.spans)
            self.relations += len(one.relations)


class Export:
    """Pieces of a file, from the first of which on the connection is held; `close` gives it back, at any time."""

    def __init__(self, *, project: Project, format: str, choice: Choice, options: WriteOptions) -> None:  # noqa: A002
        self.media_type = MEDIA_TYPES[format]
        self.filename = f"{project.slug}-{choice.sets}.{ENDINGS[format]}"
        if not _slots.acquire(blocking=False):
            raise Busy(_("Too many exports are running; please try again in some seconds."), retry_after=RETRY_AFTER)
        self.counts = Counts()
        self._connection: psycopg.Connection | None = None
        self._is_open = True
        try:
            self._connection = connection = _connect()
            documents = documents_of(connection=connection, project=project, choice=choice)
            write = _only_read if options.counting_only and format in LOSSLESS else WRITERS[format]
            self._pieces = _in_pieces(write(self._counted(documents), options))
            self._first: bytes | None = next(self._pieces, b"")
        except BaseException:
            self.close()
            raise

    def _counted(self, documents: Iterator[Document]) -> Iterator[Document]:
        for document in documents:
            self.counts.add(document)
            yield document

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        if self._first is not None:
            first, self._first = self._first, None
            return first
        try:
            return next(self._pieces)
        except BaseException:  # also the end: what is read to its end needs no closing
            self.close()
            raise

    def close(self) -> None:
        """Give the connection back; a second time nothing happens."""
        if self._is_open:
            self._is_open = False
            if self._connection is not None:
                self._connection.close()
            _slots.release()


def export_documents(*, actor: User, project: Project, is_seen: bool = True, **options: Unpack[Options]) -> Export:
    """Open an export of the project.

    That the person sees others' work by it is remembered: in a blind project one may not annotate those articles.
    `is_seen=False` for an operator who uses somebody's role, but is not that person.

    Raises:
        NotFound, NotAllowed: as `policies` says.
        InvalidData: an option that is none.
        Busy: too many exports are running.
    """
    member = policies.check_member(user=actor, slug=project.slug)
    choice = choice_of(member, options)
    write_options = WriteOptions(byte_order_mark=options.get("byte_order_mark", False))
    export = Export(project=project, format=options.get("format", "jsonl"), choice=choice, options=write_options)
    try:  # after the snapshot was taken, before the first byte leaves: nothing that is in it is forgotten
        if choice.shows_others and is_seen:
            record_openings_of_export(user_id=actor.pk, project_id=project.pk, every_state=choice.every_state)
        with transaction.atomic():
            asked: dict[str, Any] = {"format": "jsonl", "state": "submitted", **options, "sets": choice.sets}
            told: dict[str, Any] = {
                name: str(value) if isinstance(value, date) else value for name, value in asked.items() if value
            }
            who: dict[str, Any] = {"actor": actor} if is_seen else {"actor": None, "person": actor}
            audit.record("export.opened", project=project, **who, **told)
    except BaseException:
        export.close()
        raise
    return export


@dataclass(frozen=True, slots=True)
class LossReport:
    """What an export would hold, and what of it the format could not carry."""

    format: str
    counts: Counts
    losses: Losses

    @property
    def articles(self) -> int:
        """How many articles it would have."""
        return self.counts.articles

    def as_json(self) -> dict[str, Any]:
        """The report in its wire form: `{format, articles, annotation_sets, spans, relations, losses}`."""
        return {"format": self.format, **asdict(self.counts), "losses": self.losses.rows(counted)}


def count_losses(*, actor: User, project: Project, **options: Unpack[Options]) -> LossReport:
    """What `export_documents` with the same options would hold and lose, counted by the writer itself.

    Raises:
        NotFound, NotAllowed, InvalidData, Busy: as `export_documents`.
    """
    choice = choice_of(policies.check_member(user=actor, slug=project.slug), options)
    write_options = WriteOptions(counting_only=True)
    key = options.get("format", "jsonl")
    export = Export(project=project, format=key, choice=choice, options=write_options)
    for _piece in export:
        pass
    return LossReport(key, export.counts, write_options.losses)


@contextmanager
def snapshot() -> Iterator[psycopg.Connection]:
    """A connection on which everything read is of one moment; it takes the place of an export.

    Raises:
        Busy: too many exports are running.
    """
    if not _slots.acquire(blocking=False):
        raise Busy(_("Too many exports are running; please try again in some seconds."), retry_after=RETRY_AFTER)
    try:
        connection = _connect()
        try:
            yield connection
        finally:
            connection.close()
    finally:
        _slots.release()


def _connect() -> psycopg.Connection:
    """A connection like Django's, in one read-only transaction with one snapshot."""
    params = default_connection.get_connection_params()
    connection = psycopg.connect(**{key: params[key] for key in _CONNECTION_KEYS if key in params})
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return connection


def _only_read(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:  # noqa: ARG001 - a writer's signature
    """What is written without a loss need not be written to count none."""
    for _document in documents:
        yield b""


def _in_pieces(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces worth sending; the first comes at once."""
    pending: list[bytes] = []
    size = PIECE
    for line in lines:
        pending.append(line)
        size += len(line)
        if size >= PIECE:
            yield b"".join(pending)
            pending.clear()
            size = 0
    if pending:
        yield b"".join(pending)
