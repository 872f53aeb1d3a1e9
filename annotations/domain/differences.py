"""What two data sets have different: spans added, removed and relabelled, article by article.

Documents are plain mappings of the native form, sorted by id; they may be without their texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

type Raw = Mapping[str, Any]
type Place = tuple[tuple[int, int], ...]

ADDED, REMOVED, RELABELLED, REWORDED = "added", "removed", "relabelled", "reworded"
CHANGES: Final = (ADDED, REMOVED, RELABELLED, REWORDED)


@dataclass(frozen=True, slots=True)
class SpanChange:
    """`set` is whose it is; `before` is the label of before, where there was one. Reworded: other entity, attributes
    or note. Fragments are code points.
    """

    change: str
    set: str
    label: str
    before: str
    fragments: Place
    quote: str


@dataclass(slots=True)
class ArticleDifference:
    """What became of an article; `state` is added, removed or changed (also when only its relations or details are)."""

    id: str
    title: str
    state: str
    spans: list[SpanChange] = field(default_factory=list)
    relations_added: int = 0
    relations_removed: int = 0
    other_text: bool = False

    def counts(self) -> dict[str, int]:
        """How many spans changed in each way."""
        found = Counter(each.change for each in self.spans)
        return {change: found[change] for change in CHANGES}


def differences(before: Iterable[Raw], after: Iterable[Raw]) -> Iterator[ArticleDifference]:
    """The articles in which something differs, by id."""
    for old, new in _paired(iter(before), iter(after)):
        found = _article(old, new)
        if found is not None:
            yield found


def _paired(before: Iterator[Raw], after: Iterator[Raw]) -> Iterator[tuple[Raw | None, Raw | None]]:
    """Articles of the same id together; both are sorted as exports are, by their code points."""
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old["id"] < new["id"]):
            yield old, None
            old = next(before, None)
        elif old is None or new["id"] < old["id"]:
            yield None, new
            new = next(after, None)
        else:
            yield old, new
            old, new = next(before, None), next(after, None)


def _article(old: Raw | None, new: Raw | None) -> ArticleDifference | None:
    shown = new if new is not None else old
    if shown is None or old == new:
        return None
    state = ADDED if old is None else REMOVED if new is None else "changed"
    found = ArticleDifference(shown["id"], shown.get("title", ""), state)
    found.other_text = old is not None and new is not None and _text(old) != _text(new)
    mine, theirs = _sets(old), _sets(new)
    for owner in sorted({*mine, *theirs}):
        one, other = mine.get(owner, {}), theirs.get(owner, {})
        name = " ".join(filter(None, owner))
        found.spans += _span_changes(name, one.get("spans", ()), other.get("spans", ()))
        links, other_links = _relations(one), _relations(other)
        found.relations_added += (other_links - links).total()
        found.relations_removed += (links - other_links).total()
    return found


def _text(raw: Raw) -> Any:
    return raw.get("text") or raw.get("metadata", {}).get("text_sha256")


def _sets(raw: Raw | None) -> dict[tuple[str, str], Raw]:
    """The sets by kind and author."""
    sets = raw.get("annotation_sets", ()) if raw else ()
    return {(one["kind"], one.get("annotator") or one.get("source") or ""): one for one in sets}


def _span_changes(owner: str, before: Iterable[Raw], after: Iterable[Raw]) -> list[SpanChange]:
    """A span is the same where label and fragments are; one label instead of another on the same place relabels."""
    old, new = _by_place(before), _by_place(after)
    found: list[SpanChange] = []
    for place in sorted({*old, *new}):
        mine, theirs = old.get(place, {}), new.get(place, {})
        gone, come = sorted(mine.keys() - theirs.keys()), sorted(theirs.keys() - mine.keys())
        both = min(len(gone), len(come))
        found += [
            SpanChange(RELABELLED, owner, now, was, place, theirs[now].get("quote", ""))
            for was, now in zip(gone[:both], come[:both], strict=True)
        ]
        found += [SpanChange(REMOVED, owner, label, "", place, mine[label].get("quote", "")) for label in gone[both:]]
        found += [SpanChange(ADDED, owner, label, "", place, theirs[label].get("quote", "")) for label in come[both:]]
        found += [
            SpanChange(REWORDED, owner, label, label, place, theirs[label].get("quote", ""))
            for label in sorted(mine.keys() & theirs.keys())
            if _meaning(mine[label]) != _meaning(theirs[label])
        ]
    return found


def _by_place(spans: Iterable[Raw]) -> dict[Place, dict[str, Raw]]:
    found: dict[Place, dict[str, Raw]] = {}
    for span in spans:
        place = tuple((start, end) for start, end in span["fragments"])
        found.setdefault(place, {})[span["label"]] = span
    return found


def _meaning(span: Raw) -> tuple[Any, ...]:
    return span.get("entity", ""), span.get("attributes", {}), span.get("note", "")


def _relations(one: Raw) -> Counter[tuple[Any, ...]]:
    """Relations by what they link, not by ids: an id may be another for the same span."""
    ends = {span["id"]: (span["label"], tuple(map(tuple, span["fragments"]))) for span in one.get("spans", ())}
    return Counter(
        (each["label"], ends.get(each["source"]), ends.get(each["target"])) for each in one.get("relations", ())
    )
