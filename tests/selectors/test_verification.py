"""`verify` finds what no code of ours can do: rows changed behind the back of the log."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from annotations.domain.changes import ChangeRequest
from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, Article, Relation, Span
from annotations.selectors.verification import differences
from annotations.services.changes import apply_changes
from annotations.services.undo import undo
from tests.factories import a_member, a_project, a_set, a_span, an_article, put_relation, put_span

pytestmark = pytest.mark.django_db


@pytest.fixture
def work() -> AnnotationSet:
    """A set with a history: made, changed, linked, deleted, undone."""
    project = a_project()
    ben = a_member(project, "ben")
    work = a_set(an_article(project, open_slots=1), ben)
    claim, actor = a_span(work, "claim", (0, 19), (79, 95)), a_span(work, "actor", (26, 40), entity="Ingrid Solheim")
    changes = [
        put_relation("made_by", claim.pk, actor.pk),
        put_span("actor", (26, 66), uuid=actor.pk, base=2),
        ChangeRequest(id=uuid7(), action="delete_span", object=claim.pk, base=1),
    ]
    apply_changes(actor=ben, annotation_set_id=work.pk, changes=changes)
    undo(actor=ben, annotation_set_id=work.pk, request_id=uuid7())
    work.refresh_from_db()
    return work


def test_a_set_with_a_long_history_is_as_its_log_says(work: AnnotationSet) -> None:
    assert list(differences()) == []
    out = StringIO()
    call_command("verify", stdout=out)
    assert out.getvalue().startswith("Everything is as promised: 1 articles, 1 annotation sets, 2 spans, 1 relations")


def test_each_row_changed_behind_the_log_is_named(work: AnnotationSet) -> None:
    claim, actor = Span.objects.get(label__key="claim"), Span.objects.get(label__key="actor")
    relation = Relation.objects.get()
    Span.objects.filter(pk=actor.pk).update(fragments=((26, 39),), note="?")
    Relation.objects.filter(pk=relation.pk).delete()
    AnnotationSet.objects.update(revision=99)
    Article.objects.update(open_slots=7)
    assert sorted(differences()) == sorted([
        f"annotation set {work.pk}: revision 99, but its log ends at {work.revision}",
        f"annotation set {work.pk}: span {actor.pk} differs from the log in fragments, note",
        f"annotation set {work.pk}: relation {relation.pk} is in the log, but not stored",
        f"article {work.article_id}: 7 open places do not fit the 1 annotators who have it",
    ])  # fmt: skip
    assert claim.revision < work.revision
    with pytest.raises(CommandError, match="4 differences"):
        call_command("verify", stdout=StringIO())


def test_a_trigger_that_is_switched_off_is_named(work: AnnotationSet) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE annotations_change DISABLE TRIGGER change_append_only")
    assert list(differences()) == ["trigger change_append_only is missing or switched off"]
