"""Documents out of a DNA database, ours or somebody else's; nothing in the file is trusted.

In files of others an actor is a name without a place: it becomes a span where that name stands nearest to the
statement, else an attribute of the claim.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, Final

import orjson

from annotations.domain.errors import InvalidData
from annotations.domain.offsets import Counting, Newlines, Unit, code_point_at, normalise_text, positions, shorten
from annotations.domain.statements import LOCATED_IN, MADE_BY
from annotations.domain.wording import _
from annotations.formats.dna.tables import ATTRIBUTE, CLAIM_VARIABLES, MENTION, SIGNATURE
from annotations.formats.items import Item, ReadOptions
from annotations.formats.losses import Loss, Losses
from annotations.formats.reading import document_of

_NEEDED: Final = frozenset(
    (
        "CODERS", "DOCUMENTS", "STATEMENTTYPES", "VARIABLES", "STATEMENTS", "ENTITIES",
        "DATASHORTTEXT", "DATALONGTEXT", "DATABOOLEAN", "DATAINTEGER",
    )
)  # fmt: skip
_PIECE: Final = 1024 * 1024
_STEPS: Final = 1_000_000
_PATIENCE: Final = 100  # times `_STEPS` for one article
_LONGEST: Final = 64 * 1024 * 1024
_AGREES: Final = ("agreement", "agree", "support")
_ACTORS: Final = {
    "actor": "actor",
    "person": "actor",
    "organization": "actor",
    "organisation": "actor",
    "location": "location",
}
_LINKS: Final = {"actor": MADE_BY, "location": LOCATED_IN}
_STATEMENTS: Final = """
SELECT s.ID, t.Label, s.Start, s.Stop, s.Coder, c.Name FROM STATEMENTS s
  LEFT JOIN STATEMENTTYPES t ON t.ID = s.StatementTypeId LEFT JOIN CODERS c ON c.ID = s.Coder
 WHERE s.DocumentId = ? ORDER BY s.Start, s.ID
