"""A corrected text is a new version of its article; labels go with their words, and the old version stays readable."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from annotations.domain.errors import InvalidData, StateRefused
from annotations.models import AnnotationSet, Article, Membership, Project, SetKind, Span, User
from annotations.selectors.verification import differences
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.imports.undoing import undo_import
from annotations.services.queue import claim_next_article
from tests.factories import a_member, a_project, put_span
from tests.services.test_imports import TEXT, a_span, by, document, gold, lines, put

pytestmark = pytest.mark.django_db

CORRECTED = TEXT.replace("of Madrid", "from Madrid")
SPANS = (a_span("1", end=8), a_span("2", "location", 12, 18), a_span("3", "claim", 0, 26))


@pytest.fixture
def project() -> Project:
    return a_project()


@pytest.fixture
def ada(project: Project) -> User:
    return a_member(project, "ada")


def corrected(text: str = CORRECTED, key: str = "d1") -> bytes:
    return lines({"id": key, "text": text})


def quotes(article: Article) -> set[tuple[str, str, str]]:
    spans = Span.objects.filter(annotation_set__article=article).select_related("annotation_set", "label")
    return {
        (span.annotation_set.kind, span.label.key, " … ".join(article.text[a:b] for a, b in span.fragments))
        for span in spans
    }


def test_without_the_option_another_text_stays_a_problem(project: Project, ada: User) -> None:
    put(ada, project, lines(document()))
    assert "texts never change" in put(ada, project, corrected()).problems[0].reason
    assert Article.objects.count() == 1
    with pytest.raises(InvalidData):
        put(ada, project, corrected(), corrections="perhaps")


def test_labels_of_every_set_go_with_their_words(project: Project, ada: User) -> None:
    link = {"id": "r", "label": "made_by", "source": "3", "target": "1"}
    sets = (gold(*SPANS, relations=[link]), by("ben", *SPANS), by("chi", *SPANS[:2]))
    put(ada, project, lines(document("d1", *sets, outlet="Old", section="News")))
    report = put(ada, project, lines({"id": "d1", "text": CORRECTED, "outlet": "New"}), corrections="accept")
    (correction,) = report.corrections
    assert (report.corrected, report.created, correction.kept, correction.moved, correction.lost) == (1, 0, 3, 5, 0)
    old, new = Article.objects.order_by("created_at", "pk")
    assert (old.superseded_by, new.superseded_by, old.text, new.text) == (new, None, TEXT, CORRECTED)
    assert (new.outlet, new.section) == ("New", "News")
    assert quotes(new) >= {
        ("gold", "actor", "Ana Ruiz"), ("gold", "location", "Madrid"), ("gold", "claim", "Ana Ruiz from Madrid said so"),
    }  # fmt: skip
    assert len(quotes(old)) == len(quotes(new))
    states = dict(AnnotationSet.objects.filter(article=new).values_list("kind", "state"))
    assert states == {"gold": "done", "annotator": "submitted"}
    assert new.open_slots == 0
    assert AnnotationSet.objects.get(article=new, kind=SetKind.GOLD).relations.count() == 1
    assert new.disagreements.exists()
    assert list(differences()) == []


def test_what_loses_spans_is_returned_and_reported(project: Project, ada: User) -> None:
    put(ada, project, lines(document("d1", gold(*SPANS), by("ben", *SPANS[:1]))))
    report = put(ada, project, corrected(TEXT.replace("Madrid", "Seville")), corrections="accept")
    (correction,) = report.corrections
    assert (correction.lost, correction.lost_spans) == (1, ["location: Madrid"])
    new = Article.objects.get(superseded_by=None)
    assert dict(AnnotationSet.objects.filter(article=new).values_list("kind", "state")) == {
        "gold": "open", "annotator": "submitted",
    }  # fmt: skip
    put(ada, project, lines(document("d2", by("ben", *SPANS))))
    put(ada, project, corrected("Nothing of it.", "d2"), corrections="accept")
    assert AnnotationSet.objects.get(article__text="Nothing of it.").state == "returned"


def test_work_goes_on_in_the_new_version_only(project: Project, ada: User) -> None:
    ben = a_member(project, "ben")
    put(ada, project, lines(document()))
    old = claim_next_article(actor=ben, slug="press")
    assert old is not None
    apply_changes(actor=ben, annotation_set_id=old.pk, changes=[put_span("actor", (0, 8))])
    put(ada, project, corrected(), corrections="accept")
    with pytest.raises(StateRefused, match="went over to its new version"):
        apply_changes(actor=ben, annotation_set_id=old.pk, changes=[put_span("actor", (9, 20))])
    with pytest.raises(StateRefused):
        move_set(actor=ben, annotation_set_id=old.pk, action="submit")
    again = claim_next_article(actor=ben, slug="press")
    assert again is not None
    assert (again.article.text, again.spans.count(), again.article.open_slots) == (CORRECTED, 1, 1)
    apply_changes(actor=ben, annotation_set_id=again.pk, changes=[put_span("actor", (9, 20))])
    assert list(differences()) == []


def test_the_file_may_bring_its_own_set_for_the_new_text(project: Project, ada: User) -> None:
    put(ada, project, lines(document("d1", gold(*SPANS), by("ben", *SPANS))))
    brought = {"id": "d1", "text": CORRECTED, "annotation_sets": [gold(a_span("9", "location", 14, 20))]}
    put(ada, project, lines(brought), corrections="accept")
    new = Article.objects.get(superseded_by=None)
    assert {each for each in quotes(new) if each[0] == "gold"} == {("gold", "location", "Madrid")}
    assert len({each for each in quotes(new) if each[0] == "annotator"}) == 3
    assert put(ada, project, lines(brought), corrections="accept").skipped == 1


def test_a_correction_can_be_undone_and_stands_before_the_first_import(project: Project, ada: User) -> None:
    first = put(ada, project, lines(document("d1", gold(*SPANS))))
    second = put(ada, project, corrected(), corrections="accept")
    manager = Membership.objects.select_related("user", "project").get(user=ada)
    with pytest.raises(StateRefused, match="corrected version"):
        undo_import(member=manager, job_id=UUID(first.id))
    undo_import(member=manager, job_id=UUID(second.id))
    article = Article.objects.get()
    assert (article.text, article.superseded_by, len(quotes(article))) == (TEXT, None, 3)
    undo_import(member=manager, job_id=UUID(first.id))
    assert not Article.objects.exists()


def test_both_versions_can_be_read_and_name_one_another(client: Client, project: Project, ada: User) -> None:
    put(ada, project, lines(document("d1", gold(*SPANS))))
    put(ada, project, corrected(), corrections="accept")
    old, new = Article.objects.order_by("created_at", "pk")
    client.force_login(ada)
    shown = client.get(reverse("article", args=[old.pk])).content.decode()
    assert reverse("article", args=[new.pk]) in shown
    assert reverse("article", args=[old.pk]) in client.get(reverse("article", args=[new.pk])).content.decode()
    gold_set = AnnotationSet.objects.get(article=old)
    assert client.get(reverse("desk", args=[gold_set.pk])).status_code == 200
    listed = client.get(reverse("articles", args=["press"])).context["page"].rows
    assert [each.pk for each in listed] == [new.pk]
