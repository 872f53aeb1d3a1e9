"""Accounts: names, passwords, tokens, one-time links, and the guard of signing in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused, TooManyRequests
from annotations.models import ApiToken, LinkPurpose, OneTimeLink, RateLimit, User
from annotations.services import accounts

GOOD = "a harbour at night"


def make_ben() -> User:
    return accounts.create_user(username="ben", password=GOOD)


@pytest.mark.django_db
def test_an_account_is_made_with_a_hashed_password() -> None:
    ben = make_ben()
    assert (ben.username, ben.check_password(GOOD), ben.is_staff, ben.may_create_projects) == (
        "ben",
        True,
        False,
        False,
    )
    assert GOOD not in ben.password


@pytest.mark.django_db
def test_staff_may_create_projects_and_use_the_admin() -> None:
    ada = accounts.create_user(username="ada", password=GOOD, staff=True)
    assert (ada.is_staff, ada.is_superuser, ada.may_create_projects) == (True, True, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("username", "password", "field"),
    [
        ("BEN", GOOD, "username"),
        ("two words", GOOD, "username"),
        ("", GOOD, "username"),
        ("chi", "short", "password"),
        ("chi", "1234567890123", "password"),
        ("christina", "christina1", "password"),
    ],
)
def test_a_name_that_is_taken_or_a_weak_password_is_refused(username: str, password: str, field: str) -> None:
    make_ben()
    with pytest.raises(InvalidData) as refused:
        accounts.create_user(username=username, password=password)
    assert {problem.field for problem in refused.value.errors} == {field}
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_guessing_a_password_is_stopped_for_a_few_minutes() -> None:
    for _attempt in range(accounts.ATTEMPTS_PER_NAME):
        accounts.check_sign_in_allowed(username="ben", address="192.0.2.1")
    with pytest.raises(TooManyRequests) as refused:
        accounts.check_sign_in_allowed(username="BEN", address="192.0.2.2")
    assert 1 <= refused.value.retry_after <= 301


@pytest.mark.django_db
def test_guessing_many_names_from_one_address_is_stopped() -> None:
    for attempt in range(accounts.ATTEMPTS_PER_ADDRESS):
        accounts.check_sign_in_allowed(username=f"name{attempt}", address="192.0.2.1")
    with pytest.raises(TooManyRequests):
        accounts.check_sign_in_allowed(username="one more", address="192.0.2.1")
    accounts.check_sign_in_allowed(username="one more", address="192.0.2.2")


@pytest.mark.django_db
def test_guessing_from_elsewhere_does_not_lock_the_owner_out_of_his_own_browser() -> None:
    ben = make_ben()
    for _attempt in range(accounts.ATTEMPTS_PER_NAME):
        accounts.check_sign_in_allowed(username="ben", address="192.0.2.1")
    accounts.check_sign_in_allowed(username="ben", address="192.0.2.1", device=accounts.device_mark(ben))


@pytest.mark.django_db
def test_the_mark_of_a_browser_is_no_way_around_the_limit() -> None:
    ben = make_ben()
    mark = accounts.device_mark(ben)
    for _attempt in range(accounts.ATTEMPTS_PER_NAME):
        accounts.check_sign_in_allowed(username="ben", address="192.0.2.1", device=mark)
        accounts.check_sign_in_allowed(username="chi", address="192.0.2.1", device=mark)
    for username, device in (("ben", mark), ("chi", mark), ("chi", "forged")):
        with pytest.raises(TooManyRequests):
            accounts.check_sign_in_allowed(username=username, address="192.0.2.9", device=device)


@pytest.mark.django_db
def test_a_right_password_does_not_count() -> None:
    for _attempt in range(accounts.ATTEMPTS_PER_NAME * 3):
        accounts.check_sign_in_allowed(username="ben", address="192.0.2.1")
        accounts.forget_sign_in_attempt(username="ben", address="192.0.2.1")
    assert set(RateLimit.objects.values_list("count", flat=True)) == {0}


@pytest.mark.django_db
def test_counts_of_long_ago_are_dropped() -> None:
    RateLimit.objects.create(key="sign-in:name:old", window=timezone.now() - timedelta(days=2), count=3)
    accounts.check_sign_in_allowed(username="ben", address="192.0.2.1")
    assert not RateLimit.objects.filter(key="sign-in:name:old").exists()


@pytest.mark.django_db(transaction=True)
def test_attempts_at_the_same_time_are_all_counted() -> None:
    def attempt(_number: int) -> bool:
        try:
            accounts.check_sign_in_allowed(username="ben", address="192.0.2.1")
        except TooManyRequests:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(attempt, range(40)))
    # The five minutes may end in the midst of the test; then it is two windows' worth at most.
    assert sum(allowed) in {accounts.ATTEMPTS_PER_NAME, accounts.ATTEMPTS_PER_NAME * 2}


@pytest.mark.django_db
def test_a_token_is_kept_as_its_digest_only() -> None:
    token, secret = accounts.create_token(user=make_ben(), name=" notebook ", scope="read")
    stored = ApiToken.objects.values().get()
    assert (stored["digest"], stored["hint"], stored["name"]) == (accounts.digest_of(secret), secret[:4], "notebook")
    assert secret not in map(str, stored.values())
    assert token.revoked_at is None


@pytest.mark.django_db
def test_a_token_of_an_unknown_scope_is_refused() -> None:
    with pytest.raises(InvalidData) as refused:
        accounts.create_token(user=make_ben(), name="x", scope="everything")
    assert refused.value.errors == (FieldError("scope", "One of: read, annotate, manage."),)


@pytest.mark.django_db
def test_only_the_owner_revokes_a_token() -> None:
    ben = make_ben()
    chi = accounts.create_user(username="chi", password=GOOD)
    token, _secret = accounts.create_token(user=ben, name="notebook")
    with pytest.raises(NotFound):
        accounts.revoke_token(user=chi, token=token.pk)
    accounts.revoke_token(user=ben, token=token.pk)
    with pytest.raises(NotFound):
        accounts.revoke_token(user=ben, token=token.pk)
    token.refresh_from_db()
    assert token.revoked_at is not None


def reset_link(ben: User) -> tuple[OneTimeLink, str]:
    return accounts.make_link(purpose=LinkPurpose.PASSWORD_RESET, lasts=accounts.RESET_LASTS, created_by=ben, user=ben)


@pytest.mark.django_db
def test_a_reset_link_works_once() -> None:
    ben = make_ben()
    link, secret = reset_link(ben)
    accounts.reset_password(secret=secret, password="another harbour")
    ben.refresh_from_db()
    link.refresh_from_db()
    assert ben.check_password("another harbour")
    assert (link.used_at is not None, link.used_by) == (True, ben)
    with pytest.raises(StateRefused):
        accounts.reset_password(secret=secret, password="a third harbour")


@pytest.mark.django_db
def test_a_weak_new_password_does_not_use_the_link_up() -> None:
    link, secret = reset_link(make_ben())
    with pytest.raises(InvalidData):
        accounts.reset_password(secret=secret, password="ben")
    link.refresh_from_db()
    assert link.used_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"expires_at": timezone.now() - timedelta(1)}, {"revoked_at": timezone.now()}])
def test_an_old_or_withdrawn_link_is_refused(change: dict[str, object]) -> None:
    link, secret = reset_link(make_ben())
    OneTimeLink.objects.filter(pk=link.pk).update(**change)
    with pytest.raises(StateRefused):
        accounts.reset_password(secret=secret, password="another harbour")


@pytest.mark.django_db
def test_a_link_of_another_purpose_or_an_unknown_one_is_not_found() -> None:
    _link, secret = reset_link(make_ben())
    for guess, purpose in ((secret, LinkPurpose.INVITATION), ("guess", LinkPurpose.PASSWORD_RESET)):
        with pytest.raises(NotFound):
            accounts.open_link(secret=guess, purpose=purpose)


@pytest.mark.django_db
def test_a_password_is_changed_by_whom_knows_the_old_one() -> None:
    ben = make_ben()
    with pytest.raises(InvalidData) as refused:
        accounts.change_password(user=ben, old="guess", new="another harbour")
    assert refused.value.errors == (FieldError("old", "This is not your password."),)
    accounts.change_password(user=ben, old=GOOD, new="another harbour")
    ben.refresh_from_db()
    assert ben.check_password("another harbour")
