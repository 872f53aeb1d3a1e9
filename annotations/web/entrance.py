"""What of django-allauth is ours: who gets in, in which words, and how the secrets of second factors are kept."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.totp.internal.auth import get_totp_secret
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotations.domain.errors import NotAllowed
from annotations.models import User
from annotations.services import accounts
from annotations.web.http import client_address, error_page, person

_BACKEND = "django.contrib.auth.backends.ModelBackend"
DEVICE_COOKIE = "newsapp_device"
DEVICE_COOKIE_AGE = 60 * 60 * 24 * 365


def enter(request: HttpRequest, user: User, going_to: str) -> HttpResponse:
    """After the right password: to the second factor where there is one, else in."""
    step = Login(user=user, redirect_url=going_to)
    response: HttpResponse = perform_password_login(request, {"username": user.username}, step)
    return response


def remember_device(request: HttpRequest, user: User, response: HttpResponse) -> HttpResponse:
    """Let the browser remember that this person was here, and the audit that the session began."""
    accounts.note_session(user=user)
    response.set_cookie(
        DEVICE_COOKIE,
        accounts.device_mark(user),
        max_age=DEVICE_COOKIE_AGE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc,unused-ignore]
    """Nobody signs up; messages are ours."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Accounts are made by invitation."""
        return False

    def add_message(self, *_arguments: Any, **_words: Any) -> None:
        """None: the pages say what happened."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address attempts are counted by."""
        return client_address(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        """Where one comes who asked for nothing else."""
        return reverse("projects")

    def is_safe_url(self, url: str | None) -> bool:
        """Paths of this site."""
        return url is not None and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Begin the session."""
        login(request, user, backend=_BACKEND)

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        """Go on, and remember the browser."""
        return remember_device(request, user, super().post_login(request, user, **how))

    def send_notification_mail(self, *_arguments: Any, **_words: Any) -> None:
        """None: Newsapp sends no mail."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc,unused-ignore]
    """Secrets of second factors are kept encrypted by the installation's key."""

    def get_totp_label(self, user: Any) -> str:
        """What the app on the telephone calls it."""
        return str(user.username)

    def encrypt(self, text: str) -> str:
        """As it is kept."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it is used."""
        return _box().decrypt(encrypted_text.encode()).decode()


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc,unused-ignore]
    """Single sign-on opens accounts to which their owners connected it, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - allauth's signature
        """Accounts are made by invitation."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Say what to do where no account is connected."""
        if not sociallogin.is_existing and sociallogin.state.get("process") != "connect":
            sentence = _("No account here is connected with this one. Sign in with your password and connect it first.")
            raise ImmediateHttpResponse(error_page(request, 403, sentence))  # type: ignore[arg-type]


def _box() -> Fernet:
    key = hashlib.sha256(b"annotations.second-factor:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


@login_required
@never_cache
@require_safe
def qr_code(request: HttpRequest) -> HttpResponse:
    """The secret of the authenticator app that is being set up, for a camera."""
    adapter = get_mfa_adapter()
    address = adapter.build_totp_url(person(request), get_totp_secret())
    return HttpResponse(adapter.build_totp_svg(address), content_type="image/svg+xml")


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """The administration has no entrance of its own: its second factor would be missing.

    Raises:
        NotAllowed: signed in, and not of the staff.
    """
    if request.user.is_authenticated:
        raise NotAllowed(_("Only the operator may open the administration."))
    return HttpResponseRedirect(f"{reverse('sign-in')}?next={reverse('admin:index')}")
