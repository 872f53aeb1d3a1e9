"""What lists of articles and of one's own work are narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from annotations.models import STATES_OF_KIND, AnnotationSet, SetKind, User
from annotations.selectors.progress import DONE, IN_PROGRESS, NEW, SUBMITTED
from annotations.selectors.projects import memberships_of
from annotations.web.forms.fields import PageForm

STATE_NAMES = {
    NEW: _("Not begun"),
    IN_PROGRESS: _("In progress"),
    SUBMITTED: _("Ready for review"),
    DONE: _("Done"),
}


class ArticlesFilter(PageForm):
    """Which articles to list."""

    search = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": _("words of the text")}),
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *STATE_NAMES.items()])
    outlet = forms.CharField(label=_("Outlet"), required=False, max_length=500)
    published_after = forms.DateField(
        label=_("Published after"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class OwnSetsFilter(PageForm):
    """Which of one's own annotation sets to list."""

    project = forms.ChoiceField(label=_("Project"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *((state.value, state.label) for state in STATES_OF_KIND[SetKind.ANNOTATOR])],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = [(member.project.slug, member.project.name) for member in memberships_of(user)]
        self.fields["project"].choices = [("", _("All")), *projects]  # type: ignore[attr-defined]

    def narrow(self, sets: QuerySet[AnnotationSet]) -> QuerySet[AnnotationSet]:
        """The sets that were asked for."""
        if self.cleaned_data["project"]:
            sets = sets.filter(article__project__slug=self.cleaned_data["project"])
        if self.cleaned_data["state"]:
            sets = sets.filter(state=self.cleaned_data["state"])
        return sets


class OwnSpansFilter(PageForm):
    """Words to find one's own spans by."""

    search = forms.CharField(label=_("Words of the span"), max_length=200, widget=forms.SearchInput)
