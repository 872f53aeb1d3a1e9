"""What the audit is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from annotations.selectors.audit import ACTIONS
from annotations.web.forms.fields import PageForm


class AuditFilter(PageForm):
    """Which entries to list; a field that cannot be read is as one left empty."""

    search = forms.CharField(
        label=_("Person or thing"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": _("a part of a name, a key, an id")}),
    )
    action = forms.ChoiceField(label=_("Deed"), required=False, choices=[("", _("All")), *ACTIONS.items()])
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        label=pgettext_lazy("a day", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def wanted(self) -> dict[str, Any]:
        """The arguments of `selectors.audit.entries_found`."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
