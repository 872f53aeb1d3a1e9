"""What the desk shows: an article's text cut into segments, and the spans of one annotation set as a list.

All offsets are code points, half open. The number of queries does not grow with the article or its spans.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from annotations.domain.changes import Applied
from annotations.domain.documents import Fragments, quote_of
from annotations.domain.segments import Block, Segmented, segmented, text_blocks, touched
from annotations.models import AnnotationSet, Entity, Label, Relation, RelationLabel, Span

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
    quote: str
    paragraph: int
    links: Sequence[tuple[Relation, str, str]]
    wanted: Sequence[RelationLabel]

    @property
    def at(self) -> str:
        """The fragments as `120-161,175-230`."""
        return ",".join(f"{start}-{end}" for start, end in self.fragments)

    @property
    def relations(self) -> str:
        """Each relation as `id:label:target:revision`, separated by spaces."""
        return " ".join(f"{each.pk}:{key}:{each.target_id}:{each.revision}" for each, key, _quote in self.links)

    @property
    def attributes_json(self) -> str:
        """The attributes as JSON, empty if there are none."""
        return json.dumps(self.attributes, ensure_ascii=False) if self.attributes else ""

    @property
    def parts(self) -> int:
        """How many fragments."""
        return len(self.fragments)


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


def desk_context(
    *, annotation_set: AnnotationSet, editable: bool, first: int = 0, only: str = ""
) -> dict[str, Any]:
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
        "paragraphs": _paragraphs(article.text, text_blocks(article.text), palette, spans),
        "is_long": len(article.text) > 100_000 or len(spans) > 2_000,
        "items": items,
        "only": only,
        "labels": palette.active,
        "counts": counts,
        "total": len(spans),
        "results": {"revision": annotation_set.revision, "results": []},
        "entities": sorted({span.entity.name for span in spans if span.entity}),
        **_page_of(items, first, only),
    }


def page_context(*, annotation_set: AnnotationSet, first: int, only: str = "") -> dict[str, Any]:
    """The next items of the list, from `first` on, dressed."""
    palette = Palette(annotation_set.article.project_id)
    spans = _loaded(annotation_set.spans.all())
    items = _items(annotation_set, palette, spans, annotation_set.article.text)
    return {"annotation_set": annotation_set, "only": only, **_page_of(items, first, only)}


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


def settings_of_desk(*, annotation_set: AnnotationSet, palette_labels: Sequence[LabelSign]) -> dict[str, Any]:
    """Labels and relation labels as the scripts of the page read them."""
    project = annotation_set.article.project
    links = RelationLabel.objects.filter(project=project, archived_at__isnull=True).order_by("position", "pk")
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
            for sign in palette_labels
        ],
        "links": [
            {
                "key": link.key,
                "name": link.name,
                "shortcut": link.shortcut,
                "many": link.many,
                "source": link.source_label.key if link.source_label else None,
                "target": link.target_label.key if link.target_label else None,
            }
            for link in links.select_related("source_label", "target_label")
        ],
    }


def entity_names(*, project_id: UUID, names: Iterable[str]) -> list[str]:
    """The names to offer for a mention: those given (of this annotation set), sorted."""
    known = Entity.objects.filter(project=project_id, name__in=set(names))
    return sorted(known.values_list("name", flat=True).distinct())


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
        attributes=[
            {"key": each.key, "name": each.name, "choices": each.choices} for each in label.attributes.all()
        ],
    )


def _loaded(spans: QuerySet[Span]) -> list[Span]:
    return list(spans.select_related("entity").order_by("start", "end", "pk"))


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
    blocks: Sequence[Block], palette: Palette, spans: Sequence[Span]
) -> list[tuple[Segmented, Sequence[Sign]]]:
    signs = [Sign(span.pk, palette.labels[span.label_id]) for span in spans]
    return [(segments, signs) for segments in segmented(blocks, [span.fragments for span in spans])]


def _paragraphs(
    text: str, blocks: Sequence[Block], palette: Palette, spans: Sequence[Span]
) -> list[tuple[Paragraph, Sequence[Sign]]]:
    assert text or not blocks
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
    spans: Sequence[Span],
    text: str,
    blocks: Sequence[Block] | None = None,
) -> list[Item]:
    quotes = {span.pk: shortened(quote_of(text, span.fragments)) for span in spans}
    relations: dict[UUID, list[Relation]] = {}
    for relation in Relation.objects.filter(annotation_set=annotation_set, source__in=list(quotes)).order_by("pk"):
        relations.setdefault(relation.source_id, []).append(relation)
    missing = {each.target_id for linked in relations.values() for each in linked} - quotes.keys()
    for span in Span.objects.filter(pk__in=missing):
        quotes[span.pk] = shortened(quote_of(text, span.fragments))
    paragraphs = blocks if blocks is not None else text_blocks(text)
    return [
        _item(span, palette, relations.get(span.pk, ()), quotes, min(touched(paragraphs, span.fragments), default=0), paragraphs)
        for span in spans
    ]


def _item(
    span: Span,
    palette: Palette,
    relations: Sequence[Relation],
    quotes: Mapping[UUID, str],
    position: int,
    blocks: Sequence[Block],
) -> Item:
    position_of = {key: order for order, key in enumerate(palette.links)}
    ordered = sorted(relations, key=lambda each: (position_of[each.label_id], quotes[each.target_id], each.pk))
    linked = {each.label_id for each in relations}
    return Item(
        id=span.pk,
        label=palette.labels[span.label_id],
        fragments=span.fragments,
        revision=span.revision,
        entity=span.entity.name if span.entity else "",
        attributes=span.attributes,
        note=span.note,
        origin=span.origin,
        quote=quotes[span.pk],
        paragraph=blocks[position].paragraph if blocks else 0,
        links=[(each, palette.links[each.label_id].key, quotes[each.target_id]) for each in ordered],
        wanted=[each for each in palette.wanted(span.label_id) if each.pk not in linked],
    )


def _page_of(items: Sequence[Item], first: int, only: str) -> dict[str, Any]:
    chosen = [item for item in items if not only or item.label.key == only]
    return {
        "dressed": {item.id for item in chosen[first : first + PAGE]},
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
    return line if len(line) <= head + tail + 6 else f"{line[:head]} … {line[-tail:]}"


def link_names(palette: Palette) -> dict[str, str]:
    """The names of the relation labels by key."""
    return {link.key: link.name for link in palette.relation_labels}


def words() -> dict[str, str]:
    """The sentences that the scripts of the desk say; {holes} are filled there."""
    return {
        "saving": _("saving"),
        "oneWaits": _("1 waits in this browser"),
        "waits": _("{count} wait in this browser"),
        "notYetSaved": _("not yet saved"),
        "labelled": _("{label}: {quote}"),
        "spanSaid": _("{label}: {quote}"),
        "changed": _("Changed. {label}: {quote}"),
        "deleted": _("Deleted: {quote}"),
        "alreadyThere": _("There is a span with this label and these words already."),
        "lastPart": _("A span keeps one part at least; Delete takes it away as a whole."),
        "linked": _("{link}: {quote}"),
        "unlinked": _("{link}: taken away"),
        "labelledAlike": _("{count} more labelled"),
        "oneAlike": _("1 more of this here"),
        "alike": _("{count} more of this here"),
        "undone": _("Undone"),
        "redone": _("Redone"),
        "nothingToUndo": _("Nothing to undo"),
        "nothingToRedo": _("Nothing to redo"),
        "noSpan": _("Choose a span first: n and p go to the next and the previous one."),
        "inOne": _(", in 1 span"),
        "inMany": _(", in {count} spans"),
        "addLink": _("Add: {link}"),
        "removeLink": _("Take away: {link} {quote}"),
        "linkNeeds": _("“{link}” begins at a span with the label {label}."),
        "noCandidates": _("There is no span with the label {label} yet."),
        "noAttributes": _("This label has no attributes."),
        "settleFirst": _("Some edits could not be saved; settle them first."),
        "flagged": _("Flagged for the reviewers"),
        "readerModeOn": _("Keyboard mode on; Escape leaves it."),
        "readerModeOff": _("Keyboard mode off"),
        "signInAgain": _("You are signed out. Sign in in a new tab; nothing is lost, what waits here is sent then."),
        "stopped": _("The server does not take edits of this article now ({status})."),
        "conflict": _("This was changed elsewhere in the meantime."),
        "takeTheirs": _("Take theirs"),
        "discard": _("Discard"),
    }
