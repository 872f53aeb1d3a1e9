"""What lists of statements and entities are narrowed by, and what an entity is described with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from annotations.models import Entity, LabelAttribute, Project
from annotations.web.forms.fields import PageForm


class StatementsFilter(PageForm):
    """Which statements to list; `LESS_USED` filters stand behind a fold."""

    LESS_USED: tuple[str, ...] = ("location", "concept", "attribute", "outlet", "published_after", "published_before")

    search = forms.CharField(
        label=_("Claim"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": _("words of the claim")}),
    )
    actor = forms.CharField(label=_("Who"), required=False, max_length=500)
    location = forms.CharField(label=_("Where"), required=False, max_length=500)
    concept = forms.CharField(label=_("Concept"), required=False, max_length=500)
    attribute = forms.ChoiceField(label=_("Attribute"), required=False)
    outlet = forms.CharField(label=_("Outlet"), required=False, max_length=500)
    published_after = forms.DateField(
        label=_("Published after"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    published_before = forms.DateField(
        label=_("Published before"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sets = forms.ChoiceField(label=pgettext_lazy("data", "From"), required=False)

    def __init__(self, *args: Any, project: Project, kinds: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = LabelAttribute.objects.filter(label__project=project, label__archived_at=None).order_by(
            "label", "position"
        )
        choices = [(f"{each.key}:{choice}", f"{each.name}: {choice}") for each in asked for choice in each.choices]
        self.fields["attribute"].choices = [("", _("All")), *dict(choices).items()]  # type: ignore[attr-defined]
        self.fields["sets"].choices = list(kinds.items())  # type: ignore[attr-defined]
        self.fields["sets"].initial = next(iter(kinds))

    def in_sight(self) -> list[forms.BoundField]:
        """The filters everybody uses."""
        return [field for field in self if field.name not in self.LESS_USED]

    def folded(self) -> list[forms.BoundField]:
        """The others."""
        return [self[name] for name in self.LESS_USED]

    def wanted(self) -> dict[str, Any]:
        """The filters that are given, as `claims_listed` takes them."""
        values = self.cleaned_data if self.is_valid() else {}
        first = self.fields["sets"].initial
        return {name: value for name, value in values.items() if value} | {"sets": values.get("sets") or first}


class EntitiesFilter(PageForm):
    """Which entities to list."""

    search = forms.CharField(
        label=_("Search"), required=False, max_length=200, widget=forms.SearchInput(attrs={"placeholder": _("a name")})
    )
    label = forms.ChoiceField(label=_("Label"), required=False)
    merged = forms.BooleanField(label=_("With merged ones"), required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = project.labels.values_list("key", "name")
        self.fields["label"].choices = [("", _("All")), *labels]  # type: ignore[attr-defined]


class EntityForm(PageForm):
    """What an entity is known by."""

    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line."),
    )
    identifiers = forms.CharField(
        label=_("Identifiers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line, such as wikidata: Q585."),
    )
    latitude = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, help_text=_("Degrees, south is negative.")
    )
    longitude = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, help_text=_("Degrees, west is negative.")
    )

    def clean_aliases(self) -> list[str]:
        """The lines."""
        lines: str = self.cleaned_data["aliases"]
        return lines.splitlines()

    def clean_identifiers(self) -> dict[str, str]:
        """name -> identifier."""
        found = {}
        for line in filter(str.strip, self.cleaned_data["identifiers"].splitlines()):
            name, colon, value = (part.strip() for part in line.partition(":"))
            if not (name and colon and value):
                raise forms.ValidationError(
                    _("“%(line)s” is not a name, a colon and an identifier."), params={"line": line}
                )
            found[name] = value
        return found

    @staticmethod
    def values_of(entity: Entity) -> dict[str, Any]:
        """What the form shows for an entity that is there."""
        return {
            "aliases": "\n".join(sorted(alias.name for alias in entity.aliases.all())),
            "identifiers": "\n".join(f"{name}: {value}" for name, value in entity.identifiers.items()),
            "latitude": entity.latitude,
            "longitude": entity.longitude,
        }


class NewEntityForm(EntityForm):
    """An entity that is not there yet."""

    label = forms.ChoiceField(label=_("Label"))
    name = forms.CharField(label=_("Name"), max_length=500)
    field_order = ("label", "name")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = project.labels.filter(archived_at=None).values_list("key", "name")
        self.fields["label"].choices = list(labels)  # type: ignore[attr-defined]
