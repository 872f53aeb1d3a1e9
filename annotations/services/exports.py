"""Send a project's documents out: one snapshot, streamed, on connections of its own so that no save waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

import psycopg
from django.db import connection as default_connection
from django.db import transaction
from django.utils.translation import gettext as _
from psycopg import IsolationLevel

from annotations import policies
from annotations.domain.documents import Document
from annotations.domain.errors import Busy, FieldError, InvalidData
from annotations.formats import ENDINGS, LOSSLESS, MEDIA_TYPES, WRITERS, Losses, WriteOptions
from annotations.models import Project, Role, User
from annotations.selectors.documents import SETS, Choice, documents_of
from annotations.services import audit
from annotations.services.disagreements import record_openings_of_export

# Of each server process; an export keeps one connection and most of one core busy.
AT_ONCE: Final = 2
RETRY_AFTER: Final = 5
PIECE: Final = 64 * 1024
_slots = threading.BoundedSemaphore(AT_ONCE)
_CONNECTION_KEYS: Final = ("dbname", "user", "password", "host", "port")


class Export:
    """Pieces of a file, from the first of which on the connection is held; `close` gives it back, at any time."""

    def __init__(self, *, project: Project, format: str, choice: Choice, options: WriteOptions) -> None:  # noqa: A002
        self.media_type = MEDIA_TYPES[format]
        self.filename = f"{project.slug}-{choice.sets}.{ENDINGS[format]}"
        if not _slots.acquire(blocking=False):
            raise Busy(_("Too many exports are running; please try again in some seconds."), retry_after=RETRY_AFTER)
        self.articles = 0
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
            self.articles += 1
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


def export_documents(
    *,
    actor: User,
    project: Project,
    format: str,  # noqa: A002 - what it is called everywhere
    sets: str = "",
    state: str = "submitted",
    include: str = "",
    byte_order_mark: bool = False,
    is_seen: bool = True,
) -> Export:
    """Open an export of the project in one of `WRITERS`' formats.

    That the person sees others' work by it is remembered: in a blind project one may not annotate those articles.
    `is_seen=False` for an operator who uses somebody's role, but is not that person.

    `sets` is gold, annotators, suggestions, all or majority; left out, the first of them the role may export. `state`
    is submitted or all (of the annotators' sets); `include="empty"` adds articles without such sets. An annotator gets
    the person's own sets only.

    Raises:
        NotFound, NotAllowed: as `policies` says.
        InvalidData: an option that is none.
        Busy: too many exports are running.
    """
    choice = _choice(actor=actor, project=project, format=format, sets=sets, state=state, include=include)
    with transaction.atomic():
        asked = {"format": format, "sets": choice.sets, "state": state, "include": include}
        audit.record("export.opened", actor=actor, project=project, **asked)
    options = WriteOptions(byte_order_mark=byte_order_mark)
    export = Export(project=project, format=format, choice=choice, options=options)
    if choice.shows_others and is_seen:
        try:  # after the snapshot was taken, before the first byte leaves: nothing that is in it is forgotten
            record_openings_of_export(user_id=actor.pk, project_id=project.pk, every_state=choice.every_state)
        except BaseException:
            export.close()
            raise
    return export


@dataclass(frozen=True, slots=True)
class LossReport:
    """What an export of `articles` articles in the format could not carry."""

    format: str
    articles: int
    losses: Losses

    def as_json(self) -> dict[str, Any]:
        """The report in its wire form: `{format, articles, losses: [{kind, count, sentence}]}`."""
        return {"format": self.format, "articles": self.articles, "losses": self.losses.rows()}


def count_losses(
    *,
    actor: User,
    project: Project,
    format: str,  # noqa: A002 - what it is called everywhere
    sets: str = "",
    state: str = "submitted",
    include: str = "",
) -> LossReport:
    """What `export_documents` with the same options would lose, counted by the writer itself.

    Raises:
        NotFound, NotAllowed, InvalidData, Busy: as `export_documents`.
    """
    choice = _choice(actor=actor, project=project, format=format, sets=sets, state=state, include=include)
    options = WriteOptions(counting_only=True)
    export = Export(project=project, format=format, choice=choice, options=options)
    for _piece in export:
        pass
    return LossReport(format, export.articles, options.losses)


def _choice(*, actor: User, project: Project, format: str, sets: str, state: str, include: str) -> Choice:  # noqa: A002 - what it is called everywhere
    """What to export, when the person may and the options are some."""
    member = policies.check_member(user=actor, slug=project.slug)
    allowed = policies.exportable_kinds(member)
    sets = sets or next(one for one in SETS if one in allowed)
    for name, value, known in (
        ("format", format, tuple(WRITERS)),
        ("sets", sets, SETS),
        ("state", state, ("submitted", "all")),
        ("include", include, ("", "empty")),
    ):
        if value not in known:
            choices = ", ".join(filter(None, known))
            detail = _("%(name)s is one of: %(choices)s.") % {"name": name, "choices": choices}
            raise InvalidData(detail, [FieldError(name, detail)])
    policies.check_can_export(member, [sets])
    return Choice(
        sets=sets,
        every_state=state == "all",
        annotator=member.user_id if member.role == Role.ANNOTATOR else None,
        reviewer=member.user_id if member.role == Role.REVIEWER and project.blind else None,
        empty=include == "empty",
        purposes=policies.purposes_counted(member),
        own_articles=policies.is_blinded(member),
    )


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
