"""The page that offers the dataset, with counts before the download."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from annotations import policies
from annotations.formats import NAMES, WRITERS
from annotations.selectors.documents import SETS
from annotations.selectors.exports import ExportCounts, export_counts
from annotations.services.exports import count_losses, export_documents
from annotations.web.forms import PageForm
from annotations.web.http import person, project_page

_NAMES = {
    "gold": _("Gold"),
    "annotators": _("Annotators' own work"),
    "suggestions": _("Suggestions"),
    "all": _("Everything: gold, annotators, suggestions"),
    "majority": _("Majority: what more than half of the annotators chose"),
}
_OWN = _("Your own work")


class ExportForm(PageForm):
    """Which sets, in which format."""

    sets = forms.ChoiceField(label=_("Whose labels"), widget=forms.RadioSelect)
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(key, _("JSON Lines (keeps everything)") if key == "jsonl" else NAMES[key]) for key in WRITERS],
        initial="jsonl",
    )
    state = forms.ChoiceField(
        label=_("State of annotators' work"),
        choices=[("submitted", _("submitted only")), ("all", _("every state"))],
        initial="submitted",
    )
    include = forms.ChoiceField(
        label=_("Articles without such labels"),
        choices=[("", _("leave out")), ("empty", _("include"))],
        required=False,
    )
    byte_order_mark = forms.BooleanField(
        label=_("Table for a spreadsheet program"),
        required=False,
        help_text=_("CSV and TSV begin with a byte-order mark, so that accents come out right."),
    )

    def __init__(self, *args: Any, counts: ExportCounts, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (key, f"{_OWN if own else _NAMES[key]} – {_articles(counts.by_sets[key])}")
            for key in SETS
            if key in counts.by_sets
        ]
        self.fields["sets"].choices = choices  # type: ignore[attr-defined]
        self.fields["sets"].initial = choices[0][0]


def _articles(number: int) -> str:
    return ngettext("%(n)d article", "%(n)d articles", number) % {"n": number}


@login_required
@require_safe
def exports(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be exported, and how much it is."""
    member = policies.check_member(user=person(request), slug=slug)
    counts = export_counts(member)
    own = policies.exportable_kinds(member) == {"annotators"}
    form = ExportForm(counts=counts, own=own, initial=_asked(request) if "count" in request.GET else None)
    context: dict[str, Any] = {"form": form, "counts": counts, "own": own}
    if "count" in request.GET:
        asked = {name: value for name, value in _asked(request).items() if name != "byte_order_mark"}
        context["report"] = count_losses(actor=member.user, project=member.project, **asked)
        context["losses"] = context["report"].losses.rows()
        context["format"] = NAMES[context["report"].format]
    return project_page(request, "exports.html", member=member, section="exports", context=context)


@login_required
@require_safe
def export_download(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The documents as a stream; an option that is none is refused by the service."""
    member = policies.check_member(user=person(request), slug=slug)
    export = export_documents(actor=member.user, project=member.project, **_asked(request))
    headers = {"Content-Disposition": f'attachment; filename="{export.filename}"'}
    return StreamingHttpResponse(export, content_type=export.media_type, headers=headers)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The options of an export in the address."""
    asked = request.GET
    return {
        "format": asked.get("format", "jsonl"),
        "sets": asked.get("sets", ""),
        "state": asked.get("state", "submitted"),
        "include": asked.get("include", ""),
        "byte_order_mark": "byte_order_mark" in asked,
    }
