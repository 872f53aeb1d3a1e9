"""brat standoff: an archive with a text (`.txt`) and its annotations (`.ann`) for each annotation set.

Offsets are code points. A fragment ends at a line break, so one that goes on behind it is written as two and read as
one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO, Final

from annotations.domain.documents import QUOTE_JOINER, AnnotationSet, Document, Fragments, Span, quote_of
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import normalise_text, shorten
from annotations.domain.wording import _
from annotations.formats.archives import Archive, SingleFile
from annotations.formats.items import Item, ReadOptions, WriteOptions
from annotations.formats.losses import Loss, Losses, count_dropped
from annotations.formats.reducing import reduced, trimmed
from annotations.formats.set_archives import read_sets, write_sets
from annotations.formats.text import MAX_BYTES, decode
from annotations.formats.writing import ordered_spans, relation_order

CARRIES: Final = frozenset(("details", "sets", "set details", "relations", "entities", "attributes", "notes"))
MAX_LINES: Final = 200_000
CONF: Final = b"""# The labels, relations and attributes that Newsapp begins with; add your own.
[entities]
actor
claim
location
[relations]
made_by\tArg1:claim, Arg2:actor
located_in\tArg1:claim, Arg2:location
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>
[events]
[attributes]
stance\tArg:claim, Value:supports|opposes|neutral
form\tArg:claim, Value:direct|indirect
"""
_NAME = re.compile(r"[\w-]+", re.ASCII)
_OWN_ID = re.compile(r"T[1-9]\d{0,8}", re.ASCII)
_OFFSETS = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)", re.ASCII)
_RELATION = re.compile(r"(\S+) (?:Arg1|[^:\s]+):(\S+) (?:Arg2|[^:\s]+):(\S+)")
_BREAKS = re.compile(r"\n+")
_LINE_ENDS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """The archive, with an `annotation.conf`."""
    yield from write_sets(documents, options, _render, format_key="brat", first={"annotation.conf": CONF})


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """An item for each article of an archive, ours or another's."""
    yield from read_sets(stream, options, _parse, ending=".txt", ignored=(".ann", ".conf", ".ann~"))


def _render(document: Document, one: AnnotationSet, losses: Losses) -> Mapping[str, bytes]:
    return {".txt": document.text.encode(), ".ann": "".join(_lines(document, one, losses)).encode()}


def _lines(document: Document, one: AnnotationSet, losses: Losses) -> Iterator[str]:
    text = document.text
    spans = [replace(span, label=_name(span.label, losses)) for span in ordered_spans(one)]
    fitting = reduced(one, ((span, _healed(span.fragments, text, losses)) for span in spans), losses)
    count_dropped(Document(id="", text="", annotation_sets=(fitting,)), losses, carries=CARRIES | {"ids"})
    names = _names(fitting.spans)
    losses.add(Loss.IDS, sum(name != key for key, name in names.items()))
    attributes = 0
    for number, span in enumerate(fitting.spans, start=1):
        key = names[span.id]
        pieces = list(_pieces(span.fragments, text))
        offsets = ";".join(f"{start} {end}" for start, end in pieces)
        quote = " ".join(text[start:end] for start, end in pieces)
        yield f"{key}\t{span.label} {offsets}\t{quote}\n"
        for name, value in sorted(span.attributes.items()):
            attributes += 1
            yield f"A{attributes}\t{_name(name, losses)} {key} {_name(value, losses)}\n"
        if span.entity:
            entity = _one_line(span.entity, losses)
            yield f"N{number}\tReference {key} Entity:{number}\t{entity}\n"
        if span.note:
            yield f"#{number}\tAnnotatorNotes {key}\t{_one_line(span.note, losses)}\n"
    named = [
        replace(each, label=_name(each.label, losses), source=names[each.source], target=names[each.target])
        for each in fitting.relations
    ]
    for number, relation in enumerate(sorted(named, key=relation_order), start=1):
        losses.add(Loss.IDS, relation.id not in {"", f"R{number}"})
        yield f"R{number}\t{relation.label} Arg1:{relation.source} Arg2:{relation.target}\n"


