"""An annotation set to the rows of WebAnno TSV."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from annotations.domain.documents import AnnotationSet, Document, Fragment, Fragments, Relation, Span
from annotations.domain.offsets import Counting, Unit, positions
from annotations.formats.losses import Loss, Losses, count_dropped
from annotations.formats.reducing import reduced, trimmed
from annotations.formats.tokens import covering, words_in
from annotations.formats.webanno.escapes import (
    NOTHING,
    NULL,
    RELATION_FEATURES,
    RELATION_LAYER,
    SPAN_FEATURES,
    SPAN_LAYER,
    escape,
)
from annotations.formats.writing import ordered_relations, ordered_spans

_CARRIES = frozenset(("details", "sets", "set details", "relations", "entities", "attributes", "notes", "ids"))
_HEADER = f"""#FORMAT=WebAnno TSV 3.3
#T_SP={SPAN_LAYER}|{"|".join(SPAN_FEATURES)}
#T_RL={RELATION_LAYER}|{"|".join(RELATION_FEATURES)}|BT_{SPAN_LAYER}

"""
_LINE_ENDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(slots=True)
class _Unit:
    """A token, or a part of one, with what is annotated on it."""

    name: str
    at: Fragment
    annotations: list[_Annotation] = field(default_factory=list)
    relations: list[tuple[Relation, _Annotation, _Annotation]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Annotation:
    """A fragment of a span and its number (0: none is needed)."""

    span: Span
    units: list[_Unit] = field(default_factory=list)
    number: int = 0


def render(document: Document, one: AnnotationSet, losses: Losses) -> Mapping[str, bytes]:
    """The file, and the text, which the file alone would give without the white space around its lines."""
    text = document.text
    fitting = reduced(one, ((span, _fitting(span, text, losses)) for span in ordered_spans(one)), losses)
    count_dropped(Document(id="", text="", annotation_sets=(fitting,)), losses, carries=_CARRIES)
    rows = _Rows(text, fitting, losses)
    return {".tsv": "".join([_HEADER, *rows.lines()]).encode(), ".txt": text.encode()}


def _fitting(span: Span, text: str, losses: Losses) -> Fragments:
    pieces = tuple(piece for start, end in span.fragments if (piece := trimmed(text, start, end)))
    losses.add(Loss.MOVED, bool(pieces) and pieces != span.fragments)
    return pieces


class _Rows:
    def __init__(self, text: str, one: AnnotationSet, losses: Losses) -> None:
        self._text = text
        self._losses = losses
        self._table = positions(text, Counting(Unit.UTF_16))
        self._tokens = words_in(text)
        self._names = list(self._named())
        self._units: list[dict[Fragment, _Unit]] = [
            {at: _Unit(name, at)} for at, name in zip(self._tokens, self._names, strict=True)
        ]
        annotations = [_Annotation(span) for span in ordered_spans(one) for _ in span.fragments]
        fragments = [fragment for span in ordered_spans(one) for fragment in span.fragments]
        firsts: dict[str, _Annotation] = {}
        for annotation, fragment in zip(annotations, fragments, strict=True):
            self._place(annotation, fragment)
            firsts.setdefault(annotation.span.id, annotation)
        self._number(annotations)
        for relation in ordered_relations(one):
            source, target = firsts[relation.source], firsts[relation.target]
            target.units[0].relations.append((relation, source, target))

    def _named(self) -> Iterator[str]:
        """`sentence-token` of each token; a sentence is a line with a token."""
        sentence = token = 0
        end = -1
        for start, after in self._tokens:
            if sentence == 0 or "\n" in self._text[end:start]:
                sentence, token = sentence + 1, 0
            token += 1
            end = after
            yield f"{sentence}-{token}"

    def _place(self, annotation: _Annotation, fragment: Fragment) -> None:
        first, last = covering(self._tokens, *fragment) or (0, -1)
        for index in range(first, last + 1):
            start, end = self._tokens[index]
            at = max(start, fragment[0]), min(end, fragment[1])
            unit = self._units[index].setdefault(at, _Unit("", at))
            unit.annotations.append(annotation)
            annotation.units.append(unit)

    def _number(self, annotations: Sequence[_Annotation]) -> None:
        number = 0
        for annotation in annotations:
            if len(annotation.units) > 1 or len(annotation.units[0].annotations) > 1:
                annotation.number = number = number + 1
        for name, units in zip(self._names, self._units, strict=True):
            parts = sorted((unit for unit in units.values() if not unit.name), key=lambda unit: unit.at)
            for position, unit in enumerate(parts, start=1):
                unit.name = f"{name}.{position}"

    def lines(self) -> Iterator[str]:
        """The rows, with the text of its sentence before the first of each."""
        breaks = [index for index, character in enumerate(self._text) if character == "\n"]
        sentence = ""
        for name, units in zip(self._names, self._units, strict=True):
            number = name.partition("-")[0]
            if number != sentence:
                start = next(iter(units))[0]
                position = bisect_right(breaks, start)
                line_start = breaks[position - 1] + 1 if position else 0
                line_end = breaks[position] if position < len(breaks) else len(self._text)
                line = self._text[line_start:line_end].replace("\\", "\\\\").replace("\t", "\\t")
                yield f"{chr(10) if sentence else ''}#Text={line}\n"
                sentence = number
            for unit in sorted(units.values(), key=lambda unit: ("." in unit.name, unit.at)):
                yield self._row(unit)

    def _row(self, unit: _Unit) -> str:
        start, end = unit.at
        cells = [unit.name, f"{self._table[start]}-{self._table[end]}", self._text[start:end]]
        if unit.annotations:
            values = [self._values(annotation) for annotation in unit.annotations]
            cells += ["|".join(column) for column in zip(*values, strict=True)]
        else:
            cells += [NOTHING] * len(SPAN_FEATURES)
        if unit.relations:
            links = [self._link(*relation) for relation in unit.relations]
            cells += ["|".join(column) for column in zip(*links, strict=True)]
        else:
            cells += [NOTHING] * (len(RELATION_FEATURES) + 1)
        return "\t".join([*cells, "\n"])

    def _values(self, annotation: _Annotation) -> list[str]:
        span = annotation.span
        attributes = orjson.dumps(dict(sorted(span.attributes.items()))).decode() if span.attributes else ""
        suffix = f"[{annotation.number}]" if annotation.number else ""
        values = (span.label, span.id, span.entity, span.note, attributes)
        return [f"{self._cell(value)}{suffix}" for value in values]

    def _link(self, relation: Relation, source: _Annotation, target: _Annotation) -> list[str]:
        numbers = f"[{source.number}_{target.number}]" if source.number or target.number else ""
        return [self._cell(relation.label), self._cell(relation.id), f"{source.units[0].name}{numbers}"]

    def _cell(self, value: str) -> str:
        plain = _LINE_ENDS.sub(" ", value)
        self._losses.add(Loss.REWRITTEN, plain != value)
        return escape(plain) if plain else NULL
