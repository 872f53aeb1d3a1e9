"""The sentences of the core in the language of who reads them.

The core knows no framework: what translates is handed to it when the application starts (`apps.py`). Until then, and in
the core's own tests, a sentence stays as it is written.
"""

from __future__ import annotations

from collections.abc import Callable

_translators: list[Callable[[str], str]] = [str]


def translate_with(translator: Callable[[str], str]) -> None:
    """Let `translator` give each sentence in the language of the moment."""
    _translators[:] = [translator]


def marked(sentence: str) -> str:
    """The sentence as it is, for the catalogues to find: what says it translates it then."""
    return sentence


def _(sentence: str) -> str:
    """The sentence, translated; the name is the one by which texts are found for the catalogues."""
    return _translators[0](sentence)
