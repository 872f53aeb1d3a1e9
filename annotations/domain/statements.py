"""A statement says who said what, about where: a claim with one of its actors and one of its locations.

A claim of several actors or locations makes several statements; one of none makes one statement with a gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from annotations.domain.documents import NOTHING, AnnotationSet, Fragments, Relation, Span, quote_of

CLAIM: Final = "claim"
MADE_BY: Final = "made_by"
LOCATED_IN: Final = "located_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A span of a statement: fragments in code points, half open; `name` is its entity, else its words."""

    id: str
    label: str
    fragments: Fragments
    quote: str
    entity: str = ""

    @property
    def name(self) -> str:
        """Whom or what it means."""
        return self.entity or self.quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Who (`actor`) said what (`claim`, whose entity is its concept), about where (`location`)."""

    claim: Mention
    actor: Mention | None = None
    location: Mention | None = None
    attributes: Mapping[str, str] = NOTHING


def statements_of(text: str, annotation_set: AnnotationSet) -> list[Statement]:
    """The statements of a set in reading order: of spans with the label `claim`, and of all that `made_by` links."""
    spans = {span.id: span for span in annotation_set.spans}
    links = _links(annotation_set.relations)
    claims = [span for span in annotation_set.spans if span.label == CLAIM or links[MADE_BY].get(span.id)]
    claims.sort(key=lambda span: (span.fragments, span.id))
    return [
        Statement(
            claim=_mention(text, claim),
            actor=_mention(text, actor) if actor else None,
            location=_mention(text, location) if location else None,
            attributes=claim.attributes,
        )
        for claim in claims
        for actor, location in product(
            _ends(spans, links[MADE_BY][claim.id]), _ends(spans, links[LOCATED_IN][claim.id])
        )
    ]


def _links(relations: Iterable[Relation]) -> Mapping[str, Mapping[str, list[str]]]:
    """relation label -> source -> targets."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for relation in relations:
        found[relation.label][relation.source].append(relation.target)
    return found


def _ends(spans: Mapping[str, Span], ids: Sequence[str]) -> Iterator[Span | None]:
    """The spans in reading order, or one gap."""
    if not ids:
        yield None
    yield from sorted((spans[key] for key in ids), key=lambda span: (span.fragments, span.id))


def _mention(text: str, span: Span) -> Mention:
    return Mention(
        id=span.id,
        label=span.label,
        fragments=span.fragments,
        quote=span.quote if span.quote is not None else quote_of(text, span.fragments),
        entity=span.entity,
    )
