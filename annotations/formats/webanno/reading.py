"""The rows of WebAnno TSV to a raw native set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from annotations.domain.documents import quote_of
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import Counting, Newlines, Unit, code_point_at, normalise_text, positions, shorten
from annotations.domain.wording import _
from annotations.formats.archives import Archive, SingleFile
from annotations.formats.json_lines import attributes_in
from annotations.formats.losses import Loss, Losses
from annotations.formats.text import MAX_BYTES, decode
from annotations.formats.webanno.escapes import NOTHING, NULL, split_cell, unescape

MAX_FILE: Final = 64 * 2**20
MAX_ROWS: Final = 1_000_000
_PLACE = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_LINK = re.compile(r"(\d+-\d+(?:\.\d+)?)(?:\[(\d{1,9})_(\d{1,9})\])?", re.ASCII)
_TEXT_ESCAPES = re.compile(r"\\([\\trn])")
_TEXT_LETTERS: Final = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
# Layers of linguistic analysis, which are no spans of ours.
_ANALYSIS = re.compile(r"\.(?:lexmorph|segmentation|syntax|semantics|coref|transform|metadata)\.")
_LABELS: Final = ("label", "value")
_OUR_FIELDS: Final = {"spanId": "id", "entity": "entity", "identifier": "entity", "note": "note"}


@dataclass(slots=True)
class _Layer:
    name: str
    features: list[str]
    is_relation: bool
    is_wanted: bool


@dataclass(slots=True)
class _Found:
    """An annotation: where it is, and its features."""

    layer: _Layer
    start: int
    end: int
    unit: str
    values: dict[str, str] = field(default_factory=dict)
    key: str = ""


def parse(archive: Archive | SingleFile, stem: str) -> tuple[str, dict[str, Any]]:
    """The raw text and the raw set of a file."""
    reading = _Reading()
    for number, line in enumerate(decode(archive.read(f"{stem}.tsv", MAX_FILE)).split("\n"), start=1):
        try:
            reading.add(line.removesuffix("\r"))
        except InvalidData as error:
            raise InvalidData(_("line %(number)s: %(detail)s") % {"number": number, "detail": error.detail}) from None
    beside = f"{stem}.txt"
    text = decode(archive.read(beside, MAX_BYTES)) if beside in archive else reading.text()
    return text, reading.result(text)


class _Reading:
    """The lines of a file, as they come in."""

    def __init__(self) -> None:
        self._layers: list[_Layer] = []
        self._rows: list[tuple[str, int, int, str]] = []
        self._sentences: list[tuple[str, int]] = []
        self._found: dict[tuple[str, int] | tuple[str, str, int], _Found] = {}
        self._on: dict[tuple[str, int], _Found] = {}
        self._links: list[tuple[str, _Layer, list[str], str]] = []
        self._losses = Losses()
        self._is_webanno = False

    def add(self, line: str) -> None:
        """Take in a line."""
        if line.startswith("#"):
            self._add_header(line)
        elif line.strip():
            if not self._is_webanno:
                raise InvalidData(_("the file does not begin with #FORMAT=WebAnno TSV 3."))
            self._add_row(line.split("\t"))

    def _add_header(self, line: str) -> None:
        name, _equals, value = line[1:].partition("=")
        if name == "FORMAT":
            self._is_webanno = value.startswith("WebAnno TSV 3")
        elif name == "Text":
            plain = _TEXT_ESCAPES.sub(lambda found: _TEXT_LETTERS[found[1]], value)
            if self._sentences and self._sentences[-1][1] == len(self._rows):  # it goes on behind a line break
                self._sentences[-1] = (f"{self._sentences[-1][0]}\n{plain}", len(self._rows))
            else:
                self._sentences.append((plain, len(self._rows)))
        elif name in {"T_SP", "T_RL", "T_CH"}:
            layer, *features = value.split("|")
            self._layers.append(_Layer(layer, features, name == "T_RL", name != "T_CH" and not _ANALYSIS.search(layer)))

    def _add_row(self, cells: Sequence[str]) -> None:
        place = _PLACE.fullmatch(cells[1]) if len(cells) > 2 else None
        if place is None:
            raise InvalidData(_("a row needs a token's number, its offsets and the token, parted by tabs."))
        if len(self._rows) >= MAX_ROWS:
            raise InvalidData(_("the file has more than %(most)s rows.") % {"most": f"{MAX_ROWS:,}"})
        unit, start, end = cells[0], int(place[1]), int(place[2])
        self._rows.append((unit, start, end, cells[2]))
        at = 3
        for layer in self._layers:
            columns = cells[at : at + max(len(layer.features), 1)]
            at += max(len(layer.features), 1)
            if not any(cell not in {"", NOTHING} for cell in columns):
                continue
            if not layer.is_wanted:
                self._losses.add(Loss.OTHERS)
            elif layer.is_relation:
                self._add_links(unit, layer, columns)
            else:
                self._add_annotations(unit, start, end, layer, columns)

    def _add_annotations(self, unit: str, start: int, end: int, layer: _Layer, columns: Sequence[str]) -> None:
        stacks = [split_cell(cell) for cell in columns]
        for index in range(max(map(len, stacks))):
            values = [stack[index] if index < len(stack) else (NULL, 0) for stack in stacks]
            number = max(number for _value, number in values)
            key = (layer.name, number) if number else (layer.name, unit, index)
            found = self._found.setdefault(key, _Found(layer, start, end, unit))
            found.start, found.end = min(found.start, start), max(found.end, end)
            for feature, (value, _number) in zip(layer.features or ["label"], values, strict=False):
                if value not in {NULL, NOTHING, ""}:
                    found.values.setdefault(feature, unescape(value))
            self._on[unit, number] = found

    def _add_links(self, unit: str, layer: _Layer, columns: Sequence[str]) -> None:
        stacks = [[value for value, _number in split_cell(cell)] for cell in columns[:-1]]
        for index, link in enumerate(columns[-1].split("|")):
            values = [stack[index] if index < len(stack) else NULL for stack in stacks]
            self._links.append((unit, layer, values, link))

    def text(self) -> str:
        """The text that the sentences give; between them, what is not known is white space."""
        text = ""
        length = 0
        for sentence, row in self._sentences:
            if row >= len(self._rows):
                continue
            _unit, start, _end, token = self._rows[row]
            before = len(sentence[: max(sentence.find(token), 0)].encode("utf-16-le", "surrogatepass")) // 2
            gap = start - before - length
            if not 0 <= gap <= MAX_BYTES:
                raise InvalidData(
                    _("the sentence “%(sentence)s” does not begin at %(n)s.")
                    % {"sentence": shorten(sentence), "n": start - before}
                )
            text += (" " * (gap - 1) + "\n" if text else " " * gap) if gap else ""
            text += sentence
            length = start - before + len(sentence.encode("utf-16-le", "surrogatepass")) // 2
        return text

    def result(self, raw: str) -> dict[str, Any]:
        """The raw set, its offsets code points of the normalised text."""
        if not self._is_webanno:
            raise InvalidData(_("the file does not begin with #FORMAT=WebAnno TSV 3."))
        text = normalise_text(raw)
        table = self._table(raw, text)
        spans: dict[str, dict[str, Any]] = {}
        for number, found in enumerate(self._found.values(), start=1):
            self._add_span(spans, found, number, table)
        for span in spans.values():
            span["fragments"].sort()
            span["quote"] = quote_of(text, span["fragments"])
        relations = [relation for link in self._links if (relation := self._relation(*link))]
        return {"spans": list(spans.values()), "relations": relations, "losses": self._losses}

    def _table(self, raw: str, text: str) -> Sequence[int]:
        """The way of counting under which every token stands where its row says; UTF-16 first."""
        mark = len(raw) - len(raw.removeprefix("\ufeff"))
        reason = ""
        for counting in (
            Counting(Unit.UTF_16, Newlines.CRLF if "\r\n" in raw else Newlines.LF, counts_mark=mark > 0),
            Counting(Unit.UTF_16),
            Counting(Unit.CODE_POINT),
        ):
            table = positions(raw, counting)
            try:
                for unit, start, end, token in self._rows:
                    there = text[code_point_at(table, start) : code_point_at(table, end)]
                    if there != token:
                        raise InvalidData(
                            _("the token %(unit)s is “%(token)s”, but the text there is “%(there)s”.")
                            % {"unit": unit, "token": shorten(token), "there": shorten(there)}
                        )
            except InvalidData as error:
                reason = reason or error.detail
            else:
                return table
        raise InvalidData(reason)

    @staticmethod
    def _add_span(spans: dict[str, dict[str, Any]], found: _Found, number: int, table: Sequence[int]) -> None:
        values = dict(found.values)
        label = next((values.pop(name) for name in _LABELS if name in values), "")
        if not label and found.layer.features:
            label = values.pop(found.layer.features[0], "")
        found.key = values.get("spanId") or f"a{number}"
        span = spans.setdefault(found.key, {"id": found.key, "fragments": []})
        span["label"] = label or found.layer.name.rpartition(".")[2].lower()
        span["fragments"].append([code_point_at(table, found.start), code_point_at(table, found.end)])
        for name, value in values.items():
            if name == "attributes":
                span["attributes"] = attributes_in(value)
            elif name in _OUR_FIELDS:
                span[_OUR_FIELDS[name]] = value
            else:
                span.setdefault("attributes", {})[name] = value

    def _relation(self, unit: str, layer: _Layer, values: Sequence[str], link: str) -> dict[str, Any] | None:
        found = _LINK.fullmatch(link)
        source = self._on.get((found[1], int(found[2] or 0))) if found else None
        target = self._on.get((unit, int(found[3] or 0))) if found else None
        if source is None or target is None:
            self._losses.add(Loss.RELATIONS)
            return None
        features = {
            name: unescape(value)
            for name, value in zip(layer.features, values, strict=False)
            if value and value not in {NULL, NOTHING}
        }
        label = features.get("label") or features.get("value") or next(iter(features.values()), "related")
        return {"id": features.get("relationId", ""), "label": label, "source": source.key, "target": target.key}
