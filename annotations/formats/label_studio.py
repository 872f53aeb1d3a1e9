"""Label Studio's JSON: a list of tasks. Offsets are UTF-16 units, as its editor counts.

A span is a region for each fragment; entity and attributes are fields of the region, its note is its meta text.
Annotators' work and gold are `annotations`, suggestions `predictions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO, Final

import orjson

from annotations.domain.documents import AnnotationSet, Document
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import Counting, Unit, positions, shorten
from annotations.domain.wording import _
from annotations.formats.items import Item, ReadOptions, WriteOptions
from annotations.formats.json_elements import json_elements
from annotations.formats.losses import Loss, Losses
from annotations.formats.parts import FRAGMENT, Part, RawSpans, links_of, parts_of, without_fragment_label
from annotations.formats.reading import document_of
from annotations.formats.set_archives import index_row, set_fields
from annotations.formats.writing import ordered_relations, set_order

_TEXTS: Final = ("text", "content", "body", "article")
_IDS: Final = ("id", "external_id", "article_id", "doc_id")
_OURS: Final = "newsapp"


def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """The list, a task for each document; they are numbered, because Label Studio's converter wants numbers."""
    before = b"["
    for number, document in enumerate(documents, 1):
        yield before + orjson.dumps({"id": number, **_task(document, options.losses)})
        before = b",\n"
    yield b"]\n" if before != b"[" else b"[]\n"


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """An item for each task."""
    for number, raw, problem in json_elements(stream):
        if problem:
            yield Item(line=number, problem=problem)
            continue
        losses = Losses()
        key = ""
        try:
            native = _native(raw, number, options, losses)
            key = str(native.get("id", ""))
            yield Item(line=number, id=shorten(key), document=_document(native, options), losses=losses)
        except InvalidData as error:
            yield Item(line=number, id=shorten(key), problem=error.detail)


def _document(native: dict[str, Any], options: ReadOptions) -> Document:
    if options.offsets != "auto":
        return document_of(native, options)
    try:
        return document_of(native, replace(options, offsets=Unit.UTF_16))
    except InvalidData:
        return document_of(native, options)  # older programs counted code points: the quotes tell


def _task(document: Document, losses: Losses) -> dict[str, Any]:
    table = positions(document.text, Counting(Unit.UTF_16))
    task: dict[str, Any] = {
        "data": {**index_row(document), "text": document.text},
        "annotations": [],
        "predictions": [],
    }
    for one in sorted(document.annotation_sets, key=set_order):
        one = without_fragment_label(one, losses)  # noqa: PLW2901 - what can be written of it
        work: dict[str, Any] = {"result": list(_results(document.text, one, table)), _OURS: set_fields(one)}
        if one.kind == "suggestion":
            task["predictions"].append({"model_version": one.source, **work})
        else:
            cancelled = one.state == "skipped"
            task["annotations"].append({"ground_truth": one.kind == "gold", "was_cancelled": cancelled, **work})
    return task


def _results(text: str, one: AnnotationSet, table: Sequence[int]) -> Iterator[dict[str, Any]]:
    parts = parts_of(one)
    for part in parts:
        start, end = part.fragment
        place = {"start": table[start], "end": table[end]}
        region = {"id": part.id, "to_name": "text"}
        quoted = {**place, "text": text[start:end]}
        yield {**region, "from_name": "label", "type": "labels", "value": {**quoted, "labels": [part.span.label]},
               **_details(part)}  # fmt: skip
        if part.is_first:
            for name, value in sorted(part.span.attributes.items()):
                yield {**region, "from_name": name, "type": "choices", "value": {**quoted, "choices": [value]}}
            if part.span.entity:
                yield {**region, "from_name": "entity", "type": "textarea",
                       "value": {**place, "text": [part.span.entity]}}  # fmt: skip
    for before, after in links_of(parts):
        yield {"type": "relation", "from_id": before, "to_id": after, "direction": "right", "labels": [FRAGMENT]}
    for relation in ordered_relations(one):
        yield {"type": "relation", "from_id": relation.source, "to_id": relation.target, "direction": "right",
               "labels": [relation.label], **({"id": relation.id} if relation.id else {})}  # fmt: skip


def _details(part: Part) -> dict[str, Any]:
    span = part.span
    if not part.is_first:
        return {}
    meta: dict[str, Any] = {}
    if span.note:
        meta["text"] = [span.note]
    if span.origin:
        meta["origin"] = span.origin
    if span.sources:
        meta["sources"] = list(span.sources)
    return {**({"score": span.score} if span.score is not None else {}), **({"meta": meta} if meta else {})}


