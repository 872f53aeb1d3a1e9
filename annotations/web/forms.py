"""Forms of the pages: they read and check single fields; what belongs together is checked by services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from annotations.domain.errors import InvalidData
from annotations.models import (
    STATES_OF_KIND,
    AnnotationSet,
    Label,
    LineStyle,
    Project,
    RelationLabel,
    Role,
    SetKind,
    TokenScope,
    User,
)
from annotations.models.labels import LABEL_SHORTCUTS, RELATION_SHORTCUTS
from annotations.selectors.progress import DONE, IN_PROGRESS, NEW, SUBMITTED
from annotations.selectors.projects import memberships_of

# What the palette's slots look like, in the order of tokens.css.
COLOUR_NAMES = (
    _("blue"), _("amber"), _("green"), _("crimson"), _("violet"), _("olive"), _("indigo"), _("brick"), _("magenta"),
    _("teal"), _("plum"), _("mauve"),
)  # fmt: skip
STATE_NAMES = {
    NEW: _("Not begun"),
    IN_PROGRESS: _("In progress"),
    SUBMITTED: _("Ready for review"),
    DONE: _("Done"),
}
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


class OwnSpansFilter(PageForm):
    """Words to find one's own spans by."""

    search = forms.CharField(label=_("Words of the span"), max_length=200, widget=forms.SearchInput)


class LabelForm(PageForm):
    """A label that is there: its key stays."""

    name = forms.CharField(label=_("Name"), max_length=80)
    colour = forms.TypedChoiceField(
        label=_("Colour"), coerce=int, choices=list(enumerate(COLOUR_NAMES)), widget=forms.RadioSelect
    )
    line_style = forms.ChoiceField(label=_("Line under the text"), choices=LineStyle.choices, widget=forms.RadioSelect)
    shortcut = forms.ChoiceField(
        label=_("Key"),
        required=False,
        choices=[("", _("none")), *((letter, letter) for letter in LABEL_SHORTCUTS)],
        help_text=_("The letter that labels a selection; the other letters are commands of the desk."),
    )
    position = forms.IntegerField(
        label=_("Place"),
        min_value=0,
        max_value=999,
        help_text=_("Labels stand in this order, the lowest first; the digits 1, 2, 3 … go by it, too."),
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    @staticmethod
    def values_of(label: Label) -> dict[str, Any]:
        """What the form shows for a label that is there."""
        return {name: getattr(label, name) for name in LabelForm.base_fields}


class NewLabelForm(LabelForm):
    """A label that is not there yet."""

    key = key_field()
    position = None  # type: ignore[assignment] # a new one comes last
    field_order = ("name", "key", "colour", "line_style", "shortcut")


class AttributeForm(PageForm):
    """A closed question about the spans of a label."""

    name = forms.CharField(label=_("Name"), max_length=80)
    key = key_field()
    choices = forms.CharField(
        label=_("Choices"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line, the usual one first."),
    )

    def clean_choices(self) -> list[str]:
        """The lines."""
        lines: str = self.cleaned_data["choices"]
        return lines.splitlines()


class RelationLabelForm(PageForm):
    """A kind of link that is there: what it joins stays."""

    name = forms.CharField(label=_("Name"), max_length=80)
    shortcut = forms.ChoiceField(
        label=_("Key"), required=False, choices=[("", _("none")), *((letter, letter) for letter in RELATION_SHORTCUTS)]
    )
    many = forms.BooleanField(label=_("One span may have several such links"), required=False, initial=True)

    @staticmethod
    def values_of(relation: RelationLabel) -> dict[str, Any]:
        """What the form shows for a relation label that is there."""
        return {name: getattr(relation, name) for name in RelationLabelForm.base_fields}


class NewRelationLabelForm(RelationLabelForm):
    """A kind of link that is not there yet."""

    key = key_field()
    source_label = forms.ChoiceField(label=_("From"), required=False)
    target_label = forms.ChoiceField(label=_("To"), required=False)
    field_order = ("name", "key", "source_label", "target_label", "shortcut", "many")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = project.labels.filter(archived_at=None).values_list("key", "name")
        for name in ("source_label", "target_label"):
            self.fields[name].choices = [("", _("any label")), *labels]  # type: ignore[attr-defined]


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


class RoleForm(PageForm):
    """The role of a member, or of somebody who is invited."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.ANNOTATOR)


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
