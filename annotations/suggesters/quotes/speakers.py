"""Who speaks: the words in front of or behind a reporting verb, and whom a pronoun means.

Positions are numbers of tokens, half open.
"""

from __future__ import annotations

from typing import Final

from annotations.suggesters.quotes.page import Page, Range

MOST_TOKENS: Final = 24
"""A speaker with titles and office is not longer."""
MOST_APART: Final = 80
"""A pronoun means who was named as speaker at most so many tokens before."""
_INNER: Final = frozenset("'’-.&/`@#")
_BREAKS: Final = frozenset(',;:()[]—–|"“”„«»!?…')


def before(page: Page, end: int, least: int) -> Range | None:
    """The speaker that ends in front of `end`, looked for from there back to `least`."""
    if page.word(end - 1) == ")":  # “the World Health Organisation (WHO) says”
        opening = next((number for number in range(end - 1, max(least, end - 12), -1) if page.low[number] == "("), end)
        return _phrase_before(page, opening, least)
    if page.word(end - 1) == ",":
        return _with_apposition(page, end - 1, least) or _phrase_before(page, end - 1, least)
    return _phrase_before(page, end, least)


def _phrase_before(page: Page, end: int, least: int) -> Range | None:
    start = end
    floor = max(least, end - MOST_TOKENS)
    while start > floor and not _ends_left(page, start - 1):
        start -= 1
    return _trimmed(page, (start, end))


def _ends_left(page: Page, number: int) -> bool:
    word, table = page.low[number], page.table
    if page.inside[number]:
        return True
    if word in table.joiners:  # “Bolden and Nelson said” is one phrase, “… and Nelson said” is not
        return not (page.is_name(number - 1) and page.is_name(number + 1))
    if word == "." and page.glued(number):
        return False
    return word in table.stops or word in _BREAKS or (word[0] in _BREAKS) or (word in ".-" and not page.glued(number))


def _with_apposition(page: Page, comma: int, least: int) -> Range | None:
    """“Fuad Basya, spokesman for the army, said”: the phrase in front of the earlier comma."""
    floor = max(least, comma - MOST_TOKENS)
    for number in range(comma - 1, floor, -1):
        if page.inside[number]:
            return None
        if page.low[number] == ",":
            if all(page.is_name(at) or not page.is_word(at) for at in range(number + 1, comma)) and comma - number > 2:
                return (number + 1, comma)  # “its director, Jonas Mørk, said”
            name = _phrase_before(page, number, least)
            return name and (name if page.is_name(name[1] - 1) or page.words(name) <= 6 else None)
    return None


def after(page: Page, start: int, limit: int) -> Range | None:
    """The speaker that begins at `start`, looked for up to `limit`: “said team member Rodaba Noori in May”."""
    end = start
    limit = min(limit, start + MOST_TOKENS)
    named = False
    while end < limit and not _ends_right(page, start, end, named=named):
        named = named or page.is_name(end)
        end += 1
    return _trimmed(page, (start, end))


def _ends_right(page: Page, start: int, number: int, *, named: bool) -> bool:
    """Whether a speaker that began at `start` ends in front of a token; `named` if a name is in it already."""
    word, table = page.low[number], page.table
    if page.inside[number] or word[0] in _BREAKS or word in table.stops or word in table.times | table.adverbs:
        return True
    if word == ".":
        return not (page.glued(number) and page.is_word(number + 1))
    if word in table.prepositions:
        following = page.word(number + 1)
        goes_on = not named or page.is_name(number + 1) or following in table.determiners
        return word not in table.inner_prepositions or following in table.times or not goes_on
    if word in table.joiners:
        return not (page.is_name(number - 1) and page.is_name(number + 1))
    return (word in table.singular_pronouns and number > start) or _is_verb_behind(page, number, named=named)


def _is_verb_behind(page: Page, number: int, *, named: bool) -> bool:
    """„Nach Angaben von Jonas Mørk kostet …“: where nouns have capitals, a small word behind a name is its verb."""
    table, word = page.table, page.tokens.texts[number]
    return table.verb_second and named and word.islower() and word not in table.inner_prepositions | table.determiners


def antecedent(page: Page, end: int, least: int) -> Range | None:
    """The name or the short phrase directly in front of “who”."""
    where = _phrase_before(page, end - (page.word(end - 1) == ","), least)
    return where and (_last_name(page, where) or where)


def resolve(page: Page, speaker: Range, named: Range | None) -> Range | None:
    """Whom a speaker means: itself, or for “he” and “she” the person named as speaker not long before.

    None where it cannot be known: “they”, “I”, nobody named, or too long ago.
    """
    if not is_pronoun(page, speaker):
        return speaker
    table = page.table
    single = page.low[speaker[0]] in table.singular_pronouns
    if single and named and speaker[0] - named[1] <= MOST_APART and page.is_name(named[1] - 1):
        return named
    return None


def is_pronoun(page: Page, where: Range) -> bool:
    """Whether a speaker is one pronoun."""
    table = page.table
    pronouns = table.singular_pronouns | table.plural_pronouns | table.other_pronouns
    return where[1] - where[0] == 1 and page.low[where[0]] in pronouns


def leading(page: Page, first: int, limit: int) -> Range | None:
    """The name or pronoun a sentence begins with: who did something “and said”."""
    if page.low[first] in page.table.singular_pronouns | page.table.plural_pronouns:
        return (first, first + 1)
    named = False
    end = first
    while end < min(limit, first + MOST_TOKENS):
        word = page.low[end]
        if page.inside[end] or word[0] in _BREAKS or (named and not page.is_name(end) and word[0] not in _INNER):
            break
        named = named or (page.is_name(end) and end > first)
        end += 1
    return _trimmed(page, (first, end)) if named and page.low[first] not in page.table.prepositions else None


def _trimmed(page: Page, where: Range) -> Range | None:
    """Without adverbs, prepositions and signs at either end; None when no word is left."""
    start, end = where
    table = page.table
    while start < end and (
        not (page.is_word(start) or page.low[start] in "@#")
        or is_adverb(page, start)
        or page.low[start] in table.joiners
    ):
        start += 1
    while end > start and (
        not page.is_word(end - 1) or is_adverb(page, end - 1) or page.low[end - 1] in table.auxiliaries
    ):
        end -= 1
    if start < end and page.low[start] in table.prepositions:
        return _last_name(page, (start, end))
    return (start, end) if start < end else None


def _last_name(page: Page, where: Range) -> Range | None:
    """“In a statement Cornyn”: the name at the end of a phrase that began with a preposition."""
    start, end = where
    number = end
    while number > start and (page.is_name(number - 1) or page.low[number - 1] in _INNER):
        number -= 1
    return (number, end) if number < end and number > start + 1 else None


def full_name(page: Page, where: Range) -> str:
    """The name in a speaker without titles and office, as one string; empty when there is none of two words."""
    number = where[1]
    while (
        number > where[0]
        and (page.is_name(number - 1) or (page.low[number - 1] in _INNER and page.is_name(number - 2)))
        and page.low[number - 1] not in page.table.titles
    ):
        number -= 1
    if page.words((number, where[1])) < 2 or page.low[number] in page.table.determiners:
        return ""
    start, end = page.fragment((number, where[1]))
    return " ".join(page.text[start:end].split())


def is_adverb(page: Page, number: int) -> bool:
    """Whether a word only says when or how."""
    word = page.low[number]
    return word in page.table.adverbs or (word.endswith(page.table.adverb_endings) and not page.is_name(number))
