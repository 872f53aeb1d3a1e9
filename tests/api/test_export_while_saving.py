"""An export is of one moment, however much is saved while it runs."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from annotations.models import AnnotationSet, Project, Span
from tests.api.test_projects import Program
from tests.factories import a_member, a_project, a_set, an_article, put_span

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 8
ARTICLES = 240
TEXT = "Ana Ruiz of Madrid said so. So did Ben. " * 20


@pytest.fixture
def work() -> list[list[AnnotationSet]]:
    """For each of eight annotators thirty articles in hand; a document is larger than what is sent at once."""
    project: Project = a_project(annotators_per_article=1)
    a_member(project, "ada")
    annotators = [a_member(project, f"annotator{number}") for number in range(CLIENTS)]
    return [
        [
            a_set(an_article(project, TEXT * 3, f"{one.username}-{number:02}"), one)
            for number in range(ARTICLES // CLIENTS)
        ]
        for one in annotators
    ]


@dataclass
class Saving:
    """A client that saves a span in each of its sets, again and again in the same order, until told to end."""

    sets: list[AnnotationSet]
    client: Client
    begun: threading.Barrier
    ended: threading.Event
    faults: list[Any] = field(default_factory=list)

    def run(self) -> None:
        try:
            self.begun.wait()
            for number, one in ((number, one) for number in range(1_000) for one in self.sets):
                if self.ended.is_set() or self.faults:
                    return
                self.save(one, number)
        finally:
            connection.close()

    def save(self, one: AnnotationSet, number: int) -> None:
        change = put_span("actor", (number, number + 1))
        body = {
            "id": str(change.id), "action": "put_span", "object": str(change.object), "base": None, "value": change.value,
        }  # fmt: skip
        path = f"/api/v1/annotation-sets/{one.pk}/changes/"
        answer = self.client.post(path, {"changes": [body]}, content_type="application/json")
        if answer.status_code != 200 or answer.json()["results"][0]["status"] != "applied":
            self.faults.append(answer.content)


def saved_since(before: int) -> None:
    """Come back when each client has saved about twice since."""
    while Span.objects.count() < before + 2 * CLIENTS:
        pass


def exported_while_saving(ada: Client) -> bytes:
    """An export between whose first bytes and last ones much is saved."""
    answer: Any = ada.get("/api/v1/projects/press/export/?sets=annotators&state=all")
    pieces = iter(answer)
    first: bytes = next(pieces)
    saved_since(Span.objects.count())
    return first + b"".join(pieces)


def numbers_of_spans(data: bytes) -> dict[str, list[int]]:
    """Of each annotator, how many spans the sets have, in their order."""
    found: dict[str, list[int]] = {}
    for line in data.splitlines():
        [one] = json.loads(line)["annotation_sets"]
        found.setdefault(one["annotator"], []).append(len(one.get("spans", ())))
    return found


def test_an_export_is_one_consistent_snapshot_while_eight_clients_save(work: list[list[AnnotationSet]]) -> None:
    """At every moment the numbers of spans of a client's sets fall by at most one from the first to the last: it saves
    in their order. What was read at two moments would not.
    """
    begun, ended = threading.Barrier(CLIENTS + 1), threading.Event()
    clients = [Saving(sets, Program(f"annotator{number}").client, begun, ended) for number, sets in enumerate(work)]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    ada = Program("ada").client
    begun.wait()
    try:
        saved_since(0)
        exports = [numbers_of_spans(exported_while_saving(ada)) for _ in range(3)]
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert [client.faults for client in clients] == [[]] * CLIENTS
    for counts in exports:
        assert [len(own) for own in counts.values()] == [ARTICLES // CLIENTS] * CLIENTS
        for own in counts.values():
            assert own == sorted(own, reverse=True)
            assert own[0] - own[-1] <= 1
    spans = [sum(map(sum, counts.values())) for counts in exports]
    assert 0 < spans[0] < spans[1] < spans[2] < Span.objects.count()
