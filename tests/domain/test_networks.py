"""Who agrees with whom, who contradicts whom, and how that is drawn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from annotations.domain.network_pictures import HEIGHT, WIDTH, picture_of
from annotations.domain.networks import KINDS, Edge, Said, network_of, strongest

SAID = [
    Said(actor="Ana", concept="tax", stance="supports", times=2),
    Said(actor="Bo", concept="tax", stance="supports"),
    Said(actor="Cy", concept="tax", stance="opposes"),
    Said(actor="Bo", concept="port", stance="opposes"),
    Said(actor="Cy", concept="port", stance="opposes"),
    Said(actor="Di", concept="tax"),
    Said(actor="Ana", claim="a1", name="We lost.", stance="neutral"),
]
said = st.lists(
    st.builds(
        Said,
        actor=st.sampled_from(["Ana", "Bo", "Cy"]),
        concept=st.sampled_from(["", "tax", "port"]),
        claim=st.sampled_from(["a1", "a2"]),
        stance=st.sampled_from(["", "supports", "opposes"]),
        times=st.integers(1, 3),
    ),
    max_size=12,
)


def test_actors_are_joined_to_what_they_claim_by_their_stance() -> None:
    assert network_of("claims", SAID).edges == [
        Edge("actor:Ana", "concept:tax", "supports", 2),
        Edge("actor:Bo", "concept:tax", "supports", 1),
        Edge("actor:Cy", "concept:tax", "opposes", 1),
        Edge("actor:Bo", "concept:port", "opposes", 1),
        Edge("actor:Cy", "concept:port", "opposes", 1),
        Edge("actor:Di", "concept:tax", "claims", 1),
        Edge("actor:Ana", "claim:a1", "neutral", 1),
    ]


def test_actors_agree_on_concepts_on_which_they_take_the_same_stance() -> None:
    assert network_of("congruence", SAID).edges == [
        Edge("actor:Ana", "actor:Bo", "congruence", 1, ("tax",)),
        Edge("actor:Bo", "actor:Cy", "congruence", 1, ("port",)),
    ]


def test_actors_are_in_conflict_where_their_stances_differ_and_nobody_is_with_one_who_took_none() -> None:
    assert network_of("conflict", SAID).edges == [
        Edge("actor:Ana", "actor:Cy", "conflict", 1, ("tax",)),
        Edge("actor:Bo", "actor:Cy", "conflict", 1, ("tax",)),
    ]


def test_the_strongest_are_left_without_nodes_that_lost_their_edges() -> None:
    heavy = strongest(network_of("claims", SAID), least=2)
    assert ([node.key for node in heavy.nodes], [edge.weight for edge in heavy.edges]) == (
        ["actor:Ana", "concept:tax"],
        [2],
    )
    few = strongest(network_of("claims", SAID), most=2)
    assert {node.key for node in few.nodes} == {"actor:Ana", "concept:tax"}


@given(said)
def test_claims_are_all_counted_and_conflict_and_congruence_are_symmetric(rows: list[Said]) -> None:
    assert sum(edge.weight for edge in network_of("claims", rows).edges) == sum(each.times for each in rows)
    for kind in KINDS[1:]:
        assert sorted(network_of(kind, rows).edges, key=repr) == sorted(network_of(kind, rows[::-1]).edges, key=repr)


@given(said)
def test_a_picture_is_the_same_each_time_and_within_its_frame(rows: list[Said]) -> None:
    network = network_of("claims", rows)
    picture = picture_of(network)
    assert picture == picture_of(network)
    assert len(picture.dots) == len(network.nodes)
    assert len(picture.threads) == len(network.edges)
    assert all(0 < dot.x < WIDTH and 0 < dot.y < HEIGHT for dot in picture.dots)


def test_edges_between_the_same_two_are_bent_apart() -> None:
    rows = [Said(actor="Ana", concept="tax", stance=stance) for stance in ("supports", "opposes", "neutral")]
    paths = [thread.path for thread in picture_of(network_of("claims", rows)).threads]
    assert len(set(paths)) == 3
    assert ["Q" in path for path in paths] == [False, True, True]
