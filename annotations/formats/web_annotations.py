"""W3C Web Annotations as JSON-LD: a list of annotation pages, one for each article.

A span is an annotation whose target has a TextPositionSelector (code points) and a TextQuoteSelector, of several
fragments a Composite of such; a relation is an annotation with the motivation `linking`. The article itself, and what
the model has no words for, stands in `newsapp:` properties of the type JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final
from urllib.parse import quote

import orjson

from annotations.domain.documents import QUOTE_JOINER, AnnotationSet, Document, Fragment, Relation, Span
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import shorten
from annotations.domain.wording import _
from annotations.formats.fields import list_of
from annotations.formats.items import Item, ReadOptions, WriteOptions
from annotations.formats.json_elements import json_elements
from annotations.formats.losses import Loss, Losses
from annotations.formats.reading import document_of
from annotations.formats.set_archives import index_row, set_fields
from annotations.formats.writing import mapping_of, ordered_relations, ordered_spans, set_order

_JSON: Final = {"@type": "@json"}
CONTEXT: Final = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "newsapp": "urn:newsapp:",
        "article": {"@id": "newsapp:article", **_JSON},
        "sets": {"@id": "newsapp:sets", **_JSON},
        "data": {"@id": "newsapp:data", **_JSON},
    },
]
_AROUND: Final = 24
_PURPOSES: Final = {"identifying": "entity", "commenting": "note"}


def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:  # noqa: ARG001
    """The list of pages."""
    before = b"["
    for document in documents:
        yield before + orjson.dumps(_page(document))
        before = b",\n"
    yield b"]\n" if before != b"[" else b"[]\n"


def read(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """An item for each page."""
    for number, raw, problem in json_elements(stream):
        losses = Losses()
        key = ""
        try:
            if problem:
                raise InvalidData(problem)
            native = _native(raw, losses)
            key = shorten(str(native.get("id", "")))
            yield Item(line=number, id=key, document=document_of(native, options), losses=losses)
        except InvalidData as error:
            yield Item(line=number, id=key, problem=error.detail)


def _page(document: Document) -> dict[str, Any]:
    sets = sorted(document.annotation_sets, key=set_order)
    address = f"urn:newsapp:article:{quote(document.id, safe='')}"
    items: list[dict[str, Any]] = []
    for number, one in enumerate(sets):
        items += _annotations(document, one, number, address)
    return {
        "@context": CONTEXT,
        "id": f"{address}:page",
        "type": "AnnotationPage",
        "article": {**index_row(document), "text": document.text},
        "sets": [set_fields(one) for one in sets],
        "items": items,
    }


def _annotations(document: Document, one: AnnotationSet, number: int, address: str) -> Iterator[dict[str, Any]]:
    raws = {raw["id"]: raw for raw in _raw_spans(document, one)}
    creator = _creator(one)
    names = {span.id: f"{address}:set:{number}:span:{quote(span.id, safe='')}" for span in one.spans}
    for span in ordered_spans(one):
        yield {
            "id": names[span.id],
            "type": "Annotation",
            "motivation": "identifying",
            "creator": creator,
            "body": list(_bodies(span)),
            "target": _target(document.text, span, address),
            "data": {"set": number, **_details(raws[span.id])},
        }
    for position, relation in enumerate(ordered_relations(one)):
        yield {
            "id": f"{address}:set:{number}:relation:{position}",
            "type": "Annotation",
            "motivation": "linking",
            "creator": creator,
            "body": [
                {"type": "SpecificResource", "purpose": "linking", "source": names[relation.target]},
                {"type": "TextualBody", "purpose": "tagging", "value": relation.label},
            ],
            "target": names[relation.source],
            "data": {"set": number, **_ids(relation)},
        }


def _raw_spans(document: Document, one: AnnotationSet) -> list[dict[str, Any]]:
    [raw] = mapping_of(Document(id="", text=document.text, annotation_sets=(one,)))["annotation_sets"]
    found: list[dict[str, Any]] = raw.get("spans", [])
    return found


def _details(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name not in {"label", "fragments", "quote", "entity", "note"}}


def _ids(relation: Relation) -> dict[str, Any]:
    return {"id": relation.id} if relation.id else {}


def _creator(one: AnnotationSet) -> dict[str, str]:
    if one.kind == "annotator":
        return {"type": "Person", "name": one.annotator}
    if one.kind == "suggestion":
        return {"type": "Software", "name": one.source}
    return {"type": "Organization", "name": one.kind}


def _bodies(span: Span) -> Iterator[dict[str, str]]:
    yield {"type": "TextualBody", "purpose": "tagging", "value": span.label}
    for purpose, name in _PURPOSES.items():
        if value := getattr(span, name):
            yield {"type": "TextualBody", "purpose": purpose, "value": value}
    for name, value in sorted(span.attributes.items()):
        yield {"type": "TextualBody", "purpose": "classifying", "value": f"{name}: {value}"}


def _target(text: str, span: Span, address: str) -> dict[str, Any]:
    targets = [{"source": address, "selector": _selectors(text, fragment)} for fragment in span.fragments]
    return targets[0] if len(targets) == 1 else {"type": "Composite", "items": targets}


def _selectors(text: str, fragment: Fragment) -> list[dict[str, Any]]:
    start, end = fragment
    return [
        {"type": "TextPositionSelector", "start": start, "end": end},
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(0, start - _AROUND) : start],
            "suffix": text[end : end + _AROUND],
        },
    ]


def _native(raw: Any, losses: Losses) -> dict[str, Any]:
    if not isinstance(raw, dict) or raw.get("type") != "AnnotationPage":
        raise InvalidData(_("an element must be an AnnotationPage."))
    article = raw.get("article")
    if not isinstance(article, dict):
        raise InvalidData(
            _("the page has no article with a text (newsapp:article): annotations alone cannot be imported.")
        )
    sets = [{**one, "spans": [], "relations": []} for one in list_of(raw, "sets", "") if isinstance(one, dict)]
    items = list_of(raw, "items", "")
    if not all(isinstance(item, dict) for item in items):
        raise InvalidData(_("items must be annotations."))
    names: dict[str, str] = {}
    for position, item in enumerate(items, start=1):
        if item.get("motivation") != "linking":
            _add_span(_set_of(item, sets), item, position, names, losses)
    for item in items:
        if item.get("motivation") == "linking":
            _add_relation(_set_of(item, sets), item, names)
    return {**article, **({"annotation_sets": sets} if sets else {})}


def _set_of(item: dict[str, Any], sets: list[dict[str, Any]]) -> dict[str, Any]:
    """The set an annotation belongs to: by our number, else by its creator."""
    data = item.get("data")
    number = data.get("set") if isinstance(data, dict) else None
    if type(number) is int and 0 <= number < len(sets):
        return sets[number]
    creator = item.get("creator")
    name = creator.get("name") or creator.get("nickname") or creator.get("id") if isinstance(creator, dict) else creator
    of_set = {"kind": "annotator", "annotator": name} if isinstance(name, str) and name else {}
    for one in sets:
        if {field: one.get(field) for field in of_set} == of_set and (of_set or "kind" not in one):
            return one
    sets.append({**of_set, "spans": [], "relations": []})
    return sets[-1]


def _add_span(one: dict[str, Any], item: dict[str, Any], position: int, names: dict[str, str], losses: Losses) -> None:
    data = item.get("data")
    details = {name: value for name, value in data.items() if name != "set"} if isinstance(data, dict) else {}
    span: dict[str, Any] = {"id": f"a{position}", "label": "annotation", **details}
    for body in _listed(item.get("body")):
        value, purpose = (body.get("value"), body.get("purpose")) if isinstance(body, dict) else (body, "tagging")
        purpose = str(purpose or "tagging")
        if purpose == "tagging" and isinstance(value, str):
            span["label"] = value
        elif purpose in _PURPOSES:
            span[_PURPOSES[purpose]] = value
        elif purpose != "classifying" or "attributes" not in details:
            losses.add(Loss.OTHERS)
    target = item.get("target")
    is_composite = isinstance(target, dict) and str(target.get("type")) in {"Composite", "List", "Independents"}
    places = [_place(one) for one in (_listed(target.get("items")) if is_composite else _listed(target))]  # type: ignore[union-attr]
    span["fragments"] = [[start, end] for start, end, _exact in places]
    quotes = [exact for _start, _end, exact in places]
    if quotes and all(isinstance(exact, str) and exact for exact in quotes):
        span["quote"] = QUOTE_JOINER.join(quotes)
    if isinstance(item.get("id"), str):
        names[item["id"]] = span["id"]
    one["spans"].append(span)


def _place(target: Any) -> tuple[Any, Any, Any]:
    start = end = exact = None
    for selector in _listed(target.get("selector")) if isinstance(target, dict) else []:
        if not isinstance(selector, dict):
            continue
        if selector.get("type") == "TextPositionSelector":
            start, end = selector.get("start"), selector.get("end")
        elif selector.get("type") == "TextQuoteSelector":
            exact = selector.get("exact")
    if start is None:
        raise InvalidData(_("a target has no TextPositionSelector."))
    return start, end, exact


def _add_relation(one: dict[str, Any], item: dict[str, Any], names: dict[str, str]) -> None:
    data = item.get("data")
    relation: dict[str, Any] = {"label": "related", "source": names.get(str(item.get("target")), "")}
    if isinstance(data, dict) and "id" in data:
        relation["id"] = data["id"]
    for body in _listed(item.get("body")):
        if isinstance(body, dict) and body.get("purpose") == "tagging":
            relation["label"] = body.get("value")
        else:
            address = body.get("source") if isinstance(body, dict) else body
            relation["target"] = names.get(str(address), "")
    one["relations"].append(relation)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
