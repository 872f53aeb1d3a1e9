"""A second factor beside the password, and single sign-on: nobody gets in with less than the person asked for."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from annotations.models import User
from annotations.services.erasure import erase_person
from newsapp import environment
from tests.factories import a_project, the_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben() -> User:
    return the_cast(a_project("press"))["ben"]


def code_of(secret: str, step: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step)))


def with_password(user: User) -> Client:
    client = Client()
    client.post("/sign-in/", {"username": user.username, "password": user.username * 2})
    return client


def confirmed(user: User) -> Client:
    """Signed in, and the password given once more."""
    client = with_password(user)
    assert client.post("/account/confirm/", {"password": user.username * 2}).status_code == 302
    return client


def with_app(user: User) -> tuple[Client, str]:
    """Ben sets an app up; his browser and the app's secret."""
    client = confirmed(user)
    assert client.get("/account/second-factor/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    assert b"<svg" in client.get("/account/second-factor/qr-code.svg").content
    answer = client.post("/account/second-factor/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return client, secret


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_the_password_alone_opens_nothing_once_an_app_is_set_up(ben: User) -> None:
    _client, secret = with_app(ben)
    client = with_password(ben)
    assert not is_in(client)
    assert client.get("/account/second-factor/authenticate/").status_code == 200
    client.post("/account/second-factor/authenticate/", {"code": "000000"})
    assert not is_in(client)
    cache.clear()  # the code that set it up counts as used for its half minute
    answer = client.post("/account/second-factor/authenticate/", {"code": code_of(secret)})
    assert answer["Location"] == "/"
    assert is_in(client)


def test_nothing_is_set_up_without_the_password_given_again(ben: User) -> None:
    answer = with_password(ben).get("/account/second-factor/totp/activate/")
    assert answer["Location"].startswith("/account/confirm/?next=")


def test_a_recovery_code_lets_in_once(ben: User) -> None:
    with_app(ben)
    codes = Authenticator.objects.get(user=ben, type="recovery_codes").wrap().get_unused_codes()
    first = with_password(ben)
    first.post("/account/second-factor/authenticate/", {"code": codes[0]})
    assert is_in(first)
    second = with_password(ben)
    second.post("/account/second-factor/authenticate/", {"code": codes[0]})
    assert not is_in(second)


def test_the_secret_is_kept_encrypted(ben: User) -> None:
    _client, secret = with_app(ben)
    assert secret not in str(Authenticator.objects.get(user=ben, type="totp").data)


def test_the_administration_has_no_entrance_beside_it(ben: User) -> None:
    User.objects.filter(pk=ben.pk).update(is_staff=True, is_superuser=True)
    with_app(ben)
    client = Client()
    client.post("/admin/login/", {"username": "ben", "password": "benben"})
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/")["Location"] == "/sign-in/?next=/admin/"


def test_a_second_factor_is_taken_away_after_the_password_only(ben: User) -> None:
    with_app(ben)
    client = Client()
    client.force_login(ben)  # a session whose password was typed long ago
    answer = client.post("/account/second-factor/totp/deactivate/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/")
    assert "deactivate" not in answer["Location"].partition("?")[0]
    assert Authenticator.objects.filter(user=ben, type="totp").exists()


def test_a_passkey_can_be_offered_without_a_script_of_others(ben: User) -> None:
    page = confirmed(ben).get("/account/second-factor/webauthn/add/").content.decode()
    assert '<script id="passkey-options" type="application/json">' in page
    assert "js/passkeys" in page
    assert "webauthn.js" not in page


def test_an_erased_person_leaves_no_second_factor(ben: User) -> None:
    with_app(ben)
    erase_person(username="ben")
    assert not Authenticator.objects.exists()


def test_signing_up_has_no_address() -> None:
    assert [Client().get(f"/{path}/").status_code for path in ("signup", "account/signup", "accounts/signup")] == [
        404
    ] * 3


def test_single_sign_on_is_off_until_the_operator_names_a_site(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.single_sign_on() == {}
    assert Client().get("/sign-in/by/sso/login/").status_code == 404
    monkeypatch.setenv("OIDC_URL", "https://id.example.org")
    with pytest.raises(environment.Refusal, match="OIDC_CLIENT_ID is missing"):
        environment.single_sign_on()
    monkeypatch.setenv("OIDC_CLIENT_ID", "newsapp")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "shared")
    app = environment.single_sign_on()["openid_connect"]["APPS"][0]
    assert (app["provider_id"], app["name"]) == ("sso", "id.example.org")
    monkeypatch.setenv("OIDC_URL", "http://id.example.org")
    with pytest.raises(environment.Refusal, match="https"):
        environment.single_sign_on()
