"""Signing in, one-time links, one's own settings and tokens."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.models import TokenScope
from annotations.web.forms.fields import PASSWORD_HELP, PageForm, name_field, password_field


class SignInForm(PageForm):
    """Name and password."""

    username = name_field()
    password = password_field(_("Password"))


class NewAccountForm(PageForm):
    """The name and password of somebody who joins."""

    username = name_field()
    password = password_field(_("Password"), new=True, help_text=PASSWORD_HELP)


class NewPasswordForm(PageForm):
    """A new password, by a one-time link."""

    password = password_field(_("New password"), new=True, help_text=PASSWORD_HELP)


class ChangePasswordForm(PageForm):
    """A new password, knowing the old one."""

    old = password_field(_("Present password"))
    password = password_field(_("New password"), new=True, help_text=PASSWORD_HELP)


class PreferencesForm(PageForm):
    """How the pages look for a person."""

    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
        widget=forms.RadioSelect,
    )
    text_size = forms.ChoiceField(
        label=_("Text size"),
        choices=[("normal", _("Normal")), ("large", _("Large")), ("larger", _("Larger"))],
        widget=forms.RadioSelect,
    )


class TokenForm(PageForm):
    """A new token for a program."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What the token is for, such as “notebook on my laptop”.")
    )
    scope = forms.ChoiceField(label=_("What it may do"), choices=TokenScope.choices, initial=TokenScope.READ)
