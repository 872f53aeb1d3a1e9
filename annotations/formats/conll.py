"""CoNLL-2003: a token a line with a BIO tag in the last column, a file for each annotation set.

A token has one tag: of spans that share tokens the one that begins first, then the longest, is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from annotations.domain.documents import AnnotationSet, Document, Fragment
from annotations.formats.items import WriteOptions
from annotations.formats.losses import Loss, Losses, count_dropped
from annotations.formats.set_archives import write_sets
from annotations.formats.tokens import covering, words_in
from annotations.formats.writing import ordered_spans

_CARRIES = frozenset(("details", "sets", "set details"))
_SENTENCE_ENDS = frozenset(".!?…。！？")


def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
    """The archive."""
    yield from write_sets(documents, options, _render, format_key="conll")


def _render(document: Document, one: AnnotationSet, losses: Losses) -> Mapping[str, bytes]:
    text = document.text
    tokens = words_in(text)
    count_dropped(Document(id="", text="", annotation_sets=(one,)), losses, carries=_CARRIES | {"ids"})
    losses.add(Loss.IDS, len(one.spans))
    tags = ["O"] * len(tokens)
    for label, first, last in _kept(one, tokens, losses):
        name = "".join("_" if character.isspace() else character for character in label)
        losses.add(Loss.REWRITTEN, name != label)
        tags[first : last + 1] = [f"B-{name}", *[f"I-{name}"] * (last - first)]
    lines = ["-DOCSTART- -X- -X- O\n", "\n"]
    for number, ((start, end), tag) in enumerate(zip(tokens, tags, strict=True)):
        if number and not tag.startswith("I-") and _ends_sentence(text, tokens[number - 1], start):
            lines.append("\n")
        lines.append(f"{text[start:end]} -X- -X- {tag}\n")
    lines.append("\n")
    return {".conll": "".join(lines).encode()}


def _kept(one: AnnotationSet, tokens: Sequence[Fragment], losses: Losses) -> Iterator[tuple[str, int, int]]:
    """Label, first and last token of what is kept."""
    found: list[tuple[int, int, str]] = []
    for span in ordered_spans(one):
        losses.add(Loss.SPLIT, len(span.fragments) > 1)
        placed = [(place, at) for at in span.fragments if (place := covering(tokens, *at))]
        if not placed:
            losses.add(Loss.SPANS)
            continue
        exact = len(placed) == len(span.fragments) and all(
            (tokens[first][0], tokens[last][1]) == at for (first, last), at in placed
        )
        losses.add(Loss.MOVED, not exact)
        found += [(first, -last, span.label) for (first, last), _at in placed]
    end = -1
    for first, last, label in sorted(found):
        if first > end:
            end = -last
            yield label, first, end
        else:
            losses.add(Loss.NESTED if -last <= end else Loss.CROSSING)


def _ends_sentence(text: str, before: Fragment, start: int) -> bool:
    gap = text[before[1] : start]
    return "\n" in gap or (bool(gap) and text[before[1] - 1] in _SENTENCE_ENDS)
