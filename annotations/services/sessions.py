"""The sessions of a person: noted when they begin, ended from the page of the account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils.translation import gettext as _

from annotations.domain.errors import NotFound
from annotations.models import SignIn, User
from annotations.selectors.sessions import sessions_of


def note_sign_in(*, request: HttpRequest, user: User, **_signal: Any) -> None:
    """Keep which browser this session began in; notes of sessions that have ended go."""
    SignIn.objects.filter(user=user).exclude(pk__in=sessions_of(user).values("pk")).delete()
    if request.session.session_key is None:
        request.session.create()
    browser = request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:200]
    SignIn.objects.update_or_create(
        session_key=request.session.session_key, defaults={"user": user, "browser": browser}
    )


def end_session(*, user: User, sign_in: UUID) -> None:
    """End one of one's own sessions at once.

    Raises:
        NotFound: no such session, or somebody else's.
    """
    found = sessions_of(user).filter(pk=sign_in).first()
    if found is None:
        raise NotFound(_("There is no such session."))
    Session.objects.filter(session_key=found.session_key).delete()
    found.delete()


def end_other_sessions(*, user: User, session_key: str) -> int:
    """End all of one's own sessions but this one; how many they were."""
    others = sessions_of(user).exclude(session_key=session_key)
    keys = list(others.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()
    return len(keys)
