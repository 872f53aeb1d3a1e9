"""Pages of accounts: signing in and out, one-time links, one's own settings and tokens."""

from __future__ import annotations

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations.domain.errors import InvalidData
from annotations.domain.preferences import KEYS, filled
from annotations.models import LinkPurpose, Role, User
from annotations.selectors.personal_data import personal_data
from annotations.selectors.sessions import sessions_of
from annotations.services import accounts, members, preferences, sessions
from annotations.web.entrance import DEVICE_COOKIE, enter, remember_device
from annotations.web.forms import (
    ChangePasswordForm,
    KeysForm,
    NewAccountForm,
    NewPasswordForm,
    PageForm,
    PreferencesForm,
    SignInForm,
    TokenForm,
)
from annotations.web.http import client_address, person
from annotations.web.languages import choose_language


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page to sign in, and signing in."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = _authenticated(request, form.cleaned_data["username"], form.cleaned_data["password"])
        if user is not None:
            return enter(request, user, _next(request))
        form.add_error(None, _("The user name or the password is not right."))
    elif request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    return render(
        request,
        "sign_in.html",
        {
            "form": form,
            "next": request.POST.get("next", request.GET.get("next", "")),
            "providers": [app["name"] for app in _providers()],
        },
    )


def _providers() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return found


def _authenticated(request: HttpRequest, username: str, password: str) -> User | None:
    attempt = {
        "username": username,
        "address": client_address(request),
        "device": request.COOKIES.get(DEVICE_COOKIE, ""),
    }
    accounts.check_sign_in_allowed(**attempt)
    user = authenticate(request, username=username, password=password)
    if user is not None:
        accounts.forget_sign_in_attempt(**attempt)
    else:
        accounts.note_failed_sign_in(username=username)
    return user if isinstance(user, User) else None


def start_session(request: HttpRequest, user: User, response: HttpResponse) -> HttpResponse:
    """Sign this person in and let the browser remember that it was here."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return remember_device(request, user, response)


def _next(request: HttpRequest) -> str:
    address = request.POST.get("next") or request.GET.get("next") or ""
    is_path = address.startswith("/")  # else it could be the name of a page, or a word relative to this one
    hosts = {request.get_host()}
    if is_path and url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure()):
        return address
    return reverse("projects")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        accounts.note_session(user=request.user, ended=True)
    logout(request)
    return redirect("sign-in")


@login_required
@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One's own settings, password and tokens."""
    return _account_page(request)


@login_required
@require_POST
def change_preferences(request: HttpRequest) -> HttpResponse:
    """Keep what of the look was sent; a page that has applied it already wants no other page."""
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _account_page(request, preferences=form, status=400)
    preferences.change_preferences(user=person(request), values=form.given())
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    choose_language(request)
    messages.success(request, _("The look is saved."))
    return redirect("account")


@login_required
@require_POST
def change_keys(request: HttpRequest) -> HttpResponse:
    """Keep one's own keys of the desk, or take all of them back."""
    user = person(request)
    form = KeysForm(request.POST, keys=filled(user.preferences)["keys"])
    try:
        if request.POST.get("reset"):
            preferences.change_preferences(user=user, values={"keys": dict(KEYS)})
        elif form.is_valid():
            preferences.change_preferences(user=user, values={"keys": form.cleaned_data})
    except InvalidData as error:
        form.refuse(error)
    if form.errors and not request.POST.get("reset"):
        return _account_page(request, keys=form, status=400)
    messages.success(request, _("The keys are saved."))
    return redirect("account")


@sensitive_post_parameters("old", "password")
@login_required
@require_POST
def change_password(request: HttpRequest) -> HttpResponse:
    """Change the password; this session goes on, all others end."""
    form, user = ChangePasswordForm(request.POST), person(request)
    if form.is_valid():
        try:
            accounts.change_password(user=user, old=form.cleaned_data["old"], new=form.cleaned_data["password"])
        except InvalidData as error:
            form.refuse(error)
        else:
            update_session_auth_hash(request, user)
            sessions.note_sign_in(request=request, user=user)
            messages.success(request, _("The password is changed."))
            return redirect("account")
    return _account_page(request, password=form, status=400)