def _names(spans: Iterable[Span]) -> dict[str, str]:
    """What each span is called: by its id where that is one of brat's, else by the next free number."""
    ids = [span.id for span in spans]
    taken = {key for key in ids if _OWN_ID.fullmatch(key)}
    free = (name for number in range(1, 2 * len(ids) + 2) if (name := f"T{number}") not in taken)
    return {key: key if key in taken else next(free) for key in ids}


def _healed(fragments: Fragments, text: str, losses: Losses) -> Fragments:
    """The fragments as they will be read again: without line breaks at their ends, those that only line breaks part
    as one.
    """
    found: list[tuple[int, int]] = []
    parts = [piece for start, end in fragments if (piece := trimmed(text, start, end, "\n"))]
    for start, end in parts:
        if found and not text[found[-1][1] : start].strip("\n"):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    if tuple(parts) != fragments and parts:
        losses.add(Loss.MOVED)
    losses.add(Loss.JOINED, len(found) < len(parts))
    return tuple(found)


def _pieces(fragments: Fragments, text: str) -> Iterator[tuple[int, int]]:
    for start, end in fragments:
        at = start
        for line_break in _BREAKS.finditer(text, start, end):
            yield at, line_break.start()
            at = line_break.end()
        yield at, end


def _name(value: str, losses: Losses) -> str:
    """A word that brat takes for a name."""
    if _NAME.fullmatch(value):
        return value
    losses.add(Loss.REWRITTEN)
    return re.sub(r"[^\w-]+", "_", value, flags=re.ASCII) or "_"


def _one_line(value: str, losses: Losses) -> str:
    plain = _LINE_ENDS.sub(" ", value).strip() or "_"
    losses.add(Loss.REWRITTEN, plain != value)
    return plain


def _parse(archive: Archive | SingleFile, stem: str) -> tuple[str, dict[str, Any]]:
    text = decode(archive.read(f"{stem}.txt", MAX_BYTES))
    if f"{stem}.ann" not in archive:
        return text, {}
    reading = _Reading(normalise_text(text))
    lines = decode(archive.read(f"{stem}.ann", 4 * MAX_BYTES)).split("\n")
    if len(lines) > MAX_LINES:
        raise InvalidData(
            _("the .ann file has %(n)s lines; it may have %(most)s.")
            % {"n": f"{len(lines):,}", "most": f"{MAX_LINES:,}"}
        )
    for number, line in enumerate(lines, start=1):
        try:
            reading.add(line.rstrip("\r"))
        except InvalidData as error:
            raise InvalidData(
                _("line %(number)s of the .ann file: %(detail)s") % {"number": number, "detail": error.detail}
            ) from None
    return text, reading.result()


