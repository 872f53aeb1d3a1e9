"""What is said about somebody's labelling: who may say what, once, and who hears of it."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from annotations import policies
from annotations.domain.changes import ChangeRequest
from annotations.domain.errors import InvalidData, NotAllowed, NotFound
from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, Comment, Disagreement, User
from annotations.selectors import comments as selector
from annotations.services import comments
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.remarks import remark_on
from tests.factories import a_project, a_set, a_span, an_article, the_cast
from tests.services.test_disagreements import submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    return the_cast(a_project())


@pytest.fixture
def work(people: dict[str, User]) -> AnnotationSet:
    """Ben's work in progress."""
    return a_set(an_article(people["ben"].memberships.get().project), people["ben"])


def ask(actor: User, work: AnnotationSet, text: str = "Is this one claim?", **values: UUID | None) -> Comment:
    return comments.begin_thread(actor=actor, annotation_set_id=work.pk, kind="question", text=text, **values)


def open_texts(people: dict[str, User], name: str, state: str = "open") -> list[str]:
    member = policies.check_member(user=people[name], slug="press")
    return [first.text for first in selector.threads_listed(member, state=state).order_by("at")]


def test_a_question_is_answered_and_the_answer_is_new_to_its_annotator_once(
    people: dict[str, User], work: AnnotationSet
) -> None:
    question = ask(people["ben"], work, span=a_span(work, "actor", (26, 40)).pk)
    comments.answer_thread(actor=people["dora"], thread_id=question.pk, text="Yes, one.")
    ben = policies.check_member(user=people["ben"], slug="press")
    assert selector.unseen_comments(ben) == 1
    [thread] = selector.threads_of_set(member=ben, annotation_set=work)
    assert [(each.author.username, each.text) for each in thread.comments] == [
        ("ben", "Is this one claim?"),
        ("dora", "Yes, one."),
    ]
    assert (thread.quote, thread.label, thread.unseen, thread.gone) == ("Ingrid Solheim", "Actor", 1, False)
    assert (comments.see_answers(member=ben), comments.see_answers(member=ben)) == (1, 0)
    assert selector.unseen_comments(ben) == 0
    assert open_texts(people, "dora", "answered") == ["Is this one claim?"]


def test_the_same_comment_sent_twice_is_written_once(people: dict[str, User], work: AnnotationSet) -> None:
    key = uuid4()
    assert [ask(people["ben"], work, comment_id=key).pk for _time in range(2)] == [key, key]
    assert Comment.objects.count() == 1
    with pytest.raises(InvalidData, match="Something else has this id"):
        ask(people["ada"], work, comment_id=key)


def test_an_id_belongs_to_one_place_also_among_comments_on_disagreements(people: dict[str, User]) -> None:
    article = an_article(people["ben"].memberships.get().project, open_slots=0)
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
    submitted(article, people["chi"], ("location", "Oslo"))
    dora, key = people["dora"], uuid4()
    first, second = (
        remark_on(actor=dora, disagreement_id=row.pk, kind="comment", text="Which?")
        for row in Disagreement.objects.order_by("start")
    )
    for _time in range(2):
        answer = comments.answer_thread(actor=dora, thread_id=first.pk, text="This one.", comment_id=key)
        assert (answer.pk, answer.parent_id) == (key, first.pk)
    with pytest.raises(InvalidData, match="Something else has this id"):
        comments.answer_thread(actor=dora, thread_id=second.pk, text="That one.", comment_id=key)


def test_not_sure_is_one_mark_that_goes_and_comes(people: dict[str, User], work: AnnotationSet) -> None:
    span = a_span(work, "actor", (26, 40)).pk

    def mark(unsure: bool) -> Comment | None:
        return comments.mark_unsure(actor=people["ben"], annotation_set_id=work.pk, span=span, unsure=unsure)

    assert mark(False) is None
    marks = {mark(unsure) for unsure in (True, True, False, False, True)}
    assert marks == {Comment.objects.get()}
    assert open_texts(people, "dora") == [""]
    mark(False)
    assert open_texts(people, "dora") == []


