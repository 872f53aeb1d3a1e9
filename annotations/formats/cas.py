"""UIMA CAS, as XMI and as JSON: an archive with a CAS for each annotation set and, for XMI, the type system.

Offsets are UTF-16 units in the files. A span is an annotation for each fragment, told together by `spanId`, in order by
`fragment`; a relation leads from `Governor` to `Dependent`.
"""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from io import BytesIO
from typing import Any, BinaryIO, Final

import orjson

from annotations.domain.documents import AnnotationSet, Document, quote_of
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import normalise_text, shorten
from annotations.domain.wording import _
from annotations.formats.archives import Archive, SingleFile
from annotations.formats.items import Item, ReadOptions, WriteOptions
from annotations.formats.json_lines import attributes_in
from annotations.formats.losses import Loss, Losses, count_dropped
from annotations.formats.set_archives import read_sets, write_sets
from annotations.formats.text import decode
from annotations.formats.writing import ordered_relations, ordered_spans

SPAN: Final = "webanno.custom.Span"
RELATION: Final = "webanno.custom.Relation"
TYPE_SYSTEM: Final = "TypeSystem.xml"
MAX_FILE: Final = 64 * 2**20
_CARRIES: Final = frozenset(("details", "sets", "set details", "relations", "entities", "attributes", "notes", "ids"))
_TEXTS: Final = ("label", "spanId", "entity", "note", "attributes")
# Types of linguistic analysis and of the CAS itself, which are no spans of ours.
_ANALYSIS: Final = re.compile(r"\.(?:lexmorph|segmentation|syntax|semantics|coref|transform|metadata)\.|^uima\.")
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DECLARATIONS: Final = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# Filters of warnings belong to the whole process.
_warnings = threading.Lock()
_LABELS: Final = ("label", "value", "identifier")


