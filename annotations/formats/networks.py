"""Networks as GraphML: actors and what they claim, actors who say the same, actors who contradict each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from annotations.domain.documents import AnnotationSet, Document
from annotations.domain.networks import CLAIMS, CONFLICT, CONGRUENCE, Network, Said, network_of
from annotations.domain.statements import MADE_BY, Statement, statements_of
from annotations.formats.items import WriteOptions, Writer
from annotations.formats.losses import Loss, Losses
from annotations.formats.writing import set_order

_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def graphml(network: Network, losses: Losses | None = None) -> Iterator[bytes]:
    """The network as GraphML, a line at a time; characters that XML cannot hold become spaces, and are counted."""
    import networkx as nx  # type: ignore[import-untyped]

    def plain(value: str) -> str:
        replaced, times = _NO_XML.subn(" ", value)
        if losses is not None:
            losses.add(Loss.CONTROL, times)
        return replaced

    keys = {node.key: plain(node.key) for node in network.nodes}
    graph = nx.MultiDiGraph() if network.directed else nx.MultiGraph()
    for node in network.nodes:
        graph.add_node(keys[node.key], kind=node.kind, name=plain(node.name))
    for number, edge in enumerate(network.edges):
        more = {"concepts": plain("; ".join(edge.concepts))} if edge.concepts else {}
        relation = plain(edge.relation)
        ends = (keys[edge.source], keys[edge.target])
        graph.add_edge(*ends, f"e{number}", relation=relation, weight=edge.weight, **more)
    for line in nx.generate_graphml(graph, prettyprint=True):
        yield f"{line}\n".encode()


def _writer(kind: str) -> Writer:
    def write(documents: Iterable[Document], options: WriteOptions) -> Iterator[bytes]:
        said: list[Said] = []
        for document in documents:
            said += _said(document, options.losses, whole=kind == CLAIMS)
            yield b""
        yield from graphml(network_of(kind, said), options.losses)

    write.__doc__ = "The network of all documents; only it is in memory, no article."
    return write


write_claims: Final[Callable[[Iterable[Document], WriteOptions], Iterator[bytes]]] = _writer(CLAIMS)
write_congruence: Final = _writer(CONGRUENCE)
write_conflict: Final = _writer(CONFLICT)


def _said(document: Document, losses: Losses, *, whole: bool) -> Iterator[Said]:
    """Who claimed what, once for each claim and actor; what is in none is counted as lost (`whole`: of claims without
    a concept, too).
    """
    found = [(one, list(_made(document, one, whole=whole))) for one in sorted(document.annotation_sets, key=set_order)]
    losses.add(Loss.ARTICLES, not any(made for _one, made in found))
    for one, made in found:
        mentions = {part.id for statement in made for part in (statement.claim, statement.actor) if part}
        losses.add(Loss.SPANS, len(one.spans) - len(mentions))
        losses.add(Loss.RELATIONS, sum(link.label != MADE_BY or link.source not in mentions for link in one.relations))
        losses.add(Loss.NOTES, sum(bool(span.note) for span in one.spans if span.id in mentions))
        yield from (_one_said(document, one, statement) for statement in made)


def _made(document: Document, one: AnnotationSet, *, whole: bool) -> Iterator[Statement]:
    seen = set()
    for statement in statements_of(document.text, one):
        if statement.actor is None or not (whole or statement.claim.entity):
            continue
        key = (statement.claim.id, statement.actor.id)
        if key not in seen:  # of several places
            seen.add(key)
            yield statement


def _one_said(document: Document, one: AnnotationSet, statement: Statement) -> Said:
    claim = statement.claim
    return Said(
        actor=statement.actor.name if statement.actor else "",
        concept=claim.entity,
        claim=f"{document.id}:{one.kind}:{one.annotator or one.source}:{claim.id}",
        name=claim.name,
        stance=statement.attributes.get("stance", ""),
    )
