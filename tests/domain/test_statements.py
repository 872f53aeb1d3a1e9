"""Who said what, about where: one row for each actor and each location of a claim."""

from __future__ import annotations

from annotations.domain.documents import AnnotationSet, Relation, Span
from annotations.domain.statements import Mention, Statement, statements_of

TEXT = "“We lost nine days,” said Ingrid Solheim and Per Moe in Oslo."
CLAIM = Span(id="c", label="claim", fragments=((0, 20),), attributes={"stance": "opposes"}, entity="strike")
SOLHEIM = Span(id="s", label="actor", fragments=((26, 40),), entity="Ingrid Solheim")
MOE = Span(id="m", label="actor", fragments=((45, 52),))
OSLO = Span(id="o", label="location", fragments=((56, 60),))


def of(*relations: Relation) -> list[Statement]:
    spans = [OSLO, MOE, SOLHEIM, CLAIM]
    return statements_of(TEXT, AnnotationSet(kind="gold", spans=spans, relations=relations))


def link(label: str, target: str) -> Relation:
    return Relation(id=f"{label}-{target}", label=label, source="c", target=target)


def test_a_claim_alone_is_a_statement_with_gaps() -> None:
    claim = Mention(id="c", label="claim", fragments=((0, 20),), quote="“We lost nine days,”", entity="strike")
    assert of() == [Statement(claim=claim, attributes={"stance": "opposes"})]


def test_a_claim_of_two_actors_at_a_place_is_two_statements_in_reading_order() -> None:
    found = of(link("made_by", "m"), link("located_in", "o"), link("made_by", "s"))
    named = [(each.actor and each.actor.name, each.claim.name, each.location and each.location.name) for each in found]
    assert named == [("Ingrid Solheim", "strike", "Oslo"), ("Per Moe", "strike", "Oslo")]


def test_what_somebody_made_is_a_claim_whatever_its_label_is() -> None:
    promise = Span(id="p", label="promise", fragments=((3, 20),))
    made = Relation(id="r", label="made_by", source="p", target="s")
    found = statements_of(TEXT, AnnotationSet(kind="gold", spans=[promise, SOLHEIM], relations=[made]))
    assert [(each.claim.quote, each.actor and each.actor.quote) for each in found] == [(TEXT[3:20], "Ingrid Solheim")]
