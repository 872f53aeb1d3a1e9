"""Accounts: making them, signing in without being guessed, passwords, tokens for programs."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused, TooManyRequests
from annotations.models import ApiToken, LinkPurpose, OneTimeLink, RateLimit, TokenScope, User
from annotations.services import audit

WINDOW = timedelta(minutes=5)
ATTEMPTS_PER_NAME = 10
ATTEMPTS_PER_ADDRESS = 60
ANONYMOUS_PER_ADDRESS = 300
RESET_LASTS = timedelta(days=2)
_DEVICE = "annotations.device"
_COUNT_ONE = """
    INSERT INTO annotations_ratelimit AS counted (key, "window", count) VALUES (%s, %s, 1)
    ON CONFLICT (key, "window") DO UPDATE SET count = counted.count + 1 RETURNING count
"""


def digest_of(secret: str) -> str:
    """What is stored of a token or a link: its SHA-256 (the secrets are random, so no slow hash is needed)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_sign_in_allowed(*, username: str, address: str, device: str = "") -> None:
    """Count an attempt to sign in, and refuse it (TooManyRequests) when there were too many in these five minutes.

    A browser that has signed in as this person before (`device`, from `device_mark`) is counted apart: guessing from
    elsewhere cannot lock the person out. Call `forget_sign_in_attempt` when the attempt succeeded.
    """
    now = timezone.now()
    window = _window(now)
    for key, limit in _limits(username=username, address=address, device=device):
        if _count(key, window) > limit:
            wait = _wait(now)
            minutes = -(-wait // 60)
            sentence = ngettext(
                "Too many attempts to sign in. Please try again in %(minutes)d minute.",
                "Too many attempts to sign in. Please try again in %(minutes)d minutes.",
                minutes,
            )
            raise TooManyRequests(sentence % {"minutes": minutes}, retry_after=wait)


def check_anonymous_allowed(*, address: str) -> None:
    """Count a request to the API by nobody, and refuse it (TooManyRequests) after 300 in these five minutes."""
    now = timezone.now()
    if _count(f"anonymous:{address}"[:200], _window(now)) > ANONYMOUS_PER_ADDRESS:
        detail = _("Too many requests without a valid token. Please sign in, or try again later.")
        raise TooManyRequests(detail, retry_after=_wait(now))


def forget_sign_in_attempt(*, username: str, address: str, device: str = "") -> None:
    """Take back the count of an attempt that was right, so that a full classroom can sign in from one address."""
    window = _window(timezone.now())
    keys = [key for key, _limit in _limits(username=username, address=address, device=device)]
    RateLimit.objects.filter(key__in=keys, window=window, count__gt=0).update(count=F("count") - 1)


@transaction.atomic
def note_session(*, user: User, ended: bool = False) -> None:
    """Keep in the audit that the person signed in, or out."""
    audit.record("sign_out" if ended else "sign_in", actor=user)


@transaction.atomic
def note_failed_sign_in(*, username: str) -> None:
    """Keep that somebody tried to sign in as this person; a name nobody has may be a password, and is not kept."""
    audit.record("sign_in.failed", actor=None, person=User.objects.filter(username=username).first())


def device_mark(user: User) -> str:
    """What a browser keeps after signing in, to be counted apart next time; it opens nothing by itself."""
    return signing.dumps([user.username, secrets.token_urlsafe(9)], salt=_DEVICE)


def _limits(*, username: str, address: str, device: str) -> list[tuple[str, int]]:
    name = digest_of(username.casefold())[:32]
    try:
        owner, nonce = signing.loads(device, salt=_DEVICE)
    except (signing.BadSignature, ValueError, TypeError):
        owner = nonce = None
    if owner == username and nonce:
        return [(f"sign-in:device:{name}:{nonce}", ATTEMPTS_PER_NAME)]
    return [(f"sign-in:address:{address}"[:200], ATTEMPTS_PER_ADDRESS), (f"sign-in:name:{name}", ATTEMPTS_PER_NAME)]


def _window(now: datetime) -> datetime:
    seconds = int(WINDOW.total_seconds())
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, tz=now.tzinfo)


def _wait(now: datetime) -> int:
    """Seconds until the next window."""
    return int((_window(now) + WINDOW - now).total_seconds()) + 1


