"""The language of an answer: what the account says, else what the browser or the program asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from annotations.models import User
from annotations.web.http import database_away


class AccountLanguageMiddleware:
    """Goes by the account, where Django's own middleware went by `Accept-Language`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            choose_language(request)
        except (OperationalError, InterfaceError) as error:
            return database_away(request, error)
        return self.get_response(request)


def choose_language(request: HttpRequest) -> None:
    """Speak the language of who is signed in.

    Only who comes with a session is looked up, as pages and the desk's saves do anyway: a program with a token has its
    `Accept-Language`, and asks the database nothing.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User):
        translation.activate(_language_of(request.user) or translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()


def _language_of(user: User) -> str | None:
    chosen: Any = user.preferences.get("language")
    return chosen if chosen in dict(settings.LANGUAGES) else None
