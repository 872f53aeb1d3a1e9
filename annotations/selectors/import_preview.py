"""The beginning of uploaded files as it would be imported: articles with painted spans, labels, columns, units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, groupby, islice
from typing import Any, Final
from uuid import UUID

from annotations.domain.documents import AnnotationSet, Document
from annotations.domain.offsets import Unit
from annotations.domain.segments import Block, segmented, text_blocks
from annotations.formats import READERS, Item, ReadOptions
from annotations.formats.reading import asks_whose
from annotations.formats.tables import columns_of
from annotations.formats.tables.columns import COLUMNS
from annotations.formats.tables.reading import known_columns
from annotations.models import Job, LineStyle
from annotations.models.labels import PALETTE_SLOTS
from annotations.selectors.desk import LabelSign, Palette, Paragraph, Sign
from annotations.selectors.imports import stored_file
from annotations.selectors.projects import relation_labels_of

SCANNED: Final = 200
"""Articles of each file that are read for the preview."""
SHOWN: Final = 3
_CHARACTERS: Final = 900  # of each article that is shown
_FILES: Final = 20  # that are read for the preview
_PROBLEMS: Final = 5
_NOBODY: Final = UUID(int=0)
type _Link = tuple[str, str, str]
"""A relation's label, and those of the spans it goes from and to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An article of the preview: the beginning of its text, painted with one of its sets."""

    document: Document
    paragraphs: Sequence[Paragraph]
    signs: Sequence[Sign]
    one: AnnotationSet | None
    is_cut: bool

    @property
    def sets(self) -> int:
        """How many annotation sets it has."""
        return len(self.document.annotation_sets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table: its name in the file, and what it is unless told otherwise (empty: metadata)."""

    name: str
    ours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """The relations of one label: how many, whether the project has the label, how many do not fit what they become."""

    label: str
    times: int
    is_known: bool
    misfits: int


@dataclass(slots=True)
class Preview:
    """What the first articles of the files hold."""

    articles: list[Shown] = field(default_factory=list)
    problems: list[tuple[str, Item]] = field(default_factory=list)
    problem_count: int = 0
    read: int = 0
    complete: bool = True
    labels: list[tuple[str, int, bool]] = field(default_factory=list)
    """Label, how often, whether the project has it."""
    relations: list[Relations] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    needs_kind: bool = False
    unit: str = ""
    """In which unit offsets seem to be counted, empty where nothing tells."""


def preview_of(job: Job) -> Preview:
    """The beginning of the files of an import that is being prepared, read as its options say."""
    found = Preview()
    labels: Counter[str] = Counter()
    links: Counter[_Link] = Counter()
    given = job.arguments["options"]
    palette = Palette(job.project_id)  # type: ignore[arg-type] # an import has a project
    known = {sign.key: sign for sign in palette.labels.values()}
    files = job.arguments["files"]
    found.complete = len(files) <= _FILES
    for number, file in enumerate(files[:_FILES]):
        options = _options(given, file["name"])
        items = _items(job, number, options)
        found.complete &= len(items) < SCANNED
        for item in items:
            _take(found, labels, links, item, file["name"])
        if file["format"] in {"csv", "tsv"} and not found.columns:
            found.columns = _columns(job, number)
        if not found.unit and options.offsets == "auto":
            found.unit = _unit(job, number, options, items)
        for item in items:
            if item.document and len(found.articles) < SHOWN:
                found.articles.append(_shown(item.document, known, given["labels"], len(found.articles)))
    found.labels = [(label, times, label in known) for label, times in labels.most_common()]
    found.relations = _relations(job, links)
    return found


def _options(given: Mapping[str, Any], name: str) -> ReadOptions:
    names = ("kind", "annotator", "offsets", "newlines", "columns")
    return ReadOptions(name=name, **{key: given[key] for key in names})


def _items(job: Job, number: int, options: ReadOptions, most: int = SCANNED) -> list[Item]:
    with stored_file(job, number) as stream:
        return list(islice(READERS[job.arguments["files"][number]["format"]](stream, options), most))


def _take(found: Preview, labels: Counter[str], links: Counter[_Link], item: Item, file: str) -> None:
    if item.document is None:
        found.problem_count += 1
        found.needs_kind |= asks_whose(item.problem)
        if len(found.problems) < _PROBLEMS:
            found.problems.append((file, item))
        return
    found.read += 1
    for one in item.document.annotation_sets:
        found.kinds.add(one.kind)
        label_of = {span.id: span.label for span in one.spans}
        labels.update(label_of.values())
        links.update((each.label, label_of[each.source], label_of[each.target]) for each in one.relations)


def _relations(job: Job, links: Mapping[_Link, int]) -> list[Relations]:
    """The relation labels, the most frequent first; whether they fit is asked of the labels as they are mapped."""
    known = {one.key: one for one in relation_labels_of(job.project)}  # type: ignore[arg-type] # an import has one
    options = job.arguments["options"]
    renamed, spans = options.get("relation_labels", {}), options["labels"]
    times: Counter[str] = Counter()
    misfits: Counter[str] = Counter()
    for (label, *places), count in links.items():
        times[label] += count
        rule = known.get(renamed.get(label, label))
        source, target = (spans.get(place, place) for place in places)
        if rule and source and target and not rule.fits(source, target):
            misfits[label] += count
    return [
        Relations(label=label, times=count, is_known=label in known, misfits=misfits[label])
        for label, count in times.most_common()
    ]


def _columns(job: Job, number: int) -> list[Column]:
    with stored_file(job, number) as stream:
        names = columns_of(stream, job.arguments["files"][number]["format"])
    return [
        Column(name=name, ours=ours if ours in COLUMNS else "")
        for name, ours in zip(names, known_columns(names), strict=True)
        if name
    ]


def _unit(job: Job, number: int, options: ReadOptions, items: Sequence[Item]) -> str:
    """The one unit with which every span of the first articles fits, where the others do not; else empty."""
    if not any(item.document and item.document.annotation_sets for item in items):
        return ""
    if all(item.document is None or item.document.text.isascii() for item in items):
        return ""
    fitting = []
    for unit in Unit:
        read = _items(job, number, replace(options, offsets=unit), 50)
        if all(item.document is not None for item in read):
            fitting.append(unit.value)
    return fitting[0] if len(fitting) == 1 else ""


def _shown(document: Document, known: Mapping[str, LabelSign], renamed: Mapping[str, str], position: int) -> Shown:
    one = next((each for each in document.annotation_sets if each.spans), None)
    blocks = _first_blocks(document.text, position)
    spans = [
        (span, renamed.get(span.label, span.label))
        for span in (one.spans if one else ())
        if renamed.get(span.label, span.label)
    ]
    names = dict.fromkeys(label for _span, label in spans if label not in known)
    new = {label: _new_sign(label, len(known) + number) for number, label in enumerate(names)}
    signs = [Sign(_NOBODY, known.get(label) or new[label]) for _span, label in spans]
    cut = segmented(blocks, [span.fragments for span, _label in spans])
    paragraphs = []
    for number, group in groupby(cut, key=lambda segments: segments.block.paragraph):
        parts = list(group)
        astral = any(part.block.astral for part in parts)
        paragraphs.append(Paragraph(number, parts[0].block.start, astral, parts))
    is_cut = bool(blocks) and blocks[-1].end < len(document.text.rstrip())
    return Shown(document=document, paragraphs=paragraphs, signs=signs, one=one, is_cut=is_cut)


def _first_blocks(text: str, position: int) -> list[Block]:
    """The blocks that begin in the first characters; numbered apart for each article, because pages name them."""
    every: Iterator[Block] = iter(text_blocks(text))
    first = list(islice(every, 1))
    rest = (block for block in every if block.end <= _CHARACTERS)
    return [replace(block, paragraph=block.paragraph + 10_000 * position) for block in chain(first, rest)]


def _new_sign(label: str, number: int) -> LabelSign:
    """How a label would look that the project gets with the import."""
    return LabelSign(
        key=label,
        name=label,
        letter=label[:1],
        slot=number % PALETTE_SLOTS,
        style=LineStyle.values[number % len(LineStyle.values)],
        shortcut="",
        bar=False,
        archived=False,
        attributes=(),
    )
