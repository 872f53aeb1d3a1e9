"""What networks and maps are made of: the filters of their pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from annotations.domain.networks import CLAIMS, CONFLICT, CONGRUENCE
from annotations.web.forms.fields import PageForm
from annotations.web.forms.statements import StatementsFilter

_KINDS = [
    (CLAIMS, _("Actors and what they claim")),
    (CONGRUENCE, _("Actors who agree")),
    (CONFLICT, _("Actors in conflict")),
]
_MOST = (20, 40, 80, 150)


def _heaviest() -> list[tuple[int, str]]:
    """Made for each form: what is put together is of one language."""
    return [(number, gettext("the %(n)d heaviest") % {"n": number}) for number in _MOST]


class NetworkFilter(StatementsFilter):
    """Which network to draw, of which statements; `least` and `most` only thin the picture and the table."""

    LESS_USED = (
        "search", "actor", "location", "concept", "attribute", "outlet", "published_after", "published_before",
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Network"), choices=_KINDS, required=False)
    least = forms.IntegerField(label=_("Edges from"), required=False, min_value=1, max_value=1_000_000, initial=1)
    most = forms.TypedChoiceField(
        label=_("Nodes"),
        choices=_heaviest,
        coerce=int,
        required=False,
        initial=_MOST[1],
    )
    field_order = ("kind", "least", "most", "sets")

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        filled = data.copy()
        for name, value in (("least", "1"), ("most", str(_MOST[1]))):
            filled.setdefault(name, value)
        super().__init__(filled, **kwargs)

    def wanted(self) -> dict[str, Any]:
        """The filters of the statements, as `claims_listed` takes them."""
        return {name: value for name, value in super().wanted().items() if name not in {"kind", "least", "most"}}

    def drawn(self) -> tuple[str, int, int]:
        """Kind, lightest edge, number of nodes."""
        values = self.cleaned_data if self.is_valid() else {}
        return values.get("kind") or CLAIMS, values.get("least") or 1, values.get("most") or _MOST[1]


class PlacesFilter(PageForm):
    """Which places to show."""

    search = forms.CharField(
        label=_("Place"), required=False, max_length=200, widget=forms.SearchInput(attrs={"placeholder": _("a name")})
    )
    outlet = forms.CharField(label=_("Outlet"), required=False, max_length=500)
    published_after = forms.DateField(
        label=_("Published after"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    published_before = forms.DateField(
        label=_("Published before"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    sets = forms.ChoiceField(label=pgettext_lazy("data", "From"), required=False)

    def __init__(self, *args: Any, kinds: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sets"].choices = list(kinds.items())  # type: ignore[attr-defined]
        self.fields["sets"].initial = next(iter(kinds))

    def wanted(self) -> dict[str, Any]:
        """The filters that are given, as `mentions_of_places` takes them."""
        values = self.cleaned_data if self.is_valid() else {}
        first = self.fields["sets"].initial
        return {name: value for name, value in values.items() if value} | {"sets": values.get("sets") or first}
