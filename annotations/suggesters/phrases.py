"""Phrases that were labelled, and where they stand in a text as whole words: an index by first word, longest first.

All offsets are code points, half open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from annotations.suggesters.words import tokenise, tokens_of

MOST_TOKENS: Final = 12
"""A phrase has at most so many tokens (words and signs): names have few, and what is longer does not come again."""
MOST_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A phrase with a label: how often it was labelled so, of how many occurrences, in one article or in many."""

    phrase: str
    label: str
    labelled: int
    occurrences: int
    entity: str = ""


type _Follow = tuple[list[int], dict[tuple[str, ...], list[Entry]]]


class Dictionary:
    """Entries ready to be looked up; making it takes milliseconds for thousands: keep it while they stay the same."""

    __slots__ = ("_by_first", "_size")

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        by_first: dict[str, dict[tuple[str, ...], list[Entry]]] = {}
        self._size = 0
        for entry in entries:
            if words := tokenise(entry.phrase).texts:
                by_first.setdefault(words[0], {}).setdefault(words, []).append(entry)
                self._size += 1
        self._by_first: dict[str, _Follow] = {
            first: (sorted({len(words) for words in phrases}, reverse=True), phrases)
            for first, phrases in by_first.items()
        }

    def __len__(self) -> int:
        return self._size

    def find(self, text: str) -> Iterator[tuple[int, int, list[Entry]]]:
        """Where phrases stand in a text: [start, end) with the entries of the phrase, in order, none over another."""
        tokens = tokens_of(text)
        by_first = self._by_first
        free = 0
        for number, word in enumerate(tokens.texts):
            if word not in by_first or number < free:
                continue
            lengths, phrases = by_first[word]
            for length in lengths:
                phrase = tokens.texts[number : number + length]  # shorter than `length` at the end of the text
                if entries := phrases.get(phrase):
                    free = number + len(phrase)
                    yield tokens.starts[number], tokens.ends[free - 1], entries
                    break
