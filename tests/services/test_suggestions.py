"""Suggestions: on which work they are shown, what becomes of them, when an engine is switched off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

import pytest

from annotations.domain.changes import ChangeRequest
from annotations.domain.documents import Fragments
from annotations.domain.errors import InvalidData, NotAllowed, NotFound, StateRefused
from annotations.domain.identifiers import uuid7
from annotations.domain.suggesting import LAST, Suggested
from annotations.models import (
    AnnotationSet,
    Article,
    EngineSwitch,
    Entity,
    Label,
    Membership,
    SetKind,
    SetState,
    Span,
    SuggestionVerdict,
    User,
)
from annotations.selectors.engines import engines_judged
from annotations.selectors.suggestions import Suggestion, has_suggestions, suggestions_for
from annotations.services.changes import apply_changes
from annotations.services.suggestions import judge_suggestion, show_suggestions, switch_engine
from annotations.services.undo import undo
from annotations.suggesters.proposals import proposal_uuid
from tests.factories import a_member, a_project, a_set, a_span, an_article, put_span, statuses

pytestmark = pytest.mark.django_db

WITH, WITHOUT = "a3", "a1"  # by their hashes
SOLHEIM, OSLO = ((26, 40),), ((73, 77),)


@pytest.fixture
def work() -> AnnotationSet:
    """Ben's work on an article for which an import brought two suggestions."""
    project = a_project()
    project.suggestions = True
    project.save()
    article = an_article(project, external_id=WITH)
    suggest(article, "ner", ("actor", SOLHEIM, 0.9), ("location", OSLO, None))
    return a_set(article, a_member(project, "ben"))


def suggest(article: Article, engine: str, *spans: tuple[str, Fragments, float | None]) -> AnnotationSet:
    """A set of suggestions, as an import brings it."""
    one = AnnotationSet.objects.create(
        article=article, kind=SetKind.SUGGESTION, source=f"{engine}.jsonl", engine=engine, version="7",
        state=SetState.READY,
    )  # fmt: skip
    for label, fragments, score in spans:
        found = Label.objects.get(project=article.project, key=label)
        Span.objects.create(annotation_set=one, label=found, fragments=fragments, score=score, revision=0)
    return one


def suggested(work: AnnotationSet, label: str, fragments: Fragments, engine: str = "ner") -> Suggested:
    key = proposal_uuid(work.article_id, engine, label, fragments)
    return Suggested(id=key, engine=engine, version="7", label=label, fragments=fragments, score=0.9)


def accepting(suggestion: Suggested, *fragments: tuple[int, int], uuid: UUID | None = None) -> ChangeRequest:
    """The change by which the desk accepts a suggestion, as it is or with other fragments."""
    value = {"label": suggestion.label, "fragments": [list(each) for each in fragments or suggestion.fragments]}
    return ChangeRequest(
        id=uuid7(), action="put_span", object=uuid or uuid7(), value=value, origin="suggested", suggestion=suggestion
    )


def apply(work: AnnotationSet, *changes: ChangeRequest) -> None:
    assert work.annotator is not None
    applied = apply_changes(actor=work.annotator, annotation_set_id=work.pk, changes=changes)
    assert set(statuses(applied.results)) == {"applied"}, [result.errors for result in applied.results]


def verdicts(work: AnnotationSet) -> list[tuple[str, str, str, float | None, UUID | None]]:
    rows = SuggestionVerdict.objects.filter(annotation_set=work).order_by("label__key", "engine")
    return [(each.engine, each.label.key, each.verdict, each.score, each.span) for each in rows]


def offered(suggestions: Iterable[Suggestion]) -> list[tuple[str, str]]:
    """Those of the import, so that what the engines learn to find changes nothing here."""
    return [(each.proposal.label, each.quote) for each in suggestions if "ner" in each.proposal.engines]


def member_of(work: AnnotationSet, user: User | None = None) -> Membership:
    return Membership.objects.select_related("project", "user").get(
        project=work.article.project, user=user or work.annotator
    )


def test_an_import_of_suggestions_is_offered_and_that_it_was_shown_stays_with_the_work(work: AnnotationSet) -> None:
    found = show_suggestions(member=member_of(work), annotation_set=work)
    assert offered(found) == [("actor", "Ingrid Solheim"), ("location", "Oslo")]
    scores = {each.quote: each.proposal.score for each in found}
    assert (scores["Ingrid Solheim"], scores["Oslo"] >= 0.5) == (0.9, True)
    work.refresh_from_db()
    assert work.suggestions_shown


def test_nobody_but_its_annotator_is_shown_them(work: AnnotationSet) -> None:
    dora = a_member(work.article.project, "dora")
    with pytest.raises(NotAllowed):
        show_suggestions(member=member_of(work, dora), annotation_set=work)


