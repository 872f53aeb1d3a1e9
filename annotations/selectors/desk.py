"""What the desk shows: an article's text cut into segments, and the spans of one annotation set as a list.

All offsets are code points, half open. The number of queries does not grow with the article or its spans.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, starmap
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from annotations.domain.changes import Applied
from annotations.domain.documents import Fragments, quote_of
from annotations.domain.segments import Block, Segmented, segmented, text_blocks, touched
from annotations.models import AnnotationSet, Label, Relation, RelationLabel, Span

PAGE: Final = 100
"""How many items of the list are rendered at once; the others stand in it bare and are dressed when they come near."""

_QUOTE: Final = (60, 24)
_RANGES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSign:
    """How a label looks and what it carries; `letter` is its sign, `bar` whether its spans get a bar in the margin."""

    key: str
    name: str
    letter: str
    slot: int
    style: str
    shortcut: str
    bar: bool
    archived: bool
    attributes: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Sign:
    """What a segment needs to know of a span that covers it."""

    id: UUID
    label: LabelSign


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its blocks; more than one when it is long, each of which is then swapped alone."""

    number: int
    start: int
    astral: bool
    blocks: Sequence[Segmented]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A span as the list shows it. `links` are its relations to others, `wanted` relation labels it has none of yet."""

    id: UUID
    label: LabelSign
    fragments: Fragments
    revision: int
    entity: str
    attributes: Mapping[str, str]
    note: str
    origin: str
    text: str
    blocks: Sequence[Block]
    links: Sequence[tuple[Relation, RelationLabel, str]]
    wanted: Sequence[RelationLabel]

    @property
    def quote(self) -> str:
        """The words of the span on one line."""
        return shortened(quote_of(self.text, self.fragments))

    @property
    def paragraph(self) -> int:
        """The number of the paragraph it begins in."""
        return self.blocks[min(touched(self.blocks, self.fragments), default=0)].paragraph if self.blocks else 0

    @property
    def at(self) -> str:
        """The fragments as `120-161,175-230`."""
        return ",".join(f"{start}-{end}" for start, end in self.fragments)

    @property
    def relations(self) -> str:
        """Each relation as `id:label:target:revision`, separated by spaces."""
        return " ".join(f"{each.pk}:{label.key}:{each.target_id}:{each.revision}" for each, label, _quote in self.links)

    @property
    def attributes_json(self) -> str:
        """The attributes as JSON, empty if there are none."""
        return json.dumps(self.attributes, ensure_ascii=False) if self.attributes else ""

    @property
    def parts(self) -> int:
        """How many fragments."""
        return len(self.fragments)

    @property
    def has_facts(self) -> bool:
        """Whether there is something to say below the quote."""
        named = self.entity and self.entity != self.quote
        return bool(self.parts > 1 or self.links or self.wanted or self.attributes or self.note or named)


class _Row(NamedTuple):
    pk: UUID
    label_id: int
    fragments: Fragments
    entity: str | None
    attributes: Mapping[str, str]
    note: str
    origin: str
    revision: int


class Palette:
    """The labels and relation labels of a project, read once."""

    def __init__(self, project_id: UUID) -> None:
        self.relation_labels = list(RelationLabel.objects.filter(project=project_id).order_by("position", "pk"))
        sources = {each.source_label_id for each in self.relation_labels}
        labels = Label.objects.filter(project=project_id).order_by("position", "pk").prefetch_related("attributes")
        self.labels = {label.pk: _label_sign(label, bar=label.pk in sources) for label in labels}
        self.links = {each.pk: each for each in self.relation_labels}

    @property
    def active(self) -> list[LabelSign]:
        """The labels a new span can have, in their order."""
        return [sign for sign in self.labels.values() if not sign.archived]

    def wanted(self, label_id: int) -> list[RelationLabel]:
        """The first relation label that spans of this label are expected to have."""
        fitting = [each for each in self.relation_labels if each.source_label_id == label_id and not each.archived_at]
        return fitting[:1]


def desk_context(*, annotation_set: AnnotationSet, editable: bool, first: int = 0, only: str = "") -> dict[str, Any]:
    """The whole desk: text, list (dressed from item `first` on), labels, counters."""
    article = annotation_set.article
    palette = Palette(article.project_id)
    spans = _loaded(annotation_set.spans.all())
    items = _items(annotation_set, palette, spans, article.text)
    counts = _counts(palette, (span.label_id for span in spans))
    return {
        "annotation_set": annotation_set,
        "article": article,
        "project": article.project,
        "editable": editable,
        "text": article.text,
        "paragraphs": _paragraphs(text_blocks(article.text), palette, spans),
        "is_long": len(article.text) > 100_000 or len(spans) > 2_000,
        "items": items,
        "only": only,
        "labels": palette.active,
        "settings": desk_settings(palette),
        "counts": counts,
        "total": len(spans),
        "results": {"revision": annotation_set.revision, "results": []},
        "entities": sorted({span.entity for span in spans if span.entity}),
        **_page_of(items, first, only),
    }


def page_context(*, annotation_set: AnnotationSet, first: int, only: str = "", count: int = PAGE) -> dict[str, Any]:
    """The next items of the list (at most `count`), from `first` on, dressed; `only` those of a label."""
    palette = Palette(annotation_set.article.project_id)
    spans = annotation_set.spans.filter(label__key=only) if only else annotation_set.spans.all()
    page = _loaded(spans, slice(first, first + count))
    return {"page": _items(annotation_set, palette, page, annotation_set.article.text)}


def changes_context(*, annotation_set: AnnotationSet, applied: Applied) -> dict[str, Any]:
    """What a page has to swap after a batch: touched paragraphs or blocks, items of the list, counters, the results."""
    article = annotation_set.article
    palette = Palette(article.project_id)
    every = text_blocks(article.text)
    blocks = [every[position] for position in sorted(touched(every, applied.touched))]
    found = _loaded(annotation_set.spans.filter(_in_blocks(blocks) | Q(pk__in=applied.spans)))
    changed = [span for span in found if span.pk in applied.spans]
    counts = dict(annotation_set.spans.order_by().values_list("label").annotate(Count("pk")))
    whole = {number for number, parts in groupby(every, key=lambda block: block.paragraph) if len(list(parts)) == 1}
    return {
        "annotation_set": annotation_set,
        "text": article.text,
        "pieces": [
            (segments, segments.block.paragraph in whole, signs)
            for segments, signs in _segmented(blocks, palette, found)
        ],
        "items": _items(annotation_set, palette, changed, article.text, every),
        "gone": sorted(applied.gone | (applied.spans - {span.pk for span in found})),
        "counts": [(sign, counts.get(pk, 0)) for pk, sign in palette.labels.items()],
        "total": sum(counts.values()),
        "results": {"revision": applied.revision, "results": [result.as_json() for result in applied.results]},
    }


def desk_settings(palette: Palette) -> dict[str, Any]:
    """Labels and relation labels as the scripts of the page read them."""
    return {
        "labels": [
            {
                "key": sign.key,
                "name": sign.name,
                "letter": sign.letter,
                "slot": sign.slot,
                "shortcut": sign.shortcut,
                "attributes": list(sign.attributes),
            }
            for sign in palette.active
        ],
        "links": [
            {
                "key": link.key,
                "name": link.name,
                "shortcut": link.shortcut,
                "many": link.many,
                "source": palette.labels[link.source_label_id].key if link.source_label_id else None,
                "target": palette.labels[link.target_label_id].key if link.target_label_id else None,
            }
            for link in palette.relation_labels
            if not link.archived_at
        ],
    }


def _label_sign(label: Label, *, bar: bool) -> LabelSign:
    return LabelSign(
        key=label.key,
        name=label.name,
        letter=label.letter,
        slot=label.colour,
        style=label.line_style,
        shortcut=label.shortcut,
        bar=bar,
        archived=label.archived_at is not None,
        attributes=[{"key": each.key, "name": each.name, "choices": each.choices} for each in label.attributes.all()],
    )


def _loaded(spans: QuerySet[Span], part: slice = slice(None)) -> list[_Row]:
    """The spans in reading order; as rows, because thousands of model instances take longer than the page may."""
    columns = ("pk", "label_id", "fragments", "entity__name", "attributes", "note", "origin", "revision")
    return list(starmap(_Row, spans.order_by("start", "end", "pk").values_list(*columns)[part]))


def _in_blocks(blocks: Sequence[Block]) -> Q:
    """Spans whose hull meets one of the blocks; with many blocks, all between the first and the last."""
    ranges = [(block.start, block.end) for block in blocks]
    if len(ranges) > _RANGES:
        ranges = [(ranges[0][0], ranges[-1][1])]
    found = Q(pk__in=())
    for start, end in ranges:
        found |= Q(start__lt=end, end__gt=start)
    return found


def _segmented(
    blocks: Sequence[Block], palette: Palette, spans: Sequence[_Row]
) -> list[tuple[Segmented, Sequence[Sign]]]:
    signs = [Sign(span.pk, palette.labels[span.label_id]) for span in spans]
    return [(segments, signs) for segments in segmented(blocks, [span.fragments for span in spans])]


def _paragraphs(
    blocks: Sequence[Block], palette: Palette, spans: Sequence[_Row]
) -> list[tuple[Paragraph, Sequence[Sign]]]:
    cut = _segmented(blocks, palette, spans)
    signs = cut[0][1] if cut else ()
    number: Callable[[tuple[Segmented, Sequence[Sign]]], int] = lambda pair: pair[0].block.paragraph  # noqa: E731
    found = []
    for paragraph, group in groupby(cut, key=number):
        parts = [segments for segments, _signs in group]
        astral = any(segments.block.astral for segments in parts)
        found.append((Paragraph(paragraph, parts[0].block.start, astral, parts), signs))
    return found


def _items(
    annotation_set: AnnotationSet,
    palette: Palette,
    spans: Sequence[_Row],
    text: str,
    blocks: Sequence[Block] | None = None,
) -> list[Item]:
    fragments = {span.pk: span.fragments for span in spans}
    relations: dict[UUID, list[Relation]] = {}
    for relation in Relation.objects.filter(annotation_set=annotation_set, source__in=list(fragments)).order_by("pk"):
        relations.setdefault(relation.source_id, []).append(relation)
    targets = {each.target_id for linked in relations.values() for each in linked}
    fragments |= dict(Span.objects.filter(pk__in=targets - fragments.keys()).values_list("pk", "fragments"))
    quotes = {target: shortened(quote_of(text, fragments[target])) for target in targets}
    order = {key: position for position, key in enumerate(palette.links)}
    paragraphs = blocks if blocks is not None else text_blocks(text)
    found = []
    for span in spans:
        linked = sorted(relations.get(span.pk, ()), key=lambda each: (order[each.label_id], quotes[each.target_id]))
        held = {each.label_id for each in linked}
        item = Item(
            id=span.pk,
            label=palette.labels[span.label_id],
            fragments=span.fragments,
            revision=span.revision,
            entity=span.entity or "",
            attributes=span.attributes,
            note=span.note,
            origin=span.origin,
            text=text,
            blocks=paragraphs,
            links=[(each, palette.links[each.label_id], quotes[each.target_id]) for each in linked],
            wanted=[each for each in palette.wanted(span.label_id) if each.pk not in held],
        )
        found.append(item)
    return found


def _page_of(items: Sequence[Item], first: int, only: str) -> dict[str, Any]:
    chosen = [item for item in items if not only or item.label.key == only]
    dressed = {item.id for item in chosen[first : first + PAGE]}
    return {
        "runs": [(is_dressed, list(run)) for is_dressed, run in groupby(items, key=lambda item: item.id in dressed)],
        "page": chosen[first : first + PAGE],
        "following": first + PAGE if len(chosen) > first + PAGE else None,
    }


def _counts(palette: Palette, label_ids: Iterable[int]) -> list[tuple[LabelSign, int]]:
    found = dict.fromkeys(palette.labels, 0)
    for label_id in label_ids:
        found[label_id] += 1
    return [(sign, found[pk]) for pk, sign in palette.labels.items()]


def shortened(quote: str) -> str:
    """The quote on one line, its middle left out when it is long; the scripts of the desk do the same."""
    line = " ".join(quote.split())
    head, tail = _QUOTE
    if len(line) <= head + tail + 6:
        return line
    # Whole words where there are any.
    begin, _, _ = line[: head + 1].rpartition(" ")
    _, _, end = line[-tail - 1 :].partition(" ")
    return f"{begin or line[:head]} … {end or line[-tail:]}"
