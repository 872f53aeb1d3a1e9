"""Programs sign in with `Authorization: Token …`, pages with their session."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions
from rest_framework.request import Request
from structlog.contextvars import bind_contextvars

from annotations.models import ApiToken, User
from annotations.models.prepared import Joined
from annotations.services.accounts import digest_of

_USE_IS_NOTED_EVERY: Final = timedelta(minutes=10)
# At every request of a program: written by hand.
_TOKEN: Final = Joined(
    "SELECT {columns} FROM annotations_apitoken t JOIN annotations_user u ON u.id = t.user_id AND u.is_active"
    " WHERE t.digest = %(digest)s AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > %(now)s)",
    t=ApiToken,
    u=User,
)


def signed_in(request: Request) -> User:
    """Who asks.

    Raises:
        NotAuthenticated: nobody signed in.
    """
    if not isinstance(request.user, User):
        raise exceptions.NotAuthenticated
    return request.user


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token SECRET`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's owner and the token.

        Raises:
            AuthenticationFailed: unknown, expired or revoked, or its owner is not active.
        """
        words = authentication.get_authorization_header(request).split()
        if not words or words[0].lower() != b"token":
            return None
        if len(words) != 2:
            raise exceptions.AuthenticationFailed(_("The form is: Authorization: Token SECRET"))
        now = timezone.now()
        found = _TOKEN.first({"digest": digest_of(words[1].decode("ascii", "replace")), "now": now})
        if found is None:
            raise exceptions.AuthenticationFailed(_("This token is not valid (any more)."))
        token, token.user = found
        if token.last_used_at is None or now - token.last_used_at > _USE_IS_NOTED_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        bind_contextvars(token=str(token.pk))  # for the audit and the log: which of a person's programs it was
        return token.user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - DRF's signature
        """The challenge, which makes the answer to nobody a 401."""
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of the pages, with its CSRF token."""


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the token stands in the API's description."""

    target_class = "annotations.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002 - the library's signature
        """An API key in a header."""
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "`Token SECRET`"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the session stands in the API's description."""

    target_class = "annotations.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002 - the library's signature
        """A cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
