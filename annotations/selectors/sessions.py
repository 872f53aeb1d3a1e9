"""The sessions of a person that are still good."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from annotations.models import SignIn, User


def sessions_of(user: User) -> QuerySet[SignIn]:
    """The newest first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=timezone.now())
    return SignIn.objects.filter(Exists(alive), user=user).order_by("-at", "-pk")
