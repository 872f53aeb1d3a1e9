"""Edits come in batches: in order, each once, with revisions, conflicts and cascades."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from annotations.domain.changes import ChangeRequest
from annotations.domain.errors import NotAllowed, NotFound, StateRefused, TooLarge
from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, Article, Change, Decision, Entity, Relation, SetState, Span, User
from annotations.services.changes import apply_changes
from tests.factories import a_member, a_project, a_set, a_span, a_user, an_article, put_relation, put_span, statuses

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben() -> User:
    return a_user("ben")


@pytest.fixture
def work(ben: User) -> AnnotationSet:
    project = a_project()
    a_member(project, "ben")
    return a_set(an_article(project), ben)


def apply(ben: User, work: AnnotationSet, *changes: ChangeRequest) -> list[str]:
    return statuses(apply_changes(actor=ben, annotation_set_id=work.pk, changes=changes).results)


def test_a_new_span_is_stored_with_its_history_and_revision(ben: User, work: AnnotationSet) -> None:
    change = put_span("actor", (26, 40), entity="Ingrid Solheim", quote="Ingrid Solheim")
    applied = apply_changes(actor=ben, annotation_set_id=work.pk, changes=[change])
    assert [result.as_json() for result in applied.results] == [
        {"id": str(change.id), "status": "applied", "revision": 1}
    ]
    span = Span.objects.get()
    assert (span.pk, span.label.key, span.fragments, span.start, span.end, span.parts, span.revision) == (
        change.object, "actor", ((26, 40),), 26, 40, 1, 1,
    )  # fmt: skip
    assert span.entity == Entity.objects.get(name="Ingrid Solheim")
    log = Change.objects.get()
    assert (log.revision, log.uuid, log.author, log.action, log.object, log.before) == (
        1, change.id, ben, "put_span", change.object, None,
    )  # fmt: skip
    assert log.after == {
        "label": "actor", "fragments": [[26, 40]], "entity": "Ingrid Solheim", "attributes": {}, "note": "",
        "origin": "typed", "external_id": None,
    }  # fmt: skip
    work.refresh_from_db()
    assert work.revision == 1
    assert work.lease_expires_at is not None
    assert applied.touched == ((26, 40),)
    assert applied.spans == {change.object}


def test_the_same_change_twice_is_applied_once(ben: User, work: AnnotationSet) -> None:
    change = put_span()
    assert apply(ben, work, change) == ["applied"]
    assert apply(ben, work, change) == ["repeated"]
    assert apply(ben, work, put_span("claim", (0, 20)), change) == ["applied", "repeated"]
    assert Change.objects.count() == Span.objects.count() == 2


def test_an_edit_of_an_old_revision_is_refused_with_what_is_there_now(ben: User, work: AnnotationSet) -> None:
    span = a_span(work, "actor", (26, 40))
    assert apply(ben, work, put_span("actor", (26, 66), uuid=span.pk, base=1)) == ["applied"]
    late = apply_changes(
        actor=ben, annotation_set_id=work.pk, changes=[put_span("location", (26, 40), uuid=span.pk, base=1)]
    ).results[0]
    assert late.status == "conflict"
    assert late.revision == 2
    assert late.current == {
        "label": "actor", "fragments": [[26, 66]], "entity": "", "attributes": {}, "note": "", "origin": "typed",
        "external_id": None, "revision": 2,
    }  # fmt: skip
    assert Span.objects.get().fragments == ((26, 66),)


def test_a_deleted_object_answers_with_the_revision_of_its_deletion(ben: User, work: AnnotationSet) -> None:
    span = a_span(work)
    deletion = ChangeRequest(id=uuid7(), action="delete_span", object=span.pk, base=1)
    assert apply(ben, work, deletion) == ["applied"]
    again = apply_changes(actor=ben, annotation_set_id=work.pk, changes=[put_span(uuid=span.pk, base=1)]).results[0]
    assert (again.status, again.revision, again.current) == ("conflict", 2, None)
    assert apply(ben, work, put_span(uuid=span.pk, base=2)) == ["applied"]


def test_offline_edits_build_on_one_another_by_the_id_of_the_earlier_change(ben: User, work: AnnotationSet) -> None:
    made = put_span("actor", (26, 40))
    wider = put_span("actor", (26, 66), uuid=made.object, base=made.id)
    gone = ChangeRequest(id=uuid7(), action="delete_span", object=made.object, base=wider.id)
    assert apply(ben, work, made, wider, gone) == ["applied", "applied", "applied"]
    assert Change.objects.count() == 3
    assert not Span.objects.exists()
    assert apply(ben, work, put_span(uuid=made.object, base=made.id)) == ["conflict"]


def test_one_refused_change_does_not_stop_the_others_but_blocks_what_hangs_on_it(
    ben: User, work: AnnotationSet
) -> None:
    good, bad = put_span("actor", (26, 40)), put_span("actor", (500, 600))
    claim = put_span("claim", (0, 19))
    link = put_relation("made_by", claim.object, bad.object)
    fine = put_relation("made_by", claim.object, good.object)
    assert apply(ben, work, bad, good, claim, link, fine) == ["invalid", "applied", "applied", "blocked", "applied"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put_span("actor", (5, 5)), "the fragment [5, 5) is empty or backwards."),
        (put_span("actor", (0, 9), (5, 12)), "the fragments [0, 9) and [5, 12) overlap."),
        (put_span("actor", (90, 999)), "the fragment [90, 999) is not inside the text, which has 96 characters."),
        (put_span("actor", (26, 40), quote="Ingrid"), "The text at [26, 40] is “Ingrid Solheim”, not “Ingrid”."),
        (put_span("animal"), "The project has no label “animal”."),
        (
            put_span("claim", attributes={"stance": "maybe"}),
            "“stance” is one of supports, opposes, neutral; not “maybe”.",
        ),
        (put_span("actor", attributes={"stance": "supports"}), "“actor” has no attribute “stance”."),
        (put_span("actor", note="x" * 10_001), "`note` has 10001 characters; at most 10000 are kept."),
        (put_span("actor", colour="red"), "`value` has a key that is not known here: “colour”."),
        (put_relation("made_by", uuid7(), uuid7()), "The source is not a span of this annotation set."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    ben: User, work: AnnotationSet, change: ChangeRequest, message: str
) -> None:
    result = apply_changes(actor=ben, annotation_set_id=work.pk, changes=[change]).results[0]
    assert (result.status, [error["message"] for error in result.errors]) == ("invalid", [message])
    assert not Change.objects.exists()


def test_touching_fragments_become_one_and_order_does_not_matter(ben: User, work: AnnotationSet) -> None:
    assert apply(ben, work, put_span("claim", (79, 90), (0, 10), (10, 19))) == ["applied"]
    assert Span.objects.get().fragments == ((0, 19), (79, 90))


def test_the_same_label_and_fragments_are_there_once(ben: User, work: AnnotationSet) -> None:
    assert apply(ben, work, put_span("actor", (26, 40)), put_span("actor", (26, 40))) == ["applied", "invalid"]
    assert apply(ben, work, put_span("actor", (26, 40)), put_span("location", (26, 40))) == ["invalid", "applied"]


def test_two_spans_may_change_places_in_one_batch(ben: User, work: AnnotationSet) -> None:
    one, two = a_span(work, "actor", (26, 40)), a_span(work, "actor", (48, 70))
    aside = put_span("actor", (26, 39), uuid=one.pk, base=1)
    assert apply(
        ben, work, aside, put_span("actor", (26, 40), uuid=two.pk, base=2), put_span("actor", (48, 70), uuid=one.pk, base=aside.id)
    ) == ["applied"] * 3  # fmt: skip
    assert dict(Span.objects.values_list("pk", "fragments")) == {one.pk: ((48, 70),), two.pk: ((26, 40),)}


def test_deleting_a_span_takes_its_relations_along_and_says_so(ben: User, work: AnnotationSet) -> None:
    claim, actor = a_span(work, "claim", (0, 19)), a_span(work, "actor", (26, 40))
    link = put_relation("made_by", claim.pk, actor.pk)
    apply(ben, work, link)
    batch = uuid7()
    deletion = ChangeRequest(id=uuid7(), action="delete_span", object=actor.pk, base=2, batch=batch)
    result = apply_changes(actor=ben, annotation_set_id=work.pk, changes=[deletion]).results[0]
    assert result.also == ({"action": "delete_relation", "object": str(link.object), "revision": 4},)
    assert not Relation.objects.exists()
    assert list(Change.objects.filter(batch=batch).values_list("action", "revision")) == [
        ("delete_relation", 4),
        ("delete_span", 5),
    ]


def test_relabelling_an_end_removes_relations_that_became_illegal(ben: User, work: AnnotationSet) -> None:
    claim, actor = a_span(work, "claim", (0, 19)), a_span(work, "actor", (26, 40))
    apply(ben, work, put_relation("made_by", claim.pk, actor.pk))
    result = apply_changes(
        actor=ben, annotation_set_id=work.pk, changes=[put_span("location", (26, 40), uuid=actor.pk, base=2)]
    ).results[0]
    assert (result.status, len(result.also)) == ("applied", 1)
    assert not Relation.objects.exists()


def test_a_relation_joins_the_right_labels_once(ben: User, work: AnnotationSet) -> None:
    claim, actor, place = (
        a_span(work, "claim", (0, 19)),
        a_span(work, "actor", (26, 40)),
        a_span(work, "location", (48, 54)),
    )
    assert apply(
        ben, work,
        put_relation("made_by", claim.pk, actor.pk),
        put_relation("made_by", claim.pk, actor.pk),
        put_relation("made_by", actor.pk, claim.pk),
        put_relation("made_by", claim.pk, place.pk),
        put_relation("located_in", claim.pk, place.pk),
        put_relation("located_in", claim.pk, claim.pk),
    ) == ["applied", "invalid", "invalid", "invalid", "applied", "invalid"]  # fmt: skip


def test_an_id_that_lives_in_another_set_cannot_be_used(ben: User, work: AnnotationSet) -> None:
    chi = a_member(work.article.project, "chi")
    theirs = a_span(a_set(work.article, chi))
    assert apply(ben, work, put_span(uuid=theirs.pk)) == ["invalid"]
    assert apply(ben, work, ChangeRequest(id=uuid7(), action="delete_span", object=theirs.pk, base=1)) == ["invalid"]
    theirs.refresh_from_db()
    assert theirs.revision == 1


def test_only_its_own_annotator_writes_into_a_set(ben: User, work: AnnotationSet) -> None:
    project = work.article.project
    with pytest.raises(NotFound):
        apply(a_user("eve"), work, put_span())
    with pytest.raises(NotFound):
        apply(a_member(project, "chi"), work, put_span())
    with pytest.raises(NotAllowed):
        apply(a_member(project, "dora"), work, put_span())
    with pytest.raises(NotFound):
        apply(ben, AnnotationSet(pk=uuid7()), put_span())


def test_a_submitted_set_takes_no_edits(ben: User, work: AnnotationSet) -> None:
    AnnotationSet.objects.update(state=SetState.SUBMITTED)
    with pytest.raises(StateRefused):
        apply(ben, work, put_span())


def test_an_edit_takes_up_work_that_was_given_back(ben: User, work: AnnotationSet) -> None:
    AnnotationSet.objects.update(state=SetState.RELEASED)
    Article.objects.update(open_slots=2)
    assert apply(ben, work, put_span()) == ["applied"]
    work.refresh_from_db()
    assert (work.state, Article.objects.get().open_slots) == (SetState.IN_PROGRESS, 1)


def test_a_direct_edit_of_gold_is_a_decision(work: AnnotationSet) -> None:
    dora = a_member(work.article.project, "dora")
    change = put_span()
    assert apply(dora, a_set(work.article), change) == ["applied"]
    decision = Decision.objects.get()
    assert (decision.kind, decision.gold, decision.batch, decision.by) == (
        "edit",
        [str(change.object)],
        change.id,
        dora,
    )


def test_more_than_500_changes_at_once_are_refused_whole(ben: User, work: AnnotationSet) -> None:
    with pytest.raises(TooLarge):
        apply(ben, work, *[put_span("actor", (number, number + 1)) for number in range(501)])
    assert not Span.objects.exists()


def test_a_save_costs_the_same_statements_however_much_is_stored(
    ben: User, work: AnnotationSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def statements() -> list[str]:
        run: list[str] = []
        execute = psycopg.Cursor.execute

        def counted(self: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(query, bytes):  # the others are Django's savepoints
                run.append(query.decode().split()[0])
            return execute(self, query, *args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(psycopg.Cursor, "execute", counted)
            apply(ben, work, put_span("actor", (26, 40 + len(run_before))))
        run_before.append(run)
        return run

    run_before: list[list[str]] = []
    first = statements()
    for start in range(0, 40, 2):
        a_span(work, "location", (start, start + 1))
    assert first == statements() == ["SELECT", "SELECT", "SELECT", "SELECT", "INSERT", "INSERT", "UPDATE"]