"""
_VALUES: Final = """
SELECT v.Variable, d.Value FROM (
    SELECT d.VariableId, e.Value FROM DATASHORTTEXT d JOIN ENTITIES e ON e.ID = d.Entity WHERE d.StatementId = :id
    UNION ALL SELECT VariableId, Value FROM DATALONGTEXT WHERE StatementId = :id
    UNION ALL SELECT VariableId, Value FROM DATABOOLEAN WHERE StatementId = :id
    UNION ALL SELECT VariableId, Value FROM DATAINTEGER WHERE StatementId = :id
) d JOIN VARIABLES v ON v.ID = d.VariableId
"""
_DOCUMENTS: Final = "SELECT ID, Title, Text, Author, Source, Section, Notes, Type, Date FROM DOCUMENTS ORDER BY ID"
_NAMES: Final = ("title", "text", "author", "outlet", "section")


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """An item for each document of the database."""
    head = stream.read(len(SIGNATURE))
    if not head:
        return
    if head != SIGNATURE:
        yield Item(line=1, problem=_("the file is no SQLite database, as DNA writes them."))
        return
    with NamedTemporaryFile(prefix="newsapp-dna-", suffix=".dna") as file:
        file.write(head)
        while piece := stream.read(_PIECE):
            file.write(piece)
        file.flush()
        try:
            with closing(sqlite3.connect(f"file:{file.name}?mode=ro&immutable=1", uri=True)) as connection:
                yield from _articles(connection, options)
        except InvalidData as error:
            yield Item(line=1, problem=error.detail)
        except (sqlite3.Error, OverflowError) as error:
            yield Item(
                line=1, problem=_("the database is damaged or refuses to be read: %(error)s.") % {"error": error}
            )


def _articles(connection: sqlite3.Connection, options: ReadOptions) -> Iterator[Item]:
    patience = _Patience()
    connection.set_progress_handler(patience.step, _STEPS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.text_factory = lambda data: data.decode(errors="surrogateescape")
    tables = {
        str(name).upper() for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    if "STATEMENTS" in tables and "ENTITIES" not in tables:
        raise InvalidData(_("the database is of DNA 2: open it in DNA 3, which writes it anew."))
    if not tables >= _NEEDED:
        raise InvalidData(_("the database is none of DNA 3: it has no table %(n)s.") % {"n": min(_NEEDED - tables)})
    others = _count(connection, tables, "ATTRIBUTEVALUES") + _count(connection, tables, "REGEXES")
    rows = connection.execute(_DOCUMENTS)
    for line, row in enumerate(rows, start=1):
        patience.begin()
        losses = Losses()
        if line == 1:
            losses.add(Loss.OTHERS, others)
        fields = _fields(row)
        try:
            fields["annotation_sets"] = _sets(connection, row[0], fields, options, losses)
            document = document_of(fields, replace(options, offsets=Unit.CODE_POINT, newlines=Newlines.LF))
        except InvalidData as error:
            yield Item(line=line, id=shorten(str(fields["id"])), problem=error.detail)
        else:
            yield Item(line=line, id=shorten(document.id), document=document, losses=losses)


class _Patience:
    """Ends a query that does too much: views and odd tables can make one endless."""

    def __init__(self) -> None:
        self._left = _PATIENCE

    def begin(self) -> None:
        self._left = _PATIENCE

    def step(self) -> int:
        self._left -= 1
        return int(self._left < 0)


def _count(connection: sqlite3.Connection, tables: set[str], table: str) -> int:
    if table not in tables:
        return 0
    return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608 - a constant


def _fields(row: tuple[Any, ...]) -> dict[str, Any]:
    """The article's own fields; `sets` is what our own files say of the sets."""
    number, *texts, notes, kind, date = row
    if (ours := _ours(notes)) is not None:
        return {"sets": [], **ours, "text": texts[1]}
    fields: dict[str, Any] = {"id": f"dna-{number}", "sets": []}
    fields |= {name: value for name, value in zip(_NAMES, texts, strict=True) if value not in (None, "")}
    if published := _date(date):
        fields["published_at"] = published
    if metadata := {name: value for name, value in (("notes", notes), ("type", kind)) if value}:
        fields["metadata"] = metadata
    return {"text": "", **fields}


def _ours(notes: Any) -> dict[str, Any] | None:
    if not isinstance(notes, str) or not notes.startswith('{"newsapp":'):
        return None
    try:
        found = orjson.loads(notes)["newsapp"]
    except (orjson.JSONDecodeError, UnicodeEncodeError, KeyError, TypeError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("sets", []), list) and "id" in found else None


def _date(seconds: Any) -> str:
    if not isinstance(seconds, int) or not seconds:
        return ""
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return ""
    return at.date().isoformat() if not at.hour and not at.minute else at.isoformat(timespec="seconds")


def _sets(
    connection: sqlite3.Connection, number: int, fields: dict[str, Any], options: ReadOptions, losses: Losses
) -> list[dict[str, Any]]:
    raw, sets = fields["text"], fields.pop("sets")
    if not isinstance(raw, str):  # whoever reads the document says so
        return []
    text = normalise_text(raw)
    offsets = positions(raw, Counting(Unit.UTF_16, Newlines.CRLF if "\r\n" in raw else Newlines.LF))
    found: dict[Any, _Set] = {}
    for known in sets:
        if isinstance(known, dict) and isinstance(known.get("coder"), int):
            coder = known.pop("coder")
            found[coder] = _Set(text, losses, known)
    for key, kind, start, stop, coder, name in connection.execute(_STATEMENTS, (number,)).fetchall():
        if not (isinstance(start, int) and isinstance(stop, int)):
            raise InvalidData(_("the statement %(key)s has no whole numbers as its ends.") % {"key": key})
        fragment = (code_point_at(offsets, start), code_point_at(offsets, stop))
        values = {str(variable): value for variable, value in connection.execute(_VALUES, {"id": key})}
        one = found.setdefault(coder, _Set(text, losses, _author(name, options)))
        one.add(f"s{key}", str(kind or ""), fragment, values)
    return [one.native() for one in found.values()]


