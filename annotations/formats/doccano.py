"""doccano's JSON Lines: a line for each annotation set, those of an article together. Offsets are code points.

A span is an entity for each fragment. Besides its text, entities and relations a line holds what doccano keeps as
metadata: the article's details and whose set it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final

import orjson

from annotations.domain.documents import AnnotationSet, Document
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import shorten
from annotations.domain.wording import _
from annotations.formats.fields import list_of
from annotations.formats.items import Item, ReadOptions, WriteOptions
from annotations.formats.json_lines import json_lines
from annotations.formats.losses import Losses, count_dropped
from annotations.formats.parts import FRAGMENT, RawSpans, links_of, parts_of, without_fragment_label
from annotations.formats.reading import document_of
from annotations.formats.set_archives import SET_KEYS, index_row, set_fields
from annotations.formats.writing import ordered_relations, set_order

CARRIES: Final = frozenset(("details", "sets", "set details", "relations"))
_DROPPED: Final = ("Comments", "cats", "annotation_approver")
# A line is a set when it has one of these; doccano's own exports have nothing else that tells.
_LABELLED: Final = ("entities", "label", "labels", "relations")


def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """A line for each set, one for an article without any."""
    for document in documents:
        count_dropped(document, options.losses, carries=CARRIES)
        lines = [
            _line(document, without_fragment_label(one, options.losses))
            for one in sorted(document.annotation_sets, key=set_order)
        ]
        yield b"".join(orjson.dumps(line) + b"\n" for line in lines or [_unlabelled(document)])


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """An item for each article."""
    article: _Article | None = None
    for number, raw, problem in json_lines(stream):
        key = _key(raw, number, options)
        if article is not None and (problem or key != article.key):
            yield article.item(options)
            article = None
        if problem:
            yield Item(line=number, id=shorten(key), problem=problem)
            continue
        article = article or _Article(number, key)
        article.add(raw)
    if article is not None:
        yield article.item(options)


def _unlabelled(document: Document) -> dict[str, Any]:
    return {**index_row(document), "text": document.text}


def _line(document: Document, one: AnnotationSet) -> dict[str, Any]:
    parts = parts_of(one)
    numbers = {part.id: number for number, part in enumerate(parts, start=1)}
    links = [(FRAGMENT, before, after) for before, after in links_of(parts)]
    links += [(relation.label, relation.source, relation.target) for relation in ordered_relations(one)]
    return {
        **index_row(document),
        **set_fields(one),
        "text": document.text,
        "entities": [
            {"id": numbers[part.id], "label": part.span.label, "start_offset": start, "end_offset": end}
            for part in parts
            for start, end in (part.fragment,)
        ],
        "relations": [
            {"id": number, "from_id": numbers[source], "to_id": numbers[target], "type": label}
            for number, (label, source, target) in enumerate(links, start=1)
        ],
    }


def _key(raw: Any, number: int, options: ReadOptions) -> str:
    given = raw.get("id") if isinstance(raw, dict) else None
    if isinstance(given, str | int) and not isinstance(given, bool) and given != "":
        return str(given)
    return f"{PurePosixPath(options.name).stem or 'line'}-{number}"


class _Article:
    """The lines of one article, as they come in."""

    def __init__(self, line: int, key: str) -> None:
        self.line = line
        self.key = key
        self._fields: dict[str, Any] = {}
        self._sets: list[dict[str, Any]] = []
        self._problem = ""

    def add(self, raw: Any) -> None:
        """Take in a line; what is wrong with one is the article's problem."""
        try:
            if not isinstance(raw, dict):
                raise InvalidData(_("a line must be an object."))
            is_labelled = any(raw.get(name) is not None for name in _LABELLED)
            taken = (*_LABELLED, *_DROPPED, *(SET_KEYS if is_labelled else ()))
            fields = {**{name: value for name, value in raw.items() if name not in taken}, "id": self.key}
            if self._fields and fields != self._fields:
                raise InvalidData(_("its lines differ in the text or in other details."))
            self._fields = fields
            if is_labelled:
                self._sets.append(_native_set(raw))
        except InvalidData as error:
            self._problem = self._problem or error.detail

    def item(self, options: ReadOptions) -> Item:
        """The article of all lines."""
        try:
            if self._problem:
                raise InvalidData(self._problem)
            sets = {"annotation_sets": self._sets} if self._sets else {}
            document = document_of({**self._fields, **sets}, options)
        except InvalidData as error:
            return Item(line=self.line, id=shorten(self.key), problem=error.detail)
        return Item(line=self.line, id=shorten(self.key), document=document, losses=Losses())


def _native_set(raw: dict[str, Any]) -> dict[str, Any]:
    spans = RawSpans()
    listed = [entry for name in ("entities", "label", "labels") for entry in list_of(raw, name, "")]
    for number, entry in enumerate(listed, start=1):
        if isinstance(entry, list) and len(entry) == 3:
            entry = dict(zip(("start_offset", "end_offset", "label"), entry, strict=True))  # noqa: PLW2901 - the older form
        if not isinstance(entry, dict):
            raise InvalidData(
                _("an entity is an object or [start, end, label], not “%(entry)s”.") % {"entry": shorten(str(entry))}
            )
        key = str(entry.get("id", number))
        spans.add(key, entry.get("start_offset"), entry.get("end_offset"), None, label=entry.get("label"))
    relations = []
    for link in list_of(raw, "relations", ""):
        if not isinstance(link, dict):
            raise InvalidData(_("a relation must be an object."))
        label, source, target = link.get("type"), str(link.get("from_id")), str(link.get("to_id"))
        if label == FRAGMENT:
            spans.join(source, target)
        else:
            relations.append({"id": str(link.get("id", "")), "label": label, "source": source, "target": target})
    fields = {name: raw[name] for name in SET_KEYS if raw.get(name) is not None}
    return {**fields, "spans": spans.spans(), "relations": relations}
