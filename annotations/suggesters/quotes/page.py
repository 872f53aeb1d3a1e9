"""A text as the rules see it: tokens, small letters, quotations, sentences and the table of its language."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate

from annotations.suggesters.quotes.languages import table_for
from annotations.suggesters.quotes.languages.table import Reporting
from annotations.suggesters.quotes.marks import Quotation, quotations
from annotations.suggesters.quotes.sentences import Sentences, paragraph_starts, sentences
from annotations.suggesters.words import Tokens, tokens_of

type Range = tuple[int, int]
"""Numbers of tokens, half open."""


@dataclass(slots=True)
class Page:
    """One text; all positions are numbers of tokens."""

    text: str
    language: str
    tokens: Tokens = field(init=False)
    low: list[str] = field(init=False)
    table: Reporting = field(init=False)
    paragraphs: frozenset[int] = field(init=False)
    quoted: list[Quotation] = field(init=False)
    sentences: Sentences = field(init=False)
    ending: dict[int, Quotation] = field(init=False)
    starting: dict[int, Quotation] = field(init=False)
    inside: list[bool] = field(init=False)
    begins: frozenset[int] = field(init=False)
    verbs: frozenset[str] = field(init=False)
    _words: list[int] = field(init=False)
    _quoted_words: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = tokens_of(self.text)
        # “WHO”, “US” and “IT” are no small words
        self.low = [word if len(word) > 1 and word.isupper() else word.lower() for word in self.tokens.texts]
        self.table = table_for(self.language, self.tokens.texts)
        self.paragraphs = paragraph_starts(self.text, self.tokens)
        self.quoted = quotations(self.text, self.tokens, self.paragraphs)
        self.sentences = sentences(self.tokens, self.paragraphs, self.quoted)
        self.ending = {quotation.end: quotation for quotation in self.quoted}
        self.starting = {quotation.first: quotation for quotation in self.quoted}
        self.inside = [False] * len(self.tokens)
        for quotation in self.quoted:
            for first, end in quotation.pieces:
                self.inside[first:end] = [True] * (end - first)
        self.begins = frozenset(self.sentences.starts)
        self.verbs = self.table.free | self.table.that | self.table.quote | self.table.told
        # sums from the beginning, so that long claims cost no more than short ones
        words = [word[0].isalnum() for word in self.low]
        self._words = list(accumulate(words, initial=0))
        self._quoted_words = list(
            accumulate((word and inside for word, inside in zip(words, self.inside, strict=True)), initial=0)
        )

    def word(self, number: int) -> str:
        """A token in small letters (all capitals stay), empty outside the text."""
        return self.low[number] if 0 <= number < len(self.low) else ""

    def is_name(self, number: int) -> bool:
        """Whether a token begins with a capital, or is a word of a script without capitals."""
        if not 0 <= number < len(self.low):
            return False
        first = self.tokens.texts[number][0]
        return first.isupper() or (first.isalpha() and not first.islower() and ord(first) > 0x2FF)

    def is_word(self, number: int) -> bool:
        """Whether a token is a word or a number, no sign."""
        return 0 <= number < len(self.low) and self.low[number][0].isalnum()

    def words(self, where: Range) -> int:
        """How many words a range has."""
        return self._words[where[1]] - self._words[where[0]]

    def quoted_words(self, where: Range) -> int:
        """How many words of a range stand in quotation marks."""
        return self._quoted_words[where[1]] - self._quoted_words[where[0]]

    def glued(self, number: int) -> bool:
        """Whether a token stands at the one before without a space."""
        return number > 0 and self.tokens.ends[number - 1] == self.tokens.starts[number]

    def fragment(self, where: Range) -> tuple[int, int]:
        """A range as code points."""
        return self.tokens.starts[where[0]], self.tokens.ends[where[1] - 1]
