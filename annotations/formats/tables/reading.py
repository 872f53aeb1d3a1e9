"""The rows of a table to documents."""

from __future__ import annotations

import csv
import io
import math
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final

import orjson

from annotations.domain.documents import QUOTE_JOINER
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import check_characters, shorten
from annotations.domain.wording import _
from annotations.formats.fields import refuse_nul
from annotations.formats.items import Item, ReadOptions
from annotations.formats.reading import document_of
from annotations.formats.tables.columns import (
    ALIASES,
    ARTICLE_COLUMNS,
    COLUMNS,
    JSON_COLUMNS,
    NUMBER_COLUMNS,
    RELATION_COLUMNS,
    SET_COLUMNS,
    SPAN_COLUMNS,
    unescape,
)

MAX_LINE: Final = 16 * 1024 * 1024
MAX_ROWS: Final = 100_000
_KEPT_IN_MEMORY: Final = 8 * 1024 * 1024
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_UNDECODABLE = re.compile("[\udc80-\udcff]")
_WHOLE_NUMBER = re.compile(r"(-?\d{1,18})(?:\.0+)?", re.ASCII)  # pandas writes 3.0 where a column has gaps
_NUMBER = re.compile(r"[+-]?\d{1,400}(?:\.\d{0,400})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_SET_KEY: Final = ("set_kind", "annotator", "set_source")

# The csv module refuses fields over 128 KiB unless told; an article has up to a million code points.
csv.field_size_limit(MAX_LINE)

type Cells = dict[str, str]


def articles(stream: BinaryIO, options: ReadOptions, delimiters: str) -> Iterator[Item]:
    """An item for each article of a table; of the delimiters, the one that stands most often in the header."""
    with ExitStack() as stack:
        lines = _Lines(stream, stack)
        try:
            delimiter, header = _header(lines, delimiters)
            columns = _columns(header, options.columns)
        except (InvalidData, csv.Error, UnicodeError) as error:
            yield Item(line=1, problem=_sentence(error))
            return
        yield from _articles(lines, columns, delimiter, options)


def column_names(stream: BinaryIO, delimiters: str) -> list[str]:
    """What the header of a table calls its columns; nothing where it cannot be read."""
    with ExitStack() as stack:
        try:
            return [unescape(name.strip()) for name in _header(_Lines(stream, stack), delimiters)[1]]
        except (InvalidData, csv.Error, UnicodeError):
            return []


def _header(lines: _Lines, delimiters: str) -> tuple[str, list[str]]:
    header = next(lines, "")
    delimiter = max(delimiters, key=header.count)
    return delimiter, next(csv.reader([header], delimiter=delimiter, strict=True), [])


def _articles(lines: _Lines, columns: Sequence[str], delimiter: str, options: ReadOptions) -> Iterator[Item]:
    with_spans = {"label", "start", "end"} <= set(columns)
    article: _Article | None = None
    for line, row in _rows(lines, delimiter):
        if isinstance(row, str):
            # It may have been a part of the article above: taking that without it would lose work unseen.
            if article is None or not with_spans:
                yield Item(line=line, problem=row)
            else:
                article.problem = article.problem or _("the row at line %(line)s cannot be read: %(row)s") % {
                    "line": line,
                    "row": row,
                }
            continue
        cells = {name: value for name, value in zip(columns, row, strict=False) if name and value}
        if article is None or not with_spans or cells.get("id", article.key) != article.key:
            if article is not None:
                yield article.item(options)
            article = _Article(line, cells.get("id", ""), with_spans=with_spans)
        article.add(line, cells, surplus=len(row) - len(columns))
    if article is not None:
        yield article.item(options)


class _Lines:
    """The decoded lines of a file, counted; bytes that are not UTF-8 stay visible as lone surrogates."""

    def __init__(self, stream: BinaryIO, stack: ExitStack) -> None:
        self.number = 0
        self._stream: BinaryIO | io.TextIOWrapper = stream
        self._first: bytes = stream.readline(MAX_LINE + 1)
        if self._first.startswith(_UTF_16_MARKS):
            copy = stack.enter_context(SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY))  # noqa: SIM115 - the stack closes it
            copy.write(self._first)
            shutil.copyfileobj(stream, copy)
            copy.seek(0)
            self._first = b""
            self._stream = io.TextIOWrapper(copy, encoding="utf-16", errors="surrogatepass", newline="")
        self._first = self._first.removeprefix(b"\xef\xbb\xbf")

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._read()
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > MAX_LINE:
            while line and not line.endswith("\n"):
                line = self._read()
            raise InvalidData(_("the line is longer than %(n)s MiB.") % {"n": MAX_LINE // 1024 // 1024})
        return line

    def _read(self) -> str:
        if self._first:
            line, self._first = self._first, b""
        else:
            read = self._stream.readline(MAX_LINE + 1)
            if isinstance(read, str):
                return read
            line = read
        return line.decode(errors="surrogateescape")


def _rows(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each row with the line where it begins, or the sentence why it cannot be read."""
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.number + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except (csv.Error, InvalidData) as error:
            yield line, _sentence(error)
        except UnicodeError as error:
            yield line, _sentence(error)
            return
        else:
            if row:
                yield line, row


def known_columns(names: Sequence[str]) -> list[str]:
    """Our names for columns that mean the same, those of others as they are."""
    folded = [name.casefold() for name in names]
    for ours, others in ALIASES.items():
        for other in others:
            if ours not in folded and other in folded:
                folded[folded.index(other)] = ours
    return [fold if fold in COLUMNS else name for name, fold in zip(names, folded, strict=True)]


def _columns(header: Sequence[str], told: Mapping[str, str]) -> list[str]:
    """The columns' names: as told, else ours where they mean the same; empty ones are to be left out."""
    names = [unescape(name.strip()) for name in header]
    columns = known_columns(["" if name in told else name for name in names])
    columns = [told.get(name, column) for name, column in zip(names, columns, strict=True)]
    for needed in ("id", "text"):
        if needed not in columns:
            raise InvalidData(
                _("the table has no column “%(needed)s”; its first row must name the columns.") % {"needed": needed}
            )
    for name in columns:
        check_characters(name, "the name of a column")
        if name and columns.count(name) > 1:
            raise InvalidData(_("two columns are called “%(name)s”.") % {"name": shorten(name)})
    return columns


class _Article:
    """The rows of one article, as they come in."""

    def __init__(self, line: int, key: str, *, with_spans: bool) -> None:
        self.line = line
        self.key = key
        self.problem = ""
        self._columns = frozenset(COLUMNS) if with_spans else frozenset(ARTICLE_COLUMNS)
        self._fields: dict[str, Any] = {}
        self._others: dict[str, Any] = {}
        self._sets: dict[tuple[str, ...], dict[str, Any]] = {}
        self._rows = 0

    def add(self, line: int, cells: Cells, *, surplus: int) -> None:
        """Take in a row; the first thing wrong with one is the article's problem."""
        self._rows += 1
        if self.problem:
            return
        try:
            if surplus > 0:
                raise InvalidData(_("the row has %(surplus)s more cells than the header.") % {"surplus": surplus})
            if self._rows > MAX_ROWS:
                raise InvalidData(_("the article has more than %(most)s rows.") % {"most": f"{MAX_ROWS:,}"})
            self._add({name: _value(name if name in self._columns else "", cell) for name, cell in cells.items()})
        except InvalidData as error:
            self.problem = (
                _("row at line %(line)s: %(detail)s") % {"line": line, "detail": error.detail}
                if line != self.line
                else error.detail
            )

    def item(self, options: ReadOptions) -> Item:
        """The article of all rows."""
        key = shorten(_without_surrogates(unescape(self.key)))
        try:
            if self.problem:
                raise InvalidData(self.problem)
            return Item(line=self.line, id=key, document=document_of(self._raw(), options))
        except InvalidData as error:
            return Item(line=self.line, id=key, problem=error.detail)

    def _add(self, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if name in ARTICLE_COLUMNS:
                _same(self._fields, name, value, name)
            elif name not in self._columns:
                _same(self._others, name, value, name)
        if not any(name in self._columns and name not in ARTICLE_COLUMNS for name in values):
            return
        one = self._sets.setdefault(
            tuple(values.get(name, "") for name in _SET_KEY), {"fields": {}, "spans": {}, "relations": []}
        )
        for column, key in SET_COLUMNS.items():
            if column in values:
                _same(one["fields"], key, values[column], column)
        if any(column in values for column in SPAN_COLUMNS) or "start" in values or "end" in values:
            _add_fragment(one["spans"], values)
        if any(column in values for column in RELATION_COLUMNS):
            one["relations"].append({key: values[name] for name, key in RELATION_COLUMNS.items() if name in values})

    def _raw(self) -> dict[str, Any]:
        raw = dict(self._fields)
        if self._others:
            metadata = raw.get("metadata", {})
            if isinstance(metadata, dict):
                raw["metadata"] = metadata = dict(metadata)
                for name, value in self._others.items():
                    _same(metadata, name, value, name)
        if self._sets:
            raw["annotation_sets"] = [
                {
                    **one["fields"],
                    "spans": [_span(span) for span in one["spans"].values()],
                    "relations": one["relations"],
                }
                for one in self._sets.values()
            ]
        return raw


def _add_fragment(spans: dict[str, dict[str, Any]], values: Mapping[str, Any]) -> None:
    for needed in ("label", "start", "end"):
        if needed not in values:
            raise InvalidData(
                _("the row of a span needs label, start and end; %(needed)s is missing.") % {"needed": needed}
            )
    start, end = values["start"], values["end"]
    key = values.get("span_id") or f"{values['label']}-{start}-{end}"
    span = spans.setdefault(key, {"id": key, "fragments": [], "quotes": []})
    for column, name in SPAN_COLUMNS.items():
        if column in values:
            _same(span, name, values[column], column)
    span["fragments"].append([start, end])
    if "quote" in values:
        span["quotes"].append(values["quote"])


def _span(collected: dict[str, Any]) -> dict[str, Any]:
    span = {name: value for name, value in collected.items() if name != "quotes"}
    if len(collected["quotes"]) == len(collected["fragments"]):
        span["quote"] = QUOTE_JOINER.join(collected["quotes"])
    return span


def _same(known: dict[str, Any], key: str, value: Any, column: str) -> None:
    """Rows of one thing may repeat a value, not contradict it."""
    if known.setdefault(key, value) != value:
        raise InvalidData(
            _("%(column)s is “%(value)s” here, but was “%(known)s” in a row above.")
            % {"column": column, "value": shorten(str(value)), "known": shorten(str(known[key]))}
        )


def _value(column: str, cell: str) -> Any:
    """What a cell means; a column that is not ours holds texts."""
    if not cell.isascii() and _UNDECODABLE.search(cell):
        raise InvalidData(_("%(value)s is not UTF-8.") % {"value": column or _("a cell")})
    check_characters(cell, column or _("a cell"))
    if column in JSON_COLUMNS:
        return _json(column, cell)
    if column == "score":
        if not _NUMBER.fullmatch(cell.strip()) or math.isinf(float(cell)):
            raise InvalidData(_("score must be a number, not “%(cell)s”.") % {"cell": shorten(cell)})
        return float(cell)
    if column in NUMBER_COLUMNS:
        if not (number := _WHOLE_NUMBER.fullmatch(cell.strip())):
            raise InvalidData(
                _("%(column)s must be a whole number, not “%(cell)s”.") % {"column": column, "cell": shorten(cell)}
            )
        return int(number[1])
    return unescape(cell)


def _json(column: str, cell: str) -> Any:
    try:
        value = orjson.loads(cell)
    except orjson.JSONDecodeError:
        raise InvalidData(
            _("%(column)s is not JSON: “%(cell)s”.") % {"column": column, "cell": shorten(cell)}
        ) from None
    if "\\u0000" in cell:
        refuse_nul(value, column)
    return value


def _without_surrogates(value: str) -> str:
    return value.encode(errors="replace").decode()


def _sentence(error: Exception) -> str:
    if isinstance(error, InvalidData):
        return error.detail
    if isinstance(error, UnicodeError):
        return _("the file is not UTF-16 to its end; save it as UTF-8.")
    return _("the row is not well formed: %(error)s.") % {"error": error}
