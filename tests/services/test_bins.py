"""What goes into the bin leaves no trace in the project, and comes back as it was; only the operator destroys."""

from __future__ import annotations

import contextlib
import io
from dataclasses import asdict
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from annotations.domain.errors import InvalidData, NotAllowed, NotFound, StateRefused
from annotations.models import Article, AuditEntry, Change, Membership, Project, Role, Span, User
from annotations.policies import check_member
from annotations.selectors.articles import articles_listed
from annotations.selectors.bins import (
    Affected,
    affected_by_binning,
    batches_in_bin,
    contents_of,
    labels_archived,
    members_removed,
    projects_in_bin,
)
from annotations.selectors.verification import differences
from annotations.services import labels, members, projects
from annotations.services.annotation_sets import move_set
from annotations.services.bins import bin_articles, bin_project, destroy_project, restore_batch, restore_project
from annotations.services.comments import begin_thread
from annotations.services.decisions import accept_agreed
from annotations.services.erasure import erase_person
from annotations.services.exports import export_documents
from annotations.services.jobs import do_next_job, enqueue_job
from annotations.services.queue import claim_next_article
from tests.factories import a_member, a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db(transaction=True)


def exported(project: Project, actor: User) -> bytes:
    return b"".join(export_documents(actor=actor, project=project, format="jsonl", sets="all", state="all"))


def a_reviewed_article() -> tuple[Membership, Article]:
    """Two annotators' submitted work, what they agree on in gold, and a question about it."""
    project = a_project()
    cast = the_cast(project)
    article = an_article(project, open_slots=0)
    for name in ("ben", "chi"):
        work = a_set(article, cast[name])
        span = a_span(work, "actor")
        begin_thread(actor=cast[name], annotation_set_id=work.pk, kind="question", span=span.pk, text="Is this one?")
        move_set(actor=cast[name], annotation_set_id=work.pk, action="submit")
    accept_agreed(actor=cast["dora"], article_id=article.pk, how="unanimous")
    return check_member(user=cast["ada"], slug="press"), article


def test_an_article_leaves_every_list_count_queue_and_export_and_comes_back_as_it_was() -> None:
    ada, article = a_reviewed_article()
    other = an_article(ada.project, external_id="a2")
    before = exported(ada.project, ada.user)
    assert affected_by_binning([article.pk]) == Affected(
        articles=1, sets=3, in_progress=0, submitted=2, gold_done=0, spans=3, decisions=1
    )
    batch = bin_articles(member=ada, article_ids=[article.pk])
    assert list(articles_listed(ada)) == [other]
    assert b"a1" not in exported(ada.project, ada.user)
    client = Client()
    client.force_login(ada.user)
    assert client.get(reverse("article", args=[article.pk])).status_code == 404
    assert list(differences()) == []
    assert [(each.id, each.by, each.affected.spans) for each in batches_in_bin(ada)] == [(batch, "ada", 3)]
    assert restore_batch(member=ada, batch=batch) == 1
    assert exported(ada.project, ada.user) == before
    assert batches_in_bin(ada) == []
    assert list(differences()) == []
    deeds = AuditEntry.objects.filter(action__startswith="articles.").order_by("at", "id")
    assert list(deeds.values_list("action", "object")) == [
        ("articles.binned", str(batch)),
        ("articles.restored", str(batch)),
    ]


def test_the_queue_gives_nothing_from_the_bin_and_open_places_follow_the_projects_rule() -> None:
    project = a_project()
    cast = the_cast(project)
    article = an_article(project)
    ada = check_member(user=cast["ada"], slug="press")
    batch = bin_articles(member=ada, article_ids=[article.pk])
    assert claim_next_article(actor=cast["ben"], slug="press") is None
    projects.change_project(member=ada, annotators_per_article=4)
    restore_batch(member=ada, batch=batch)
    assert Article.objects.get().open_slots == 4
    assert claim_next_article(actor=cast["ben"], slug="press") is not None
    assert list(differences()) == []


def test_only_managers_bin_and_only_what_is_theirs() -> None:
    project = a_project()
    cast = the_cast(project)
    article = an_article(project)
    with pytest.raises(NotAllowed):
        bin_articles(member=check_member(user=cast["dora"], slug="press"), article_ids=[article.pk])
    ada = check_member(user=cast["ada"], slug="press")
    with pytest.raises(NotFound):
        bin_articles(member=ada, article_ids=[an_article(a_project("other")).pk])
    with pytest.raises(InvalidData):
        bin_articles(member=ada, article_ids=[])
    with pytest.raises(NotFound):
        restore_batch(member=ada, batch=article.pk)