def _author(name: Any, options: ReadOptions) -> dict[str, str]:
    if options.kind in {"", "annotator"}:
        return {"kind": "annotator", "annotator": options.annotator or str(name or "dna")}
    return {"kind": options.kind, **({"source": str(name or "dna")} if options.kind == "suggestion" else {})}


class _Set:
    """The spans and relations of one coder, as they come in."""

    def __init__(self, text: str, losses: Losses, fields: Mapping[str, Any]) -> None:
        self._text, self._losses, self._fields = text, losses, fields
        self._spans: dict[str, dict[str, Any]] = {}
        self._places: dict[tuple[str, tuple[int, int]], str] = {}
        self._links: dict[tuple[str, str, str], str] = {}

    def add(self, key: str, kind: str, fragment: tuple[int, int], values: dict[str, Any]) -> None:
        """A statement with the values of its variables."""
        is_ours = "span id" in values and "label" in values
        label = str(values.get("label") or "claim") if is_ours else "claim"
        span = {"label": label, "note": str(values.get("note") or "") if is_ours else ""}
        if is_ours and kind == MENTION:
            self._span(str(values["span id"]), fragment, {**span, "entity": str(values.get("entity") or "")})
            return
        span["entity"] = str(values.get("concept") or "")
        claim = self._span(str(values["span id"]) if is_ours else key, fragment, {**span, "attributes": {}})
        attributes = self._spans[claim]["attributes"]
        for name, value in values.items():
            if not is_ours:
                self._foreign(claim, fragment, attributes, name, value)
            elif name not in CLAIM_VARIABLES and value not in (None, ""):
                attributes[name.removeprefix(ATTRIBUTE)] = str(value)
        for name, label in _LINKS.items():
            if is_ours and values.get(f"{name} span"):
                self._links[label, claim, str(values[f"{name} span"])] = str(values.get(f"{name} link") or "")

    def _foreign(
        self, claim: str, fragment: tuple[int, int], attributes: dict[str, str], name: str, value: Any
    ) -> None:
        """A variable of somebody else's type of statement."""
        if name == "concept" or value in (None, ""):
            return
        if name in _AGREES and str(value) in {"0", "1"}:
            attributes["stance"] = "supports" if str(value) == "1" else "opposes"
        elif (label := _ACTORS.get(name.casefold())) and (place := self._nearest(str(value), fragment)):
            target = self._span(f"{claim}.{name}", place, {"label": label, "entity": str(value)})
            self._links[_LINKS[label], claim, target] = ""
        else:
            attributes[name] = str(value)

    def _nearest(self, name: str, fragment: tuple[int, int]) -> tuple[int, int] | None:
        """Where a name stands nearest to a statement."""
        before = self._text.rfind(name, 0, fragment[1])
        after = self._text.find(name, fragment[0])
        starts = [start for start in (before, after) if start >= 0]
        if not starts:
            return None
        start = min(starts, key=lambda start: abs(start - fragment[0]))
        return start, start + len(name)

    def _span(self, key: str, fragment: tuple[int, int], fields: dict[str, Any]) -> str:
        """The id of the span there; the same label at the same place is the same span."""
        taken = self._places.setdefault((fields["label"], fragment), key)
        if taken == key and key not in self._spans:
            self._spans[key] = {"id": key, "fragments": [list(fragment)], **fields}
        elif taken != key:
            self._losses.add(Loss.MERGED)
        return taken

    def native(self) -> dict[str, Any]:
        """The set as the native form has it."""
        spans = [{key: value for key, value in span.items() if value} for span in self._spans.values()]
        relations = [
            {"id": key, "label": label, "source": source, "target": target}
            if key
            else {"label": label, "source": source, "target": target}
            for (label, source, target), key in self._links.items()
            if source != target
        ]
        return {**self._fields, "spans": spans, "relations": relations}
