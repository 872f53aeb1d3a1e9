"""What is in a stream of documents, counted while it passes by: what a data card and a manifest say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from annotations.domain.documents import Document

UNKNOWN: Final = "unknown"
_COLUMNS: Final = (
    "title", "text", "url", "outlet", "author", "section", "published_at", "language", "license", "metadata",
    "annotation_sets",
)  # fmt: skip


@dataclass(slots=True)
class Tally:
    """Counts of articles by language, licence, outlet, part of a split and day; of sets, spans and relations by kind.

    `columns` are the keys of the native form that any article has.
    """

    articles: int = 0
    characters: int = 0
    annotation_sets: int = 0
    annotators: set[str] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    spans: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)
    outlets: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    guidelines: Counter[int] = field(default_factory=Counter)
    columns: set[str] = field(default_factory=set)
    first_day: str = ""
    last_day: str = ""

    def of(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The same documents, counted."""
        for document in documents:
            self._add(document)
            yield document

    def as_json(self) -> dict[str, Any]:
        """The counts, sorted, as they stand in a manifest."""
        return {
            "articles": self.articles,
            "characters": self.characters,
            "annotation_sets": self.annotation_sets,
            "annotators": len(self.annotators),
            "spans": self.spans.total(),
            "relations": self.relations.total(),
            "spans_by_label": dict(sorted(self.spans.items())),
            "relations_by_label": dict(sorted(self.relations.items())),
            "languages": dict(sorted(self.languages.items())),
            "splits": dict(sorted(self.parts.items())),
        }

    def _add(self, document: Document) -> None:
        self.articles += 1
        self.characters += document.metadata.get("text_characters") or len(document.text)
        self.columns.update(name for name in _COLUMNS if getattr(document, name))
        self.languages[document.language or UNKNOWN] += 1
        self.licences[document.license or UNKNOWN] += 1
        if document.outlet:
            self.outlets[document.outlet] += 1
        if part := document.metadata.get("split"):
            self.parts[str(part)] += 1
        if day := document.published_at[:10]:
            self.first_day = min(self.first_day or day, day)
            self.last_day = max(self.last_day, day)
        for one in document.annotation_sets:
            self.annotation_sets += 1
            self.kinds[one.kind] += 1
            if one.annotator:
                self.annotators.add(one.annotator)
            if one.guideline:
                self.guidelines[one.guideline] += 1
            self.spans.update(span.label for span in one.spans)
            self.relations.update(relation.label for relation in one.relations)