def test_not_sure_of_a_span_that_was_deleted_waits_for_nobody(people: dict[str, User], work: AnnotationSet) -> None:
    span = a_span(work, "actor", (26, 40))
    comments.mark_unsure(actor=people["ben"], annotation_set_id=work.pk, span=span.pk, unsure=True)
    ask(people["ben"], work, span=span.pk)
    gone = ChangeRequest(id=uuid7(), action="delete_span", object=span.pk, base=span.revision)
    apply_changes(actor=people["ben"], annotation_set_id=work.pk, changes=[gone])
    assert open_texts(people, "dora") == ["Is this one claim?"]
    dora = policies.check_member(user=people["dora"], slug="press")
    assert [each.gone for each in selector.threads_of_set(member=dora, annotation_set=work)] == [True, True]
    ask(people["ben"], work, text="It is gone, and I ask all the same.", span=span.pk)


def test_a_blind_annotator_hears_nothing_of_what_is_said_about_others(
    people: dict[str, User], work: AnnotationSet
) -> None:
    question = ask(people["ben"], work)
    own = a_set(work.article, people["chi"])
    assert [open_texts(people, name) for name in ("ada", "ben", "chi", "dora", "fay")] == [
        ["Is this one claim?"],
        ["Is this one claim?"],
        [],
        ["Is this one claim?"],
        [],
    ]
    with pytest.raises(NotFound):
        ask(people["chi"], work)
    with pytest.raises(NotFound):
        comments.answer_thread(actor=people["chi"], thread_id=question.pk, text="I think so.")
    with pytest.raises(NotFound):
        comments.answer_thread(actor=people["ben"], thread_id=question.pk, text="Yes?", annotation_set_id=own.pk)
    with pytest.raises(NotFound):
        comments.resolve_thread(actor=people["eve"], thread_id=question.pk, resolved=True)


def test_an_annotator_of_an_open_project_talks_about_his_own_work_only(
    people: dict[str, User], work: AnnotationSet
) -> None:
    work.article.project.blind = False
    work.article.project.save()
    a_set(work.article, people["chi"])
    move_set(actor=people["ben"], annotation_set_id=work.pk, action="submit")
    with pytest.raises(NotAllowed):
        ask(people["chi"], work)


def test_a_reviewer_who_annotates_the_article_hears_nothing_either(
    people: dict[str, User], work: AnnotationSet
) -> None:
    ask(people["ben"], work)
    a_set(work.article, people["dora"])
    assert open_texts(people, "dora") == []
    with pytest.raises(NotFound):
        ask(people["dora"], work)


def test_a_thread_is_resolved_by_a_reviewer_or_who_asked_and_opened_again_by_asking_on(
    people: dict[str, User], work: AnnotationSet
) -> None:
    question = ask(people["ben"], work)
    comments.resolve_thread(actor=people["dora"], thread_id=question.pk, resolved=True)
    assert open_texts(people, "dora", "resolved") == ["Is this one claim?"]
    comments.answer_thread(actor=people["ben"], thread_id=question.pk, text="And this?")
    assert open_texts(people, "dora") == ["Is this one claim?"]
    comments.resolve_thread(actor=people["ben"], thread_id=question.pk, resolved=True)
    assert open_texts(people, "dora") == []
    asked_by_dora = ask(people["dora"], work, text="Why not the whole name?")
    with pytest.raises(NotAllowed):
        comments.resolve_thread(actor=people["ben"], thread_id=asked_by_dora.pk, resolved=True)


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("question", "  ", "Write something."),
        ("question", "x" * 5_001, "5001 characters"),
        ("skip", "x", "A thread is one of"),
        ("unsure", "x", "A thread is one of"),
        ("question", "\0", "NUL"),
    ],
)
def test_what_cannot_be_said(people: dict[str, User], work: AnnotationSet, kind: str, text: str, sentence: str) -> None:
    with pytest.raises(InvalidData, match=sentence):
        comments.begin_thread(actor=people["ben"], annotation_set_id=work.pk, kind=kind, text=text)


def test_a_span_of_another_set_is_none_of_this_one(people: dict[str, User], work: AnnotationSet) -> None:
    other = a_span(a_set(work.article, people["chi"]), "actor", (26, 40))
    with pytest.raises(InvalidData, match="no such span"):
        ask(people["ben"], work, span=other.pk)
    with pytest.raises(InvalidData, match="no such span"):
        comments.mark_unsure(actor=people["ben"], annotation_set_id=work.pk, span=other.pk, unsure=True)
    with pytest.raises(NotAllowed):
        comments.mark_unsure(actor=people["dora"], annotation_set_id=work.pk, span=other.pk, unsure=True)
