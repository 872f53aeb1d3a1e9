"""From the native form, as plain mappings that JSON or a table gives, to documents.

Reading refuses whatever the database would refuse, in a sentence that names the field; strings come in without NUL or
lone surrogates (the callers see to that where it can be done for a whole line at once), except the text, checked here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from annotations.domain.documents import NOTHING, AnnotationSet, Document, Fragments, Relation, Span, quote_of
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import check_text, join_fragments, place, shorten
from annotations.domain.wording import _, marked
from annotations.formats.fields import (
    LIMITS,
    check_date,
    check_json,
    check_keys,
    kind_of,
    list_of,
    required_text,
    text_of,
)
from annotations.formats.items import KINDS, ReadOptions

ARTICLE_TEXTS: Final = ("title", "url", "outlet", "author", "section", "published_at", "language", "license")
DOCUMENT_KEYS: Final = frozenset(("id", "text", *ARTICLE_TEXTS, "metadata", "annotation_sets"))
SET_TEXTS: Final = ("annotator", "state", "source", "engine", "version")
SET_KEYS: Final = frozenset(("kind", "guideline", *SET_TEXTS, "spans", "relations"))
SPAN_KEYS: Final = frozenset(
    ("id", "label", "fragments", "quote", "entity", "attributes", "note", "origin", "score", "sources")
)
# What nearly all spans consist of: they are read without looking for more.
_PLAIN_SPAN: Final = frozenset(("id", "label", "fragments", "quote", "entity"))
RELATION_KEYS: Final = frozenset(("id", "label", "source", "target"))

STATES: Final = {
    "annotator": ("", "in_progress", "submitted", "returned", "skipped", "released"),
    "gold": ("", "open", "done"),
    "suggestion": ("", "ready"),
}
ORIGINS: Final = ("", "typed", "suggested", "propagated", "imported")
MAX_DOCUMENT_ID: Final = 500
_UNKNOWN_KIND: Final = marked("kind must be one of %(value)s, not “%(kind)s”.")
_NO_ANNOTATOR: Final = marked("annotator is missing: whose work is it?")


def asks_whose(problem: str) -> bool:
    """Whether the sentence, in the language of the moment, says that a file does not tell whose labels it has."""
    return _(_UNKNOWN_KIND).partition("%")[0] in problem or _(_NO_ANNOTATOR) in problem


def document_of(raw: object, options: ReadOptions) -> Document:
    """The document a mapping means, or `InvalidData` with a sentence that names the field that is wrong."""
    if type(raw) is not dict:
        raise InvalidData(_("a document must be an object, not %(kind)s.") % {"kind": kind_of(raw)})
    key = required_text(raw, "id", MAX_DOCUMENT_ID)
    if "text" not in raw:
        raise InvalidData(_("text is missing."))
    raw_text = raw["text"]
    if type(raw_text) is not str:
        raise InvalidData(_("text must be a text, not %(kind)s.") % {"kind": kind_of(raw_text)})
    text = check_text(raw_text)
    fields = {name: text_of(raw, name) for name in ARTICLE_TEXTS if raw.get(name) is not None}
    if fields.get("published_at"):
        check_date(fields["published_at"])
    return Document(
        id=key,
        text=text,
        metadata=_metadata(raw),
        annotation_sets=_annotation_sets(raw.get("annotation_sets"), raw_text, text, options),
        **fields,
    )


def _annotation_sets(raws: object, raw_text: str, text: str, options: ReadOptions) -> tuple[AnnotationSet, ...]:
    if raws is None:
        return ()
    if type(raws) is not list:
        raise InvalidData(_("annotation_sets must be a list, not %(kind)s.") % {"kind": kind_of(raws)})
    mentions: list[tuple[Fragments, str | None]] = []
    names: list[tuple[int, int]] = []
    for index, raw in enumerate(raws):
        if type(raw) is not dict:
            raise InvalidData(
                _("annotation_sets[%(index)s] must be an object, not %(kind)s.")
                % {"index": index, "kind": kind_of(raw)}
            )
        for position, span in enumerate(list_of(raw, "spans", f"annotation_sets[{index}].")):
            try:
                mentions.append(_mention(span))
            except InvalidData as error:
                raise InvalidData(f"{_path(index, 'spans', position, span)}: {error.detail}") from None
            names.append((index, position))

    def name(mention: int) -> str:
        index, position = names[mention]
        return _path(index, "spans", position, raws[index]["spans"][position])

    placed = iter(place(raw_text, mentions, unit=options.offsets, newlines=options.newlines, name=name))
    found: list[AnnotationSet] = []
    for index, raw in enumerate(raws):
        spans = [_span(span, next(placed), text) for span in list_of(raw, "spans", "")]
        try:
            _check_once(spans)
            relations = _relations(raw, {span.id for span in spans})
            found.append(_annotation_set(raw, spans, relations, options))
        except InvalidData as error:
            raise InvalidData(
                _("annotation_sets[%(index)s]: %(detail)s") % {"index": index, "detail": error.detail}
            ) from None
    _check_sets_once(found)
    return tuple(found)


def _annotation_set(
    raw: dict[str, Any], spans: Sequence[Span], relations: Sequence[Relation], options: ReadOptions
) -> AnnotationSet:
    check_keys(raw, SET_KEYS)
    kind = text_of(raw, "kind") or options.kind
    if kind == "majority":
        raise InvalidData(_("kind majority is computed from the annotators' sets and cannot be imported."))
    if kind not in KINDS:
        raise InvalidData(_(_UNKNOWN_KIND) % {"value": ", ".join(KINDS), "kind": shorten(kind)})
    texts = {name: text_of(raw, name) for name in SET_TEXTS}
    if kind == "annotator":
        texts["annotator"] = texts["annotator"] or options.annotator
        if not texts["annotator"].strip():
            raise InvalidData(_(_NO_ANNOTATOR))
    elif texts["annotator"]:
        raise InvalidData(_("a set of kind %(kind)s has no annotator.") % {"kind": kind})
    if kind != "suggestion" and (texts["source"] or texts["engine"] or texts["version"]):
        raise InvalidData(_("only sets of kind suggestion have source, engine and version."))
    if texts["state"] not in STATES[kind]:
        allowed = ", ".join(filter(None, STATES[kind]))
        raise InvalidData(
            _("state of a set of kind %(kind)s is one of %(allowed)s, not “%(texts)s”.")
            % {"kind": kind, "allowed": allowed, "texts": shorten(texts["state"])}
        )
    guideline = raw.get("guideline")
    if guideline is not None and (type(guideline) is not int or not 0 < guideline < 2**31):
        raise InvalidData(_("guideline must be a whole number from 1 on."))
    return AnnotationSet(kind=kind, guideline=guideline, spans=tuple(spans), relations=tuple(relations), **texts)


def _mention(raw: object) -> tuple[Fragments, str | None]:
    """The fragments and the quote of a span as they stand in the file."""
    if type(raw) is not dict:
        raise InvalidData(_("a span must be an object, not %(kind)s.") % {"kind": kind_of(raw)})
    if not raw.keys() <= SPAN_KEYS:
        check_keys(raw, SPAN_KEYS)
    value = raw.get("fragments")
    if type(value) is not list or not value:
        raise InvalidData(_("fragments must be a list of [start, end] pairs."))
    fragments = []
    for pair in value:
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not int or type(pair[1]) is not int:
            raise InvalidData(
                _("fragments must be [start, end] pairs of whole numbers, not %(pair)s.") % {"pair": shorten(str(pair))}
            )
        fragments.append((pair[0], pair[1]))
    quote = raw.get("quote")
    if quote is not None and type(quote) is not str:
        raise InvalidData(_("quote must be a text, not %(kind)s.") % {"kind": kind_of(quote)})
    if len(fragments) > 1:
        join_fragments(tuple(fragments), 2**31)  # mistakes that need no text are told before quotes are compared
    _check_span(raw)
    return tuple(fragments), quote or None


def _check_span(raw: dict[str, Any]) -> None:
    key, label = raw.get("id"), raw.get("label")
    if type(key) is not str or type(label) is not str or not 0 < len(key) <= 200 or not 0 < len(label) <= 40:
        required_text(raw, "id", LIMITS["id"])
        required_text(raw, "label", LIMITS["label"])
    if raw.get("entity") is not None:
        text_of(raw, "entity")
    if len(raw) <= 5 and raw.keys() <= _PLAIN_SPAN:
        return
    text_of(raw, "note")
    _check_attributes(raw.get("attributes"))
    if raw.get("origin") is not None and raw["origin"] not in ORIGINS:
        raise InvalidData(_("origin is one of %(value)s.") % {"value": ", ".join(filter(None, ORIGINS))})
    score = raw.get("score")
    if score is not None and type(score) is not float and type(score) is not int:
        raise InvalidData(_("score must be a number, not %(kind)s.") % {"kind": kind_of(score)})
    sources = raw.get("sources")
    if sources is not None and (type(sources) is not list or not all(type(one) is str for one in sources)):
        raise InvalidData(_("sources must be a list of texts."))


def _check_attributes(attributes: object) -> None:
    if attributes is None:
        return
    if type(attributes) is not dict:
        raise InvalidData(_("attributes must be an object, not %(kind)s.") % {"kind": kind_of(attributes)})
    for name, value in attributes.items():
        if not name or len(name) > 40:
            raise InvalidData(_("the name of an attribute has 1 to 40 characters."))
        if value is not None and (type(value) is not str or len(value) > 80):
            raise InvalidData(_("attributes.%(name)s must be a text of at most 80 characters.") % {"name": name})


def _span(raw: dict[str, Any], fragments: Fragments, text: str) -> Span:
    """The span of a mapping that `_mention` accepted."""
    quote = text[fragments[0][0] : fragments[0][1]] if len(fragments) == 1 else quote_of(text, fragments)
    if len(raw) <= 5 and not raw.get("entity") and raw.keys() <= _PLAIN_SPAN:
        return Span(id=raw["id"], label=raw["label"], fragments=fragments, quote=quote)
    attributes = raw.get("attributes")
    score = raw.get("score")
    return Span(
        id=raw["id"],
        label=raw["label"],
        fragments=fragments,
        quote=quote,
        entity=text_of(raw, "entity"),
        attributes={name: value for name, value in attributes.items() if value} if attributes else NOTHING,
        note=text_of(raw, "note"),
        origin=raw.get("origin") or "",
        score=None if score is None else float(score),
        sources=tuple(raw.get("sources") or ()),
    )


def _relations(raw: dict[str, Any], spans: set[str]) -> list[Relation]:
    found: list[Relation] = []
    for position, value in enumerate(list_of(raw, "relations", "")):
        try:
            found.append(_relation(value, spans))
        except InvalidData as error:
            name = value.get("id") if type(value) is dict else None
            raise InvalidData(
                _("relations[%(position)s]%(in_brackets)s: %(detail)s")
                % {"position": position, "in_brackets": _in_brackets(name), "detail": error.detail}
            ) from None
    _refuse_twice("relations", "id", (relation.id for relation in found if relation.id))
    _refuse_twice(
        "relations",
        "label, source and target",
        (f"{relation.label} {relation.source} {relation.target}" for relation in found),
    )
    return found


def _relation(raw: object, spans: set[str]) -> Relation:
    if type(raw) is not dict:
        raise InvalidData(_("a relation must be an object, not %(kind)s.") % {"kind": kind_of(raw)})
    check_keys(raw, RELATION_KEYS)
    label, source, target = (required_text(raw, name, LIMITS[name]) for name in ("label", "source", "target"))
    for end, value in (("source", source), ("target", target)):
        if value not in spans:
            raise InvalidData(
                _("%(end)s “%(value)s” is not the id of a span of this set.") % {"end": end, "value": shorten(value)}
            )
    if source == target:
        raise InvalidData(_("source and target are the same span."))
    return Relation(id=text_of(raw, "id"), label=label, source=source, target=target)


def _check_once(spans: Sequence[Span]) -> None:
    if len({span.id for span in spans}) != len(spans):
        _refuse_twice("spans", "id", (span.id for span in spans))
    if len({(span.label, span.fragments) for span in spans}) != len(spans):
        _refuse_twice(
            "spans",
            "label and fragments",
            (f"{span.label} {', '.join(f'[{a}, {b})' for a, b in span.fragments)}" for span in spans),
        )


def _check_sets_once(sets: Sequence[AnnotationSet]) -> None:
    authors = [f"{one.kind} {one.annotator or one.source}" for one in sets]
    _refuse_twice("annotation_sets", "kind and author", authors)


def _refuse_twice(things: str, what: str, values: Iterable[str]) -> None:
    for value, times in Counter(values).items():
        if times > 1:
            raise InvalidData(
                _("%(times)s %(things)s have the same %(what)s: “%(value)s”.")
                % {"times": times, "things": things, "what": what, "value": shorten(value)}
            )


def _metadata(raw: dict[str, Any]) -> Mapping[str, Any]:
    """The metadata of a document, with the keys this form does not know."""
    value = raw.get("metadata")
    if value is not None and type(value) is not dict:
        raise InvalidData(_("metadata must be an object, not %(kind)s.") % {"kind": kind_of(value)})
    unknown = (
        {}
        if raw.keys() <= DOCUMENT_KEYS
        else {key: raw[key] for key in raw if key not in DOCUMENT_KEYS and raw[key] is not None}
    )
    if not value and not unknown:
        return NOTHING
    metadata = dict(value or ())
    for key, given in unknown.items():
        if metadata.setdefault(key, given) != given:
            raise InvalidData(
                _("“%(key)s” stands beside metadata and in it, with different values.") % {"key": shorten(key)}
            )
    check_json(metadata, "metadata", 1)
    return metadata


def _path(index: int, field: str, position: int, raw: object) -> str:
    name = raw.get("id") if type(raw) is dict else None
    return f"annotation_sets[{index}].{field}[{position}]{_in_brackets(name)}"


def _in_brackets(name: object) -> str:
    return f" ({shorten(name)})" if type(name) is str and name else ""
