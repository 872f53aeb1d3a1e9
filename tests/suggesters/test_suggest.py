"""The engines together: one list, in reading order, each place once."""

from __future__ import annotations

from uuid import UUID

from annotations.domain.documents import Fragments
from annotations.suggesters import ENGINES, suggest
from annotations.suggesters.proposals import (
    Context,
    Engine,
    LabelledSpan,
    Proposal,
    ProposedLink,
    proposal_uuid,
)

TEXT = "Ada Berg met Ben in Oslo and said it would rain."


def engine(name: str, *proposals: tuple[str, Fragments, float], entity: str = "") -> Engine:
    made = [
        Proposal(engine=name, version="1", label=label, fragments=fragments, score=score, entity=entity)
        for label, fragments, score in proposals
    ]
    return Engine(name=name, version="1", propose=lambda _context: made)


def offered(context: Context, *engines: Engine) -> list[tuple[str, Fragments, tuple[str, ...]]]:
    return [(each.label, each.fragments, each.engines) for each in suggest(context, engines)]


def test_reading_order() -> None:
    one = engine("one", ("location", ((20, 24),), 0.5), ("actor", ((0, 8),), 0.5), ("actor", ((13, 16),), 0.9))
    assert [fragments for _, fragments, _ in offered(Context(text=TEXT), one)] == [((0, 8),), ((13, 16),), ((20, 24),)]


def test_the_same_from_two_engines_is_one_with_the_best_score_and_all_that_is_known() -> None:
    plain, named = engine("plain", ("actor", ((0, 8),), 0.9)), engine("named", ("actor", ((0, 8),), 0.5), entity="Ada")
    (proposal,) = suggest(Context(text=TEXT), [named, plain])
    assert (proposal.engine, proposal.engines, proposal.score, proposal.entity) == (
        "plain",
        ("plain", "named"),
        0.9,
        "Ada",
    )


def test_of_two_that_overlap_the_better_stays_unless_one_engine_offers_both_or_the_labels_differ() -> None:
    long, short = engine("long", ("actor", ((0, 8),), 0.9)), engine("short", ("actor", ((0, 3),), 0.5))
    assert offered(Context(text=TEXT), short, long) == [("actor", ((0, 8),), ("long",))]
    both = engine("both", ("actor", ((0, 8),), 0.9), ("actor", ((0, 3),), 0.5))
    assert len(offered(Context(text=TEXT), both)) == 2
    place = engine("place", ("location", ((0, 3),), 0.5))
    assert len(offered(Context(text=TEXT), long, place)) == 2


def test_what_touches_a_span_of_the_label_is_left_out() -> None:
    one = engine("one", ("actor", ((0, 3),), 0.5), ("actor", ((13, 16),), 0.5), ("location", ((0, 3),), 0.5))
    spans = [LabelledSpan(label="actor", fragments=((0, 8),))]
    assert offered(Context(text=TEXT, spans=spans), one) == [
        ("location", ((0, 3),), ("one",)),
        ("actor", ((13, 16),), ("one",)),
    ]


def test_labels_that_do_not_exist_are_left_out() -> None:
    assert offered(Context(text=TEXT, labels=frozenset({"claim"})), *ENGINES.values()) == [
        ("claim", ((34, 47),), ("quotes",))
    ]


def test_links_lead_to_what_is_there() -> None:
    link = ProposedLink(relation="made_by", label="actor", fragments=((0, 3),))
    claim = Proposal(engine="q", version="1", label="claim", fragments=((34, 47),), score=1, links=(link,))
    links = Engine(name="q", version="1", propose=lambda _context: [claim])
    alone, named = engine("none"), engine("a", ("actor", ((0, 8),), 0.5))

    def linked(context: Context, *engines: Engine) -> list[Fragments]:
        return [each.fragments for proposal in suggest(context, engines) for each in proposal.links]

    assert linked(Context(text=TEXT), links, named) == [((0, 8),)]
    assert linked(Context(text=TEXT), links, alone) == []
    assert linked(Context(text=TEXT, relations=frozenset()), links, named) == []
    spans = [LabelledSpan(label="actor", fragments=((0, 3),))]
    assert linked(Context(text=TEXT, spans=spans), links, named) == [((0, 3),)]


def test_the_id_depends_on_article_engine_label_and_fragments_only() -> None:
    article, other = UUID(int=1), UUID(int=2)
    known = proposal_uuid(article, "quotes", "claim", ((0, 3), (5, 8)))
    assert known == proposal_uuid(article, "quotes", "claim", ((0, 3), (5, 8)))
    assert known.version == 5
    assert (
        len(
            {
                known,
                proposal_uuid(other, "quotes", "claim", ((0, 3), (5, 8))),
                proposal_uuid(article, "dictionary", "claim", ((0, 3), (5, 8))),
                proposal_uuid(article, "quotes", "actor", ((0, 3), (5, 8))),
                proposal_uuid(article, "quotes", "claim", ((0, 3),)),
            }
        )
        == 5
    )


def test_every_engine_stands_under_its_name() -> None:
    assert {name: one.name for name, one in ENGINES.items()} == {
        "repetition": "repetition",
        "dictionary": "dictionary",
        "gazetteer": "gazetteer",
        "quotes": "quotes",
    }