def test_an_article_that_was_imported_again_meanwhile_stands_in_the_way() -> None:
    project = a_project()
    ada = check_member(user=the_cast(project)["ada"], slug="press")
    batch = bin_articles(member=ada, article_ids=[an_article(project).pk])
    an_article(project)
    with pytest.raises(StateRefused, match="imported meanwhile"):
        restore_batch(member=ada, batch=batch)
    assert len(batches_in_bin(ada)) == 1


def test_the_operator_destroys_what_is_in_the_bin_and_nothing_else() -> None:
    ada, article = a_reviewed_article()
    kept = a_set(an_article(ada.project, external_id="a2", open_slots=1), User.objects.get(username="ben"))
    a_span(kept, "actor")
    bin_articles(member=ada, article_ids=[article.pk])
    said = io.StringIO()
    call_command("empty_bin", "press", yes=True, stdout=said)
    assert said.getvalue() == "Destroyed: 1 articles, 3 annotation sets, 3 spans.\n"
    assert (Article.objects.count(), Span.objects.count(), Change.objects.count()) == (1, 1, 1)
    assert list(differences()) == []
    assert AuditEntry.objects.filter(action="bin.emptied", actor=None).count() == 1
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Change.objects.all().delete()


def test_members_and_labels_that_were_taken_out_stand_in_the_bin_with_their_work() -> None:
    ada, _article = a_reviewed_article()
    members.remove_member(member=ada, username="ben")
    labels.change_label(member=ada, key="actor", archived=True)
    labels.change_relation_label(member=ada, key="made_by", archived=True)
    counted: list[Any] = [(each.user.username, each.sets_kept) for each in members_removed(ada)]  # type: ignore[attr-defined]
    assert counted == [("ben", 1)]
    assert [(label.key, count) for label, count in labels_archived(ada)] == [("actor", 3), ("made_by", 0)]
    client = Client()
    client.force_login(ada.user)
    client.post(reverse("member-restore", args=["press", "ben"]))
    assert check_member(user=User.objects.get(username="ben"), slug="press").role == "annotator"
    page = client.get(reverse("bin", args=["press"])).content.decode()
    for address in ("label-archive", "relation-label-archive"):
        key = "actor" if address == "label-archive" else "made_by"
        assert reverse(address, args=["press", key]) in page


def test_a_page_counts_first_then_bins_and_offers_the_way_back() -> None:
    ada, article = a_reviewed_article()
    client = Client()
    client.force_login(ada.user)
    page = client.get(reverse("bin-new", args=["press"]), {"article": str(article.pk)}).content.decode()
    assert "3 annotation sets" in page
    answer = client.post(reverse("bin-new", args=["press"]), {"article": article.pk}, follow=True)
    (batch,) = batches_in_bin(ada)
    back = reverse("bin-restore", args=["press", batch.id])
    assert back in answer.content.decode()
    client.post(back)
    assert batches_in_bin(ada) == []


def open_to(*names: str) -> list[str]:
    """Who of these finds the project."""
    found = []
    for name in names:
        with contextlib.suppress(NotFound):
            check_member(user=User.objects.get(username=name), slug="press")
            found.append(name)
    return found


def test_a_whole_project_is_gone_for_all_its_members_and_comes_back_as_it_was() -> None:
    ada, article = a_reviewed_article()
    project, cast = ada.project, ("ada", "ben", "chi", "dora", "fay")
    members.remove_member(member=ada, username="fay")
    _link, secret = members.invite(member=ada, role="annotator")
    before = exported(project, ada.user)
    assert asdict(contents_of(project)) == {
        "members": 4, "articles": 1, "sets": 3, "spans": 3, "decisions": 1, "releases": 0,
    }  # fmt: skip
    bin_project(member=ada)
    assert open_to(*cast) == []
    with pytest.raises(NotFound):
        members.join(secret=secret, user=User.objects.get(username="eve"))
    ben = Client()
    ben.force_login(User.objects.get(username="ben"))
    for page in (reverse("my-articles"), reverse("my-spans"), reverse("projects")):
        assert "Brevik" not in ben.get(page).content.decode()
        assert "press" not in ben.get(page).content.decode()
    work = article.annotation_sets.get(annotator__username="ben")
    assert ben.get(reverse("desk", args=[work.pk])).status_code == 404
    saved = ben.post(reverse("api:changes", args=[work.pk]), {"changes": []}, content_type="application/json")
    assert saved.status_code == 404
    binned: list[Any] = list(projects_in_bin(ada.user))
    assert [(each.project.name, each.binned_by) for each in binned] == [("Press", "ada")]
    assert list(projects_in_bin(User.objects.get(username="dora"))) == []
    assert list(differences()) == []

    with pytest.raises(NotFound):
        restore_project(actor=User.objects.get(username="dora"), slug="press")
    restore_project(actor=ada.user, slug="press")
    assert open_to(*cast) == ["ada", "ben", "chi", "dora"]
    assert exported(project, ada.user) == before
    deeds = AuditEntry.objects.filter(action__in=("project.binned", "project.unbinned")).order_by("at", "id")
    assert [(deed.action, deed.details.get("spans")) for deed in deeds] == [
        ("project.binned", 3),
        ("project.unbinned", None),
    ]