def write_xmi(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """The archive of XMI files."""
    types = {TYPE_SYSTEM: _type_system().to_xml().encode()}
    yield from write_sets(documents, options, _render_xmi, format_key="cas-xmi", first=types)


def write_json(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """The archive of JSON files."""
    yield from write_sets(documents, options, _render_json, format_key="cas-json")


def read_xmi(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """An item for each article of an archive or the one of a file, ours or another's."""
    yield from read_sets(stream, options, _parse_xmi, ending=".xmi", ignored=(".xml",), alone=MAX_FILE)


def read_json(stream: BinaryIO, options: ReadOptions) -> Iterator[Item]:
    """An item for each article of an archive or the one of a file, ours or another's."""
    yield from read_sets(stream, options, _parse_json, ending=".json", ignored=(".xml",), alone=MAX_FILE)


@cache
def _type_system() -> Any:
    from cassis import TypeSystem  # type: ignore[import-untyped]

    types = TypeSystem()
    span = types.create_type(SPAN, "uima.tcas.Annotation")
    for name in _TEXTS:
        types.create_feature(span, name, "uima.cas.String")
    types.create_feature(span, "fragment", "uima.cas.Integer")
    relation = types.create_type(RELATION, "uima.tcas.Annotation")
    for name in ("label", "relationId"):
        types.create_feature(relation, name, "uima.cas.String")
    for name in ("Governor", "Dependent"):
        types.create_feature(relation, name, span)
    return types


def _render_xmi(document: Document, one: AnnotationSet, losses: Losses) -> Mapping[str, bytes]:
    cas = _cas(document, one, losses, lambda value: _without_control(value, losses))
    return {".xmi": cas.to_xmi().encode()}


def _render_json(document: Document, one: AnnotationSet, losses: Losses) -> Mapping[str, bytes]:
    from cassis.typesystem import TypeSystemMode  # type: ignore[import-untyped]

    cas = _cas(document, one, losses, str)
    return {".json": cas.to_json(type_system_mode=TypeSystemMode.MINIMAL).encode()}


def _without_control(value: str, losses: Losses) -> str:
    plain, times = _NO_XML.subn(" ", value)
    losses.add(Loss.CONTROL, times)
    return plain


def _cas(document: Document, one: AnnotationSet, losses: Losses, plain: Callable[[str], str]) -> Any:
    from cassis import Cas

    count_dropped(Document(id="", text="", annotation_sets=(one,)), losses, carries=_CARRIES)
    types = _type_system()
    make_span, make_relation = types.get_type(SPAN), types.get_type(RELATION)
    cas = Cas(typesystem=types)
    cas.sofa_string = plain(document.text)
    cas.sofa_mime = "text/plain"
    firsts: dict[str, Any] = {}
    for span in ordered_spans(one):
        attributes = orjson.dumps(dict(sorted(span.attributes.items()))).decode() if span.attributes else ""
        values = (span.label, span.id, span.entity, span.note, attributes)
        texts = {name: plain(value) for name, value in zip(_TEXTS, values, strict=True) if value}
        for number, (start, end) in enumerate(span.fragments):
            part = make_span(begin=start, end=end, fragment=number, **texts)
            cas.add(part)
            firsts.setdefault(span.id, part)
    for relation in ordered_relations(one):
        source, target = firsts[relation.source], firsts[relation.target]
        texts = {"label": plain(relation.label), **({"relationId": plain(relation.id)} if relation.id else {})}
        cas.add(make_relation(begin=target.begin, end=target.end, Governor=source, Dependent=target, **texts))
    return cas


def _parse_xmi(archive: Archive | SingleFile, stem: str) -> tuple[str, dict[str, Any]]:
    from cassis import load_cas_from_xmi, load_typesystem

    def load() -> Any:
        types = _type_system()
        if TYPE_SYSTEM in archive:
            types = load_typesystem(BytesIO(_xml(archive.read(TYPE_SYSTEM, MAX_FILE))))
        return load_cas_from_xmi(BytesIO(_xml(archive.read(f"{stem}.xmi", MAX_FILE))), typesystem=types)

    return _native(_loaded(load))


def _parse_json(archive: Archive | SingleFile, stem: str) -> tuple[str, dict[str, Any]]:
    from cassis import load_cas_from_json

    return _native(_loaded(lambda: load_cas_from_json(decode(archive.read(f"{stem}.json", MAX_FILE)))))


def _xml(data: bytes) -> bytes:
    """XML that declares nothing: no entities that grow, none that name files."""
    text = decode(data)
    if _DECLARATIONS.search(text):
        raise InvalidData(_("the XML declares a document type or entities; that is not read."))
    return re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", text).encode()


def _loaded(load: Callable[[], Any]) -> Any:
    try:
        with _warnings, warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            cas = load()
            misplaced = [str(one.message) for one in told if "offset [" in str(one.message)]
    except InvalidData:
        raise
    except RecursionError:
        raise InvalidData(_("the CAS is nested too deeply.")) from None
    except Exception as error:  # noqa: BLE001 - whatever the library meets in a damaged file
        is_told = not isinstance(error, AttributeError | KeyError | TypeError | IndexError) and str(error)
        reason = shorten(str(error)).rstrip(".") if is_told else "something in it is missing or of the wrong kind"
        raise InvalidData(_("the CAS cannot be read: %(reason)s.") % {"reason": reason}) from None
    if misplaced:
        offset = misplaced[0].partition("[")[2].partition("]")[0]
        raise InvalidData(_("the offset %(offset)s lies outside the text or inside a character.") % {"offset": offset})
    return cas


def _native(cas: Any) -> tuple[str, dict[str, Any]]:
    """The raw text and the raw set of a CAS."""
    raw = cas.sofa_string
    if not isinstance(raw, str):
        raise InvalidData(_("the CAS has no text."))
    losses = Losses()
    spans: dict[str, dict[str, Any]] = {}
    keys: dict[int, str] = {}
    links = []
    for number, found in enumerate(_loaded(cas.select_all_annotations), start=1):
        name = found.type.name
        if _ANALYSIS.search(name):
            losses.add(Loss.OTHERS, not name.startswith("uima."))
        elif _value(found, "Governor") is not None and _value(found, "Dependent") is not None:
            links.append(found)
        else:
            keys[id(found)] = _add_span(spans, found, number)
    text = normalise_text(raw)
    for span in spans.values():
        span["fragments"] = [[start, end] for _order, start, end in sorted(span["fragments"], key=lambda part: part[0])]
        if text == raw and all(type(at) is int for part in span["fragments"] for at in part):
            span["quote"] = quote_of(text, span["fragments"])
    relations = []
    for link in links:
        source, target = (keys.get(id(_value(link, end)), "") for end in ("Governor", "Dependent"))
        relation = {"label": _label(link), "source": source, "target": target}
        relations.append({**relation, "id": str(_value(link, "relationId") or "")})
    return raw, {"spans": list(spans.values()), "relations": relations, "losses": losses}


def _add_span(spans: dict[str, dict[str, Any]], found: Any, number: int) -> str:
    key = str(_value(found, "spanId") or f"a{number}")
    span = spans.setdefault(key, {"id": key, "fragments": []})
    order = _value(found, "fragment")
    span["label"] = _label(found)
    span["fragments"].append((order if type(order) is int else len(span["fragments"]), found.begin, found.end))
    for name in ("entity", "note"):
        if value := _value(found, name):
            span[name] = str(value)
    if attributes := _value(found, "attributes"):
        span["attributes"] = attributes_in(str(attributes))
    return key


def _label(found: Any) -> str:
    given = next((value for name in _LABELS if (value := _value(found, name))), "")
    return str(given) or str(found.type.name).rpartition(".")[2].lower()


def _value(found: Any, feature: str) -> Any:
    return getattr(found, feature, None)
