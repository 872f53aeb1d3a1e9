"""Where the words of one text stand in another one that is nearly the same: a corrected version, or a wire copy.

All offsets are code points, half open.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Final

from annotations.domain.documents import AnnotationSet, Fragment, Fragments, Relation, Span, quote_of
from annotations.domain.errors import InvalidData
from annotations.domain.offsets import join_fragments

_PARAGRAPH: Final = re.compile(r"[^\n]*\n|[^\n]+")
_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")
_MOST_STEPS: Final = 4_000_000
_SHORTEST_MOVED: Final = 8
"""Code points of a quote that is looked for elsewhere when its paragraph is not where it was."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that both texts have: from `old` and from `new` on, `length` of them."""

    old: int
    new: int
    length: int


class Alignment:
    """How an old text became a new one."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.runs = tuple(_runs(old, new))
        self._starts = [run.old for run in self.runs]

    def carried(self, fragments: Fragments) -> Fragments | None:
        """The fragments in the new text; None where their words are not there any more.

        The first and the last character of each must be there, in their order, and at least half of its characters.
        """
        found = [self._fragment(fragment) for fragment in fragments]
        if all(found):
            try:
                return join_fragments(tuple(each for each in found if each), len(self.new))
            except InvalidData:
                return None
        return self._elsewhere(fragments)

    def _fragment(self, fragment: Fragment) -> Fragment | None:
        start, end = self._place(fragment[0]), self._place(fragment[1] - 1)
        if start is None or end is None or end < start:
            return None
        length = max(fragment[1] - fragment[0], end + 1 - start)
        return (start, end + 1) if 2 * self._kept(fragment) >= length else None

    def _place(self, offset: int) -> int | None:
        """Where the old character at `offset` is."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return None
        run = self.runs[index]
        return run.new + offset - run.old if offset < run.old + run.length else None

    def _kept(self, fragment: Fragment) -> int:
        """How many characters of an old fragment the new text has."""
        kept = 0
        for run in self.runs[max(0, bisect_right(self._starts, fragment[0]) - 1) :]:
            if run.old >= fragment[1]:
                break
            kept += max(0, min(fragment[1], run.old + run.length) - max(fragment[0], run.old))
        return kept

    def _elsewhere(self, fragments: Fragments) -> Fragments | None:
        """A whole quote that both texts have exactly once, in a paragraph that was moved."""
        if len(fragments) != 1:
            return None
        quote = self.old[slice(*fragments[0])]
        if len(quote) < _SHORTEST_MOVED or self.old.count(quote) != 1 or self.new.count(quote) != 1:
            return None
        start = self.new.index(quote)
        return ((start, start + len(quote)),)


@dataclass(slots=True)
class Fate:
    """What became of spans: `kept` at their offsets, `moved` to others (their words the same, or nearly), `lost`."""

    kept: int = 0
    moved: int = 0
    lost: list[tuple[str, str]] = field(default_factory=list)
    """Label and quote."""

    def add(self, other: Fate) -> None:
        """Count these, too."""
        self.kept += other.kept
        self.moved += other.moved
        self.lost += other.lost


def carried_over(one: AnnotationSet, alignment: Alignment) -> tuple[AnnotationSet, Fate]:
    """The set as one of the new text, and what became of its spans; relations need both ends."""
    fate = Fate()
    spans: dict[tuple[str, Fragments], Span] = {}
    for span in one.spans:
        fragments = alignment.carried(span.fragments)
        if fragments is None or (span.label, fragments) in spans:
            fate.lost.append((span.label, quote_of(alignment.old, span.fragments)))
            continue
        if fragments == span.fragments:
            fate.kept += 1
        else:
            fate.moved += 1
        quote = quote_of(alignment.new, fragments)
        spans[span.label, fragments] = replace(span, fragments=fragments, quote=quote)
    there = {span.id for span in spans.values()}
    relations: Sequence[Relation] = [each for each in one.relations if {each.source, each.target} <= there]
    return replace(one, spans=tuple(spans.values()), relations=tuple(relations)), fate


def _runs(old: str, new: str) -> Iterator[Run]:
    """What both texts have, in reading order: whole paragraphs first, between them words."""
    first = _common(old, new)
    last = _common(old[first:][::-1], new[first:][::-1])
    if first:
        yield Run(0, 0, first)
    before, after = old[first : len(old) - last], new[first : len(new) - last]
    for run in _by_paragraphs(before, after):
        yield Run(first + run.old, first + run.new, run.length)
    if last:
        yield Run(len(old) - last, len(new) - last, last)


def _common(one: str, other: str) -> int:
    """How many characters both begin with, up to the end of a word."""
    most = min(len(one), len(other))
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    if low == len(one) == len(other):
        return low
    while low and (_inside_word(one, low) or _inside_word(other, low)):
        low -= 1
    return low


def _inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and _is_word(text[at - 1]) and _is_word(text[at])


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _by_paragraphs(old: str, new: str) -> Iterator[Run]:
    ours, theirs = _PARAGRAPH.findall(old), _PARAGRAPH.findall(new)
    old_at, new_at = _offsets(ours), _offsets(theirs)
    for tag, a, b, c, d in _opcodes(ours, theirs):
        if tag == "equal":
            yield Run(old_at[a], new_at[c], old_at[b] - old_at[a])
        elif tag == "replace":
            for run in _by_words(old[old_at[a] : old_at[b]], new[new_at[c] : new_at[d]]):
                yield Run(old_at[a] + run.old, new_at[c] + run.new, run.length)


def _by_words(old: str, new: str) -> Iterator[Run]:
    ours, theirs = _TOKEN.findall(old), _TOKEN.findall(new)
    old_at, new_at = _offsets(ours), _offsets(theirs)
    for tag, a, b, c, _d in _opcodes(ours, theirs):
        if tag == "equal":
            yield Run(old_at[a], new_at[c], old_at[b] - old_at[a])


def _opcodes(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    # On long texts, words that are everywhere are no anchors: comparing them all would take minutes.
    is_long = len(ours) * len(theirs) > _MOST_STEPS
    return list(SequenceMatcher(None, ours, theirs, autojunk=is_long).get_opcodes())


def _offsets(parts: Sequence[str]) -> list[int]:
    found = [0]
    for part in parts:
        found.append(found[-1] + len(part))
    return found