def test_nothing_is_done_for_a_project_in_the_bin_until_it_is_back() -> None:
    ada, _article = a_reviewed_article()
    enqueue_job(kind="gamma", project=ada.project, by=ada.user)
    bin_project(member=ada)
    assert do_next_job(handlers={}) is None
    restore_project(actor=ada.user, slug="press")
    assert do_next_job(handlers={}) is not None


def test_who_was_erased_meanwhile_does_not_come_back() -> None:
    ada, _article = a_reviewed_article()
    bin_project(member=ada)
    pseudonym = erase_person(username="ben")
    restore_project(actor=ada.user, slug="press")
    assert open_to(pseudonym) == []


def test_who_comes_second_changes_nothing() -> None:
    ada, _article = a_reviewed_article()
    _link, secret = members.invite(member=ada, role="annotator")
    bin_project(member=ada)
    with pytest.raises(NotFound):
        bin_project(member=ada)  # as she was when both began
    with pytest.raises(NotFound):
        members.join(secret=secret, user=User.objects.get(username="eve"))
    with pytest.raises(NotFound):
        members.restore_member(member=ada, username="ben")
    restore_project(actor=ada.user, slug="press")
    with pytest.raises(NotFound):
        restore_project(actor=ada.user, slug="press")
    assert open_to("ada", "ben", "chi", "dora", "fay", "eve") == ["ada", "ben", "chi", "dora", "fay"]
    assert AuditEntry.objects.filter(action__in=("project.binned", "project.unbinned")).count() == 2


def test_a_membership_that_waits_in_the_bin_protects_the_account_and_the_project() -> None:
    ada, _article = a_reviewed_article()
    other = a_project("other")
    for name in ("ada", "ben"):
        a_member(other, name)
    gone = a_project("gone")
    a_member(gone, "ben")
    bin_project(member=check_member(user=a_member(gone, "eve", Role.MANAGER), slug="gone"))
    with pytest.raises(NotAllowed):  # a password for Ben would open what is not Ada's, once it is back
        members.offer_password_reset(member=check_member(user=ada.user, slug="other"), username="ben")
    with pytest.raises(StateRefused, match="the only manager of “Gone”"):
        erase_person(username="eve")


def test_the_page_takes_the_projects_name_and_the_list_of_projects_brings_it_back() -> None:
    ada, _article = a_reviewed_article()
    client = Client()
    client.force_login(ada.user)
    address = reverse("project-bin", args=["press"])
    refused = client.post(address, {"name": "press"})
    assert (refused.status_code, "Type the name as it stands above." in refused.content.decode()) == (400, True)
    listed = client.post(address, {"name": " Press "}, follow=True).content.decode()
    back = reverse("project-restore", args=["press"])
    assert back in listed
    assert "Press" in client.post(back, follow=True).content.decode()
    assert open_to("ada") == ["ada"]


def test_the_operator_destroys_a_project_that_is_in_the_bin_and_no_other() -> None:
    ada, _article = a_reviewed_article()
    bin_articles(member=ada, article_ids=[an_article(ada.project, external_id="a2").pk])
    elsewhere = a_project("other")
    a_span(a_set(an_article(elsewhere, external_id="a3", open_slots=1), a_member(elsewhere, "ben")), "actor")
    with pytest.raises(StateRefused):
        destroy_project(project=ada.project)
    bin_project(member=ada)
    call_command("empty_bin", "press", yes=True, stdout=(said := io.StringIO()))
    assert said.getvalue() == "Destroyed: the project press, 2 articles, 3 annotation sets, 3 spans.\n"
    assert list(Article.objects.values_list("external_id", flat=True)) == ["a3"]
    assert (Span.objects.count(), Change.objects.count()) == (1, 1)
    assert not Membership.objects.filter(project=ada.project_id).exists()
    assert list(projects_in_bin(ada.user)) == []
    assert AuditEntry.objects.filter(action="bin.emptied", actor=None, object="press").count() == 1
    assert list(differences()) == []
    a_project("press")  # the address is free again
