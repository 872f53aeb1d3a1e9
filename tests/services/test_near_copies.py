"""Wire copies are grouped when they come in, and the gold of one is offered to the others."""

from __future__ import annotations

import random

import pytest
from django.test import Client
from django.urls import reverse

from annotations.domain.errors import StateRefused
from annotations.models import AnnotationSet, Article, Membership, Project, SetKind, Span, TextSketch, User
from annotations.selectors.duplicates import copies_of
from annotations.services.duplicates import offer_to_copies
from annotations.services.imports.undoing import undo_import
from tests.factories import a_member, a_project
from tests.services.test_imports import gold, lines, put

pytestmark = pytest.mark.django_db

WORDS = random.Random(1).choices([f"word{number}" for number in range(500)], k=120)
TEXT = "Ana Ruiz of Madrid said: " + " ".join(WORDS)
COPY = f"Brevik (AP) – {TEXT} Ends."
CUT = TEXT.replace("Madrid", "Seville").rsplit(" ", 8)[0]
OTHER = " ".join(reversed(WORDS))


@pytest.fixture
def project() -> Project:
    return a_project()


@pytest.fixture
def ada(project: Project) -> User:
    return a_member(project, "ada")


def manager_of(project: Project) -> Membership:
    return Membership.objects.select_related("user", "project").get(project=project, user__username="ada")


def document(key: str, text: str, *sets: object) -> dict[str, object]:
    return {"id": key, "text": text, "annotation_sets": list(sets)}


def clusters() -> dict[str, object]:
    return dict(Article.objects.values_list("external_id", "cluster"))


def test_copies_share_a_cluster_within_a_file_and_across_files(project: Project, ada: User) -> None:
    report = put(ada, project, lines(document("a", TEXT), document("b", OTHER), document("c", COPY)))
    assert [(copy.id, copy.near) for copy in report.near_copies] == [("c", "a")]
    later = put(ada, project, lines(document("d", CUT), document("e", TEXT)))
    assert [(copy.id, copy.near) for copy in later.near_copies] == [("d", "a")]
    assert later.duplicate_count == 1
    found = clusters()
    assert found["a"] is not None
    assert found == {"a": found["a"], "b": None, "c": found["a"], "d": found["a"], "e": found["a"]}
    assert TextSketch.objects.exclude(bands=[]).count() == 2


def test_a_copy_to_the_letter_and_a_near_one_in_one_file_join_the_same_cluster(project: Project, ada: User) -> None:
    put(ada, project, lines(document("a", TEXT)))
    put(ada, project, lines(document("b", TEXT), document("c", COPY)))
    assert len(set(clusters().values())) == 1


def test_short_texts_are_copies_only_to_the_letter(project: Project, ada: User) -> None:
    put(ada, project, lines(document("a", "Ana said so."), document("b", "Ana said so"), document("c", "Ana said so.")))
    found = clusters()
    assert (found["a"] == found["c"], found["a"] is None, found["b"]) == (True, False, None)


def test_projects_know_nothing_of_one_another(project: Project, ada: User) -> None:
    other = a_project("other")
    a_member(other, "ada")
    put(ada, other, lines(document("a", TEXT)))
    assert put(ada, project, lines(document("b", COPY))).near_copies == []


def test_undoing_an_import_mends_the_clusters(project: Project, ada: User) -> None:
    first = put(ada, project, lines(document("a", TEXT)))
    put(ada, project, lines(document("b", COPY)))
    undo_import(member=manager_of(project), job_id=Article.objects.get(external_id="a").imports.get().job_id)
    assert first.created == 1
    assert clusters() == {"b": None}
    assert put(ada, project, lines(document("c", CUT))).near_copies[0].near == "b"


def test_gold_is_offered_to_the_copies_as_suggestions(project: Project, ada: User) -> None:
    spans = [
        {"id": "1", "label": "actor", "fragments": [[0, 8]]},
        {"id": "2", "label": "location", "fragments": [[12, 18]]},
        {"id": "3", "label": "claim", "fragments": [[25, 60]]},
    ]
    links = [{"id": "x", "label": "made_by", "source": "3", "target": "1"}]
    put(
        ada, project, lines(document("a", TEXT, gold(*spans, relations=links)), document("b", COPY), document("c", CUT))
    )
    member = manager_of(project)
    article = Article.objects.get(external_id="a")
    assert [each.external_id for each in copies_of(member, article)] == ["b", "c"]
    offered = offer_to_copies(member=member, article_id=article.pk)
    assert (offered.articles, offered.spans, offered.lost) == (2, 5, 1)
    suggestion = AnnotationSet.objects.get(article__external_id="b", kind=SetKind.SUGGESTION)
    assert (suggestion.source, suggestion.state, suggestion.relations.count()) == ("copy of a", "ready", 1)
    moved = Span.objects.get(annotation_set=suggestion, label__key="actor").fragments[0]
    assert COPY[slice(*moved)] == "Ana Ruiz"
    with pytest.raises(StateRefused, match="all of them have its work"):
        offer_to_copies(member=member, article_id=article.pk)
    with pytest.raises(StateRefused, match="not done"):
        offer_to_copies(member=member, article_id=Article.objects.get(external_id="b").pk)


def test_the_pages_show_copies_to_all_but_blind_annotators(client: Client, project: Project, ada: User) -> None:
    put(ada, project, lines(document("a", TEXT), document("b", COPY), document("c", OTHER)))
    ben = a_member(project, "ben")
    article = Article.objects.get(external_id="a")
    AnnotationSet.objects.create(article=article, annotator=ben, kind=SetKind.ANNOTATOR, state="submitted")
    client.force_login(ada)
    listed = client.get(reverse("articles", args=["press"]), {"copies": "1"})
    assert [each.external_id for each in listed.context["page"].rows] == ["a", "b"]
    assert "1 near copy" in listed.content.decode()
    assert "Near copies" in client.get(reverse("article", args=[article.pk])).content.decode()
    client.force_login(ben)
    for address in (reverse("articles", args=["press"]), reverse("article", args=[article.pk])):
        assert "near cop" not in client.get(address, {"copies": "1"}).content.decode().lower()
