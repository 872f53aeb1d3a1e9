"""A guideline's Markdown as sections that belong to labels, and what one version has other than another."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_AROUND: Final = 3
_SIMILAR: Final = 0.4
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE: Final = ("```", "~~~")
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; `labels` are the keys of the labels its heading names."""

    title: str
    markdown: str
    labels: tuple[str, ...] = ()


def sections_of(markdown: str, labels: Mapping[str, str]) -> tuple[str, list[Section]]:
    """What comes before the first section (without a title of the whole), and the sections.

    They are cut at headings of the second level, or of the first where there are none. `labels`: key -> name.
    """
    lines = markdown.splitlines(keepends=True)
    level = 2 if any(_level(line) == 2 for line, _ in _outside_fences(lines)) else 1
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line, is_code in _outside_fences(lines, keep=True):
        if not is_code and _level(line) == level:
            parts.append((_title(line), []))
        elif len(parts) > 1 or is_code or _level(line) != 1:
            parts[-1][1].append(line)
    return "".join(parts[0][1]), [
        Section(title, "".join(body), tuple(key for key, name in labels.items() if is_named(title, key, name)))
        for title, body in parts[1:]
    ]


def is_named(title: str, key: str, name: str) -> bool:
    """Whether a heading names a label by its name or key, in the singular or with an s: "What claims are"."""
    words = set(_words(title))
    return any(
        wanted and all(word in words or f"{word}s" in words or f"{word}es" in words for word in wanted)
        for wanted in (_words(name), _words(key))
    )


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text.replace("_", " "))]


def _outside_fences(lines: Sequence[str], *, keep: bool = False) -> Iterator[tuple[str, bool]]:
    """Each line and whether it is code; lines of code only where they are to be kept."""
    fenced = False
    for line in lines:
        is_fence = line.lstrip().startswith(_FENCE)
        is_code = fenced or is_fence
        if keep or not is_code:
            yield line, is_code
        fenced ^= is_fence


def _level(line: str) -> int:
    found = _HEADING.match(line.rstrip("\n"))
    return len(found[1]) if found else 0


def _title(line: str) -> str:
    found = _HEADING.match(line.rstrip("\n"))
    return found[2] if found else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference: `kind` is removed, added, kept or skipped (lines in between that are the same).

    `parts` are its pieces in order, each with whether it is what differs from the line it was, or became. Of a skipped
    line `text` is the heading the next lines stand under.
    """

    kind: str
    sign: str
    text: str
    parts: tuple[tuple[bool, str], ...] = ()


def difference(before: str, after: str) -> list[Line]:
    """What `after` has other than `before`, line by line, with three lines around each change; empty when the same."""
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [
        line
        for group in (matcher.get_grouped_opcodes(_AROUND) if old != new else ())
        for line in _group(group, old, new)
    ]


def _group(group: Sequence[tuple[str, int, int, int, int]], old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    start = group[0][3]
    if start:
        yield Line("skipped", "⋯", _heading_above(new, start))
    for tag, a, b, c, d in group:
        if tag == "equal":
            yield from (Line("kept", " ", text, ((False, text),)) for text in old[a:b])
        else:
            yield from _changed(old[a:b], new[c:d])


def _changed(removed: Sequence[str], added: Sequence[str]) -> Iterator[Line]:
    """Lines that went and came; those that stand for one another show only the words that differ."""
    pairs = [_by_words(one, other) for one, other in zip(removed, added, strict=False)]
    for number, text in enumerate(removed):
        yield Line("removed", "-", text, pairs[number][0] if number < len(pairs) else ((True, text),))
    for number, text in enumerate(added):
        yield Line("added", "+", text, pairs[number][1] if number < len(pairs) else ((True, text),))


type Parts = tuple[tuple[bool, str], ...]


def _by_words(before: str, after: str) -> tuple[Parts, Parts]:
    old, new = re.findall(r"\s+|\w+|[^\w\s]", before), re.findall(r"\s+|\w+|[^\w\s]", after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _SIMILAR:
        return ((True, before),), ((True, after),)
    left, right = list[tuple[bool, str]](), list[tuple[bool, str]]()
    for tag, a, b, c, d in matcher.get_opcodes():
        for parts, words in ((left, old[a:b]), (right, new[c:d])):
            if words:
                parts.append((tag != "equal", "".join(words)))
    return tuple(left), tuple(right)


def _heading_above(lines: Sequence[str], position: int) -> str:
    return next((_title(line) for line in reversed(lines[: position + 1]) if _level(line)), "")
