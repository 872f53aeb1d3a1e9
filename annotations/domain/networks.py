"""Networks of who said what: actors and their claims, actors who say the same, actors who contradict each other.

A claim's entity is its concept; networks count concepts, never the wording. Two actors agree on a concept when both
take the same stance on it, and are in conflict when each takes one and the two differ; they can be both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

CLAIMS: Final = "claims"
CONGRUENCE: Final = "congruence"
CONFLICT: Final = "conflict"
KINDS: Final = (CLAIMS, CONGRUENCE, CONFLICT)
_NO_STANCE: Final = "claims"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An actor made claims: of a concept, or one whose concept is not known (`claim` is its key, `name` its words)."""

    actor: str
    concept: str = ""
    claim: str = ""
    name: str = ""
    stance: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Node:
    """An actor, a concept or a claim; `weight` is the sum of its edges' weights."""

    key: str
    kind: str
    name: str
    weight: int


@dataclass(frozen=True, slots=True)
class Edge:
    """Between the keys of two nodes: `relation` is a stance, `claims` without one, or the kind of the network.

    `weight` counts claims, or, between actors, the `concepts`.
    """

    source: str
    target: str
    relation: str
    weight: int
    concepts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes and the edges between them; `directed` from actors to what they claim."""

    kind: str
    nodes: Sequence[Node]
    edges: Sequence[Edge]

    @property
    def directed(self) -> bool:
        """Whether an edge has a direction."""
        return self.kind == CLAIMS


def network_of(kind: str, said: Iterable[Said]) -> Network:
    """The network of one of `KINDS`, its edges in the order in which they were first said."""
    return _claims(said) if kind == CLAIMS else _actors(kind, said)


def strongest(network: Network, *, least: int = 1, most: int = 1_000_000) -> Network:
    """The network without edges lighter than `least`, and of it the heaviest edges that join at most `most` nodes.

    Of edges that weigh the same those of heavier nodes come first.
    """
    weights = {node.key: node.weight for node in network.nodes}
    edges = [edge for edge in network.edges if edge.weight >= least]
    kept: set[str] = set()
    ranked = sorted(edges, key=lambda edge: (-edge.weight, -weights[edge.source] - weights[edge.target], edge.source))
    for edge in ranked:
        if len(kept | {edge.source, edge.target}) <= most:
            kept |= {edge.source, edge.target}
    edges = [edge for edge in edges if edge.source in kept and edge.target in kept]
    return Network(network.kind, [node for node in network.nodes if node.key in kept], edges)


def _claims(said: Iterable[Said]) -> Network:
    times: Counter[tuple[str, str, str]] = Counter()
    nodes: dict[str, tuple[str, str]] = {}
    for each in said:
        source = f"actor:{each.actor}"
        target = f"concept:{each.concept}" if each.concept else f"claim:{each.claim}"
        nodes.setdefault(source, ("actor", each.actor))
        nodes.setdefault(target, ("concept", each.concept) if each.concept else ("claim", each.name))
        times[source, target, each.stance or _NO_STANCE] += each.times
    return _network(CLAIMS, nodes, [Edge(*key, weight) for key, weight in times.items()])


def _actors(kind: str, said: Iterable[Said]) -> Network:
    stances: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in said:
        if each.concept:
            stances[each.concept][each.actor].add(each.stance)
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    joined = _agree if kind == CONGRUENCE else _differ
    for concept, actors in stances.items():
        for one, other in combinations(sorted(actors), 2):
            if joined(actors[one], actors[other]):
                shared[one, other].append(concept)
    nodes = {f"actor:{actor}": ("actor", actor) for actors in stances.values() for actor in actors}
    edges = [
        Edge(f"actor:{one}", f"actor:{other}", kind, len(concepts), tuple(sorted(concepts)))
        for (one, other), concepts in sorted(shared.items())
    ]
    return _network(kind, nodes, edges)


def _agree(one: set[str], other: set[str]) -> bool:
    return bool(one & other)


def _differ(one: set[str], other: set[str]) -> bool:
    """A stance that is not given contradicts none."""
    return any(mine != theirs for mine in one for theirs in other if mine and theirs)


def _network(kind: str, nodes: Mapping[str, tuple[str, str]], edges: Sequence[Edge]) -> Network:
    weights: Counter[str] = Counter()
    for edge in edges:
        weights[edge.source] += edge.weight
        weights[edge.target] += edge.weight
    return Network(kind, [Node(key, *what, weights[key]) for key, what in nodes.items()], edges)
