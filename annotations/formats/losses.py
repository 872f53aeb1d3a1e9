"""What a format cannot carry, counted by its writer (or reader) while it works: nothing is lost unsaid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Final

from annotations.domain.documents import AnnotationSet, Document

type Counted = Callable[[str, str, int], str]
"""Says one sentence or the other of a number, as `ngettext` chooses."""


class Loss(StrEnum):
    """A kind of loss; each is counted in things a person can look at."""

    ARTICLES = "articles_dropped"
    SETS = "sets_dropped"
    SPANS = "spans_dropped"
    NESTED = "nested_dropped"
    CROSSING = "crossing_dropped"
    MERGED = "spans_merged"
    SPLIT = "fragments_split"
    JOINED = "fragments_joined"
    MOVED = "spans_moved"
    RELATIONS = "relations_dropped"
    ENTITIES = "entities_dropped"
    ATTRIBUTES = "attributes_dropped"
    NOTES = "notes_dropped"
    ORIGINS = "origins_dropped"
    IDS = "ids_dropped"
    DETAILS = "details_dropped"
    SET_DETAILS = "set_details_dropped"
    REWRITTEN = "values_rewritten"
    CONTROL = "control_characters_replaced"
    OTHERS = "others_dropped"


def _both(one: str, many: str) -> tuple[str, str]:
    """Marks the two for translation."""
    return one, many


SENTENCES: Final[dict[Loss, tuple[str, str]]] = {
    Loss.ARTICLES: _both("%(n)s article is left out.", "%(n)s articles are left out."),
    Loss.SETS: _both("%(n)s annotation set is left out.", "%(n)s annotation sets are left out."),
    Loss.SPANS: _both("%(n)s span is left out.", "%(n)s spans are left out."),
    Loss.NESTED: _both(
        "%(n)s span inside or equal to another one is left out.",
        "%(n)s spans inside or equal to other ones are left out.",
    ),
    Loss.CROSSING: _both(
        "%(n)s span that crosses another one is left out.",
        "%(n)s spans that cross other ones are left out.",
    ),
    Loss.MERGED: _both(
        "%(n)s span becomes the same as another one.",
        "%(n)s spans become the same as other ones.",
    ),
    Loss.SPLIT: _both(
        "%(n)s span of several fragments falls into spans of its own.",
        "%(n)s spans of several fragments fall into spans of their own.",
    ),
    Loss.JOINED: _both(
        "%(n)s span loses the gap between its fragments.",
        "%(n)s spans lose the gaps between their fragments.",
    ),
    Loss.MOVED: _both(
        "%(n)s span begins or ends elsewhere: the format knows fewer places.",
        "%(n)s spans begin or end elsewhere: the format knows fewer places.",
    ),
    Loss.RELATIONS: _both("%(n)s relation is left out.", "%(n)s relations are left out."),
    Loss.ENTITIES: _both("The entity of %(n)s span is left out.", "The entities of %(n)s spans are left out."),
    Loss.ATTRIBUTES: _both("%(n)s attribute is left out.", "%(n)s attributes are left out."),
    Loss.NOTES: _both("The note of %(n)s span is left out.", "The notes of %(n)s spans are left out."),
    Loss.ORIGINS: _both(
        "Origin, score and sources of %(n)s span are left out.",
        "Origin, score and sources of %(n)s spans are left out.",
    ),
    Loss.IDS: _both(
        "%(n)s span or relation is called by a number of the format's own.",
        "%(n)s spans and relations are called by numbers of the format's own.",
    ),
    Loss.DETAILS: _both(
        "Details of %(n)s article, such as title or outlet, are left out.",
        "Details of %(n)s articles, such as title or outlet, are left out.",
    ),
    Loss.SET_DETAILS: _both(
        "State, guideline or engine of %(n)s annotation set is left out.",
        "State, guideline or engine of %(n)s annotation sets is left out.",
    ),
    Loss.REWRITTEN: _both(
        "%(n)s name or value is written with other characters.",
        "%(n)s names or values are written with other characters.",
    ),
    Loss.CONTROL: _both(
        "%(n)s control character becomes a space.",
        "%(n)s control characters become spaces.",
    ),
    Loss.OTHERS: _both(
        "%(n)s thing of the file has no place here and is left out.",
        "%(n)s things of the file have no place here and are left out.",
    ),
}


class Losses(Counter[Loss]):
    """How often each kind of loss happened."""

    def add(self, kind: Loss, times: int = 1) -> None:
        """It happened; `times` may be 0."""
        if times:
            self[kind] += times

    def rows(self, say: Counted | None = None) -> list[dict[str, Any]]:
        """`{kind, count, sentence}` of each kind that happened, in the order of `Loss`."""
        return [
            {"kind": kind.value, "count": self[kind], "sentence": sentence_of(kind, self[kind], say)}
            for kind in Loss
            if self[kind]
        ]


def sentence_of(kind: Loss, count: int, say: Counted | None = None) -> str:
    """The loss in words: in those of `say`, else in English, as files have it."""
    return (say or _in_english)(*SENTENCES[kind], count)


def _in_english(one: str, many: str, count: int) -> str:
    return (one if count == 1 else many) % {"n": f"{count:,}"}


# What `count_dropped` looks for, by the names writers use to say what their format carries.
PARTS: Final = frozenset(
    ("details", "sets", "set details", "relations", "entities", "attributes", "notes", "origins", "ids")
)
_DETAILS: Final = ("title", "url", "outlet", "author", "section", "published_at", "language", "license", "metadata")
_SET_DETAILS: Final = ("state", "guideline", "engine", "version")


def count_dropped(document: Document, losses: Losses, *, carries: frozenset[str]) -> None:
    """Count the plain fields of a document that a format without them drops; `carries` are those of `PARTS` it has."""
    if "details" not in carries:
        losses.add(Loss.DETAILS, any(getattr(document, name) for name in _DETAILS))
    if "sets" not in carries:
        losses.add(Loss.SETS, len(document.annotation_sets))
        return
    for one in document.annotation_sets:
        count_dropped_of_set(one, losses, carries=carries)


def count_dropped_of_set(one: AnnotationSet, losses: Losses, *, carries: frozenset[str]) -> None:
    """The same for one annotation set."""
    if "set details" not in carries:
        losses.add(Loss.SET_DETAILS, any(getattr(one, name) for name in _SET_DETAILS))
    if "relations" not in carries:
        losses.add(Loss.RELATIONS, len(one.relations))
    if "ids" not in carries:
        named = sum(bool(relation.id) for relation in one.relations) if "relations" in carries else 0
        losses.add(Loss.IDS, len(one.spans) + named)
    for span in one.spans:
        if span.entity and "entities" not in carries:
            losses.add(Loss.ENTITIES)
        if span.attributes and "attributes" not in carries:
            losses.add(Loss.ATTRIBUTES, len(span.attributes))
        if span.note and "notes" not in carries:
            losses.add(Loss.NOTES)
        if (span.origin or span.score is not None or span.sources) and "origins" not in carries:
            losses.add(Loss.ORIGINS)
