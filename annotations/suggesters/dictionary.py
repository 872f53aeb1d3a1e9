"""The dictionary: phrases learnt from submitted work, proposed where they stand again.

What was learnt is counted for each article by itself. Counts add up, so the dictionary for an article is the sum over
all others (see `total`): leaving one out needs no learning again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from annotations.suggesters.phrases import MOST_CHARACTERS, MOST_TOKENS, Dictionary, Entry
from annotations.suggesters.proposals import Context, Engine, LabelledSpan, Proposal
from annotations.suggesters.words import is_whole, phrase_of, tokenise

LEAST_PART: Final = 0.5
"""A phrase is kept when at least this part of its occurrences was labelled."""

type Work = tuple[str, Sequence[LabelledSpan]]
"""One author's labelling of one article: its text and the spans."""


def learn(works: Iterable[Work]) -> list[list[Entry]]:
    """What each work adds to the dictionary, in their order: how often each phrase known after all of them stands in
    its text, and how often it is labelled there. Two passes; a phrase has at most 12 tokens and 200 characters.
    """
    kept = list(works)
    return [count(text, spans, known) for known in [known_phrases(kept)] for text, spans in kept]


def known_phrases(works: Iterable[Work], entries: Iterable[Entry] = ()) -> Dictionary:
    """All phrases labelled in the works, and those of the entries, to be counted by `count` in any text."""
    pairs = {(entry.phrase, entry.label): None for entry in entries}
    pairs |= {(phrase, span.label): None for text, spans in works for span in spans if (phrase := _phrase(text, span))}
    return Dictionary(Entry(phrase=phrase, label=label, labelled=0, occurrences=0) for phrase, label in pairs)


def count(text: str, spans: Sequence[LabelledSpan], known: Dictionary) -> list[Entry]:
    """How often each known phrase stands in a text, for each label it may have, and how often it has that label here.

    What is labelled here but not known is counted, too, with the occurrences that are labelled. A phrase within a
    longer known one is no occurrence unless it is labelled.
    """
    labelled = Counter((phrase, span.label) for span in spans if (phrase := _phrase(text, span)))
    places: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for start, end, entries in known.find(text):
        for entry in entries:
            places.setdefault((entry.phrase, entry.label), set()).add((start, end))
    for span in spans:
        if phrase := _phrase(text, span):
            places.setdefault((phrase, span.label), set()).add(span.fragments[0])
    return [
        Entry(phrase=phrase, label=label, labelled=labelled[phrase, label], occurrences=len(found))
        for (phrase, label), found in sorted(places.items())
    ]


def total(articles: Iterable[Iterable[Entry]], *, without: Iterable[Iterable[Entry]] = ()) -> list[Entry]:
    """The entries of all articles together, less those of some of them; sorted by phrase and label."""
    labelled: Counter[tuple[str, str]] = Counter()
    occurrences: Counter[tuple[str, str]] = Counter()
    for sign, counted in ((1, articles), (-1, without)):
        for entries in counted:
            for entry in entries:
                labelled[entry.phrase, entry.label] += sign * entry.labelled
                occurrences[entry.phrase, entry.label] += sign * entry.occurrences
    return [
        Entry(phrase=phrase, label=label, labelled=labelled[phrase, label], occurrences=times)
        for (phrase, label), times in sorted(occurrences.items())
        if times > 0 and labelled[phrase, label] > 0
    ]


def find(text: str, dictionary: Dictionary) -> Iterator[tuple[int, int, Entry]]:
    """Where phrases worth a proposal stand: [start, end) and the entry, for each of its labels."""
    for start, end, entries in dictionary.find(text):
        for entry in entries:
            if entry.labelled and entry.labelled >= LEAST_PART * entry.occurrences:
                yield start, end, entry


def _propose(context: Context) -> Iterator[Proposal]:
    for start, end, entry in find(context.text, context.dictionary):
        yield Proposal(
            engine=ENGINE.name,
            version=ENGINE.version,
            label=entry.label,
            fragments=((start, end),),
            score=entry.labelled / (entry.occurrences + 1),  # a phrase seen once is less sure than one seen often
            entity=entry.entity,
        )


def _phrase(text: str, span: LabelledSpan) -> str:
    """The phrase of a span; empty when it is in pieces, too long to come again, or no whole words."""
    if len(span.fragments) > 1:
        return ""
    start, end = span.fragments[0]
    if end - start > MOST_CHARACTERS or not is_whole(text, start, end):
        return ""
    phrase = phrase_of(text, start, end)
    return phrase if 0 < len(tokenise(phrase)) <= MOST_TOKENS else ""


ENGINE: Final = Engine(name="dictionary", version="1", propose=_propose)
