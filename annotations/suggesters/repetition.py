"""Repetition: the names labelled in an article, wherever they stand again in it, and the last names of persons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from annotations.suggesters.cover import covers
from annotations.suggesters.phrases import MOST_CHARACTERS, MOST_TOKENS, Dictionary, Entry
from annotations.suggesters.proposals import ACTOR, CLAIM, Context, Engine, LabelledSpan, Proposal
from annotations.suggesters.words import is_whole, phrase_of, tokenise, tokens_of, word_set

_IDENTICAL: Final = 0.9
_LAST_NAME: Final = 0.7
_LEAST_LETTERS: Final = 3
# Words that begin a name with a small letter or, at the beginning of a sentence, a capital.
_FIRST: Final = word_set("the a an this that its his her their our der die das ein eine le la les l un une el los las")


def _propose(context: Context) -> Iterator[Proposal]:
    names: dict[tuple[str, str], Entry] = {}
    for span in context.spans:
        for entry in _entries(context.text, span):
            known = names.get((entry.phrase, entry.label))
            if known is None or known.labelled < entry.labelled:  # labelled itself counts more than as a last name
                names[entry.phrase, entry.label] = entry
    if not names:
        return
    covered = covers(context.spans)
    for start, end, entries in Dictionary(names.values()).find(context.text):
        for entry in entries:
            identical = bool(entry.labelled)
            if covered[entry.label].touches(((start, end),)) or not (identical or _stands_alone(context.text, start)):
                continue
            yield Proposal(
                engine=ENGINE.name,
                version=ENGINE.version,
                label=entry.label,
                fragments=((start, end),),
                score=_IDENTICAL if identical else _LAST_NAME,
                entity=entry.entity,
            )


def _entries(text: str, span: LabelledSpan) -> Iterator[Entry]:
    """The phrases to look for because of one span; `labelled` is 0 for a last name."""
    if span.label == CLAIM or len(span.fragments) > 1:
        return
    start, end = span.fragments[0]
    if end - start > MOST_CHARACTERS or not is_whole(text, start, end):
        return
    phrase = phrase_of(text, start, end)
    words = tokenise(phrase).texts
    if not 0 < len(words) <= MOST_TOKENS or not _is_name(phrase, words):
        return
    for written in _cases(phrase, words[0]):
        yield Entry(phrase=written, label=span.label, labelled=1, occurrences=1, entity=span.entity)
    if span.label == ACTOR and len(words) > 1 and len(words[-1]) >= _LEAST_LETTERS and _is_person(words):
        yield Entry(phrase=words[-1], label=span.label, labelled=0, occurrences=1, entity=span.entity or phrase)


def _is_name(phrase: str, words: tuple[str, ...]) -> bool:
    """Whether a phrase is worth looking for: it has a capital or a script without them, or more than one word."""
    lettered = any(letter.isalpha() for letter in phrase)
    return lettered and (phrase != phrase.lower() or not any(map(str.islower, phrase)) or len(words) > 1)


def _is_person(words: tuple[str, ...]) -> bool:
    """Whether a phrase can be a first and a last name: capitals, and no article in front."""
    return words[0].lower() not in _FIRST and words[-1][0].isupper() and words[-2][0].isupper() and words[-1].isalpha()


def _cases(phrase: str, first: str) -> Iterable[str]:
    """A phrase as it may be written: at the beginning of a sentence small words have a capital."""
    if first.lower() in _FIRST or first.islower():
        return {phrase[0].lower() + phrase[1:], phrase[0].upper() + phrase[1:]}
    return (phrase,)


def _stands_alone(text: str, start: int) -> bool:
    """Whether no other name is in front of a last name: “Anna Solheim” is not Ingrid."""
    tokens = tokens_of(text)
    number = tokens.at(start)
    if number == 0 or text[tokens.ends[number - 1] : start] not in {" ", "\u00a0"}:
        return True
    before = tokens.texts[number - 1]
    return not before[0].isupper() or len(before) == 1 or before.lower() in _FIRST


ENGINE: Final = Engine(name="repetition", version="1", propose=_propose)
