"""Spans in formats without fragments: a part for each fragment, held together by relations called `fragment`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

from annotations.domain.documents import QUOTE_JOINER, AnnotationSet, Fragment, Span
from annotations.formats.losses import Loss, Losses
from annotations.formats.writing import ordered_spans

FRAGMENT: Final = "fragment"


def without_fragment_label(one: AnnotationSet, losses: Losses) -> AnnotationSet:
    """The set without relations that would be taken for those between parts."""
    kept = tuple(relation for relation in one.relations if relation.label != FRAGMENT)
    losses.add(Loss.RELATIONS, len(one.relations) - len(kept))
    return one if len(kept) == len(one.relations) else replace(one, relations=kept)


@dataclass(slots=True)
class Part:
    """A fragment of a span (code points, half open) with an id of its own; the first part's is the span's."""

    id: str
    span: Span
    fragment: Fragment
    is_first: bool


def parts_of(one: AnnotationSet) -> list[Part]:
    """The parts of all spans, in the order of the spans."""
    taken = {span.id for span in one.spans}
    found = []
    for span in ordered_spans(one):
        for number, fragment in enumerate(span.fragments, start=1):
            key = span.id if number == 1 else _free(f"{span.id}.{number}", taken)
            found.append(Part(key, span, fragment, number == 1))
    return found


def links_of(parts: Sequence[Part]) -> list[tuple[str, str]]:
    """The ids of parts that belong together: each with the next one of its span."""
    return [(before.id, part.id) for before, part in pairwise(parts) if not part.is_first]


def _free(key: str, taken: set[str]) -> str:
    while key in taken:
        key += "'"
    taken.add(key)
    return key


@dataclass(slots=True)
class RawSpans:
    """The parts of a file as they come in, and the native spans they make up."""

    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, start: Any, end: Any, quote: Any, **fields: Any) -> None:
        """A part with the fields of its span; the same id a second time is another span."""
        taken = key
        while taken in self.parts:
            taken += "'"
        fields = {name: value for name, value in fields.items() if value}
        self.parts[taken] = {"id": taken, **fields, "fragments": [[start, end]], "quotes": [quote]}

    def join(self, before: str, part: str) -> None:
        """Say that a part belongs to the one before."""
        self.before[part] = before

    def first(self, key: str) -> str:
        """The id of the span that a part belongs to."""
        seen = {key}
        while (before := self.before.get(key)) is not None and before in self.parts and before not in seen:
            key = before
            seen.add(key)
        return key

    def spans(self) -> list[dict[str, Any]]:
        """The native spans, their quotes only where each part has one."""
        found: dict[str, dict[str, Any]] = {}
        rest = []
        for key, part in self.parts.items():
            if self.first(key) == key:
                found[key] = part
            else:
                rest.append((self.first(key), part))
        for key, part in rest:
            span = found[key]
            span["fragments"] += part["fragments"]
            span["quotes"] += part["quotes"]
        return [_native(span) for span in found.values()]


def _native(span: Mapping[str, Any]) -> dict[str, Any]:
    raw = {name: value for name, value in span.items() if name != "quotes"}
    quotes: Iterable[Any] = span["quotes"]
    if all(isinstance(quote, str) and quote for quote in quotes):
        raw["quote"] = QUOTE_JOINER.join(quotes)
    return raw
