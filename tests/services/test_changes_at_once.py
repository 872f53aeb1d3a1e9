"""Twenty clients on one annotation set: every answered change is there once, in one order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from annotations.models import AnnotationSet, Change, Span
from annotations.services.changes import apply_changes
from tests.factories import a_member, a_project, a_set, an_article, put_span


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_on_one_set_lose_and_double_nothing() -> None:
    project = a_project()
    ben = a_member(project, "ben")
    work = a_set(an_article(project, text="word " * 200), ben)

    def save(thread: int) -> list[str]:
        try:
            changes = [put_span("actor", (thread * 5 + step * 200, thread * 5 + step * 200 + 4)) for step in range(5)]
            answers: list[str] = []
            for change in [*changes, *changes]:  # each is sent twice, as after a lost answer
                applied = apply_changes(actor=ben, annotation_set_id=work.pk, changes=[change])
                answers.append(applied.results[0].status)
            return answers
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(save, range(20)))
    assert answers == [["applied"] * 5 + ["repeated"] * 5] * 20
    assert Span.objects.count() == 100
    assert list(Change.objects.order_by("revision").values_list("revision", flat=True)) == list(range(1, 101))
    assert AnnotationSet.objects.get().revision == 100


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_of_one_span_at_once_one_is_a_conflict() -> None:
    project = a_project()
    ben = a_member(project, "ben")
    work = a_set(an_article(project), ben)
    made = put_span("actor", (26, 40))
    apply_changes(actor=ben, annotation_set_id=work.pk, changes=[made])

    def edit(end: int) -> str:
        try:
            change = put_span("actor", (26, end), uuid=made.object, base=1)
            return apply_changes(actor=ben, annotation_set_id=work.pk, changes=[change]).results[0].status
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(edit, range(41, 51))) == ["applied"] + ["conflict"] * 9
    assert AnnotationSet.objects.get().revision == 2
