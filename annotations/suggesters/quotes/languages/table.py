"""What the rules need to know of a language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """Words of one language, lower case.

    `free` verbs may be followed by a bare clause (“she said it rained”), `that` verbs need a conjunction or a
    quotation, `quote` verbs a quotation; `told` verbs name the hearer first. `nouns` are forms that are nouns as
    often as verbs. `conjunctions` open the clause and are left out of the claim, `questions` open it and belong to it.
    `according` are openings such as (“according”, “to”), `according_after` stand behind the speaker (“zufolge”).
    `base_forms` are verbs after a plural only (“results show”), `plurals` words that are one without an s. `passive`
    are auxiliaries of the passive, `agents` name who did it (“by”). A speaker ends at a `stop`, `inner_prepositions`
    may be in one; `times` are none, `titles` no part of a name. `past_endings` and `adverb_endings` tell such words.
    With `verb_second` the speaker may stand behind the verb of any sentence. `small_words` tell the language.
    """

    free: frozenset[str]
    that: frozenset[str]
    quote: frozenset[str]
    told: frozenset[str]
    nouns: frozenset[str]
    base_forms: frozenset[str]
    plurals: frozenset[str]
    participles: frozenset[str]
    conjunctions: frozenset[str]
    questions: frozenset[str]
    auxiliaries: frozenset[str]
    adverbs: frozenset[str]
    passive: frozenset[str]
    agents: frozenset[str]
    past_endings: tuple[str, ...]
    adverb_endings: tuple[str, ...]
    according: tuple[tuple[str, ...], ...]
    according_after: frozenset[str]
    determiners: frozenset[str]
    indefinite: frozenset[str]
    prepositions: frozenset[str]
    inner_prepositions: frozenset[str]
    stops: frozenset[str]
    relatives: frozenset[str]
    singular_pronouns: frozenset[str]
    plural_pronouns: frozenset[str]
    other_pronouns: frozenset[str]
    joiners: frozenset[str]
    times: frozenset[str]
    titles: frozenset[str]
    small_words: frozenset[str]
    verb_second: bool = False
