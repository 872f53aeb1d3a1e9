"""A network as geometry: where its nodes, edges and names stand in an SVG. templates/charts/network.svg draws it.

Nodes push each other away and edges pull them together (networkx' spring layout, begun at fixed places: the same
network, the same picture). Lengths are units of the view box.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2, sqrt
from typing import Any, Final

from annotations.domain.networks import Edge, Network, Node
from annotations.domain.placing import Words, words_beside

WIDTH: Final = 960
HEIGHT: Final = 640
FONT: Final = 12
_EDGE: Final = 40
_ROUNDS: Final = 150
_SEED: Final = 7
_STANCES: Final = {"supports": "supports", "opposes": "opposes", "conflict": "opposes", "congruence": "supports"}


@dataclass(frozen=True, slots=True)
class Dot:
    """A node: its middle, its radius, its name where there is room for it."""

    node: Node
    x: float
    y: float
    radius: float
    words: Words | None

    @property
    def corner(self) -> tuple[float, float, float]:
        """Left, top and side of the square of a node that is no actor."""
        side = self.radius * 1.8
        return round(self.x - side / 2, 1), round(self.y - side / 2, 1), round(side, 1)


@dataclass(frozen=True, slots=True)
class Thread:
    """An edge: from where to where, bent where several join the same two; `look` is supports, opposes or other."""

    edge: Edge
    path: str
    thickness: float
    look: str
    names: tuple[str, str]


@dataclass(frozen=True, slots=True)
class NetworkPicture:
    """The picture of a network."""

    dots: Sequence[Dot]
    threads: Sequence[Thread]
    width: int = WIDTH
    height: int = HEIGHT


def picture_of(network: Network) -> NetworkPicture:
    """The picture; empty for an empty network. About 150 nodes are as many as one can read."""
    if not network.nodes:
        return NetworkPicture([], [])
    places = _places(network)
    heaviest = max(node.weight for node in network.nodes)
    nodes = sorted(network.nodes, key=lambda node: (node.kind != "actor", -node.weight, node.key))
    points = [(*places[node.key], 4 + 10 * sqrt(node.weight / heaviest), node.name) for node in nodes]
    words = words_beside(points, size=FONT, width=WIDTH, height=HEIGHT)
    dots = [
        Dot(node, x, y, round(radius, 1), beside)
        for node, (x, y, radius, _name), beside in zip(nodes, points, words, strict=True)
    ]
    return NetworkPicture(dots, _threads(network, places))


def _places(network: Network) -> Mapping[str, tuple[float, float]]:
    """node -> where it is: what hangs together is drawn by itself, then all such parts in rows."""
    import networkx as nx  # type: ignore[import-untyped]

    graph = nx.Graph()
    graph.add_nodes_from(sorted(node.key for node in network.nodes))
    for edge in sorted(network.edges, key=lambda edge: (edge.source, edge.target, edge.relation)):
        graph.add_edge(edge.source, edge.target, weight=sqrt(edge.weight))
    parts = sorted(map(sorted, nx.connected_components(graph)), key=lambda part: (-len(part), part))
    places: dict[str, tuple[float, float]] = {}
    for part, (left, top, side) in zip(parts, _squares([len(part) for part in parts]), strict=True):
        inner = graph.subgraph(part)
        found: dict[str, Any] = nx.spring_layout(inner, seed=_SEED, iterations=_ROUNDS, k=2.2 / sqrt(len(part)))
        for key, point in found.items():  # from -1 to 1
            x, y = (float(each) * 0.4 + 0.5 for each in point)
            places[key] = (left + x * side, top + y * side)
    xs, ys = ([point[axis] for point in places.values()] for axis in (0, 1))
    return {key: (_scaled(x, xs, WIDTH), _scaled(y, ys, HEIGHT)) for key, (x, y) in places.items()}


def _squares(sizes: Sequence[int]) -> list[tuple[float, float, float]]:
    """Left, top and side of a square for each part, in rows that together are about as wide as the picture."""
    sides = [sqrt(size) + 0.6 for size in sizes]
    across = max(sides[0], sqrt(sum(side**2 for side in sides) * WIDTH / HEIGHT))
    found = []
    left = top = tall = 0.0
    for side in sides:
        if left and left + side > across * 1.05:
            left, top, tall = 0.0, top + tall, 0.0
        found.append((left, top, side))
        left, tall = left + side, max(tall, side)
    return found


def _scaled(value: float, values: Sequence[float], room: int) -> float:
    low, high = min(values), max(values)
    if high - low < 1e-9:
        return room / 2
    return round(_EDGE + (value - low) / (high - low) * (room - 2 * _EDGE), 1)


def _threads(network: Network, places: Mapping[str, tuple[float, float]]) -> list[Thread]:
    names = {node.key: node.name for node in network.nodes}
    drawn: dict[tuple[str, str], int] = {}
    found = []
    for edge in network.edges:
        number = drawn[edge.source, edge.target] = drawn.get((edge.source, edge.target), -1) + 1
        found.append(
            Thread(
                edge,
                _path(places[edge.source], places[edge.target], number),
                round(min(1.2 + 1.3 * log2(edge.weight), 8), 1),
                _STANCES.get(edge.relation, "other"),
                (names[edge.source], names[edge.target]),
            )
        )
    return found


def _path(start: tuple[float, float], end: tuple[float, float], number: int) -> str:
    """A line, the second and further ones between the same nodes bent to alternate sides."""
    if not number:
        return f"M{start[0]} {start[1]}L{end[0]} {end[1]}"
    bend = (0.18 if number % 2 else -0.18) * ((number + 1) // 2)
    x = (start[0] + end[0]) / 2 + (end[1] - start[1]) * bend
    y = (start[1] + end[1]) / 2 - (end[0] - start[0]) * bend
    return f"M{start[0]} {start[1]}Q{x:.1f} {y:.1f} {end[0]} {end[1]}"
