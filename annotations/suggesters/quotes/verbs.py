"""Reporting verbs, with who speaks in front of them or behind, and what is said on either side.

Positions are numbers of tokens, half open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from annotations.suggesters.quotes import speakers
from annotations.suggesters.quotes.claims import (
    LEAST_QUOTED,
    LEAST_WORDS,
    Attribution,
    clause,
    content,
    is_end,
    quotation_in_front,
    quoted_before,
)
from annotations.suggesters.quotes.openings import has_verb, opening_of, over_hearer
from annotations.suggesters.quotes.page import Page, Range


def verb(page: Page, number: int, found: Sequence[Attribution]) -> Iterator[Attribution]:
    """What a reporting verb attributes; `found` are the attributions in front of it."""
    if not _may_report(page, number):
        return
    first, end = page.sentences.around(number)
    subject_end = _back_over_auxiliaries(page, number, first)
    if _is_passive(page, subject_end, number):
        yield from _passive(page, number, end)
    elif quotation := quotation_in_front(page, subject_end):
        speaker = speakers.after(page, number + 1, end)
        if speaker and quotation.words > 1:
            yield quoted_before(page, quotation, speaker, at=number, rule="inverted")
    elif interruption := _interruption(page, number, first, end):
        yield interruption
    else:
        yield from _with_subject(page, number, _subject(page, number, subject_end, found))


def _with_subject(page: Page, number: int, speaker: Range | None) -> Iterator[Attribution]:
    """“…,” X said; X said “…”; X said it rained; it rained, X said. Of these the first that is there."""
    first, end = page.sentences.around(number)
    quotation = quotation_in_front(page, speaker[0]) if speaker else None
    if speaker and quotation and speaker[0] not in page.begins:
        yield quoted_before(page, quotation, speaker, at=number, rule="quoted before")
        return
    start = number + 1
    if speaker is None and page.table.verb_second and (speaker := speakers.after(page, start, end)):
        start = speaker[1]
    behind = list(_behind(page, number, start, speaker))
    yield from behind
    if behind or not speaker:
        return
    if quotation:
        yield quoted_before(page, quotation, speaker, at=number, rule="quoted before")
    else:
        yield from _in_front(page, number, speaker, first, end)


def _may_report(page: Page, number: int) -> bool:
    """Whether a word that may be a reporting verb can be one here."""
    table, word, before = page.table, page.low[number], page.word(number - 1)
    if before in table.determiners or before == "to" or (page.is_name(number) and number not in page.begins):
        return False
    if word not in table.nouns:
        return True
    if (
        before in table.prepositions
        or page.word(number + 1) in {"of", "for"}
        or not (page.is_word(number - 1) or before in {",", ")", "’", "'"})
    ):
        return False
    if word in table.base_forms:  # “results show”, “authors say”, not “the light show”
        return (
            before in table.joiners
            or before in table.plural_pronouns
            or before in table.other_pronouns
            or before in table.adverbs
            or (before.endswith("s") or before in table.plurals)
        )
    return True


def _is_passive(page: Page, start: int, number: int) -> bool:
    """“is said”, “were twice denied”, not “is saying”."""
    return page.low[number] not in page.table.participles and any(
        page.low[at] in page.table.passive for at in range(start, number)
    )


def _passive(page: Page, number: int, end: int) -> Iterator[Attribution]:
    """“It is asserted by the Crown that …”; without “by” nobody in particular claims it."""
    start, speaker = number + 1, None
    if page.word(start) in page.table.agents:
        speaker = speakers.after(page, start + 1, end)
        start = speaker[1] if speaker else start
    if page.word(start) in page.table.conjunctions:
        yield from clause(page, (start + 1, end), speaker, at=number, rule="passive")


def _back_over_auxiliaries(page: Page, number: int, first: int) -> int:
    table = page.table
    while number > first and (
        page.low[number - 1] in table.auxiliaries
        or speakers.is_adverb(page, number - 1)
        or (page.low[number - 1] in "'’" and page.word(number) in {"t", "s"})
    ):
        number -= 1
    return number


def _interruption(page: Page, number: int, first: int, end: int) -> Attribution | None:
    """“Ships, said Solheim, wait” is one claim in two parts; also “Ships wait, said Solheim.”"""
    if page.word(number - 1) != "," or not page.is_word(number + 1):
        return None
    speaker = speakers.after(page, number + 1, end)
    if speaker is None or not page.is_name(speaker[1] - 1) or speaker[0] != number + 1:
        return None
    earlier, later = content(page, first, number), None
    if page.word(speaker[1]) == ",":
        later = content(page, speaker[1] + 1, end)
    elif not is_end(page, speaker[1], end):
        return None
    claim = tuple(part for part in (earlier, later) if part)
    if earlier is None or sum(map(page.words, claim)) < LEAST_WORDS:
        return None
    return Attribution(claim=claim, speaker=speaker, direct=False, rule="interrupted", at=number)


def _subject(page: Page, number: int, subject_end: int, found: Sequence[Attribution]) -> Range | None:
    """Who speaks by the words in front of the verb; who spoke before in the sentence where nobody is named."""
    first, _ = page.sentences.around(number)
    before = page.word(subject_end - 1)
    if before in page.table.relatives:
        return speakers.antecedent(page, subject_end - 1, first)
    if subject_end > first and before not in page.table.joiners and page.low[number] not in page.table.participles:
        return speakers.before(page, subject_end, first)
    return next((old.speaker for old in reversed(found[-2:]) if old.at >= first), None) or speakers.leading(
        page, first, number
    )


def _behind(page: Page, number: int, start: int, speaker: Range | None) -> Iterator[Attribution]:
    """“X said that …”, “X told the press: “…””, “X said it rained”; looked for from `start`."""
    word, table = page.low[number], page.table
    _, end = page.sentences.around(number)
    while start < end and (page.low[start] in table.adverbs or page.low[start] in table.times):
        start += 1
    opening = opening_of(page, start, end, told=word in table.told)
    if opening is None:
        if speaker:
            yield from _bare(page, number, start, speaker)
        return
    quotation = page.starting.get(opening)
    if quotation is None:
        is_conjunction = page.low[opening] in table.conjunctions
        if is_conjunction or word not in table.quote:
            yield from clause(page, (opening + is_conjunction, end), speaker, at=number, rule="that")
    elif quotation.words >= LEAST_QUOTED or page.word(opening - 1) in {",", ":"}:
        yield Attribution(claim=quotation.pieces, speaker=speaker, direct=True, rule="quoted", at=number)
    elif speaker:
        yield from _bare(page, number, start, speaker)


def _bare(page: Page, number: int, start: int, speaker: Range) -> Iterator[Attribution]:
    """“X said it rained”, “X told Y it rained”; after other verbs only what has a verb: “X found it was wet”."""
    word, table = page.low[number], page.table
    _, end = page.sentences.around(number)
    if table.verb_second and page.word(start) == ",":  # „sagte Solheim, der Hafen sei offen“
        start += 1
    if word in table.told:
        start = over_hearer(page, start, end)
        if has_verb(page, start, end):
            yield from clause(page, (start, end), speaker, at=number, rule="told")
    elif page.word(start) not in table.prepositions and (page.is_word(start) or start in page.starting):
        if word in table.free:
            yield from clause(page, (start, end), speaker, at=number, rule="bare")
        elif word in table.that and has_verb(page, start + 1, end):
            yield from clause(page, (start, end), speaker, at=number, rule="bare with a verb")


def _in_front(page: Page, number: int, speaker: Range, first: int, end: int) -> Iterator[Attribution]:
    """“Ships wait, researchers say.” and “Ships, Solheim said, wait.”"""
    table = page.table
    behind = number + 1
    while behind < end and page.low[behind] in table.adverbs | table.times:
        behind += 1
    claim = content(page, first, speaker[0])
    apart = page.word(speaker[0] - 1) == "," and is_end(page, behind, end)
    if apart and claim and page.low[claim[0]] not in table.prepositions:
        yield from clause(page, claim, speaker, at=number, rule="in front")
