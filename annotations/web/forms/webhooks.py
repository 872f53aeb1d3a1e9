"""A webhook that is not there yet."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from annotations.web.forms.fields import PageForm

EVENT_NAMES: Final[dict[str, str | Promise]] = {
    "annotation_set.submitted": _("Work was submitted"),
    "annotation_set.returned": _("Work was returned to its annotator"),
    "annotation_set.reopened": _("Work was taken up again by its annotator"),
    "article.done": _("An article is done"),
    "article.reopened": _("An article is open again"),
}


class WebhookForm(PageForm):
    """Which address is told of what."""

    url = forms.CharField(
        label=_("Address"),
        max_length=2_000,
        help_text=_(
            "It begins with https:// and is reached from everywhere, such as https://hooks.example.org/newsapp."
        ),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=_("It is told when"),
        choices=EVENT_NAMES.items(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
