"""Precedents that speak to a piece of text, and who sees them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from annotations.models import Article, Disagreement, Membership, Project, User
from annotations.selectors.precedents import precedents_visible_to, similar_precedents, telling_words
from annotations.services.annotation_sets import move_set
from annotations.services.decisions import decide
from annotations.services.precedents import change_precedent, create_precedent
from tests import factories
from tests.services.test_disagreements import at, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    project = factories.a_project(annotators_per_article=2)
    factories.the_cast(project)
    return project


def member(name: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(user__username=name)


def rules(name: str, article: Article, quote: str, label: str = "") -> list[str]:
    return [each.precedent.rule for each in similar_precedents(member(name), article, (at(quote),), label)]


def test_words_that_every_text_has_tell_nothing(project: Project) -> None:
    assert telling_words("And the Brevik Dockers’ Union of it said, the Union!", "en") == [
        "brevik",
        "dockers",
        "union",
        "said",
    ]
    assert telling_words("Und die Gewerkschaft", "de-AT") == ["gewerkschaft"]


def test_the_most_alike_come_first_and_others_not_at_all(project: Project) -> None:
    article = factories.an_article(project)
    for rule, quote, label in (
        ("Unions are actors.", "the Dockers’ Union", "actor"),
        ("Towns are locations.", "Brevik", "location"),
        ("No verbs.", "said nothing", ""),
    ):
        create_precedent(member=member("dora"), rule=rule, quote=quote, label=label)

    assert rules("ben", article, "the Brevik Dockers’ Union") == ["Unions are actors.", "Towns are locations."]
    assert rules("ben", article, "Brevik", "location") == ["Towns are locations."]
    assert rules("ben", article, "Oslo") == []
    assert rules("ben", article, "of") == []


def test_what_was_withdrawn_speaks_to_nothing(project: Project) -> None:
    article = factories.an_article(project)
    precedent = create_precedent(member=member("dora"), rule="Towns are locations.", quote="Brevik")
    change_precedent(actor=member("dora").user, precedent_id=precedent.pk, withdrawn=True)

    assert rules("ben", article, "Brevik") == []
    assert list(precedents_visible_to(member("ben"))) == []
    assert list(precedents_visible_to(member("dora"))) == [precedent]


class TestBlind:
    """Ben and Chi differ on an article; Dora decides it with a rule."""

    @pytest.fixture
    def article(self, project: Project) -> Article:
        people = factories.the_cast(project)
        article = factories.an_article(project, open_slots=0)
        submitted(article, people["ben"], ("actor", "Ingrid Solheim"))
        submitted(article, people["chi"], ("actor", "Solheim of"))
        decide(actor=people["dora"], disagreement_id=Disagreement.objects.get().pk, versions=[1], rule="Names whole.")
        return article

    def test_who_submitted_the_article_sees_the_rule(self, article: Article) -> None:
        assert rules("ben", article, "Ingrid Solheim") == ["Names whole."]

    def test_who_has_the_article_open_does_not(self, article: Article) -> None:
        owner = article.annotation_sets.get(annotator__username="ben")
        move_set(actor=member("dora").user, annotation_set_id=owner.pk, action="return", reason="Look again.")

        assert rules("ben", article, "Ingrid Solheim") == []
        assert rules("chi", article, "Ingrid Solheim") == ["Names whole."]

    def test_who_may_still_get_the_article_does_not(self, article: Article) -> None:
        factories.a_member(article.project, "gil")
        other = factories.an_article(article.project, external_id="a2")
        assert rules("gil", other, "Ingrid Solheim") == ["Names whole."]
        Article.objects.filter(pk=article.pk).update(open_slots=1)
        assert rules("gil", other, "Ingrid Solheim") == []

    def test_who_has_a_copy_of_the_article_open_does_not(self, article: Article) -> None:
        gil = factories.a_member(article.project, "gil")
        copy = factories.an_article(article.project, external_id="copy", open_slots=0)
        factories.a_set(copy, gil)
        Article.objects.update(cluster=uuid4())

        assert rules("gil", copy, "Ingrid Solheim") == []

    def test_without_blindness_all_see_it(self, article: Article) -> None:
        article.project.blind = False
        article.project.save()
        Article.objects.filter(pk=article.pk).update(open_slots=1)
        gil: User = factories.a_member(article.project, "gil")

        assert rules(gil.username, article, "Ingrid Solheim") == ["Names whole."]
