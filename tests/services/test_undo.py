"""Undo and redo come from the log, and are lines of it themselves."""

from __future__ import annotations

import pytest

from annotations.domain.changes import ChangeRequest
from annotations.domain.errors import NotFound, RevisionConflict
from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, Change, Relation, Span, User
from annotations.services.changes import apply_changes
from annotations.services.undo import undo
from tests.factories import a_member, a_project, a_set, a_span, an_article, put_relation, put_span

pytestmark = pytest.mark.django_db


@pytest.fixture
def work() -> AnnotationSet:
    project = a_project()
    return a_set(an_article(project), a_member(project, "ben"))


def owner(work: AnnotationSet) -> User:
    assert work.annotator is not None
    return work.annotator


def step(work: AnnotationSet, *, redo: bool = False) -> None:
    undo(actor=owner(work), annotation_set_id=work.pk, request_id=uuid7(), redo=redo)


def shown(work: AnnotationSet) -> list[tuple[str, object]]:
    return sorted((span.label.key, span.fragments) for span in Span.objects.filter(annotation_set=work))


def test_undo_and_redo_walk_one_line_back_and_forth(work: AnnotationSet) -> None:
    span = a_span(work, "actor", (26, 40))
    wider = put_span("claim", (26, 66), uuid=span.pk, base=1)
    apply_changes(actor=owner(work), annotation_set_id=work.pk, changes=[wider])
    step(work)
    assert shown(work) == [("actor", ((26, 40),))]
    step(work)
    assert shown(work) == []
    with pytest.raises(NotFound):
        step(work)
    step(work, redo=True)
    step(work, redo=True)
    assert shown(work) == [("claim", ((26, 66),))]
    with pytest.raises(NotFound):
        step(work, redo=True)
    step(work)
    assert shown(work) == [("actor", ((26, 40),))]
    assert Span.objects.get().pk == span.pk


def test_a_new_edit_ends_the_redo_line(work: AnnotationSet) -> None:
    a_span(work, "actor", (26, 40))
    step(work)
    a_span(work, "claim", (0, 19))
    with pytest.raises(NotFound):
        step(work, redo=True)


def test_undoing_a_deletion_brings_the_relations_back_too(work: AnnotationSet) -> None:
    claim, actor = a_span(work, "claim", (0, 19)), a_span(work, "actor", (26, 40))
    link = put_relation("made_by", claim.pk, actor.pk)
    deletion = ChangeRequest(id=uuid7(), action="delete_span", object=actor.pk, base=2)
    apply_changes(actor=owner(work), annotation_set_id=work.pk, changes=[link, deletion])
    assert not Relation.objects.exists()
    step(work)
    assert Relation.objects.get().pk == link.object
    assert {Span.objects.get(pk=actor.pk).origin, Span.objects.get(pk=claim.pk).origin} == {"typed"}


def test_the_same_request_twice_undoes_once(work: AnnotationSet) -> None:
    a_span(work, "actor", (26, 40))
    a_span(work, "claim", (0, 19))
    request = uuid7()
    for _again in range(2):
        undo(actor=owner(work), annotation_set_id=work.pk, request_id=request)
    assert shown(work) == [("actor", ((26, 40),))]


def test_what_another_author_changed_since_is_not_undone(work: AnnotationSet) -> None:
    project = work.article.project
    ada, dora = a_member(project, "ada"), a_member(project, "dora")
    gold = a_set(work.article)
    made = put_span("actor", (26, 40))
    apply_changes(actor=ada, annotation_set_id=gold.pk, changes=[made])
    edit = put_span("actor", (26, 66), uuid=made.object, base=1)
    apply_changes(actor=dora, annotation_set_id=gold.pk, changes=[edit])
    with pytest.raises(RevisionConflict):
        undo(actor=ada, annotation_set_id=gold.pk, request_id=uuid7())
    assert (Span.objects.get().fragments, Change.objects.count()) == (((26, 66),), 2)
