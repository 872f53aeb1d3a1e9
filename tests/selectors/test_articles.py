"""Articles as lists and pages show them: search, filters, the sets shown, the history in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from annotations.domain.changes import ChangeRequest
from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet, Article, Membership, Project
from annotations.selectors.articles import (
    articles_listed,
    changes_shown,
    events,
    sets_shown,
    shows_work_of_others,
)
from annotations.services.changes import apply_changes
from tests.factories import TEXT, a_member, a_project, a_set, an_article, put_relation, put_span, the_cast

pytestmark = pytest.mark.django_db


def membership(project: Project, username: str) -> Membership:
    return Membership.objects.select_related("project", "user").get(project=project, user__username=username)


def found(project: Project, **filters: Any) -> list[str]:
    listed = articles_listed(membership(project, "ada"), **filters)
    return sorted(article.external_id for article in listed)


def test_search_finds_words_as_the_article_s_language_bends_them() -> None:
    project = a_project()
    the_cast(project)
    an_article(project, "The unions were striking.", "en", language="en")
    an_article(project, "Die Häfen wurden bestreikt.", "de", language="de")
    an_article(project, "Satamat suljettiin.", "unknown", language="xx", title="Strike")
    assert found(project, search="strike") == ["en", "unknown"]
    assert found(project, search="hafen") == ["de"]
    assert found(project, search="satamat") == ["unknown"]
    assert found(project, search="strike -unions") == ["unknown"]
    assert found(project, search="'\"&|!(:*") == []


def test_filters_narrow_by_outlet_and_day() -> None:
    project = a_project()
    the_cast(project)
    an_article(project, external_id="a", outlet="Courier", published_on=date(2025, 3, 14))
    an_article(project, external_id="b", outlet="Courier", published_on=date(2025, 3, 15))
    an_article(project, external_id="c", outlet="Herald")
    assert found(project, outlet="Courier") == ["a", "b"]
    assert found(project, published_after=date(2025, 3, 14)) == ["b"]
    assert found(project, outlet="courier") == []


def test_search_never_leads_a_blind_annotator_to_an_article_of_others() -> None:
    project = a_project()
    the_cast(project)
    an_article(project)
    assert list(articles_listed(membership(project, "ben"), search="Solheim")) == []


def a_worked_on_article(project: Project) -> Article:
    cast = the_cast(project)
    article = an_article(project)
    for name in ("ben", "chi"):
        a_set(article, cast[name])
    return article


def write(annotation_set: AnnotationSet, *changes: ChangeRequest) -> None:
    assert annotation_set.annotator is not None
    applied = apply_changes(actor=annotation_set.annotator, annotation_set_id=annotation_set.pk, changes=list(changes))
    assert {result.status for result in applied.results} == {"applied"}


def test_the_history_tells_who_did_what_in_words() -> None:
    project = a_project()
    article = a_worked_on_article(project)
    claim, actor = uuid7(), uuid7()
    first = put_span("claim", (0, 20), uuid=claim, attributes={"stance": "opposes"})
    changed = put_span("claim", (0, 20), (77, 94), uuid=claim, base=first.id, note="two parts")
    write(
        AnnotationSet.objects.get(annotator__username="ben"),
        first,
        put_span("actor", (26, 40), uuid=actor),
        put_relation("made_by", claim, actor),
        changed,
        ChangeRequest(id=uuid7(), action="delete_span", object=actor, base=2),
    )
    told = events(list(changes_shown(membership(project, "dora"), article).order_by("revision")), article)
    assert [(event.author, event.what, event.quote, list(event.details)) for event in told] == [
        ("ben", "labelled", TEXT[0:20], []),
        ("ben", "labelled", "Ingrid Solheim", []),
        ("ben", "linked", f"{TEXT[0:20]} … {TEXT[77:94]} → Ingrid Solheim", ["made by"]),
        ("ben", "changed", f"{TEXT[0:20]} … {TEXT[77:94]}", ["other boundaries", "note: two parts", "stance: –"]),
        ("ben", "unlinked", f"{TEXT[0:20]} … {TEXT[77:94]} → Ingrid Solheim", ["made by"]),
        ("ben", "deleted", "Ingrid Solheim", []),
    ]
    assert [event.label.key if event.label else None for event in told] == [
        "claim", "actor", None, "claim", None, "actor",
    ]  # fmt: skip


def test_the_history_of_a_blind_annotator_is_that_of_the_own_work() -> None:
    project = a_project()
    article = a_worked_on_article(project)
    for name in ("ben", "chi"):
        write(AnnotationSet.objects.get(annotator__username=name), put_span())
    authors = {
        name: {change.author.username for change in changes_shown(membership(project, name), article)}
        for name in ("ada", "ben", "chi", "dora", "fay")
    }
    assert authors == {"ada": {"ben", "chi"}, "ben": {"ben"}, "chi": {"chi"}, "dora": {"ben", "chi"}, "fay": set()}


def test_the_sets_shown_and_whether_they_are_of_others() -> None:
    project = a_project()
    article = a_worked_on_article(project)
    shown = {
        name: [each.annotator.username for each in sets_shown(membership(project, name), article) if each.annotator]
        for name in ("ada", "ben", "dora")
    }
    assert shown == {"ada": ["ben", "chi"], "ben": ["ben"], "dora": ["ben", "chi"]}
    assert shows_work_of_others(membership(project, "dora"), article)
    assert not shows_work_of_others(membership(project, "ben"), article)


def test_counts_of_spans_and_relations_do_not_multiply() -> None:
    project = a_project()
    article = a_worked_on_article(project)
    claim, actor, other = uuid7(), uuid7(), uuid7()
    write(
        AnnotationSet.objects.get(annotator__username="ben"),
        put_span("claim", (0, 20), uuid=claim),
        put_span("actor", (26, 40), uuid=actor),
        put_span("actor", (48, 70), uuid=other),
        put_relation("made_by", claim, actor),
        put_relation("made_by", claim, other),
    )
    a_member(project, "gus")
    counts = [
        (each.annotator.username, each.spans_count, each.relations_count)  # type: ignore[attr-defined] # annotated
        for each in sets_shown(membership(project, "ada"), article)
        if each.annotator
    ]
    assert counts == [("ben", 3, 2), ("chi", 0, 0)]
