"""A document is an article with the annotation sets somebody may see: what readers yield and writers take.

All offsets are code points, half open. Empty strings, empty tuples and empty mappings mean "not given".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

type Fragment = tuple[int, int]
type Fragments = tuple[Fragment, ...]

QUOTE_JOINER: Final = " … "
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One or more fragments with one label."""

    id: str
    label: str
    fragments: Fragments
    quote: str | None = None
    entity: str = ""
    attributes: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    note: str = ""
    origin: str = ""
    score: float | None = None
    sources: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A labelled link between two spans of one annotation set, by their ids."""

    id: str
    label: str
    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationSet:
    """One author's labelling of one article."""

    kind: str
    annotator: str = ""
    state: str = ""
    guideline: int | None = None
    source: str = ""
    engine: str = ""
    version: str = ""
    spans: Sequence[Span] = ()
    relations: Sequence[Relation] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article with its news metadata and annotation sets; `published_at` is an ISO 8601 date or date and time."""

    id: str
    text: str
    title: str = ""
    url: str = ""
    outlet: str = ""
    author: str = ""
    section: str = ""
    published_at: str = ""
    language: str = ""
    license: str = ""
    metadata: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    annotation_sets: Sequence[AnnotationSet] = ()


def quote_of(text: str, fragments: Sequence[Fragment]) -> str:
    """The texts of the fragments (code points, half open) joined by one space, an ellipsis and one space."""
    return QUOTE_JOINER.join(text[start:end] for start, end in fragments)
