"""What to export, as a form; its fields have the names of the API's parameters."""

from __future__ import annotations

from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from annotations.domain.withholding import LEVELS
from annotations.formats import NAMES, WRITERS
from annotations.selectors.documents import SETS
from annotations.selectors.exports import ExportCounts
from annotations.services.export_options import MOST_QUOTE_LENGTH, QUOTE_LENGTH, Options
from annotations.web.forms.articles import STATE_NAMES
from annotations.web.forms.fields import PageForm

SETS_NAMES: Final = {
    "gold": _("Gold"),
    "annotators": _("Annotators' own work"),
    "suggestions": _("Suggestions"),
    "all": _("Everything: gold, annotators, suggestions"),
    "majority": _("Majority: what more than half of the annotators chose"),
}
LEVEL_NAMES: Final = {
    "full": _("the whole text"),
    "hash": _("no text: its SHA-256 and address"),
    "quotes": _("no text: quotes, cut short"),
    "scrambled": _("letters scrambled, offsets as they are"),
}
FORMAT_NAMES: Final = [(key, _("JSON Lines (keeps everything)") if key == "jsonl" else NAMES[key]) for key in WRITERS]
SPLITS: Final = [("", _("none"))] + [(ratio, ratio) for ratio in ("80/10/10", "70/15/15", "60/20/20", "90/5/5")]
_DAY: Final = {"type": "date"}


class DataForm(PageForm):
    """Which articles and sets, and what of them: the part that exports and releases have in common."""

    ARTICLES = ("search", "article_state", "outlet", "published_after", "published_before", "include")
    WITHHOLDING = ("pseudonyms", "split", "text", "quote_length")

    sets = forms.ChoiceField(label=_("Whose labels"), widget=forms.RadioSelect)
    state = forms.ChoiceField(
        label=_("State of annotators' work"),
        choices=[("submitted", _("submitted only")), ("all", _("every state"))],
        initial="submitted",
    )
    search = forms.CharField(
        label=_("Words of the text"), required=False, max_length=200, widget=forms.SearchInput, initial=""
    )
    article_state = forms.ChoiceField(
        label=_("State of the article"), required=False, choices=[("", _("All")), *STATE_NAMES.items()], initial=""
    )
    outlet = forms.CharField(label=_("Outlet"), required=False, max_length=500, initial="")
    published_after = forms.DateField(
        label=_("Published after"), required=False, widget=forms.DateInput(attrs=_DAY), initial=""
    )
    published_before = forms.DateField(
        label=_("Published before"), required=False, widget=forms.DateInput(attrs=_DAY), initial=""
    )
    include = forms.ChoiceField(
        label=_("Articles without such labels"),
        choices=[("", _("leave out")), ("empty", _("include"))],
        required=False,
        initial="",
    )
    pseudonyms = forms.BooleanField(
        label=_("Pseudonyms instead of names"),
        required=False,
        help_text=_("annotator-1 and so on, the same in every export; names in notes and ids are replaced, too."),
    )
    split = forms.RegexField(
        r"^\s*\d{1,4}([/,:-])\d{1,4}\1\d{1,4}\s*\Z",
        label=_("Split into train, dev and test"),
        required=False,
        help_text=_("Such as 80/10/10. Drawn by hash: the same article is always in the same part, with its copies."),
        error_messages={"invalid": _("Three numbers for train, dev and test, such as 80/10/10.")},
        widget=forms.TextInput(attrs={"class": "short", "placeholder": "80/10/10", "size": 10}),
        initial="",
    )
    text = forms.ChoiceField(
        label=_("Texts of the articles"),
        choices=[(level, LEVEL_NAMES[level]) for level in LEVELS],
        initial="full",
        help_text=_("For texts that may not be passed on. Without texts: JSON Lines, CSV, TSV and Parquet only."),
    )
    quote_length = forms.IntegerField(
        label=_("Characters of a quote that is cut"),
        min_value=1,
        max_value=MOST_QUOTE_LENGTH,
        required=False,
        initial=QUOTE_LENGTH,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    def __init__(
        self, data: QueryDict | None, *args: Any, counts: ExportCounts, own: bool = False, **kwargs: Any
    ) -> None:
        choices = [
            (key, f"{_('Your own work') if own else SETS_NAMES[key]} – {_articles(counts.by_sets[key])}")
            for key in SETS
            if key in counts.by_sets
        ]
        if data is not None:  # what an address leaves out is as it is at first
            filled = QueryDict(mutable=True)
            filled["sets"] = choices[0][0]
            for name, field in self.base_fields.items():
                if field.initial is not None:
                    filled[name] = str(field.initial)
            for name in data:
                filled.setlist(name, data.getlist(name))
            data = filled
        super().__init__(data, *args, **kwargs)
        self.fields["sets"].choices = choices  # type: ignore[attr-defined]
        self.fields["sets"].initial = choices[0][0]

    def wanted(self) -> Options:
        """The options that are not as they are at first."""
        chosen = self.cleaned_data
        found = {name: value for name, value in chosen.items() if value and value != self.fields[name].initial}
        return cast("Options", {"sets": chosen["sets"], **found})

    def articles(self) -> list[forms.BoundField]:
        """The fields that narrow the articles."""
        return [self[name] for name in self.ARTICLES]

    def withholding(self) -> list[forms.BoundField]:
        """The fields that say what of the data goes out."""
        return [self[name] for name in self.WITHHOLDING]

    def is_narrowed(self) -> bool:
        """Whether a field of `articles` was used."""
        return any(self.is_bound and self.data.get(name) for name in self.ARTICLES)

    def is_withholding(self) -> bool:
        """Whether a field of `withholding` was used."""
        return self.is_bound and any(
            self.data.get(name, "") not in {"", str(self.fields[name].initial)} for name in self.WITHHOLDING
        )


class ExportForm(DataForm):
    """That, in which format."""

    format = forms.ChoiceField(label=_("Format"), choices=FORMAT_NAMES, initial="jsonl")
    byte_order_mark = forms.BooleanField(
        label=_("Table for a spreadsheet program"),
        required=False,
        help_text=_("CSV and TSV begin with a byte-order mark, so that accents come out right."),
    )

    def wanted(self) -> Options:
        """The options, the format always among them."""
        return cast("Options", {"format": self.cleaned_data["format"], **super().wanted()})


def _articles(number: int) -> str:
    return ngettext("%(n)d article", "%(n)d articles", number) % {"n": number}
