"""What a manager says of files to be imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from annotations.domain.offsets import Newlines, Unit
from annotations.models import SetKind
from annotations.services.imports.uploads import ImportOptions
from annotations.web.forms.fields import PageForm

AS_RECOGNISED: Final = "="
"""What a select says that leaves a column as it was recognised."""
_LABEL, _RELATION, _COLUMN, _FORMAT = "label:", "relation:", "column:", "format:"


class ImportOptionsForm(PageForm):
    """How the files of an import are read, where they do not say it themselves."""

    kind = forms.ChoiceField(
        label=_("Whose labels"),
        required=False,
        choices=[
            ("", _("as the files say")),
            (SetKind.GOLD.value, _("gold")),
            (SetKind.ANNOTATOR.value, _("an annotator's")),
            (SetKind.SUGGESTION.value, _("suggestions")),
        ],
        help_text=_("For labels whose kind a file does not say."),
    )
    annotator = forms.CharField(
        label=_("Annotator"),
        required=False,
        max_length=80,
        help_text=_("A member's name, or a new one: that becomes an account which cannot sign in."),
    )
    offsets = forms.ChoiceField(
        label=_("Offsets count"),
        required=False,
        choices=[
            ("auto", _("what makes the quotes fit")),
            (Unit.CODE_POINT.value, _("code points")),
            (Unit.UTF_16.value, _("UTF-16 units (JavaScript, Java)")),
            (Unit.BYTE.value, _("UTF-8 bytes")),
        ],
    )
    newlines = forms.ChoiceField(
        label=_("A line break counts"),
        required=False,
        choices=[
            ("auto", _("what makes the quotes fit")),
            (Newlines.LF.value, _("one")),
            (Newlines.CRLF.value, _("two (Windows)")),
        ],
    )
    corrections = forms.ChoiceField(
        label=_("Same id, another text"),
        required=False,
        choices=[("refuse", _("leave it out and report it")), ("accept", _("a corrected version of the article"))],
        help_text=_("Labels go with their words into the corrected text; the report counts kept, moved and lost."),
    )
    strict = forms.BooleanField(
        label=_("Refuse labels the project does not have"),
        required=False,
        help_text=_("Otherwise they are added to the project, and the report says so."),
    )

    def options(self, post: QueryDict) -> ImportOptions:
        """What the form and the selects beside it say."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in {None, ""}}
        return ImportOptions(
            **said,
            labels=_named(post, _LABEL),
            relation_labels=_named(post, _RELATION),
            columns=_named(post, _COLUMN),
        )


def formats_of(post: QueryDict) -> dict[int, str]:
    """The format of each file, by its number."""
    return {int(number): key for number, key in _named(post, _FORMAT).items() if number.isdecimal()}


def _named(post: Mapping[str, Any], prefix: str) -> dict[str, str]:
    found = {name.removeprefix(prefix): str(value) for name, value in post.items() if name.startswith(prefix)}
    return {name: value for name, value in found.items() if value != AS_RECOGNISED}
