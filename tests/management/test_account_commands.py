"""`create_user` and `create_token`."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from annotations.models import ApiToken, User
from annotations.services.accounts import digest_of

pytestmark = pytest.mark.django_db

GOOD = "a harbour at night"


def run(*words: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_an_account_is_made_with_the_password_of_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))
    assert run("create_user", "ada", "--password-stdin", "--staff", no_color=True) == "Account ada is made.\n"
    ada = User.objects.get()
    assert (ada.username, ada.is_staff, ada.may_create_projects, ada.check_password(GOOD)) == ("ada", True, True, True)


def test_the_password_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([GOOD, "a harbour at noon", GOOD, GOOD])
    monkeypatch.setattr("annotations.management.commands.create_user.getpass", lambda _prompt: next(answers))
    with pytest.raises(CommandError, match="two different passwords"):
        run("create_user", "ben")
    run("create_user", "ben")
    assert User.objects.get().check_password(GOOD)


def test_a_weak_password_is_refused_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="too short"):
        run("create_user", "ada", "--password-stdin")
    assert not User.objects.exists()


def test_a_token_is_printed_alone_and_kept_as_its_digest() -> None:
    User.objects.create_user("ada")
    secret = run("create_token", "ada", "--scope", "read").removesuffix("\n")
    token = ApiToken.objects.get()
    assert (token.digest, token.scope, token.user.username) == (digest_of(secret), "read", "ada")


def test_there_is_no_token_for_nobody_or_for_an_account_that_cannot_sign_in() -> None:
    User.objects.create(username="x@demo", is_active=False)
    for username in ("nobody", "x@demo"):
        with pytest.raises(CommandError):
            run("create_token", username)
    assert not ApiToken.objects.exists()