@pytest.mark.parametrize(
    "change",
    [
        {"article__project__suggestions": False},
        {"state": SetState.SUBMITTED},
        {"round": 1},
        {"article__external_id": WITHOUT},
    ],
    ids=str,
)
def test_work_has_none_when(work: AnnotationSet, change: dict[str, object]) -> None:
    assert has_suggestions(work)
    for path, value in change.items():
        *nouns, name = path.split("__")
        found: object = work
        for noun in nouns:
            found = getattr(found, noun)
        setattr(found, name, value)
    assert (has_suggestions(work), suggestions_for(work)) == (False, [])


def test_accepting_is_the_change_that_makes_the_span(work: AnnotationSet) -> None:
    change = accepting(suggested(work, "actor", SOLHEIM))
    apply(work, change)
    assert verdicts(work) == [("ner", "actor", "accepted", 0.9, change.object)]
    assert Span.objects.get(pk=change.object).origin == "suggested"
    assert offered(suggestions_for(work)) == [("location", "Oslo")]
    assert statuses(apply_changes(actor=member_of(work).user, annotation_set_id=work.pk, changes=[change]).results) == [
        "repeated"
    ]
    assert len(verdicts(work)) == 1


def test_every_engine_that_offered_it_gets_the_verdict(work: AnnotationSet) -> None:
    one = suggested(work, "actor", SOLHEIM)
    both = Suggested(id=one.id, engine="ner", label="actor", fragments=SOLHEIM, engines=("ner", "repetition"))
    change = accepting(both)
    apply(work, change)
    assert [row[:3] for row in verdicts(work)] == [("ner", "actor", "accepted"), ("repetition", "actor", "accepted")]


def test_accepted_with_other_words_or_changed_later_is_edited_and_back_again_accepted(work: AnnotationSet) -> None:
    change = accepting(suggested(work, "actor", SOLHEIM), (33, 40))
    apply(work, change)
    assert [row[2] for row in verdicts(work)] == ["edited"]
    apply(work, put_span("actor", *SOLHEIM, uuid=change.object, base=change.id))
    assert [row[2] for row in verdicts(work)] == ["edited"]


def test_what_the_changes_add_up_to_is_the_verdict(work: AnnotationSet) -> None:
    work.suggestions_shown = True
    work.save()
    ben = member_of(work).user
    first = accepting(suggested(work, "actor", SOLHEIM))
    apply(work, first)
    second = put_span("location", *SOLHEIM, uuid=first.object, base=first.id)
    apply(work, second)
    assert [row[2] for row in verdicts(work)] == ["edited"]
    undo(actor=ben, annotation_set_id=work.pk, request_id=uuid7())
    assert [row[2] for row in verdicts(work)] == ["accepted"]
    undo(actor=ben, annotation_set_id=work.pk, request_id=uuid7())
    assert [row[2] for row in verdicts(work)] == ["withdrawn"]
    assert ("actor", "Ingrid Solheim") in offered(suggestions_for(work))
    undo(actor=ben, annotation_set_id=work.pk, request_id=uuid7(), redo=True)
    assert [row[2] for row in verdicts(work)] == ["accepted"]


def test_deleting_what_was_accepted_rejects_it(work: AnnotationSet) -> None:
    work.suggestions_shown = True
    work.save()
    first = accepting(suggested(work, "actor", SOLHEIM))
    apply(work, first)
    apply(work, ChangeRequest(id=uuid7(), action="delete_span", object=first.object, base=first.id))
    assert verdicts(work) == [("ner", "actor", "rejected", 0.9, first.object)]
    assert offered(suggestions_for(work)) == [("location", "Oslo")]


def test_a_rejection_hides_the_suggestion_until_it_is_taken_back(work: AnnotationSet) -> None:
    ben, oslo = member_of(work).user, suggested(work, "location", OSLO)
    for _twice in range(2):
        judge_suggestion(actor=ben, annotation_set_id=work.pk, suggestion=oslo, verdict="rejected")
    assert verdicts(work) == [("ner", "location", "rejected", 0.9, None)]
    assert offered(suggestions_for(work)) == [("actor", "Ingrid Solheim")]
    judge_suggestion(actor=ben, annotation_set_id=work.pk, suggestion=oslo, verdict="withdrawn")
    assert ("location", "Oslo") in offered(suggestions_for(work))


def test_what_was_never_judged_cannot_be_taken_back_and_leaves_nothing(work: AnnotationSet) -> None:
    ben, oslo = member_of(work).user, suggested(work, "location", OSLO)
    judge_suggestion(actor=ben, annotation_set_id=work.pk, suggestion=oslo, verdict="withdrawn")
    assert verdicts(work) == []


