"""Labels, attributes and kinds of links."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from annotations.models import Label, LineStyle, Project, RelationLabel
from annotations.models.labels import LABEL_SHORTCUTS, RELATION_SHORTCUTS
from annotations.web.forms.fields import PageForm, key_field

# What the palette's slots look like, in the order of tokens.css.
COLOUR_NAMES = (
    _("blue"), _("amber"), _("green"), _("crimson"), _("violet"), _("olive"), _("indigo"), _("brick"), _("magenta"),
    _("teal"), _("plum"), _("mauve"),
)  # fmt: skip


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
        label=pgettext_lazy("in a row", "Place"),
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
    target_label = forms.ChoiceField(label=pgettext_lazy("a label", "To"), required=False)
    field_order = ("name", "key", "source_label", "target_label", "shortcut", "many")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = project.labels.filter(archived_at=None).values_list("key", "name")
        for name in ("source_label", "target_label"):
            self.fields[name].choices = [("", _("any label")), *labels]  # type: ignore[attr-defined]
