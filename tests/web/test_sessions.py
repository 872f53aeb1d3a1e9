"""Where one is signed in, what is kept of one, and how one leaves."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from annotations.domain.errors import NotFound, StateRefused
from annotations.models import ApiToken, Change, Membership, SignIn, User
from annotations.selectors.sessions import sessions_of
from annotations.services import accounts
from annotations.services.comments import begin_thread
from annotations.services.erasure import erase_person
from tests.factories import a_project, a_set, a_span, an_article, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben() -> User:
    """Ben has labelled, asked and has a token."""
    project = a_project("press")
    cast = the_cast(project)
    work = a_set(an_article(project), cast["ben"])
    a_span(work, note="Ben's note")
    begin_thread(actor=cast["ben"], annotation_set_id=work.pk, kind="question", text="One or two?")
    accounts.create_token(user=cast["ben"], name="Ben's notebook")
    User.objects.filter(pk=cast["ben"].pk).update(email="ben@example.org", first_name="Benjamin")
    return cast["ben"]


def browser(name: str, user: User) -> Client:
    client = Client(headers={"User-Agent": name})
    client.post("/sign-in/", {"username": user.username, "password": user.username * 2})
    return client


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_each_session_is_listed_with_its_browser_and_ended_by_itself(ben: User) -> None:
    here, elsewhere = browser("Firefox", ben), browser("Lynx", ben)
    assert [each.browser for each in sessions_of(ben)] == ["Lynx", "Firefox"]
    page = here.get("/account/").content.decode()
    assert "Lynx" in page
    assert "this one" in page
    lynx = SignIn.objects.get(browser="Lynx")
    assert here.post(f"/account/sessions/{lynx.pk}/end/").status_code == 302
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert here.post(f"/account/sessions/{lynx.pk}/end/").status_code == 404


def test_all_others_are_ended_at_once(ben: User) -> None:
    here, *others = (browser(name, ben) for name in ("Firefox", "Lynx", "Links"))
    here.post("/account/sessions/end-others/")
    assert [is_signed_in(each) for each in (here, *others)] == [True, False, False]
    assert [each.browser for each in sessions_of(ben)] == ["Firefox"]


def test_after_a_new_password_only_this_session_is_left(ben: User) -> None:
    here, elsewhere = browser("Firefox", ben), browser("Lynx", ben)
    here.post("/account/password/", {"old": "benben", "password": "a harbour at night"})
    assert (is_signed_in(here), is_signed_in(elsewhere)) == (True, False)
    assert "Firefox" in here.get("/account/").content.decode()


@pytest.mark.parametrize(("sent", "days"), [("30", 30), ("90", 90), ("", 90), ("0", None)])
def test_a_token_runs_out_when_its_owner_said(ben: User, sent: str, days: int | None) -> None:
    browser("Firefox", ben).post("/account/tokens/", {"name": "new", "scope": "read", "days": sent})
    token = ApiToken.objects.get(name="new")
    if days is None:
        assert token.expires_at is None
    else:
        assert token.expires_at is not None
        assert timedelta(days=days - 1) < token.expires_at - timezone.now() <= timedelta(days=days)


def test_the_file_of_ones_data_holds_the_account_and_every_row_of_ones_own(ben: User) -> None:
    begin_thread(  # Chi's words are not Ben's data
        actor=User.objects.get(username="chi"),
        annotation_set_id=a_set(an_article(Membership.objects.first().project, external_id="b"),  # type: ignore[union-attr]
                                User.objects.get(username="chi")).pk,
        kind="question",
        text="Chi asks.",
    )  # fmt: skip
    response = browser("Firefox", ben).get("/account/data/")
    assert response["Content-Disposition"] == 'attachment; filename="my-data.jsonl"'
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    rows = [json.loads(line) for line in text.splitlines()]
    assert rows[0]["email"] == "ben@example.org"
    assert {"user", "membership", "annotationset", "change", "comment", "apitoken", "signin"} <= {
        row["table"] for row in rows
    }
    assert "Ben's note" in text
    assert "Chi asks" not in text
    assert not [word for word in ("digest", "password", "session_key") if word in text]


def test_an_erased_person_leaves_the_work_under_a_pseudonym_and_cannot_come_back(ben: User) -> None:
    here = browser("Firefox", ben)
    changes = Change.objects.filter(author=ben).count()
    pseudonym = erase_person(username="ben")
    assert not is_signed_in(here)
    left = User.objects.get(pk=ben.pk)
    assert (left.username, left.email, left.first_name, left.is_active) == (pseudonym, "", "", False)
    assert not left.has_usable_password() or left.check_password("benben") is False
    assert (ApiToken.objects.filter(user=left).count(), SignIn.objects.filter(user=left).count()) == (0, 0)
    assert Change.objects.filter(author=left).count() == changes > 0
    assert not User.objects.filter(username="ben").exists()
    with pytest.raises(NotFound):
        erase_person(username="ben")


def test_the_only_manager_of_a_project_is_not_erased(ben: User) -> None:
    with pytest.raises(StateRefused, match="ada is the only manager of “Press”"):
        erase_person(username="ada")
    call_command("erase_person", "ben", "--yes")
    assert not User.objects.filter(username="ben").exists()
