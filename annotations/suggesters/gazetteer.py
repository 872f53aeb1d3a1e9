"""The gazetteer: countries, regions, capitals and large cities with coordinates, and sites named by their kind.

The list is derived from GeoNames (https://www.geonames.org), licensed CC BY 4.0, by scripts/derive_places.py. What the
text shows to be a person, a newspaper, somebody who acts or a part of a longer name is not proposed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from annotations.suggesters.phrases import Dictionary, Entry
from annotations.suggesters.proposals import LOCATION, Context, Engine, Proposal
from annotations.suggesters.sites import sites
from annotations.suggesters.words import Tokens, tokens_of, word_set

ATTRIBUTION: Final = "GeoNames (geonames.org), CC BY 4.0"
"""To be shown where coordinates of this engine are."""

# How sure the engine is, by what stands around the name: about the part that was right on the articles measured.
_AFTER_PREPOSITION: Final = 0.9
_IN_A_PAIR: Final = 0.85
_ALONE: Final = 0.75
_SITE: Final = 0.75

# Behind one of these a name is a place.
_LOCATIVE: Final = word_set(
    "in at from near to into toward towards around across outside inside throughout within through via leaving off à"
    " au aux en dans depuis vers près nach aus bei um über von desde hacia hasta"
)
# Words in front of a name that, with a capital, do not make it a part of a longer one.
_BESIDE: Final = _LOCATIVE | word_set(
    "north south east west northern southern eastern western central greater downtown upper lower inner outer"
    " mainland the a an of and but for with by on since while when after before both last der die das im am und le la"
    " les de el los las y"
)
# Capital words behind a name that make it a newspaper, a club or a company.
_NAMED_AFTER: Final = word_set(
    "Times Post Herald Sun Morning Daily Gazette News Tribune Journal Telegraph Globe Star Mirror Guardian Observer"
    " Chronicle Review Weekly Magazine Today FC United University Open Marathon Symphony Airlines Airways Bank"
)
# A name that begins a clause acts, unless one of these follows.
_NO_VERBS: Final = word_set("and or in on at of for with by to from as near the a an where which who that but is was")
_CLAUSE_BEGINS: Final = word_set("and that but as when while")
_SIGNS: Final = frozenset(',;:()[].!?—–…"“”„«»')


@dataclass(frozen=True, slots=True)
class Place:
    """A place by one of its names: `kind` is continent, country, region, capital or city, `country` its ISO code, the
    coordinates are degrees; `doubtful` names are proposed only where the text says that they are places.
    """

    canonical: str
    kind: str
    country: str
    latitude: float
    longitude: float
    doubtful: bool


@cache
def places() -> dict[str, Place]:
    """Every known name; read at first use."""
    lines = files("annotations.suggesters").joinpath("places.tsv").read_text("utf-8").splitlines()
    found: dict[str, Place] = {}
    for line in lines[1:]:
        name, canonical, kind, country, latitude, longitude, doubt = line.split("\t")
        found[name] = Place(canonical, kind, country, float(latitude), float(longitude), doubt == "?")
    return found


@cache
def _index() -> Dictionary:
    return Dictionary(Entry(phrase=name, label=LOCATION, labelled=1, occurrences=1) for name in places())


@dataclass(slots=True)
class _Names:
    """The names of places in a text: where each begins and ends (numbers of tokens), and what stands around."""

    tokens: Tokens
    found: list[tuple[int, int, str]]
    begins: AbstractSet[int]
    ends: AbstractSet[int]

    def word(self, number: int) -> str:
        """A token, empty outside the text."""
        return self.tokens.texts[number] if 0 <= number < len(self.tokens) else ""

    def is_named(self, first: int) -> bool:
        """Whether a capital word in front makes a name a part of a longer one."""
        before = self.word(first - 1)
        return before[:1].isupper() and before.lower() not in _BESIDE and first not in self.ends

    def acts(self, first: int, end: int) -> bool:
        """Whether a name begins a clause and what follows may be its verb."""
        before, after = self.word(first - 1), self.word(end)
        begins = not before or before[0] in _SIGNS or before.lower() in _CLAUSE_BEGINS
        return begins and after.isalpha() and after.islower() and after not in _NO_VERBS


def _propose(context: Context) -> Iterator[Proposal]:
    if LOCATION not in context.labels:
        return
    names = _names(context.text)
    persons = {name for first, _, name in names.found if names.is_named(first)}
    for first, end, name in names.found:
        place = places()[name]
        if score := _score(names, first, end, doubtful=place.doubtful or name in persons):
            yield Proposal(
                engine=ENGINE.name,
                version=ENGINE.version,
                label=LOCATION,
                fragments=((names.tokens.starts[first], names.tokens.ends[end - 1]),),
                score=score,
                entity=place.canonical,
                latitude=place.latitude,
                longitude=place.longitude,
            )
    for first, end in sites(context.text, names.tokens):
        fragments = ((names.tokens.starts[first], names.tokens.ends[end - 1]),)
        yield Proposal(engine=ENGINE.name, version=ENGINE.version, label=LOCATION, fragments=fragments, score=_SITE)


def _names(text: str) -> _Names:
    tokens = tokens_of(text)
    found = [
        (tokens.at(start), bisect_left(tokens.starts, end), entries[0].phrase)
        for start, end, entries in _index().find(text)
    ]
    return _Names(tokens, found, {first for first, _, _ in found}, {end for _, end, _ in found})


def _score(names: _Names, first: int, end: int, *, doubtful: bool) -> float:
    """How sure a name is a place, 0 for not at all."""
    before, after = names.word(first - 1), names.word(end)
    if before[:1] in {*"-$@#&/"} or after[:1] in {*"-$@"} or names.is_named(first):
        return 0
    if after in _NAMED_AFTER and end not in names.begins:
        return 0
    if before.lower() in _LOCATIVE:
        return _AFTER_PREPOSITION
    if (before == "," and first - 1 in names.ends) or (after == "," and end + 1 in names.begins):
        return _IN_A_PAIR
    return 0 if doubtful or names.acts(first, end) else _ALONE


ENGINE: Final = Engine(name="gazetteer", version="1", propose=_propose)