def _count(key: str, window: datetime) -> int:
    """Add one and answer how many it is now, in one statement: right with any number of servers."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ONE, [key, window])
        count: int = cursor.fetchone()[0]
    if count == 1:  # a new window: a good moment to drop old ones
        RateLimit.objects.filter(window__lt=window - timedelta(days=1)).delete()
    return count


def create_user(
    *, username: str, password: str, email: str = "", staff: bool = False, may_create_projects: bool = False
) -> User:
    """Make an account; InvalidData says what is wrong with the name or the password."""
    user = User(username=username.strip(), email=email, is_staff=staff, is_superuser=staff)
    user.may_create_projects = may_create_projects or staff
    problems = [*_problems_of_name(user), *_problems_of_password(password, user)]
    if problems:
        raise InvalidData(_("The account was not made."), problems)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            audit.record("account.created", actor=None, person=user, staff=staff or None)
    except IntegrityError:
        raise InvalidData(_("The account was not made."), [_name_is_taken()]) from None
    return user


def _problems_of_name(user: User) -> list[FieldError]:
    try:
        user.clean_fields(exclude=["password"])
    except ValidationError as error:
        return [FieldError("username", message) for message in error.message_dict.get("username", [])]
    # Names that differ only in case would be mistaken for one another.
    return [_name_is_taken()] if User.objects.filter(username__iexact=user.username).exists() else []


def _name_is_taken() -> FieldError:
    return FieldError("username", _("Somebody has this name already; please choose another one."))


def _problems_of_password(password: str, user: User) -> list[FieldError]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [FieldError("password", message) for message in error.messages]
    return []


@transaction.atomic
def change_password(*, user: User, old: str, new: str) -> None:
    """Change one's own password, knowing the old one; other sessions of the person end with it."""
    if not user.check_password(old):
        raise InvalidData(_("The password was not changed."), [FieldError("old", _("This is not your password."))])
    _set_password(user, new)
    audit.record("password.changed", actor=user)


def _set_password(user: User, password: str) -> None:
    problems = _problems_of_password(password, user)
    if problems:
        raise InvalidData(_("The password was not changed."), problems)
    user.set_password(password)
    user.save(update_fields=["password"])


@transaction.atomic
def create_token(
    *, user: User, name: str, scope: str = TokenScope.MANAGE, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token for a program; its secret is answered here and never again."""
    if scope not in TokenScope.values:
        raise InvalidData(_("There is no such scope."), [FieldError("scope", _("One of: read, annotate, manage."))])
    secret = secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip()[:100],
        scope=scope,
        digest=digest_of(secret),
        hint=secret[:4],
        expires_at=expires_at,
    )
    audit.record("token.created", actor=user, object=token.pk, name=token.name, scope=scope)
    return token, secret


@transaction.atomic
def revoke_token(*, user: User, token: UUID) -> None:
    """End one of one's own tokens at once."""
    revoked = ApiToken.objects.filter(pk=token, user=user, revoked_at=None).update(revoked_at=timezone.now())
    if not revoked:
        raise NotFound(_("There is no such token."))
    audit.record("token.revoked", actor=user, object=token)


def open_link(*, secret: str, purpose: LinkPurpose) -> OneTimeLink:
    """The link of this secret while it can be used; locked when inside a transaction, so that it works once."""
    links = OneTimeLink.objects.filter(digest=digest_of(secret), purpose=purpose)
    if connection.in_atomic_block:
        links = links.select_for_update(of=("self",))
    link = links.select_related("project", "user", "created_by").first()
    if link is None:
        raise NotFound(_("There is no such link. Please check that the whole address was copied."))
    if link.used_at or link.revoked_at or link.expires_at <= timezone.now():
        raise StateRefused(_("This link was used, withdrawn, or is too old. Please ask for a new one."))
    return link


def make_link(*, purpose: LinkPurpose, lasts: timedelta, created_by: User, **what: object) -> tuple[OneTimeLink, str]:
    """A link that works once; its secret is answered here and never again."""
    secret = secrets.token_urlsafe(32)
    link = OneTimeLink.objects.create(
        purpose=purpose,
        digest=digest_of(secret),
        created_by=created_by,
        expires_at=timezone.now() + lasts,
        **what,
    )
    return link, secret


def use_link(*, link: OneTimeLink, user: User) -> None:
    """Note that a link has done what it was for."""
    link.used_at = timezone.now()
    link.used_by = user
    link.save(update_fields=["used_at", "used_by"])


@transaction.atomic
def reset_password(*, secret: str, password: str) -> User:
    """Give the account of a reset link a new password; the link is used up."""
    link = open_link(secret=secret, purpose=LinkPurpose.PASSWORD_RESET)
    if link.user is None:
        raise NotFound(_("There is no such link. Please check that the whole address was copied."))
    _set_password(link.user, password)
    use_link(link=link, user=link.user)
    audit.record("password.reset", actor=link.user, object=link.pk)
    return link.user
