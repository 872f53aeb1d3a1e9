"""What the forms of all pages share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.domain.errors import InvalidData

PASSWORD_HELP = _("At least ten characters; several words make a good one.")


class PageForm(forms.Form):
    """A form whose errors of the services land at their fields; `templates/form.html` draws it."""

    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def refuse(self, error: InvalidData) -> None:
        """Show what a service refused, at the fields it names, the rest above the form."""
        for problem in error.errors:
            known = problem.field in self.fields
            self.add_error(problem.field if known else None, problem.message)
        if not error.errors:
            self.add_error(None, error.detail)


def password_field(label: Any, *, new: bool = False, help_text: Any = "") -> forms.CharField:
    """A password, told apart for password managers; white space at its ends counts."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password" if new else "current-password"})
    return forms.CharField(label=label, strip=False, max_length=1_000, widget=widget, help_text=help_text)


def name_field() -> forms.CharField:
    """The name an account signs in with."""
    widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=_("Username"), max_length=150, widget=widget)


def key_field() -> forms.CharField:
    """The key of something new, by which files and programs name it."""
    return forms.CharField(
        label=_("Key"),
        max_length=40,
        required=False,
        help_text=_("The name in files and for programs; it stays. Left empty, it is made of the name."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "class": "short"}),
    )
