"""Signing in and out, one-time links, one's own settings and tokens, as pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotations.domain.preferences import KEYS
from annotations.models import ApiToken, LinkPurpose, Membership, Project, User
from annotations.services import accounts, members
from tests.factories import a_project, a_user, the_cast

pytestmark = pytest.mark.django_db

GOOD = "a harbour at night"


@pytest.fixture
def ben() -> User:
    return accounts.create_user(username="ben", password=GOOD)


def sign_in(client: Client, password: str = GOOD, **more: str) -> Any:
    return client.post(reverse("sign-in"), {"username": "ben", "password": password, **more})


def text_of(response: Any) -> str:
    text: str = response.content.decode()
    return text


def an_invitation(role: str = "annotator") -> tuple[Project, str]:
    project = a_project()
    the_cast(project)
    manager = Membership.objects.select_related("project", "user").get(project=project, role="manager")
    _link, secret = members.invite(member=manager, role=role)
    return project, reverse("invitation", args=[secret])


def test_ben_signs_in_and_out(client: Client, ben: User) -> None:
    assert sign_in(client)["Location"] == reverse("projects")
    assert client.session["_auth_user_id"] == str(ben.pk)
    assert client.post(reverse("sign-out"))["Location"] == reverse("sign-in")
    assert "_auth_user_id" not in client.session


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(client: Client, ben: User) -> None:
    wrong = text_of(sign_in(client, "a harbour at noon"))
    unknown = text_of(client.post(reverse("sign-in"), {"username": "nobody", "password": GOOD}))
    sentence = "The user name or the password is not right."
    assert sentence in wrong
    assert sentence in unknown
    assert "_auth_user_id" not in client.session


def test_who_was_sent_to_sign_in_comes_back_but_never_to_another_site(client: Client, ben: User) -> None:
    assert sign_in(client, next=reverse("account"))["Location"] == reverse("account")
    for address in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        assert sign_in(Client(), next=address)["Location"] == reverse("projects")


def test_an_account_of_an_import_cannot_sign_in(client: Client, ben: User) -> None:
    User.objects.update(is_active=False)
    assert "is not right" in text_of(sign_in(client))


def test_too_many_guesses_are_stopped_with_a_sentence(client: Client, ben: User) -> None:
    for _guess in range(accounts.ATTEMPTS_PER_NAME):
        sign_in(client, "guess")
    stopped = sign_in(client)
    assert stopped.status_code == 429
    assert 1 <= int(stopped["Retry-After"]) <= 301
    assert re.search(r"Too many attempts to sign in\. Please try again in \d minutes?\.", text_of(stopped))


def test_ben_s_own_browser_is_not_locked_out_by_guesses_of_others(client: Client, ben: User) -> None:
    sign_in(client)
    client.post(reverse("sign-out"))
    stranger = Client()
    for _guess in range(accounts.ATTEMPTS_PER_NAME + 1):
        sign_in(stranger, "guess")
    assert sign_in(stranger).status_code == 429
    assert sign_in(client).status_code == 302


def test_the_device_cookie_is_for_the_server_only(client: Client, ben: User) -> None:
    cookie = sign_in(client).cookies["newsapp_device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_an_invitation_makes_an_account_and_signs_it_in(client: Client) -> None:
    project, address = an_invitation("reviewer")
    page = text_of(client.get(address))
    assert "Join “Press”" in page
    assert "ada invites you as Reviewer." in page
    response = client.post(address, {"username": "gus", "password": GOOD})
    assert response["Location"] == reverse("project", args=["press"])
    gus = User.objects.get(username="gus")
    assert client.session["_auth_user_id"] == str(gus.pk)
    assert Membership.objects.get(project=project, user=gus).role == "reviewer"
    assert Client().get(address).status_code == 409


def test_an_invitation_says_at_the_field_what_is_wrong_and_stays_open(client: Client) -> None:
    _project, address = an_invitation()
    page = text_of(client.post(address, {"username": "ben", "password": "short"}))
    assert "Somebody has this name already" in page
    assert "This password is too short" in page
    assert client.post(address, {"username": "gus", "password": GOOD}).status_code == 302


def test_who_is_signed_in_joins_with_one_button(client: Client) -> None:
    project, address = an_invitation()
    eve = a_user("eve")
    client.force_login(eve)
    assert "Join as eve" in text_of(client.get(address))
    assert client.post(address)["Location"] == reverse("project", args=["press"])
    assert Membership.objects.filter(project=project, user=eve, role="annotator").exists()


def test_an_unknown_link_is_not_found(client: Client) -> None:
    for name in ("invitation", "password-reset"):
        response = client.get(reverse(name, args=["guess"]))
        assert response.status_code == 404
        assert "There is no such link." in text_of(response)


def test_a_new_password_by_link(client: Client, ben: User) -> None:
    _link, secret = accounts.make_link(
        purpose=LinkPurpose.PASSWORD_RESET, lasts=accounts.RESET_LASTS, created_by=ben, user=ben
    )
    address = reverse("password-reset", args=[secret])
    assert "For the account ben." in text_of(client.get(address))
    assert "too short" in text_of(client.post(address, {"password": "short"}))
    assert client.post(address, {"password": "another harbour"})["Location"] == reverse("sign-in")
    assert sign_in(client, "another harbour").status_code == 302
    assert client.get(address).status_code == 409


def test_a_token_is_shown_once_and_then_only_its_beginning(client: Client, ben: User) -> None:
    client.force_login(ben)
    made = client.post(reverse("tokens"), {"name": "notebook", "scope": "annotate"})
    found = re.search(r'id="secret" value="([^"]+)"', text_of(made))
    assert found is not None
    secret = found.group(1)
    token = ApiToken.objects.get()
    assert (token.digest, token.scope) == (accounts.digest_of(secret), "annotate")
    assert "no-store" in made["Cache-Control"]
    later = text_of(client.get(reverse("account")))
    assert secret not in later
    assert f"{secret[:4]}…" in later
    client.post(reverse("token-revoke", args=[token.pk]))
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_nobody_revokes_the_token_of_another(client: Client, ben: User) -> None:
    token, _secret = accounts.create_token(user=ben, name="notebook")
    client.force_login(a_user("eve"))
    assert client.post(reverse("token-revoke", args=[token.pk])).status_code == 404


def test_the_look_stands_on_every_page_from_its_first_byte(client: Client, ben: User) -> None:
    client.force_login(ben)
    usual = 'data-text-width="normal" data-line-spacing="normal" data-motion="system">'
    assert f'<html lang="en" data-theme="system" data-text-size="normal" {usual}' in text_of(client.get("/"))
    client.post(reverse("account-preferences"), {"theme": "dark", "text_size": "larger"})
    assert f'<html lang="en" data-theme="dark" data-text-size="larger" {usual}' in text_of(client.get("/"))
    assert client.post(reverse("account-preferences"), {"theme": "neon"}).status_code == 400


def test_a_page_that_applied_a_setting_itself_gets_no_other_page(client: Client, ben: User) -> None:
    client.force_login(ben)
    answer = client.post(reverse("account-preferences"), {"line_spacing": "wider"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (204, b"")
    ben.refresh_from_db()
    assert ben.preferences == {"line_spacing": "wider"}


def test_keys_are_changed_refused_where_two_commands_would_share_one_and_reset(client: Client, ben: User) -> None:
    client.force_login(ben)
    fields = {f"key-{name}": key for name, key in KEYS.items()}
    assert client.post(reverse("account-keys"), fields | {"key-next": "p", "key-previous": "n"}).status_code == 302
    ben.refresh_from_db()
    assert ben.preferences == {"keys": {"next": "p", "previous": "n"}}
    refused = client.post(reverse("account-keys"), fields | {"key-note": "s"})
    assert refused.status_code == 400
    assert "“s” is the key of “sentence” already" in text_of(refused)
    assert client.post(reverse("account-keys"), fields | {"key-note": "a"}).status_code == 400  # a label's letter
    client.post(reverse("account-keys"), {"reset": "yes"})
    ben.refresh_from_db()
    assert ben.preferences == {"keys": {}}


def test_a_changed_password_keeps_this_session_and_ends_the_others(client: Client, ben: User) -> None:
    other = Client()
    for browser in (client, other):
        sign_in(browser)
    client.post(reverse("account-password"), {"old": GOOD, "password": "another harbour"})
    assert client.get(reverse("account")).status_code == 200
    assert other.get(reverse("account")).status_code == 302
