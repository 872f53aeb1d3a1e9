"""spaCy's DocBin: an archive of `.spacy` files with a hundred Docs each, a Doc for each annotation set.

Spans stand in `doc.spans["sc"]`; those of one `span_id` are the fragments of one span. Tokens are pieces of the text
that begin and end with the spans. Whatever spaCy has no place for is in `doc.user_data["newsapp"]`. spaCy is an extra.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final

import orjson

from annotations.domain.documents import AnnotationSet, Document, Fragment, Span, quote_of
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import shorten
from annotations.domain.wording import _
from annotations.formats.archives import ZIP_SIGNATURES, Archive, ArchiveWriter, opened_archive
from annotations.formats.fields import kind_of, list_of
from annotations.formats.items import Item, ReadOptions, WriteOptions
from annotations.formats.json_lines import json_value
from annotations.formats.reading import document_of
from annotations.formats.set_archives import MANIFEST, SET_KEYS, index_row, manifest, set_fields
from annotations.formats.tokens import pieces_of
from annotations.formats.writing import mapping_of, ordered_spans, set_order

DOCS_IN_A_FILE: Final = 100
MAX_FILE: Final = 64 * 2**20
MAX_UNPACKED: Final = 512 * 2**20
GROUP: Final = "sc"
DATA: Final = "newsapp"
MISSING: Final = (
    "this format needs spaCy, which is not installed here; the operator can add it with `pip install spacy`."
)


def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """The archive."""
    spacy = _spacy()
    archive = ArchiveWriter(counting_only=options.counting_only)
    vocab = spacy.blank("xx").vocab
    counts: Counter[str] = Counter()
    labels: Counter[str] = Counter()
    docs: list[Any] = []
    for document in documents:
        counts["articles"] += 1
        for one in sorted(document.annotation_sets, key=set_order) or [AnnotationSet(kind="")]:
            counts.update(annotation_sets=bool(one.kind), spans=len(one.spans), relations=len(one.relations))
            labels.update(span.label for span in one.spans)
            if not options.counting_only:
                docs.append(_doc(spacy, vocab, document, one))
        if len(docs) >= DOCS_IN_A_FILE:
            counts["files"] += 1
            archive.add(f"part-{counts['files']:05}.spacy", _packed(docs))
            docs.clear()
            vocab = spacy.blank("xx").vocab
        yield archive.take()
    if docs or not counts["files"]:
        archive.add(f"part-{counts['files'] + 1:05}.spacy", _packed(docs))
    archive.add(MANIFEST, manifest("spacy", counts, labels, options.losses))
    yield archive.close()


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """An item for each article of a `.spacy` file or an archive of them."""
    try:
        _spacy()
        head = stream.read(4)
        if head.startswith(ZIP_SIGNATURES):
            with opened_archive(stream, head) as archive:
                yield from _members(archive, options)
        else:
            yield from _items(head + stream.read(MAX_FILE + 1), 1, options.name, options)
    except InvalidData as error:
        yield Item(line=1, problem=error.detail)


def _spacy() -> Any:
    try:
        import spacy
    except ImportError:
        raise InvalidData(MISSING) from None
    return spacy


def _doc(spacy: Any, vocab: Any, document: Document, one: AnnotationSet) -> Any:
    text = document.text
    spans = ordered_spans(one)
    pieces = pieces_of(text, [fragment for span in spans for fragment in span.fragments])
    first = {piece.start: number for number, piece in enumerate(pieces)}
    last = {piece.end: number + 1 for number, piece in enumerate(pieces)}
    words = [text[piece.start : piece.end] for piece in pieces]
    doc = spacy.tokens.Doc(vocab, words=words, spaces=[piece.space for piece in pieces])

    def placed(span: Span, fragment: Fragment) -> Any:
        start, end = first[fragment[0]], last[fragment[1]]
        return spacy.tokens.Span(doc, start, end, label=span.label, span_id=span.id, kb_id=span.entity)

    doc.spans[GROUP] = [placed(span, fragment) for span in spans for fragment in span.fragments]
    [raw] = mapping_of(Document(id="", text=text, annotation_sets=(one,)))["annotation_sets"]
    details = [_without_place(span) for span in raw.get("spans", ())]
    data = {**index_row(document), "set": {**set_fields(one), "relations": raw.get("relations", [])}, "spans": details}
    if not one.kind:
        del data["set"]
    doc.user_data[DATA] = orjson.dumps(data).decode()
    return doc


def _without_place(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name not in {"label", "fragments", "quote", "entity"}}


def _packed(docs: list[Any]) -> bytes:
    from spacy.tokens import DocBin

    packed = DocBin(attrs=["ORTH", "SPACY"], store_user_data=True, docs=docs)
    data: bytes = packed.to_bytes()
    return data


def _members(archive: Archive, options: ReadOptions) -> Iterator[Item]:
    for number, member in enumerate(archive.members, start=1):
        name = member.filename
        if member.is_dir() or name == MANIFEST:
            continue
        try:
            if not name.lower().endswith(".spacy"):
                raise InvalidData(_("the member is not of this format (.spacy)."))
            data = archive.read(member, MAX_FILE)
        except InvalidData as error:
            yield Item(line=number, where=shorten(name), problem=error.detail)
        else:
            yield from _items(data, number, name, options)


def _items(data: bytes, number: int, name: str, options: ReadOptions) -> Iterator[Item]:
    """The articles of a file; Docs of one article follow each other."""
    where = shorten(name)
    try:
        docs = _docs(data)
    except InvalidData as error:
        yield Item(line=number, where=where, problem=error.detail)
        return
    native: dict[str, Any] = {}
    for position, doc in enumerate(docs, start=1):
        try:
            found = _native(doc, f"{PurePosixPath(name).stem}-{position}")
        except InvalidData as error:
            yield Item(line=number, where=where, problem=f"Doc {position}: {error.detail}")
            continue
        if native and native["id"] == found["id"] and native["text"] == found["text"]:
            native.setdefault("annotation_sets", []).extend(found.get("annotation_sets", ()))
            continue
        if native:
            yield _item(native, number, where, options)
        native = found
    if native:
        yield _item(native, number, where, options)


def _item(native: dict[str, Any], number: int, where: str, options: ReadOptions) -> Item:
    key = shorten(str(native["id"]))
    try:
        return Item(line=number, id=key, where=where, document=document_of(native, options))
    except InvalidData as error:
        return Item(line=number, id=key, where=where, problem=error.detail)


def _docs(data: bytes) -> list[Any]:
    from spacy.tokens import DocBin

    if len(data) > MAX_FILE:
        raise InvalidData(_("the file is larger than %(n)s MiB.") % {"n": MAX_FILE // 2**20})
    try:
        unpacking = zlib.decompressobj()
        size = len(unpacking.decompress(data, MAX_UNPACKED))
        if unpacking.unconsumed_tail or size > max(100 * len(data), 2**20):
            raise InvalidData(_("the file unpacks to more than 100 times its size."))
        packed = DocBin(store_user_data=True).from_bytes(data)
        return list(packed.get_docs(_spacy().blank("xx").vocab))
    except InvalidData:
        raise
    except Exception as error:  # noqa: BLE001 - whatever spaCy meets in a damaged file
        raise InvalidData(
            _("the file is no DocBin of spaCy's: %(value)s.") % {"value": shorten(str(error)) or type(error).__name__}
        ) from None


def _native(doc: Any, name: str) -> dict[str, Any]:
    text = doc.text
    given = doc.user_data.get(DATA)
    data, problem = json_value(given.encode(), _("user data")) if isinstance(given, str) else ({}, "")
    if problem or not isinstance(data, dict):
        raise InvalidData(problem or _("its user data is no object."))
    of_set = data.pop("set", {} if not given else None)
    if not isinstance(of_set, dict | None):
        raise InvalidData(_("set must be an object, not %(kind)s.") % {"kind": kind_of(of_set)})
    listed = [one for one in list_of(data, "spans", "") if isinstance(one, dict)]
    details = {one["id"]: one for one in listed if isinstance(one.get("id"), str)}
    data.pop("spans", None)
    native: dict[str, Any] = {"id": name, **data, "text": text}
    if of_set is None:
        return native
    spans: dict[str, dict[str, Any]] = {}
    for number, span in enumerate(_spans(doc), start=1):
        key = span.id_ or f"{span.label_}-{number}"
        raw = spans.setdefault(key, {"id": key, "label": span.label_, **details.get(key, {}), "fragments": []})
        raw["fragments"].append([span.start_char, span.end_char])
        if span.kb_id_:
            raw["entity"] = span.kb_id_
    for raw in spans.values():
        raw["quote"] = quote_of(text, raw["fragments"])
    fields = {key: of_set[key] for key in SET_KEYS if key in of_set}
    native["annotation_sets"] = [{**fields, "spans": list(spans.values()), "relations": of_set.get("relations", [])}]
    return native


def _spans(doc: Any) -> list[Any]:
    """The spans of our group, else of all, else the entities."""
    groups = [doc.spans[GROUP]] if GROUP in doc.spans else list(doc.spans.values())
    return [span for group in groups for span in group] or list(doc.ents)