def _native(raw: Any, number: int, options: ReadOptions, losses: Losses) -> dict[str, Any]:
    data = raw.get("data") if isinstance(raw, dict) else None
    if not isinstance(data, dict):
        raise InvalidData(_("a task must be an object with data."))
    strings = [name for name, value in data.items() if isinstance(value, str)]
    name = next((name for name in _TEXTS if isinstance(data.get(name), str)), strings[0] if len(strings) == 1 else "")
    if not name:
        raise InvalidData(_("the task's data has no text."))
    key = next((data[one] for one in _IDS if data.get(one)), raw.get("id") or f"{options.name or 'task'}-{number}")
    native = {field: value for field, value in data.items() if field not in {name, *_IDS[:1]}}
    native |= {"id": str(key), "text": data[name]}
    sets = []
    for field, is_prediction in (("annotations", False), ("predictions", True)):
        works = raw.get(field) or []
        if not isinstance(works, list) or not all(isinstance(work, dict) for work in works):
            raise InvalidData(_("%(field)s must be a list of objects.") % {"field": field})
        sets += [_native_set(work, options, losses, is_prediction=is_prediction) for work in works]
    if sets:
        native["annotation_sets"] = sets
    return native


def _native_set(work: dict[str, Any], options: ReadOptions, losses: Losses, *, is_prediction: bool) -> dict[str, Any]:
    results = work.get("result") or []
    if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
        raise InvalidData(_("result must be a list of objects."))
    ours = work.get(_OURS)
    fields = dict(ours) if isinstance(ours, dict) else _foreign_fields(work, options, is_prediction=is_prediction)
    spans = RawSpans()
    for result in results:
        if str(result.get("type")) not in {"relation", "choices", "textarea"}:
            _add_region(spans, result, losses)
    relations = [_relation(result, spans) for result in results if result.get("type") == "relation"]
    found = spans.spans()
    by_id = {span["id"]: span for span in found}
    for result in results:
        if str(result.get("type")) in {"choices", "textarea"}:
            _describe(by_id.get(spans.first(str(result.get("id")))), result, losses)
    return {**fields, "spans": found, "relations": [relation for relation in relations if relation]}


def _foreign_fields(work: dict[str, Any], options: ReadOptions, *, is_prediction: bool) -> dict[str, Any]:
    if is_prediction:
        return {"kind": "suggestion", "source": str(work.get("model_version") or "label-studio")}
    if options.kind or options.annotator:
        return {}
    if work.get("ground_truth") is True:
        return {"kind": "gold"}
    by = work.get("completed_by")
    if isinstance(by, dict):
        by = by.get("username") or by.get("email") or by.get("id")
    name = f"user-{by}" if isinstance(by, int) else by
    state = {"state": "skipped"} if work.get("was_cancelled") is True else {}
    return {"kind": "annotator", "annotator": name, **state} if isinstance(name, str) and name else state


def _add_region(spans: RawSpans, result: dict[str, Any], losses: Losses) -> None:
    value = result.get("value")
    labels = value.get(str(result.get("type"))) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(labels, list) or not labels or "id" not in result:
        losses.add(Loss.OTHERS)
        return
    place = value.get("globalOffsets")
    start, end = (place if isinstance(place, dict) else value).get("start"), value.get("end")
    if isinstance(place, dict):
        end = place.get("end")
    given = result.get("meta")
    meta: dict[str, Any] = given if isinstance(given, dict) else {}
    note = meta.get("text")
    for label in labels:
        spans.add(
            str(result["id"]),
            start,
            end,
            value.get("text"),
            label=label,
            note="\n".join(map(str, note)) if isinstance(note, list) else note,
            origin=meta.get("origin"),
            sources=meta.get("sources"),
        )
        if isinstance(result.get("score"), int | float):
            next(reversed(spans.parts.values()))["score"] = result["score"]


def _relation(result: dict[str, Any], spans: RawSpans) -> dict[str, Any] | None:
    source, target = str(result.get("from_id")), str(result.get("to_id"))
    labels = result.get("labels")
    label = labels[0] if isinstance(labels, list) and labels else "relation"
    if label == FRAGMENT:
        spans.join(source, target)
        return None
    if result.get("direction") == "left":
        source, target = target, source
    return {"id": result.get("id"), "label": label, "source": source, "target": target}


def _describe(span: dict[str, Any] | None, result: dict[str, Any], losses: Losses) -> None:
    value = result.get("value")
    is_entity = result.get("type") == "textarea"
    given = value.get("text" if is_entity else "choices") if isinstance(value, dict) else None
    given = [given] if isinstance(given, str) else given
    if span is None or not isinstance(given, list) or not given:
        losses.add(Loss.OTHERS)
        return
    losses.add(Loss.OTHERS, len(given) - 1)
    if is_entity and "entity" not in span:
        span["entity"] = given[0]
    elif is_entity:
        losses.add(Loss.OTHERS)
    else:
        span.setdefault("attributes", {})[str(result.get("from_name"))] = given[0]
