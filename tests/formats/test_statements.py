"""Statements as a table and as a network."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

import networkx as nx  # type: ignore[import-untyped]
import pytest

from tests.formats.documents import FIXTURE, WITHOUT_SPANS, documents_in, read, wikinews, write

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def test_a_statement_is_a_row() -> None:
    [row] = csv.DictReader(StringIO(write("statements", FIXTURE, WITHOUT_SPANS).decode()))
    assert {name: value for name, value in row.items() if value} == {
        "article": "fixture",
        "title": "Rates",
        "outlet": "The Daily =Sum",
        "published_at": "2026-11-24",
        "language": "en",
        "set_kind": "annotator",
        "author": "ben",
        "actor_name": "Ana Ruiz",
        "actor_quote": "Ana Ruiz of the Bank of Spain",
        "actor_fragments": "21-50",
        "claim_name": "“Rates 🙂 will rise,” … “and soon.”",
        "claim_quote": "“Rates 🙂 will rise,” … “and soon.”",
        "claim_fragments": "0-20 67-78",
        "attributes": '{"form":"direct","stance":"supports"}',
    }


def test_actors_and_claims_are_a_network() -> None:
    graph = nx.read_graphml(BytesIO(write("graphml", FIXTURE)), force_multigraph=True)
    assert dict(graph.nodes(data=True)) == {
        "actor:Ana Ruiz": {"kind": "actor", "name": "Ana Ruiz"},
        "claim:fixture:annotator:ben:s1": {"kind": "claim", "name": "“Rates 🙂 will rise,” … “and soon.”"},
    }
    assert [data for _source, _target, data in graph.edges(data=True)] == [{"relation": "supports", "weight": 1}]


def test_the_statements_of_real_articles_are_207_edges() -> None:
    documents = documents_in(read("jsonl", wikinews()))
    graph = nx.read_graphml(BytesIO(write("graphml", *documents)), force_multigraph=True)
    assert graph.number_of_edges() == 207
    kinds = {(graph.nodes[source]["kind"], graph.nodes[target]["kind"]) for source, target in graph.edges()}
    assert kinds == {("actor", "claim")}
    rows = list(csv.DictReader(StringIO(write("statements", *documents).decode())))
    assert sum(bool(row["actor_name"]) for row in rows) == 207
