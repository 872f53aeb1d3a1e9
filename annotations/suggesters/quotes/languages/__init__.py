"""How languages report speech: one table a module, the one for a text by its language, else by its words."""

from __future__ import annotations

from collections import Counter
from typing import Final

from annotations.suggesters.quotes.languages import english, french, german, spanish
from annotations.suggesters.quotes.languages.table import Reporting

LANGUAGES: Final = {"en": english.TABLE, "de": german.TABLE, "fr": french.TABLE, "es": spanish.TABLE}
_LOOKED_AT: Final = 2_000


def table_for(language: str, words: tuple[str, ...]) -> Reporting:
    """The table for a language code such as `en` or `de-AT`; without one, that whose small words are the most."""
    if known := LANGUAGES.get(language[:2].lower()):
        return known
    counts = Counter(word.lower() for word in words[:_LOOKED_AT])
    return max(LANGUAGES.values(), key=lambda table: sum(counts[word] for word in table.small_words))
