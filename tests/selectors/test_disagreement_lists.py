"""The disagreements of a project as lists: narrowed, counted, grouped; articles by what they teach."""

from __future__ import annotations

import pytest

from annotations.models import Article, Disagreement, Membership, Project, Role, User
from annotations.selectors.disagreement_lists import (
    Wanted,
    alike_in_context,
    disagreements_listed,
    groups_of_alike,
    kind_counts,
)
from annotations.selectors.review import articles_to_review, most_telling
from annotations.services.annotation_sets import move_set
from annotations.services.decisions import accept_agreed_everywhere, decide, undo_batch
from tests import factories
from tests.services.test_decisions import gold
from tests.services.test_disagreements import submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, User]:
    return factories.the_cast(factories.a_project(annotators_per_article=2))


@pytest.fixture
def articles(people: dict[str, User]) -> list[Article]:
    """Of three articles the first two share a difference; the first has two more, the third one of its own."""
    project = Project.objects.get()
    found = [factories.an_article(project, external_id=f"a{number}", open_slots=0) for number in range(3)]
    submitted(found[0], people["ben"], ("actor", "Brevik"), ("actor", "Ingrid Solheim"), ("claim", "We lost nine days"))
    submitted(found[0], people["chi"], ("location", "Brevik"), ("actor", "Solheim of"))
    submitted(found[1], people["ben"], ("actor", "Brevik"))
    submitted(found[1], people["chi"], ("location", "Brevik"))
    submitted(found[2], people["ben"], ("actor", "Oslo"), ("claim", "no one won"))
    submitted(found[2], people["chi"], ("location", "Oslo"), ("claim", "no one won"))
    return found


def member(name: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(user__username=name)


def quotes(name: str = "dora", **wanted: object) -> list[str]:
    rows = disagreements_listed(member(name), Wanted(**wanted))  # type: ignore[arg-type]
    return sorted(row.payload["quote"] for row in rows)


@pytest.mark.usefixtures("articles")
def test_each_filter_narrows_the_list() -> None:
    assert quotes() == ["Brevik", "Brevik", "Ingrid Solheim of", "Oslo", "We lost nine days"]
    assert quotes(unanimous=True, quote="WON") == ["no one won"]
    assert quotes(kind="label") == ["Brevik", "Brevik", "Oslo"]
    assert quotes(kind="relation") == []
    assert quotes(label="claim") == ["We lost nine days"]
    assert quotes(quote="solheim") == ["Ingrid Solheim of"]
    assert quotes(annotator="ben", kind="missing") == ["We lost nine days"]
    assert quotes(annotator="chi", kind="missing") == []
    assert quotes(annotator="nobody") == []


def test_states_are_open_stale_and_decided(articles: list[Article], people: dict[str, User]) -> None:
    row = Disagreement.objects.get(article=articles[2], unanimous=False)
    decide(actor=people["dora"], disagreement_id=row.pk, versions=[1])
    assert quotes(state="decided") == ["Oslo"]
    assert "Oslo" not in quotes(state="open")
    owner = articles[2].annotation_sets.get(annotator=people["ben"])
    move_set(actor=people["dora"], annotation_set_id=owner.pk, action="return", reason="Look again.")

    assert quotes(state="stale") == ["Oslo"]  # also where one annotator is left, who agrees with himself
    assert quotes(state="decided") == []


@pytest.mark.usefixtures("articles")
def test_kinds_are_counted_whatever_kind_is_asked_for() -> None:
    assert kind_counts(member("dora"), Wanted(kind="label")) == [("label", 3), ("boundary", 1), ("missing", 1)]
    assert kind_counts(member("dora"), Wanted(label="claim")) == [("missing", 1)]


def test_those_alike_stand_together(articles: list[Article]) -> None:
    rows = list(groups_of_alike(disagreements_listed(member("dora"), Wanted())))

    assert (rows[0].payload["quote"], rows[0].group) == ("Brevik", 2)  # type: ignore[attr-defined]
    assert sorted(row.group for row in rows) == [1, 1, 1, 2]  # type: ignore[attr-defined]
    assert rows[0].article_id == articles[0].pk
    [other] = alike_in_context(member("dora"), rows[0])
    assert other.row.article_id == articles[1].pk
    assert other.quote == "Brevik"
    assert other.before.endswith("Ingrid Solheim of the ")
    assert other.after.startswith(" Dockers’ Union in Oslo")


def test_articles_whose_decisions_settle_most_come_first(articles: list[Article], people: dict[str, User]) -> None:
    scores = most_telling(member("dora"))
    assert scores == {articles[0].pk: 4, articles[1].pk: 2, articles[2].pk: 1}
    assert list(articles_to_review(member("dora"), scores)) == articles

    brevik = Disagreement.objects.filter(payload__quote="Brevik", article=articles[0]).get()
    decide(actor=people["dora"], disagreement_id=brevik.pk, versions=[1])
    assert most_telling(member("dora")) == {articles[0].pk: 2, articles[1].pk: 1, articles[2].pk: 1}


def test_what_all_agree_on_is_accepted_everywhere_and_taken_back_as_one(
    articles: list[Article], people: dict[str, User]
) -> None:
    submitted(extra := factories.an_article(articles[0].project, external_id="a9"), people["ben"], ("location", "Oslo"))
    submitted(extra, people["chi"], ("location", "Oslo"))

    outcome = accept_agreed_everywhere(actor=people["dora"], slug="press", how="unanimous")

    assert (len(outcome.decisions), outcome.left) == (2, 0)
    assert gold(articles[2]) == [("claim", "no one won")]
    assert gold(extra) == [("location", "Oslo")]
    assert undo_batch(actor=people["dora"], batch=outcome.batch) == 2
    assert gold(articles[2]) == gold(extra) == []
    once = accept_agreed_everywhere(actor=people["dora"], slug="press", how="unanimous", most=1)
    assert len(once.decisions) == 1


def test_of_those_alike_some_can_be_left_out(articles: list[Article], people: dict[str, User]) -> None:
    first, second = Disagreement.objects.filter(payload__quote="Brevik").order_by("article")
    outcome = decide(actor=people["dora"], disagreement_id=first.pk, versions=[1], alike=True, without=[second.pk])

    assert [each.disagreement for each in outcome.decisions] == [first.pk]
    assert gold(articles[1]) == []


@pytest.mark.usefixtures("articles")
def test_who_annotated_a_blind_article_is_not_shown_its_disagreements() -> None:
    Membership.objects.filter(user__username="ben").update(role=Role.REVIEWER)

    assert quotes("ben") == []
    assert kind_counts(member("ben"), Wanted()) == []
