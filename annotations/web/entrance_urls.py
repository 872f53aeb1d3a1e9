"""Addresses of second factors and of single sign-on: allauth's views that are wanted, and no others."""

from __future__ import annotations

from allauth.account import views as account
from allauth.socialaccount import views as single_sign_on
from django.urls import include, path

from annotations.web import accounts, entrance

urlpatterns = [
    path("sign-in/", accounts.sign_in, name="account_login"),  # the name allauth knows
    path("sign-out/", accounts.sign_out, name="account_logout"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/second-factor/qr-code.svg", entrance.qr_code, name="qr-code"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/single-sign-on/", single_sign_on.connections, name="socialaccount_connections"),
    path("sign-in/cancelled/", single_sign_on.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/failed/", single_sign_on.login_error, name="socialaccount_login_error"),
    path("sign-in/by/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("admin/login/", entrance.admin_sign_in, name="admin-sign-in"),
]
