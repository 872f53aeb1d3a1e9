"""Forms of the pages: they read and check single fields; what belongs together is checked by services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from annotations.domain.errors import InvalidData
from annotations.models import STATES_OF_KIND, AnnotationSet, Project, SetKind, TokenScope, User
from annotations.selectors.projects import memberships_of

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
    return forms.CharField(label=_("User name"), max_length=150, widget=widget)


class SignInForm(PageForm):
    """Name and password."""

    username = name_field()
    password = password_field(_("Password"))


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
    field_order = ("name", "slug", "description", "annotators_per_article", "blind")


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


class NewPasswordForm(PageForm):
    """A new password, by a one-time link."""

    password = password_field(_("New password"), new=True, help_text=PASSWORD_HELP)


class ChangePasswordForm(PageForm):
    """A new password, knowing the old one."""

    old = password_field(_("Present password"))
    password = password_field(_("New password"), new=True, help_text=PASSWORD_HELP)


class TokenForm(PageForm):
    """A new token for a program."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What the token is for, such as “notebook on my laptop”.")
    )
    scope = forms.ChoiceField(label=_("What it may do"), choices=TokenScope.choices, initial=TokenScope.READ)


class NewAccountForm(PageForm):
    """The name and password of somebody who joins."""

    username = name_field()
    password = password_field(_("Password"), new=True, help_text=PASSWORD_HELP)


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
