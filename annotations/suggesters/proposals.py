"""Proposals: spans that an engine offers for a text, and what an engine may know when it looks at it.

All offsets are code points, half open; scores are from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid5

from annotations.domain.documents import NOTHING, Fragments
from annotations.suggesters.phrases import Dictionary

ACTOR: Final = "actor"
CLAIM: Final = "claim"
LOCATION: Final = "location"
MADE_BY: Final = "made_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSpan:
    """A span as engines need it: the key of its label, its fragments (code points, half open), whom it means."""

    label: str
    fragments: Fragments
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedLink:
    """A relation from the proposal to a span, proposed or existing, with that label and those fragments."""

    relation: str
    label: str
    fragments: Fragments


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A span that an engine offers.

    `score` is the engine's own estimate (0 to 1) that an annotator would accept it. `entity` is a canonical name,
    `latitude` and `longitude` are degrees, `attributes` are such as `form` of a claim, where the engine knows them.
    `engines` names all that offered this label on these fragments, the best first; without them it is the one.
    """

    engine: str
    version: str
    label: str
    fragments: Fragments
    score: float
    entity: str = ""
    latitude: float | None = None
    longitude: float | None = None
    attributes: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    links: tuple[ProposedLink, ...] = ()
    engines: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.engines:
            object.__setattr__(self, "engines", (self.engine,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What an engine may know: the text, its language (a code such as `en`, or empty), what is labelled in it so far
    by the one who is asked, the phrases of the project, and the keys of the labels and relations that exist.
    """

    text: str
    language: str = ""
    spans: Sequence[LabelledSpan] = ()
    dictionary: Dictionary = field(default_factory=Dictionary)
    labels: frozenset[str] = frozenset({ACTOR, CLAIM, LOCATION})
    relations: frozenset[str] = frozenset({MADE_BY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A name that never changes, a version that changes with what it proposes, and the function that proposes."""

    name: str
    version: str
    propose: Callable[[Context], Iterable[Proposal]]


def proposal_uuid(article: UUID, engine: str, label: str, fragments: Fragments) -> UUID:
    """The id of a proposal: the same whenever the engine offers the same again, whatever its version and score."""
    places = ",".join(f"{start}-{end}" for start, end in fragments)
    return uuid5(article, f"proposal:{engine}:{label}:{places}")
