"""What the database itself refuses, whatever the code above it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from annotations.domain.identifiers import uuid7
from annotations.models import (
    AnnotationSet,
    Article,
    Change,
    Entity,
    GuidelineVersion,
    Label,
    Membership,
    Project,
    Relation,
    RelationLabel,
    SetKind,
    Span,
)
from tests.factories import a_member, a_project, a_set, a_span, an_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return a_project()


@pytest.fixture
def work(project: Project) -> AnnotationSet:
    return a_set(an_article(project), a_member(project, "ben"))


def refuses(promise: str, act: Callable[[], Any]) -> None:
    """The act breaks the named constraint (deferred ones are asked at once)."""

    def attempt() -> None:
        with transaction.atomic():
            act()
            connection.check_constraints()

    with pytest.raises(DatabaseError) as caught:
        attempt()
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert promise in f"{cause.diag.constraint_name}: {cause}"


def span(work: AnnotationSet, fragments: Any, **columns: Any) -> Span:
    label = Label.objects.get(project=work.article.project, key=columns.pop("label", "actor"))
    return Span.objects.create(annotation_set=work, label=label, fragments=fragments, revision=1, **columns)


@pytest.mark.parametrize(
    ("promise", "fragments"),
    [
        ("span_has_1_to_100_fragments", ()),
        ("span_has_1_to_100_fragments", tuple((n * 2, n * 2 + 1) for n in range(101))),
        ("span_starts_at_0_or_later", ((-1, 3),)),
        ("span_within_article", ((90, 97),)),
    ],
)
def test_fragments_are_within_the_text(work: AnnotationSet, promise: str, fragments: Any) -> None:
    if len(fragments) > 100:
        work = a_set(an_article(work.article.project, "x" * 300, "long"), work.annotator)
    refuses(promise, lambda: span(work, fragments))


def test_fragments_are_bounded_on_both_sides(work: AnnotationSet) -> None:
    refuses("span_", lambda: span_by_sql(work, "{[5,)}"))
    refuses("span_", lambda: span_by_sql(work, "{(,5)}"))


def span_by_sql(work: AnnotationSet, value: str) -> None:
    label = Label.objects.get(project=work.article.project, key="actor")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO annotations_span (id, annotation_set_id, label_id, fragments, attributes, note, origin, sources,"
            " revision) VALUES (%s, %s, %s, %s, '{}', '', 'typed', '[]', 1)",
            [uuid7(), work.pk, label.pk, value],
        )


def test_a_widened_span_stays_within_its_article(work: AnnotationSet) -> None:
    made = span(work, ((0, 5),))
    refuses("span_within_article", lambda: Span.objects.filter(pk=made.pk).update(fragments=((0, 97),)))


def test_the_same_label_and_fragments_are_there_once_per_set(work: AnnotationSet) -> None:
    span(work, ((0, 5),))
    refuses("span_once_per_label_and_fragments", lambda: span(work, ((0, 5),)))
    span(work, ((0, 5),), label="location")


def test_both_ends_of_a_relation_are_in_its_set(work: AnnotationSet, project: Project) -> None:
    theirs = a_span(a_set(work.article, a_member(project, "chi")))
    mine = a_span(work, "claim", (0, 19))
    label = RelationLabel.objects.get(key="made_by")

    def link(source: Span, target: Span) -> None:
        Relation.objects.create(annotation_set=work, label=label, source=source, target=target, revision=2)

    refuses("relation_target_in_its_set", lambda: link(mine, theirs))
    refuses("relation_source_in_its_set", lambda: link(theirs, mine))
    refuses("relation_links_two_spans", lambda: link(mine, mine))


def test_a_span_with_relations_cannot_be_deleted_under_them(work: AnnotationSet) -> None:
    claim, actor = a_span(work, "claim", (0, 19)), a_span(work)
    Relation.objects.create(
        annotation_set=work, label=RelationLabel.objects.get(key="made_by"), source=claim, target=actor, revision=3
    )

    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM annotations_span WHERE id = %s", [actor.pk])

    refuses("relation_target_in_its_set", delete)


def test_the_text_of_an_article_never_changes(work: AnnotationSet) -> None:
    refuses("The text of an article never changes", lambda: Article.objects.update(text="Other words."))
    Article.objects.update(title="Other title")


def test_the_log_is_append_only(work: AnnotationSet) -> None:
    a_span(work)
    refuses("append-only", lambda: Change.objects.update(at=timezone.now()))
    refuses("append-only", lambda: Change.objects.filter(revision=1).delete())


def test_a_change_id_and_a_revision_are_there_once_per_set(work: AnnotationSet) -> None:
    a_span(work)
    line = Change.objects.get()

    def copy(**columns: Any) -> None:
        values = {"revision": 2, "uuid": uuid7(), **columns}
        Change.objects.create(
            annotation_set=work,
            author=line.author,
            at=line.at,
            action="put_span",
            object=line.object,
            batch=line.batch,
            **values,
        )

    refuses("change_id_once_per_set", lambda: copy(uuid=line.uuid))
    refuses("annotations_change_pkey", lambda: copy(revision=1))


def test_one_set_per_annotator_and_one_gold_per_article(work: AnnotationSet) -> None:
    refuses("set_once_per_annotator_and_article", lambda: a_set(work.article, work.annotator))
    a_set(work.article)
    refuses("set_one_gold_per_article", lambda: a_set(work.article))
    refuses(
        "set_has_its_author",
        lambda: AnnotationSet.objects.create(article=work.article, kind=SetKind.ANNOTATOR, state="in_progress"),
    )
    refuses("set_state_of_its_kind", lambda: AnnotationSet.objects.update(state="done"))


def test_ids_of_articles_are_unique_among_those_not_superseded(project: Project, work: AnnotationSet) -> None:
    refuses("article_external_id_once_per_project", lambda: an_article(project))
    refuses("article_has_external_id", lambda: an_article(project, external_id=""))
    refuses("article_has_text", lambda: an_article(project, "", "empty"))


def test_a_label_in_use_cannot_be_deleted(work: AnnotationSet) -> None:
    a_span(work)

    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM annotations_label WHERE key = 'actor'")

    refuses("foreign key", delete)


def test_keys_and_shortcuts_are_unique_per_project(project: Project) -> None:
    refuses("label_key_once_per_project", lambda: Label.objects.create(project=project, key="actor", name="Again"))
    refuses(
        "label_shortcut_once_per_project",
        lambda: Label.objects.create(project=project, key="animal", name="Animal", shortcut="a"),
    )
    refuses(
        "label_shortcut_allowed",
        lambda: Label.objects.create(project=project, key="animal", name="Animal", shortcut="s"),
    )
    refuses("label_colour_in_palette", lambda: Label.objects.create(project=project, key="animal", name="A", colour=12))


def test_guideline_numbers_have_no_gaps(project: Project) -> None:
    GuidelineVersion.objects.create(project=project, number=1, markdown="One")
    refuses("without gaps", lambda: GuidelineVersion.objects.create(project=project, number=3, markdown="Three"))


def test_one_membership_per_person_and_known_roles(project: Project) -> None:
    ben = a_member(project, "ben")
    refuses("membership_once_per_person", lambda: Membership.objects.create(project=project, user=ben, role="reader"))
    refuses("membership_role_known", lambda: Membership.objects.update(role="boss"))


def test_places_are_on_earth(project: Project) -> None:
    label = Label.objects.get(key="location")
    refuses(
        "entity_coordinates_on_earth",
        lambda: Entity.objects.create(project=project, label=label, name="Nowhere", latitude=91, longitude=0),
    )


def test_full_text_search_knows_the_language(project: Project) -> None:
    an_article(project, "The dockers were striking.", "en", language="en-GB")
    an_article(project, "Die Häfen streikten.", "de", language="de")
    an_article(project, "Quux quuxes.", "xx", language="tlh")
    found = Article.objects.extra(where=["search @@ to_tsquery('english', 'strike')"])
    assert [article.external_id for article in found] == ["en"]