class _Reading:
    """The lines of an `.ann` file, as they come in."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans: dict[str, dict[str, Any]] = {}
        self._triggers: dict[str, str] = {}
        self._relations: list[dict[str, Any]] = []
        self._about: list[tuple[str, str, str]] = []
        self._fits = True
        self._losses = Losses()

    def add(self, line: str) -> None:
        """Take in a line."""
        if not line.strip():
            return
        key, tab, rest = line.partition("\t")
        if not tab or not key:
            raise InvalidData(_("it has no tab: “%(line)s”.") % {"line": shorten(line)})
        match key[0]:
            case "T":
                self._add_span(key, rest)
            case "R":
                self._add_relation(key, rest)
            case "E":
                self._add_event(key, rest)
            case "A" | "M":
                name, target, value = ([*rest.split(" ", 2), "", ""])[:3]
                self._about.append(("attributes", target, f"{name}={value.strip() or 'true'}"))
            case "N":
                data, _tab, name = rest.partition("\t")
                self._about.append(("entity", [*data.split(" "), "", ""][1], name))
            case "#":
                data, _tab, note = rest.partition("\t")
                self._about.append(("note", [*data.split(" "), "", ""][1], note))
            case "*":
                self._losses.add(Loss.RELATIONS)
            case _:
                raise InvalidData(_("“%(key)s” is no id of brat's.") % {"key": shorten(key)})

    def _add_span(self, key: str, rest: str) -> None:
        data, _tab, quote = rest.partition("\t")
        found = _OFFSETS.fullmatch(data)
        if not found or len(data) > 10_000:
            raise InvalidData(
                _("a label and offsets such as “claim 0 20;67 78” are needed, not “%(data)s”.")
                % {"data": shorten(data)}
            )
        if key in self._spans:
            raise InvalidData(_("%(key)s stands twice.") % {"key": shorten(key)})
        pairs = [pair.split(" ") for pair in found[2].split(";")]
        if max(len(number) for pair in pairs for number in pair) > 9:
            raise InvalidData(_("an offset is far outside the text."))
        pieces = [(int(start), int(end)) for start, end in pairs]
        fits = quote == "" or quote == " ".join(self._text[start:end] for start, end in pieces)
        self._fits = self._fits and fits
        self._spans[key] = {"id": key, "label": found[1], "pieces": pieces, "quote": quote}

    def _add_relation(self, key: str, rest: str) -> None:
        found = _RELATION.fullmatch(rest.strip())
        if not found:
            raise InvalidData(_("a relation is “made_by Arg1:T1 Arg2:T2”, not “%(rest)s”.") % {"rest": shorten(rest)})
        self._relations.append({"id": key, "label": found[1], "source": found[2], "target": found[3]})

    def _add_event(self, key: str, rest: str) -> None:
        trigger, *arguments = rest.strip().split(" ")
        self._triggers[key] = trigger.partition(":")[2]
        for number, argument in enumerate(arguments, start=1):
            role, colon, target = argument.partition(":")
            if not colon:
                raise InvalidData(_("an argument is “Role:T2”, not “%(argument)s”.") % {"argument": shorten(argument)})
            self._relations.append({"id": f"{key}.{number}", "label": role, "source": key, "target": target})

    def result(self) -> dict[str, Any]:
        """The raw set."""
        for field, target, value in self._about:
            self._describe(field, self._triggers.get(target, target), value)
        for relation in self._relations:
            for end in ("source", "target"):
                relation[end] = self._triggers.get(relation[end], relation[end])
        spans = [self._span(span) for span in self._spans.values()]
        return {"spans": spans, "relations": self._relations, "losses": self._losses}

    def _describe(self, field: str, target: str, value: str) -> None:
        span = self._spans.get(target)
        if span is None:
            self._losses.add(Loss.OTHERS)  # a note on a relation, on a line that is not there
        elif field == "attributes":
            name, _equals, chosen = value.partition("=")
            span.setdefault("attributes", {})[name] = chosen
        elif field in span:
            span[field] = f"{span[field]}\n{value}" if field == "note" else span[field]
            self._losses.add(Loss.ENTITIES, field == "entity")
        elif value:
            span[field] = value

    def _span(self, span: dict[str, Any]) -> dict[str, Any]:
        pieces, quote = span.pop("pieces"), span.pop("quote")
        if self._fits:
            found: list[list[int]] = []
            for start, end in sorted(pieces):
                if found and start > found[-1][1] and not self._text[found[-1][1] : start].strip("\n"):
                    found[-1][1] = end
                else:
                    found.append([start, end])
            quote = quote_of(self._text, [(start, end) for start, end in found])
            return {**span, "fragments": found, "quote": quote}
        fragments = [list(piece) for piece in pieces]
        if len(pieces) == 1 and quote:
            return {**span, "fragments": fragments, "quote": quote}
        lengths = [end - start for start, end in pieces]
        if sum(lengths) + len(lengths) - 1 == len(quote):
            cuts = [sum(lengths[:index]) + index for index in range(len(lengths))]
            quote = QUOTE_JOINER.join(quote[cut : cut + length] for cut, length in zip(cuts, lengths, strict=True))
            return {**span, "fragments": fragments, "quote": quote}
        return {**span, "fragments": fragments}
