"""Sites: names whose last word says that they are places, such as “Jamarat Bridge” or “the Langesund strait”."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from annotations.suggesters.words import Tokens, word_set

MOST_TOKENS: Final = 8
# With or without a capital: what lies in a landscape.
_LAND: Final = word_set(
    "avenue bay beach boulevard bridge canal canyon coast desert forest gulf hills island islands lake mountain"
    " mountains ocean peninsula plain plains plateau province reef region river road shore square strait straits"
    " street valley village volcano wharf"
)
_LAND_WRITTEN: Final = _LAND | {word.capitalize() for word in _LAND}
# Only with a capital: what is built or drawn.
_BUILT: Final = word_set(
    "Airport Airfield Arena Camp Castle Cathedral Cemetery Center Centre Channel City Corridor County Dam District"
    " Fort Garden Gardens Hall Harbor Harbour Heights Hospital Hotel House Market Memorial Monument Mosque Museum"
    " Palace Park Pier Planetarium Plaza Port Prison Quarter Railway Reserve Sea Springs Stadium Station Temple"
    " Terminal Territories Territory Theater Theatre Tower Towers Tunnel Zoo"
)
_JOINERS: Final = frozenset("-'’")
_NEVER_FIRST: Final = word_set("the a an this that in at on from near to and but of for with by its his her their our")


def sites(text: str, tokens: Tokens) -> Iterator[tuple[int, int]]:
    """The ranges of tokens that name a site; a “the” in front belongs to it."""
    for number, word in enumerate(tokens.texts):
        if (word in _BUILT or word in _LAND_WRITTEN) and not _goes_on(tokens, number):
            first = _first(text, tokens, number)
            if first < number:
                the = first and tokens.texts[first - 1].lower() == "the" and _together(text, tokens, first)
                yield (first - 1 if the else first), number + 1


def _goes_on(tokens: Tokens, number: int) -> bool:
    """Whether the name is longer: “Century City Towers”, “Sea-Air-Space Museum”."""
    after = tokens.texts[number + 1] if number + 1 < len(tokens) else ""
    return after in _BUILT or (after in _JOINERS and tokens.ends[number] == tokens.starts[number + 1] and after == "-")


def _first(text: str, tokens: Tokens, last: int) -> int:
    """Back over the capital words of a name, in one line and without a sign but hyphens and apostrophes in it."""
    number = last
    while number > max(0, last - MOST_TOKENS) and _together(text, tokens, number):
        before = tokens.texts[number - 1]
        if before not in _JOINERS and (not before[0].isupper() or before.lower() in _NEVER_FIRST):
            break
        number -= 1
    while number < last and not tokens.texts[number][0].isupper():
        number += 1
    return number


def _together(text: str, tokens: Tokens, number: int) -> bool:
    return text[tokens.ends[number - 1] : tokens.starts[number]] in {"", " "}
