"""What lists of review are narrowed by, and the words of a precedent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from annotations.models import AnnotationSet, Label, Membership, RelationLabel, SetKind, User
from annotations.selectors.review import KIND_NAMES
from annotations.web.forms.fields import PageForm

ALIKE, BY_ARTICLE = "alike", "article"
ORDER_NAMES = {ALIKE: _("Most alike first"), BY_ARTICLE: _("By article")}
STATE_NAMES = {"open": _("Open"), "stale": _("To look at again"), "decided": _("Decided"), "any": _("All")}


class DisagreementsFilter(PageForm):
    """Which disagreements to list, and in which order."""

    quote = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": _("words of the quote")}),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    label = forms.ChoiceField(label=_("Label"), required=False)
    annotator = forms.ChoiceField(label=_("Annotator"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=list(STATE_NAMES.items()))
    order = forms.ChoiceField(label=_("Order"), required=False, choices=list(ORDER_NAMES.items()))
    article = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        kinds = [(key, name) for key, name in KIND_NAMES.items() if not key.endswith("agree")]
        labels = Label.objects.filter(project=member.project_id).values_list("key", "name")
        links = RelationLabel.objects.filter(project=member.project_id).values_list("key", "name")
        people = User.objects.filter(memberships__project=member.project_id)  # also those who have left
        work = AnnotationSet.objects.filter(
            annotator=OuterRef("pk"), article__project=member.project_id, kind=SetKind.ANNOTATOR
        )
        names = people.filter(Exists(work)).order_by("username").values_list("username", flat=True)
        for field, choices in (
            ("kind", kinds),
            ("label", [*labels, *links]),
            ("annotator", [(name, name) for name in names]),
        ):
            self.fields[field].choices = [everything, *choices]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What is asked for, as `selectors.disagreement_lists.Wanted` takes it; the open ones unless said otherwise."""
        given = dict(self.cleaned_data) if self.is_valid() else {}
        given.pop("order", None)
        state = given.pop("state", "") or "open"
        return {key: value for key, value in given.items() if value} | {"state": "" if state == "any" else state}

    @property
    def groups(self) -> bool:
        """Whether those alike are to stand together as one."""
        return not self.is_valid() or (self.cleaned_data["order"] or ALIKE) == ALIKE


class PrecedentForm(PageForm):
    """The words of a precedent."""

    rule = forms.CharField(label=_("Rule"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}))
    quote = forms.CharField(
        label=_("Words it is about"),
        required=False,
        max_length=2_000,
        help_text=_("An example: people who label similar words see the rule beside them."),
    )
    label = forms.ChoiceField(label=_("Label"), required=False)

    def __init__(self, *args: Any, member: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = Label.objects.filter(project=member.project_id).values_list("key", "name")
        self.fields["label"].choices = [("", _("any label")), *labels]  # type: ignore[attr-defined]
