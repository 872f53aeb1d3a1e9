"""Signing in, one-time links, one's own settings and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from annotations.domain.errors import InvalidData
from annotations.domain.preferences import ALLOWED_KEYS
from annotations.models import TokenScope
from annotations.web.desk_keys import NAMES, shown
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


def _choice(label: Any, *choices: tuple[str, Any], help_text: Any = "") -> forms.ChoiceField:
    """One of a few; what is not sent stays as it is."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, required=False, help_text=help_text
    )


class LookForm(PageForm):
    """How the pages look and answer to a person, as far as the desk can show it at once."""

    theme = _choice(_("Theme"), ("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark")))
    text_size = _choice(_("Text size"), ("normal", _("Normal")), ("large", _("Large")), ("larger", _("Larger")))
    text_width = _choice(_("Width of the text"), ("narrow", _("Narrow")), ("normal", _("Normal")), ("wide", _("Wide")))
    line_spacing = _choice(
        _("Space between lines"), ("normal", _("Normal")), ("wide", _("Wide")), ("wider", _("Wider"))
    )
    motion = _choice(_("Movement"), ("system", _("As the system")), ("reduced", _("None")))
    sticky = _choice(
        _("Dragging over words"),
        ("on", _("labels them with the chosen label")),
        ("off", _("selects them; a label is pressed then")),
    )
    snap = _choice(_("Selecting"), ("words", _("whole words")), ("characters", _("exact characters")))

    def given(self) -> dict[str, str]:
        """What was sent."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class PreferencesForm(LookForm):
    """The look, and the language of the next page on."""

    language = _choice(_("Language"), ("browser", _("As the browser asks")), *settings.LANGUAGES)
    field_order = ("language",)


class KeysForm(PageForm):
    """The keys of the desk: a field for each command whose key can be changed."""

    def __init__(self, *args: Any, keys: Mapping[str, str], **kwargs: Any) -> None:
        # A field named as a property of forms, such as "attributes", would hide that from scripts.
        super().__init__(*args, initial=dict(keys), prefix="key", **kwargs)
        choices = [(key, shown(key)) for key in ALLOWED_KEYS]
        for name, does in NAMES.items():
            self.fields[name] = forms.ChoiceField(label=does, choices=choices)

    def refuse(self, error: InvalidData) -> None:
        """Show what the service refused, at the commands it names."""
        for problem in error.errors:
            self.add_error(problem.field.removeprefix("keys."), problem.message)


class TokenForm(PageForm):
    """A new token for a program."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What the token is for, such as “notebook on my laptop”.")
    )
    scope = forms.ChoiceField(label=_("What it may do"), choices=TokenScope.choices, initial=TokenScope.READ)
    days = forms.ChoiceField(
        label=_("How long it works"),
        choices=[("30", _("30 days")), ("90", _("90 days")), ("365", _("A year")), ("0", _("Until it is revoked"))],
        initial="90",
        required=False,
    )
