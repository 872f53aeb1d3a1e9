"""Documents into a DNA database."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import orjson

from annotations.domain.documents import AnnotationSet, Document, Span
from annotations.domain.offsets import Counting, Unit, positions
from annotations.domain.statements import LOCATED_IN, MADE_BY, Statement, statements_of
from annotations.formats.dna.tables import (
    ATTRIBUTE,
    BOOLEAN,
    CLAIM,
    CLAIM_VARIABLES,
    LONG,
    LONGEST,
    MENTION,
    MENTION_VARIABLES,
    SHORT,
    tables,
)
from annotations.formats.items import WriteOptions
from annotations.formats.losses import Loss, Losses
from annotations.formats.reducing import reduced
from annotations.formats.set_archives import index_row, set_fields
from annotations.formats.writing import ordered_spans, set_order

PASSWORD: Final = "newsapp"  # noqa: S105 - told to everybody
"""DNA asks for one to open a file; it protects nothing."""
_PIECE: Final = 256 * 1024
_COLOURS: Final = ((27, 85, 176), (138, 82, 0), (10, 107, 77), (184, 0, 73), (153, 43, 211), (36, 71, 28))


def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """The file, which is whole at the end; until then it lies on the disk."""
    with TemporaryDirectory(prefix="newsapp-dna-") as folder:
        path = Path(folder) / "export.dna"
        with closing(
            sqlite3.connect(":memory:" if options.counting_only else path, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA foreign_keys = ON")
            database = _Database(connection, options.losses, is_kept=not options.counting_only)
            for document in documents:
                database.add(document)
                yield b""
            database.end()
        if not options.counting_only:
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    yield piece


class _Database:
    """The database as it grows."""

    def __init__(self, connection: sqlite3.Connection, losses: Losses, *, is_kept: bool) -> None:
        self._connection, self._losses, self._is_kept = connection, losses, is_kept
        connection.executescript(tables())
        connection.execute("BEGIN")
        self._coders: dict[tuple[str, str], int] = {}
        self._variables: dict[tuple[str, str], tuple[int, str]] = {}
        self._entities: dict[tuple[int, str], int] = {}
        self._insert("SETTINGS", "version", "3.0")
        self._coder("", "Admin")
        for number, (name, variables) in enumerate(((CLAIM, CLAIM_VARIABLES), (MENTION, MENTION_VARIABLES)), start=1):
            self._insert("STATEMENTTYPES", number, name, *_COLOURS[number])
            for variable, kind in variables.items():
                self._variable(name, variable, kind)

    def add(self, document: Document) -> None:
        """An article with its sets."""
        sets = sorted(document.annotation_sets, key=set_order)
        coders = [self._coder(one.kind, one.annotator or one.source) for one in sets]
        row = index_row(document)
        row["sets"] = [{"coder": coder, **set_fields(one)} for coder, one in zip(coders, sets, strict=True)]
        title, author, outlet, section, license_ = (
            self._short(value, count=False)
            for value in (
                document.title or document.id,
                document.author,
                document.outlet,
                document.section,
                document.license,
            )
        )
        number = self._insert(
            "DOCUMENTS", None, title, document.text, 1, author, outlet, section,
            orjson.dumps({"newsapp": row}).decode(), license_, _seconds(document.published_at),
        )  # fmt: skip
        offsets = positions(document.text, Counting(Unit.UTF_16))
        for coder, one in zip(coders, sets, strict=True):
            self._add_set(document, one, number, coder, offsets)
        if not self._is_kept:  # counted is all that was wanted
            self._connection.execute("DELETE FROM DOCUMENTS")

    def _add_set(self, document: Document, given: AnnotationSet, number: int, coder: int, offsets: object) -> None:
        for span in given.spans:
            self._losses.add(Loss.JOINED, len(span.fragments) > 1)
            self._losses.add(Loss.ORIGINS, bool(span.origin or span.score is not None or span.sources))
        hulls = ((span, ((span.fragments[0][0], span.fragments[-1][1]),)) for span in ordered_spans(given))
        one = reduced(given, hulls, self._losses)
        spans = {span.id: span for span in one.spans}
        links = {(link.label, link.source, link.target): link.id for link in one.relations}
        statements = statements_of(document.text, one)
        claims = {statement.claim.id for statement in statements}
        kept = sum(label in {MADE_BY, LOCATED_IN} and source in claims for label, source, _ in links)
        self._losses.add(Loss.RELATIONS, len(links) - kept)
        for span in ordered_spans(one):
            if span.id not in claims:
                statement = self._statement(2, number, span, coder, offsets)
                self._put(statement, MENTION, "label", span.label)
                self._put(statement, MENTION, "entity", span.entity)
                self._put(statement, MENTION, "span id", span.id)
                self._put(statement, MENTION, "note", span.note)
        for each in statements:
            self._add_claim(each, spans, links, self._statement(1, number, spans[each.claim.id], coder, offsets))
        others = (span for span in one.spans if span.id not in claims)
        self._losses.add(Loss.ATTRIBUTES, sum(len(span.attributes) for span in others))

    def _add_claim(
        self, each: Statement, spans: dict[str, Span], links: dict[tuple[str, str, str], str], statement: int
    ) -> None:
        claim = spans[each.claim.id]
        for name, label, mention in (("actor", MADE_BY, each.actor), ("location", LOCATED_IN, each.location)):
            self._put(statement, CLAIM, name, mention.name if mention else "", count=False)
            if mention:
                self._put(statement, CLAIM, f"{name} span", mention.id)
                self._put(statement, CLAIM, f"{name} link", links[label, claim.id, mention.id])
        self._put(statement, CLAIM, "concept", claim.entity)
        self._put(statement, CLAIM, "agreement", "" if claim.attributes.get("stance") == "opposes" else "1")
        self._put(statement, CLAIM, "label", claim.label)
        self._put(statement, CLAIM, "span id", claim.id)
        self._put(statement, CLAIM, "note", claim.note)
        for name, value in sorted(claim.attributes.items()):
            clashes = name in CLAIM_VARIABLES or name.startswith(ATTRIBUTE)
            variable = self._short(f"{ATTRIBUTE}{name}" if clashes else name)
            self._variable(CLAIM, variable, SHORT)
            self._put(statement, CLAIM, variable, value)

    def _statement(self, kind: int, document: int, span: Span, coder: int, offsets: object) -> int:
        start, end = span.fragments[0][0], span.fragments[-1][1]
        return self._insert("STATEMENTS", None, kind, document, offsets[start], offsets[end], coder)  # type: ignore[index]

    def _put(self, statement: int, kind: str, variable: str, value: str, *, count: bool = True) -> None:
        number, data_type = self._variables[kind, variable]
        if data_type == BOOLEAN:
            self._insert("DATABOOLEAN", None, statement, number, bool(value))
        elif data_type == LONG:
            self._insert("DATALONGTEXT", None, statement, number, value)
        else:
            entity = self._entity(number, self._short(value, count=count))
            self._insert("DATASHORTTEXT", None, statement, number, entity)

    def _variable(self, kind: str, variable: str, data_type: str) -> None:
        if (kind, variable) not in self._variables:
            number = self._insert("VARIABLES", None, variable, data_type, 1 if kind == CLAIM else 2)
            self._variables[kind, variable] = (number, data_type)
            if data_type == SHORT:
                self._entity(number, "")

    def _entity(self, variable: int, value: str) -> int:
        key = (variable, value)
        if key not in self._entities:
            self._entities[key] = self._insert("ENTITIES", None, variable, value, 0, 0, 0, None)
        return self._entities[key]

    def _coder(self, kind: str, author: str) -> int:
        if (kind, author) not in self._coders:
            name = author if kind in {"", "annotator"} else f"{kind}: {author}" if author else kind
            number = len(self._coders) + 1
            columns = "ID, Name, Red, Green, Blue, Password"
            values = (number, self._short(name, count=False), *_COLOURS[number % len(_COLOURS)], _digest(PASSWORD))
            self._connection.execute(f"INSERT INTO CODERS ({columns}) VALUES (?, ?, ?, ?, ?, ?)", values)  # noqa: S608
            self._coders[kind, author] = number
        return self._coders[kind, author]

    def _short(self, value: str, *, count: bool = True) -> str:
        if len(value) <= LONGEST:
            return value
        if count:
            self._losses.add(Loss.REWRITTEN)
        return f"{value[: LONGEST - 9]} {hashlib.sha256(value.encode()).hexdigest()[:8]}"

    def _insert(self, table: str, *values: object) -> int:
        marks = ", ".join("?" * len(values))
        return self._connection.execute(f"INSERT INTO {table} VALUES ({marks})", values).lastrowid or 0  # noqa: S608

    def end(self) -> None:
        """Write what is left."""
        self._connection.execute("COMMIT")


def _seconds(published_at: str) -> int:
    """Seconds since 1970; a day begins at midnight, and what has no date is from 1970."""
    if not published_at:
        return 0
    at = datetime.fromisoformat(published_at)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def _digest(password: str) -> str:
    """As DNA keeps passwords: SHA-256 a hundred thousand times over salt and password, the salt before it."""
    salt = hashlib.sha256(password.encode()).digest()[:16]
    digest = salt + password.encode()
    for _ in range(100_000):
        digest = hashlib.sha256(digest).digest()
    return base64.b64encode(salt + digest).decode()
