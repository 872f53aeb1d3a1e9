"""Who did what when is written with the deed or not at all, and never changes."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from annotations.domain.errors import StateRefused
from annotations.models import AuditEntry, User
from annotations.policies import check_member
from annotations.selectors.audit import ACTIONS, audit_of_project, entries_found
from annotations.services import accounts, audit, labels, members, projects
from annotations.services.exports import export_documents
from annotations.services.guidelines import publish_guideline
from annotations.services.releases import make_release, record_release_taken
from annotations.services.webhooks import create_webhook, delete_webhook
from tests.factories import a_project, the_cast

pytestmark = pytest.mark.django_db


def written() -> list[tuple[Any, ...]]:
    """(deed, who, to whom, to what, details), oldest first."""
    return [
        (
            entry.action,
            entry.actor and entry.actor.username,
            entry.person and entry.person.username,
            entry.object,
            entry.details,
        )
        for entry in AuditEntry.objects.order_by("at", "id").select_related("actor", "person")
    ]


def test_deeds_of_a_manager_are_written_with_what_was_and_is() -> None:
    project = a_project()
    ada = check_member(user=the_cast(project)["ada"], slug="press")
    members.change_role(member=ada, username="ben", role="reviewer")
    members.remove_member(member=ada, username="chi")
    projects.change_project(member=ada, name="Press", blind=False, annotators_per_article=3)
    labels.change_label(member=ada, key="actor", name="Who", archived=True)
    labels.change_relation_label(member=ada, key="made_by", archived=False)
    publish_guideline(member=ada, markdown="# Rules")
    export_documents(actor=ada.user, project=project, format="jsonl").close()
    assert written() == [
        ("member.role", "ada", "ben", "", {"role": ["annotator", "reviewer"]}),
        ("member.removed", "ada", "chi", "", {"role": "annotator"}),
        ("project.changed", "ada", None, "", {"blind": [True, False], "annotators_per_article": [2, 3]}),
        ("label.archived", "ada", None, "actor", {}),
        ("label.changed", "ada", None, "actor", {"name": ["Actor", "Who"]}),
        ("guideline.published", "ada", None, "1", {}),
        ("export.opened", "ada", None, "", {"format": "jsonl", "sets": "gold", "state": "submitted"}),
    ]
    assert {entry[0] for entry in written()} <= ACTIONS.keys()


def test_releases_and_webhooks_are_told(settings: Any) -> None:
    settings.WEBHOOKS = True
    project = a_project()
    ada = check_member(user=the_cast(project)["ada"], slug="press")
    made = make_release(actor=ada.user, project=project, name="1.0")
    record_release_taken(member=ada, release=made)
    webhook = create_webhook(member=ada, url="https://news.example/hook", events=["article.done"])
    delete_webhook(member=ada, webhook_id=webhook.pk)
    address = "https://news.example/hook"
    assert written() == [
        ("release.made", "ada", None, "1.0", {"sets": "gold"}),
        ("release.taken", "ada", None, "1.0", {}),
        ("webhook.created", "ada", None, address, {"events": ["article.done"]}),
        ("webhook.deleted", "ada", None, address, {}),
    ]
    assert {entry[0] for entry in written()} <= ACTIONS.keys()


def test_what_is_refused_leaves_no_entry_and_an_entry_needs_the_deeds_transaction() -> None:
    project = a_project()
    ada = check_member(user=the_cast(project)["ada"], slug="press")
    with pytest.raises(StateRefused):
        members.remove_member(member=ada, username="ada")  # the last manager
    assert written() == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("sign_in", actor=None)


def test_entries_can_be_neither_changed_nor_deleted() -> None:
    accounts.note_session(user=the_cast(a_project())["ben"])
    for deed in (
        lambda: AuditEntry.objects.update(action="sign_out"),
        lambda: AuditEntry.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            deed()
    with connection.cursor() as cursor:
        cursor.execute("REVOKE TRUNCATE ON annotations_auditentry FROM CURRENT_USER")  # as the migration left it
        cursor.execute("SELECT has_table_privilege('annotations_auditentry', 'TRUNCATE')")
        assert cursor.fetchone() == (False,)


def test_signing_in_and_out_and_failing_to_are_written_without_what_was_typed() -> None:
    ben = the_cast(a_project())["ben"]
    client = Client()
    for username, password in (("ben", "wrong"), ("my-own-password", "oops"), ("ben", "benben")):
        client.post(reverse("sign-in"), {"username": username, "password": password})
    client.post(reverse("sign-out"))
    assert authenticate(username="ben", password="benben") == ben
    assert written() == [
        ("sign_in.failed", None, "ben", "", {}),
        ("sign_in.failed", None, None, "", {}),
        ("sign_in", "ben", None, "", {}),
        ("sign_out", "ben", None, "", {}),
    ]


def test_a_program_is_told_apart_by_its_token_and_its_request() -> None:
    ada = the_cast(a_project())["ada"]
    token, secret = accounts.create_token(user=ada, name="sync")
    client = Client()
    answer = client.patch(
        "/api/v1/projects/press/", {"name": "Ports"}, "application/json", headers={"Authorization": f"Token {secret}"}
    )
    assert answer.status_code == 200
    entry = AuditEntry.objects.get(action="project.changed")
    assert (entry.token, entry.request_id) == (token.pk, answer["X-Request-ID"])
    listed = client.get(
        "/api/v1/projects/press/audit/?action=project.changed", headers={"Authorization": f"Token {secret}"}
    )
    (row,) = listed.json()["results"]
    assert (row["actor"], row["details"], row["token"]) == ("ada", {"name": ["Press", "Ports"]}, str(token.pk))
    client.force_login(ada)  # the next request, by the browser, is no program's
    client.post(reverse("project-archive", args=["press"]), {"archived": "yes"})
    assert AuditEntry.objects.get(action="project.archived").token is None


def test_the_page_is_searched_and_taken_away_as_csv_which_is_written_down_too() -> None:
    project = a_project()
    ada = check_member(user=the_cast(project)["ada"], slug="press")
    members.remove_member(member=ada, username="chi")
    labels.change_label(member=ada, key="actor", archived=True)
    assert [entry.action for entry in entries_found(audit_of_project(ada), search="chi")] == ["member.removed"]
    client = Client()
    client.force_login(ada.user)
    page = client.get(reverse("audit", args=["press"]), {"search": "actor"}).content.decode()
    assert ("archived a label" in page, "removed a member</td>" in page) == (True, False)
    lines = b"".join(client.get(reverse("audit-download", args=["press"]))).decode().splitlines()
    assert [line.split(",")[1:6] for line in lines] == [
        ["actor", "action", "project", "person", "object"],
        ["ada", "member.removed", "press", "chi", ""],
        ["ada", "label.archived", "press", "", "actor"],
        ["ada", "audit.exported", "press", "", ""],
    ]


def test_all_projects_and_sign_ins_are_for_superusers() -> None:
    the_cast(a_project())
    accounts.note_session(user=User.objects.get(username="ben"))
    operator = User.objects.create_superuser("operator")
    client = Client()
    client.force_login(operator)
    assert "signed in</td>" in client.get(reverse("site-audit")).content.decode()
    client.force_login(User.objects.get(username="ada"))
    assert client.get(reverse("site-audit")).status_code == 403
