"""Pseudonyms: what a project's people are called where their names must not be seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from annotations.domain.documents import AnnotationSet, Document, Span

_LEAST: Final = 2
"""Shorter names are not looked for inside other texts: every “a” would be one."""


class Pseudonyms:
    """`annotator-1`, `annotator-2` … for people in their order.

    `people` has for each person all that the person is called: account, other spellings of it, full name, e-mail. In
    the same order the same person has the same pseudonym, also when others come after.
    """

    def __init__(self, people: Sequence[Iterable[str]]) -> None:
        self._names: dict[str, str] = {}
        for number, called in enumerate(people, 1):
            for name in filter(None, called):
                self._names.setdefault(name.casefold(), f"annotator-{number}")
        sought = sorted((name for name in self._names if len(name) >= _LEAST), key=lambda name: (-len(name), name))
        # A name is found between anything but letters and digits: in “ben_s1”, not in “benefit”.
        self._pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, sought))})(?![^\W_])", re.IGNORECASE)
        self._finds = bool(sought)

    def of(self, name: str) -> str:
        """The pseudonym of an annotator; a name nobody has is looked through for names."""
        return self._names.get(name.casefold()) or self.scrubbed(name)

    def scrubbed(self, text: str) -> str:
        """The text with a pseudonym for every name in it, however it is written."""
        if not self._finds:
            return text
        return self._pattern.sub(lambda match: self._names.get(match[0].casefold(), "annotator"), text)


def pseudonymised(document: Document, pseudonyms: Pseudonyms) -> Document:
    """The document without the people who worked on it: in annotators, ids, notes, sources and metadata.

    What the article itself says (text, title, author and so on) and whom its mentions mean stay as they are.
    """
    return replace(
        document,
        metadata=_deep(document.metadata, pseudonyms),
        annotation_sets=tuple(_set(one, pseudonyms) for one in document.annotation_sets),
    )


def _set(one: AnnotationSet, pseudonyms: Pseudonyms) -> AnnotationSet:
    ids = _ids([span.id for span in one.spans], pseudonyms)
    links = _ids([relation.id for relation in one.relations], pseudonyms)
    return replace(
        one,
        annotator=pseudonyms.of(one.annotator) if one.annotator else "",
        source=pseudonyms.scrubbed(one.source),
        engine=pseudonyms.scrubbed(one.engine),
        version=pseudonyms.scrubbed(one.version),
        spans=tuple(_span(span, ids, pseudonyms) for span in one.spans),
        relations=tuple(
            replace(each, id=links[each.id], source=ids[each.source], target=ids[each.target]) for each in one.relations
        ),
    )


def _span(span: Span, ids: Mapping[str, str], pseudonyms: Pseudonyms) -> Span:
    return replace(
        span,
        id=ids[span.id],
        note=pseudonyms.scrubbed(span.note) if span.note else "",
        sources=tuple(pseudonyms.scrubbed(source) for source in span.sources),
    )


def _ids(ids: Sequence[str], pseudonyms: Pseudonyms) -> dict[str, str]:
    """Each id without names; two that were different stay so."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for each in sorted(set(ids)):
        clean = pseudonyms.scrubbed(each)
        number = 1
        while (name := clean if number == 1 else f"{clean}-{number}") in taken:
            number += 1
        taken.add(name)
        found[each] = name
    return found


def _deep(value: Any, pseudonyms: Pseudonyms) -> Any:
    """Texts anywhere in a value of JSON, keys too."""
    if isinstance(value, str):
        return pseudonyms.scrubbed(value)
    if isinstance(value, Mapping):
        return {pseudonyms.scrubbed(str(key)): _deep(each, pseudonyms) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_deep(each, pseudonyms) for each in value]
    return value
