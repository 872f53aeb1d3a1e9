"""A project, its members and its guideline."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from annotations.models import Project, Role
from annotations.web.forms.fields import PageForm


class ProjectForm(PageForm):
    """Name and rules of a project."""

    name = forms.CharField(label=_("Name"), max_length=200)
    description = forms.CharField(
        label=_("Description"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What is labelled and what for; members see it on the overview."),
    )
    annotators_per_article = forms.IntegerField(
        label=_("Annotators per article"),
        min_value=1,
        max_value=20,
        initial=2,
        help_text=_("How many people label each article without seeing one another. Agreement needs two or more."),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    blind = forms.BooleanField(
        label=_("Blind"),
        required=False,
        initial=True,
        help_text=_("Annotators learn nothing of each other's work: no labels, counts or pace."),
    )
    suggestions = forms.BooleanField(
        label=_("Suggestions beside the text"),
        required=False,
        help_text=_(
            "The desk offers names, places and quotes to accept or reject. Where several people label an article, half "
            "of the articles stay without, so that agreement can be told with and without them."
        ),
    )
    reading_evidence = forms.BooleanField(
        label=_("Keep which paragraphs were on screen"),
        required=False,
        help_text=_(
            "So that “read, nothing to mark” differs from “not read”. The desk tells annotators; reviewers see it."
        ),
    )
    pass_mark = forms.FloatField(
        label=_("Pass mark of the training"),
        min_value=0,
        max_value=1,
        required=False,
        help_text=_(
            "F1 from 0 to 1 that the last three training articles must reach in the mean before real work begins; "
            "empty: no training. Mark articles whose gold is done as training on their pages."
        ),
        widget=forms.NumberInput(attrs={"class": "short", "step": "0.01"}),
    )
    check_every = forms.IntegerField(
        label=_("A hidden check after so many articles"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("An article with known gold that looks like any other; empty: none. Annotators are not told."),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )
    adaptive_threshold = forms.FloatField(
        label=_("Call one annotator more below"),
        min_value=0,
        max_value=1,
        required=False,
        help_text=_("F1 from 0 to 1 between the annotators of an article; empty: nobody is called."),
        widget=forms.NumberInput(attrs={"class": "short", "step": "0.01"}),
    )
    repeat_after_weeks = forms.IntegerField(
        label=_("The same article again after so many weeks"),
        min_value=1,
        max_value=500,
        required=False,
        help_text=_(
            "To see how annotators agree with themselves: at most one article in ten; empty: none. They are not told."
        ),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    @staticmethod
    def values_of(project: Project) -> dict[str, Any]:
        """What the form shows for a project that is there."""
        return {name: getattr(project, name) for name in ProjectForm.base_fields}


class NewProjectForm(ProjectForm):
    """A project that is not there yet."""

    slug = forms.SlugField(
        label=_("Address"),
        max_length=60,
        required=False,
        help_text=_("The project's part of the address, such as “harbour-strike”. Left empty, it is made of the name."),
    )
    suggestions = None  # type: ignore[assignment] # so a form leaves out what the one before had
    reading_evidence = None  # type: ignore[assignment]
    pass_mark = check_every = adaptive_threshold = repeat_after_weeks = None  # type: ignore[assignment]
    field_order = ("name", "slug", "description", "annotators_per_article", "blind")


class BinProjectForm(PageForm):
    """That a whole project is to go into the bin: its name, typed once more."""

    name = forms.CharField(
        label=_("The project's name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name = project.name

    def clean_name(self) -> str:
        """Raises ValidationError for another name; white space does not count."""
        given: str = self.cleaned_data["name"]
        if given.split() != self._name.split():
            raise forms.ValidationError(_("Type the name as it stands above."))
        return given


class RoleForm(PageForm):
    """The role of a member, or of somebody who is invited."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.ANNOTATOR)


class GuidelineForm(PageForm):
    """The text of the next version of the guideline."""

    markdown = forms.CharField(
        label=_("Text, in Markdown"),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"class": "source", "spellcheck": "true"}),
        help_text=_(
            "# Heading, - list, **strong**, > quotation. Headings are folded on the desk, so give each label one."
        ),
    )
