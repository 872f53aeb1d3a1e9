"""A rule written at a decision becomes a precedent: a draft, then part of a version; it can be taken back."""

from __future__ import annotations

import pytest

from annotations.domain.errors import InvalidData, NotAllowed, NotFound, StateRefused
from annotations.models import Article, Disagreement, GuidelineVersion, Membership, Precedent, User
from annotations.services.decisions import decide, undo_decision
from annotations.services.guidelines import publish_guideline
from annotations.services.precedents import change_precedent, create_precedent
from tests import factories
from tests.services.test_disagreements import submitted

pytestmark = pytest.mark.django_db
RULE = "An actor ends before “of”."


@pytest.fixture
def article() -> Article:
    project = factories.a_project()
    people = factories.the_cast(project)
    article = factories.an_article(project, text=factories.TEXT + "\nAnother paragraph.")
    submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
    submitted(article, people["chi"], ("actor", "Solheim of"))
    return article


@pytest.fixture
def people(article: Article) -> dict[str, User]:
    return factories.the_cast(article.project)


def member(name: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(user__username=name)


def decided(people: dict[str, User], rule: str = RULE) -> Precedent | None:
    decide(actor=people["dora"], disagreement_id=Disagreement.objects.get().pk, versions=[1], rule=rule)
    return Precedent.objects.first()


def test_a_rule_written_at_a_decision_is_a_draft_with_its_quote_and_context(people: dict[str, User]) -> None:
    precedent = decided(people)

    assert precedent is not None
    assert (precedent.rule, precedent.quote, precedent.label and precedent.label.key) == (
        RULE,
        "Ingrid Solheim of",
        "actor",
    )
    assert precedent.context == factories.TEXT
    assert (precedent.guideline, precedent.withdrawn_at, precedent.by) == (None, None, people["dora"])
    assert precedent.decision is not None
    assert precedent.decision.rule == RULE


def test_a_decision_without_a_rule_makes_none(people: dict[str, User]) -> None:
    assert decided(people, rule=" ") is None


def test_the_next_version_of_the_guideline_takes_the_drafts_in(article: Article, people: dict[str, User]) -> None:
    first = publish_guideline(member=member("ada"), markdown="# Actors")
    precedent = decided(people)
    assert precedent is not None
    withdrawn = create_precedent(member=member("dora"), rule="Never.")
    change_precedent(actor=people["dora"], precedent_id=withdrawn.pk, withdrawn=True)

    second = publish_guideline(member=member("ada"), markdown="# Actors")  # the same words, but a precedent waits

    precedent.refresh_from_db()
    withdrawn.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert (precedent.guideline, withdrawn.guideline) == (second, None)
    with pytest.raises(InvalidData, match="Nothing was published"):
        publish_guideline(member=member("ada"), markdown="# Actors")
    assert GuidelineVersion.objects.count() == 2


def test_a_draft_goes_with_its_decision_and_what_is_published_stays(people: dict[str, User]) -> None:
    row = Disagreement.objects.get()
    decided(people)
    undo_decision(actor=people["dora"], disagreement_id=row.pk)
    assert Precedent.objects.get().withdrawn_at is not None

    decide(actor=people["dora"], disagreement_id=row.pk, versions=[1], rule="Names whole.")
    publish_guideline(member=member("ada"), markdown="# Actors")
    undo_decision(actor=people["dora"], disagreement_id=row.pk)
    assert Precedent.objects.get(rule="Names whole.").withdrawn_at is None


def test_a_draft_can_be_worded_anew_and_a_published_rule_only_withdrawn(people: dict[str, User]) -> None:
    precedent = decided(people)
    assert precedent is not None
    changed = change_precedent(actor=people["ada"], precedent_id=precedent.pk, rule=" Names whole. ", label="")
    assert (changed.rule, changed.label) == ("Names whole.", None)
    publish_guideline(member=member("ada"), markdown="# Actors")

    with pytest.raises(StateRefused, match="withdraw it and write another"):
        change_precedent(actor=people["ada"], precedent_id=precedent.pk, rule="Else.")
    assert change_precedent(actor=people["ada"], precedent_id=precedent.pk, withdrawn=True).withdrawn_at is not None
    assert change_precedent(actor=people["ada"], precedent_id=precedent.pk, withdrawn=False).withdrawn_at is None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"rule": " "}, "A precedent needs a rule"),
        ({"rule": "x" * 5_001}, "5001 characters; at most 5000 are kept"),
        ({"rule": "x\0"}, "rule has a NUL character"),
        ({"rule": "x", "label": "mood"}, "no label “mood”"),
    ],
)
@pytest.mark.usefixtures("article")
def test_what_is_no_precedent_is_refused_with_a_sentence(given: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidData, match=message):
        create_precedent(member=member("dora"), **given)


def test_only_reviewers_and_managers_write_them(people: dict[str, User]) -> None:
    precedent = decided(people)
    assert precedent is not None
    for name, error in (("ben", NotAllowed), ("fay", NotAllowed), ("eve", NotFound)):
        with pytest.raises(error):
            change_precedent(actor=people[name], precedent_id=precedent.pk, withdrawn=True)
    with pytest.raises(NotAllowed):
        create_precedent(member=member("ben"), rule="Mine.")