def test_verdicts_that_cannot_be(work: AnnotationSet) -> None:
    ben, oslo = member_of(work).user, suggested(work, "location", OSLO)
    with pytest.raises(InvalidData, match="One of rejected, withdrawn"):
        judge_suggestion(actor=ben, annotation_set_id=work.pk, suggestion=oslo, verdict="accepted")
    other = Suggested(id=oslo.id, engine="ner", label="location", fragments=SOLHEIM)
    with pytest.raises(InvalidData, match="not the id of a suggestion"):
        judge_suggestion(actor=ben, annotation_set_id=work.pk, suggestion=other, verdict="rejected")
    beyond = suggested(work, "location", ((0, 10_000),))
    with pytest.raises(InvalidData, match="past the end"):
        judge_suggestion(actor=ben, annotation_set_id=work.pk, suggestion=beyond, verdict="rejected")
    unknown = suggested(work, "event", OSLO)
    with pytest.raises(InvalidData, match="no such label"):
        judge_suggestion(actor=ben, annotation_set_id=work.pk, suggestion=unknown, verdict="rejected")
    apply(work, accepting(oslo))
    with pytest.raises(StateRefused, match="was accepted"):
        judge_suggestion(actor=ben, annotation_set_id=work.pk, suggestion=oslo, verdict="rejected")
    with pytest.raises(NotFound):
        judge_suggestion(
            actor=a_member(work.article.project, "chi"), annotation_set_id=work.pk, suggestion=oslo, verdict="rejected"
        )


def test_a_place_accepted_from_the_gazetteer_has_its_coordinates(work: AnnotationSet) -> None:
    found = {each.quote: each for each in suggestions_for(work)}
    oslo = found["Oslo"].proposal
    one = suggested(work, "location", OSLO, "gazetteer")
    change = accepting(one)
    apply(work, replace(change, value={**change.value, "entity": oslo.entity}))
    entity = Entity.objects.get(name="Oslo")
    assert (entity.latitude, entity.longitude) == (oslo.latitude, oslo.longitude) != (None, None)


def test_nothing_is_offered_over_a_span_of_its_label(work: AnnotationSet) -> None:
    a_span(work, "actor", (33, 40))
    a_span(work, "claim", *OSLO)
    assert offered(suggestions_for(work)) == [("location", "Oslo")]


def judge_many(work: AnnotationSet, accepted: int, rejected: int) -> None:
    """Verdicts on as many suggestions, the accepted ones first."""
    for number in range(accepted + rejected):
        article = an_article(work.article.project, external_id=f"more-{uuid7()}")
        other = a_set(article, work.annotator)
        oslo = suggested(other, "location", OSLO)
        if number < accepted:
            apply(other, accepting(oslo))
        else:
            judge_suggestion(
                actor=member_of(work).user, annotation_set_id=other.pk, suggestion=oslo, verdict="rejected"
            )


def test_an_engine_of_which_too_little_is_accepted_is_switched_off_for_that_label_by_itself(
    work: AnnotationSet,
) -> None:
    judge_many(work, 19, LAST - 20)
    assert not EngineSwitch.objects.exists()
    judge_many(work, 0, 1)
    switch = EngineSwitch.objects.get()
    assert (switch.engine, switch.label.key, switch.is_on, switch.by) == ("ner", "location", False, None)
    assert offered(suggestions_for(work)) == [("actor", "Ingrid Solheim")]
    (record,) = engines_judged(work.article.project)
    assert record.as_json() == {
        "engine": "ner", "label": "location", "accepted": 19, "edited": 0, "rejected": 31, "precision": 0.38,
        "latest": 50, "latest_precision": 0.38, "is_on": False, "switched_off_by_itself": True,
    }  # fmt: skip


def test_switched_on_again_it_has_as_many_verdicts_to_prove_itself(work: AnnotationSet) -> None:
    ada = a_member(work.article.project, "ada")
    judge_many(work, 0, LAST)
    switch_engine(member=member_of(work, ada), engine="ner", label="location", is_on=True)
    judge_many(work, 0, 1)
    assert EngineSwitch.objects.get().is_on
    assert ("location", "Oslo") in offered(suggestions_for(work))


def test_only_managers_switch_engines(work: AnnotationSet) -> None:
    with pytest.raises(NotAllowed):
        switch_engine(member=member_of(work), engine="ner", label="location", is_on=False)
    manager = member_of(work, a_member(work.article.project, "ada"))
    with pytest.raises(NotFound):
        switch_engine(member=manager, engine="ner", label="event", is_on=False)
