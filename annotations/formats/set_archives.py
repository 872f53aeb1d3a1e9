"""Archives with a member or two for each annotation set, for formats that know one author a file."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final

import orjson

from annotations.domain.documents import AnnotationSet, Document
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import normalise_text, shorten
from annotations.domain.wording import _
from annotations.formats.archives import ZIP_SIGNATURES, Archive, ArchiveWriter, SingleFile, opened_archive
from annotations.formats.fields import refuse_nul
from annotations.formats.items import Item, ReadOptions, WriteOptions
from annotations.formats.losses import Losses
from annotations.formats.reading import ARTICLE_TEXTS, document_of
from annotations.formats.writing import set_order

INDEX: Final = "index.jsonl"
MANIFEST: Final = "manifest.json"
MAX_INDEX: Final = 512 * 1024 * 1024
UNLABELLED: Final = "unlabelled"
SET_KEYS: Final = ("kind", "annotator", "state", "guideline", "source", "engine", "version")
_KEPT_IN_MEMORY: Final = 1024 * 1024
_UNSAFE = re.compile(r"[^\w.-]+|^\.+|\.+$")
_KIND_FOLDERS: Final = ("annotator", "suggestion")

# The members of a set by their endings: an article without any set is rendered with an empty one.
type Render = Callable[[Document, AnnotationSet, Losses], Mapping[str, bytes]]
# The raw text and the raw native set of a member, whose name without its ending is given.
type Parse = Callable[[Archive | SingleFile, str], tuple[str, dict[str, Any]]]


def write_sets(
    documents: Iterable[Document],
    options: WriteOptions,
    render: Render,
    *,
    format_key: str,
    first: Mapping[str, bytes] | None = None,
) -> Iterator[bytes]:
    """An archive: the members `first`, those of each set, the index and the manifest."""
    archive = ArchiveWriter(counting_only=options.counting_only)
    for name, data in (first or {}).items():
        archive.add(name, data)
    counts: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    with SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as index:
        for document in documents:
            counts["articles"] += 1
            row = index_row(document)
            for one in sorted(document.annotation_sets, key=set_order) or [AnnotationSet(kind="")]:
                stem = f"{folder_of(one)}/{safe_name(document.id)}"
                for ending, data in render(document, one, options.losses).items():
                    archive.add(stem + ending, data)
                if not one.kind:
                    row["member"] = stem
                    continue
                counts.update(annotation_sets=1, spans=len(one.spans), relations=len(one.relations))
                labels.update(span.label for span in one.spans)
                row.setdefault("annotation_sets", []).append({"member": stem, **set_fields(one)})
            index.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            yield archive.take()
        index.seek(0)
        archive.add(INDEX, index.read())
    archive.add(MANIFEST, manifest(format_key, counts, labels, options.losses))
    yield archive.close()


def manifest(format_key: str, counts: Mapping[str, int], labels: Mapping[str, int], losses: Losses) -> bytes:
    """What an archive holds and what its format could not carry, as JSON."""
    names = ("articles", "annotation_sets", "spans", "relations")
    content = {
        "format": format_key,
        "made_by": "Newsapp",
        **{name: counts.get(name, 0) for name in names},
        "labels": dict(sorted(labels.items())),
        "losses": losses.rows(),
    }
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def index_row(document: Document) -> dict[str, Any]:
    """An article without its text: what most formats have no place for."""
    row: dict[str, Any] = {"id": document.id}
    row |= {name: value for name in ARTICLE_TEXTS if (value := getattr(document, name))}
    if document.metadata:
        row["metadata"] = orjson.Fragment(orjson.dumps(dict(document.metadata), option=orjson.OPT_SORT_KEYS))
    return row


def set_fields(one: AnnotationSet) -> dict[str, Any]:
    """What a set has besides spans and relations, as far as it is given."""
    return {key: value for key in SET_KEYS if (value := getattr(one, key))}


def folder_of(one: AnnotationSet) -> str:
    """The folder of a set: its kind and, below, its author."""
    if not one.kind:
        return UNLABELLED
    author = one.annotator or one.source
    return f"{safe_name(one.kind)}/{safe_name(author)}" if author else safe_name(one.kind)


def safe_name(name: str) -> str:
    """A file name for any text: letters, digits, `.`, `-` and `_`; where that changes it, told apart by a hash."""
    safe = _UNSAFE.sub("_", name)[:80]
    if safe == name and len(safe.encode()) <= 120 and safe.isascii():
        return safe
    safe = "".join(character if character.isascii() else "_" for character in safe)
    return f"{safe.strip('.') or '_'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@dataclass(slots=True)
class _Entry:
    """An article of an archive: its native fields, and where its sets are."""

    fields: dict[str, Any]
    member: str = ""
    sets: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def stems(self) -> list[str]:
        return [stem for stem, _fields in self.sets] or [self.member]


def read_sets(
    stream: BinaryIO, options: ReadOptions, parse: Parse, *, ending: str, ignored: Sequence[str] = (), alone: int = 0
) -> Iterator[Item]:
    """An item for each article of an archive, whose sets stand in members with the ending; members with an `ignored`
    ending belong to these, any other is a problem. Up to `alone` bytes, a set's file may also come without an archive.
    """
    head = stream.read(4)
    if alone and not head.startswith(ZIP_SIGNATURES):
        stem = options.name[: -len(ending)] if options.name.lower().endswith(ending) else options.name
        file = SingleFile(stem + ending, head + stream.read(alone + 1 - len(head)))
        yield _item(file, _Entry({"id": stem}, sets=[(stem, {})]), 1, options, parse)
        return
    try:
        with opened_archive(stream, head) as archive:
            yield from _articles(archive, options, parse, ending, tuple(ignored))
    except InvalidData as error:
        yield Item(line=1, problem=error.detail)


def _articles(
    archive: Archive, options: ReadOptions, parse: Parse, ending: str, ignored: tuple[str, ...]
) -> Iterator[Item]:
    numbers: dict[str, int] = {}
    for number, member in enumerate(archive.members, start=1):
        name = member.filename
        if name.lower().endswith(ending) and name not in {INDEX, MANIFEST}:
            stem = name[: -len(ending)]
            if stem in numbers:
                yield Item(line=number, where=shorten(name), problem=_("the archive has two members of this name."))
            numbers.setdefault(stem, number)
        elif not member.is_dir() and name not in {INDEX, MANIFEST} and not name.lower().endswith(ignored):
            yield Item(
                line=number,
                where=shorten(name),
                problem=_("the member is not of this format (%(ending)s).") % {"ending": ending},
            )
    taken: set[str] = set()
    for entry in _indexed(archive):
        if isinstance(entry, Item):
            yield entry
            continue
        taken.update(entry.stems())
        yield _item(archive, entry, min(numbers.get(stem, 1) for stem in entry.stems()), options, parse)
    for entry in _by_folders(stem for stem in numbers if stem not in taken):
        yield _item(archive, entry, min(numbers[stem] for stem in entry.stems()), options, parse)


def _item(archive: Archive | SingleFile, entry: _Entry, line: int, options: ReadOptions, parse: Parse) -> Item:
    key = entry.fields["id"]
    text: str | None = None
    sets = []
    where = ""
    losses = Losses()
    try:
        for stem in entry.stems():
            where = shorten(stem)
            found, raw = parse(archive, stem)
            losses.update(raw.pop("losses", {}))
            if text is not None and normalise_text(found) != normalise_text(text):
                raise InvalidData(_("the text differs from that of the article's other annotation sets."))
            text = found
            sets.append(raw)
        fields = {**entry.fields, "text": text}
        if entry.sets:
            fields["annotation_sets"] = [
                {**of_set, **raw} for (_stem, of_set), raw in zip(entry.sets, sets, strict=True)
            ]
        document = document_of(fields, options)
    except InvalidData as error:
        return Item(line=line, id=shorten(str(key)), where=where, problem=error.detail)
    return Item(line=line, id=shorten(document.id), where=where, document=document, losses=losses)


def _indexed(archive: Archive) -> Iterator[_Entry | Item]:
    """The articles that an archive of ours names."""
    if INDEX not in archive:
        return
    for line, data in enumerate(archive.read(INDEX, MAX_INDEX).splitlines(), start=1):
        try:
            raw = orjson.loads(data)
            if b"\\u0000" in data:
                refuse_nul(raw)
            yield _entry(raw)
        except (orjson.JSONDecodeError, InvalidData) as error:
            reason = error.detail if isinstance(error, InvalidData) else _("it is not JSON.")
            yield Item(
                line=line,
                where=INDEX,
                problem=_("line %(line)s of %(file)s: %(reason)s") % {"line": line, "file": INDEX, "reason": reason},
            )


def _entry(raw: Any) -> _Entry:
    if type(raw) is not dict or type(raw.get("id")) is not str:
        raise InvalidData(_("an article must be an object with an id."))
    if "text" in raw:
        raise InvalidData(_("the text stands in the members, not here."))
    sets = raw.pop("annotation_sets", None) or []
    if type(sets) is not list or not all(type(one) is dict and type(one.get("member")) is str for one in sets):
        raise InvalidData(_("annotation_sets must be a list of objects with a member."))
    for one in sets:
        if one.keys() & {"spans", "relations"}:
            raise InvalidData(_("spans and relations stand in the members, not here."))
    member = raw.pop("member", "")
    if type(member) is not str or not (member or sets):
        raise InvalidData(_("member must name where the text is."))
    return _Entry(raw, member, [(one.pop("member"), one) for one in sets])


def _by_folders(stems: Iterable[str]) -> Iterator[_Entry]:
    """The articles that only their names tell: `annotator/NAME/ID` and `gold/ID`, or one of the reader's kind each."""
    entries: dict[str, _Entry] = {}
    for stem in stems:
        parts = PurePosixPath(stem).parts
        of_set: dict[str, Any] = {}
        key = stem
        if len(parts) > 2 and parts[0] in _KIND_FOLDERS:
            author = "annotator" if parts[0] == "annotator" else "source"
            of_set, key = {"kind": parts[0], author: parts[1]}, "/".join(parts[2:])
        elif len(parts) > 1 and parts[0] == "gold":
            of_set, key = {"kind": "gold"}, "/".join(parts[1:])
        elif len(parts) > 1 and parts[0] == UNLABELLED:
            entries.setdefault("/".join(parts[1:]), _Entry({"id": "/".join(parts[1:])})).member = stem
            continue
        entries.setdefault(key, _Entry({"id": key})).sets.append((stem, of_set))
    yield from entries.values()
