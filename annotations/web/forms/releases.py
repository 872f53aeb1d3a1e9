"""What to freeze into a release."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.services.releases import MAX_NAME, MAX_NOTES
from annotations.web.forms.exports import FORMAT_NAMES, DataForm


class ReleaseForm(DataForm):
    """A name, what is to be said of it, and the options of an export."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_NAME,
        help_text=_("Such as 1.0, or 2026-11. It stays."),
        widget=forms.TextInput(attrs={"class": "short", "size": 20}),
    )
    notes = forms.CharField(
        label=_("Notes"),
        max_length=MAX_NOTES,
        required=False,
        help_text=_("What is new in it, what it is for. They stand beside the release, not in it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    formats = forms.MultipleChoiceField(
        label=_("Formats beside JSON Lines"),
        choices=[choice for choice in FORMAT_NAMES if choice[0] != "jsonl"],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