@login_required
@never_cache
@require_POST
def create_token(request: HttpRequest) -> HttpResponse:
    """Make a token; the answer is the only place where it is shown."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _account_page(request, token=form, status=400)
    days = int(form.cleaned_data.pop("days") or form.fields["days"].initial)
    expires_at = timezone.now() + timedelta(days=days) if days else None
    _token, secret = accounts.create_token(user=person(request), expires_at=expires_at, **form.cleaned_data)
    return _account_page(request, secret=secret)


@login_required
@require_POST
def revoke_token(request: HttpRequest, token: UUID) -> HttpResponse:
    """End a token."""
    accounts.revoke_token(user=person(request), token=token)
    messages.success(request, _("The token is revoked; programs can no longer use it."))
    return redirect("account")


@login_required
@require_POST
def end_session(request: HttpRequest, sign_in: UUID) -> HttpResponse:
    """End one of one's own sessions; this one, too, as by signing out."""
    sessions.end_session(user=person(request), sign_in=sign_in)
    messages.success(request, _("The session is ended."))
    return redirect("account")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    sessions.end_other_sessions(user=person(request), session_key=request.session.session_key or "")
    messages.success(request, _("All other sessions are ended."))
    return redirect("account")


@login_required
@require_safe
def own_data(request: HttpRequest) -> StreamingHttpResponse:
    """What is kept of the person, as a file of JSON lines."""
    lines = (
        json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n" for row in personal_data(person(request))
    )
    response = StreamingHttpResponse(lines, content_type="application/jsonl")
    response["Content-Disposition"] = 'attachment; filename="my-data.jsonl"'
    return response


def _account_page(request: HttpRequest, *, status: int = 200, secret: str = "", **forms: PageForm) -> HttpResponse:
    user = person(request)
    look = filled(user.preferences)
    context = {
        "preferences": forms.get("preferences", PreferencesForm(initial=look)),
        "keys": forms.get("keys", KeysForm(keys=look["keys"])),
        "password": forms.get("password", ChangePasswordForm()),
        "token": forms.get("token", TokenForm()),
        "secret": secret,
        "sessions": sessions_of(user),
        "providers": [app["name"] for app in _providers()],
        "this_session": request.session.session_key,
        "tokens": user.api_tokens.filter(revoked_at=None).order_by("-created_at"),
    }
    return render(request, "account.html", context, status=status)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def accept_invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Join a project by its link: as who is signed in, or with a new account."""
    link = accounts.open_link(secret=secret, purpose=LinkPurpose.INVITATION)
    form = NewAccountForm(request.POST if request.method == "POST" and "username" in request.POST else None)
    if request.method == "POST" and isinstance(request.user, User):
        membership = members.join(secret=secret, user=request.user)
        return redirect("project", membership.project.slug)
    if request.method == "POST" and form.is_valid():
        try:
            membership = members.join_with_new_account(secret=secret, **form.cleaned_data)
        except InvalidData as error:
            form.refuse(error)
        else:
            return start_session(request, membership.user, redirect("project", membership.project.slug))
    return render(request, "invitation.html", {"link": link, "form": form, "role": Role(link.role).label})


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def reset_password(request: HttpRequest, secret: str) -> HttpResponse:
    """Choose a new password by a manager's link."""
    link = accounts.open_link(secret=secret, purpose=LinkPurpose.PASSWORD_RESET)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.reset_password(secret=secret, password=form.cleaned_data["password"])
        except InvalidData as error:
            form.refuse(error)
        else:
            messages.success(request, _("The new password is set; please sign in with it."))
            return redirect("sign-in")
    return render(request, "password_reset.html", {"link": link, "form": form})
