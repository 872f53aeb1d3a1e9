"""The page that offers the dataset, with counts before the download."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import policies
from annotations.domain.errors import Busy, InvalidData
from annotations.formats import ENDINGS, NAMES
from annotations.models import Membership
from annotations.selectors.documents import articles_chosen
from annotations.selectors.exports import export_counts
from annotations.selectors.figures import counted
from annotations.services.export_options import Options, choice_of
from annotations.services.exports import count_losses, export_documents
from annotations.web.forms.exports import ExportForm
from annotations.web.http import person, project_page

COUNTED_AT_ONCE: Final = 500
"""Of so many articles losses are counted unasked."""


@login_required
@require_safe
@vary_on_headers("HX-Request")
def exports(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be exported, how much it is and what would be lost; HTMX gets that alone while the form changes."""
    member = policies.check_member(user=person(request), slug=slug)
    own = policies.exportable_kinds(member) == {"annotators"}
    counts = export_counts(member)
    form = ExportForm(request.GET, counts=counts, own=own)
    context: dict[str, Any] = {"form": form, "counts": counts, "own": own, "project": member.project}
    if form.is_valid():
        try:
            context |= _told(request, member, form.wanted())
        except InvalidData as error:
            form.refuse(error)
    status = 400 if form.errors else 200
    if request.headers.get("HX-Request"):
        return render(request, "exports.html#told", context)  # with what is wrong in it
    return project_page(request, "exports.html", member=member, section="exports", context=context, status=status)


def _told(request: HttpRequest, member: Membership, wanted: Options) -> dict[str, Any]:
    """The counts of this export, its losses where they are asked for or quick, and its line for a terminal."""
    choice = choice_of(member, wanted)
    articles = articles_chosen(member.project, choice)
    told: dict[str, Any] = {
        "articles": articles,
        "format": NAMES[wanted["format"]],
        "curl": _curl(request, member, wanted, f"{member.project.slug}-{choice.sets}.{ENDINGS[wanted['format']]}"),
        "shows_text": choice.level == "full",
    }
    if "count" in request.GET or articles <= COUNTED_AT_ONCE:
        options: Options = {**wanted}
        options.pop("byte_order_mark", None)
        try:
            told["report"] = count_losses(actor=member.user, project=member.project, **options)
        except Busy:
            if "count" in request.GET:
                raise
        else:
            told["losses"] = told["report"].losses.rows(counted)
    return told


def _curl(request: HttpRequest, member: Membership, wanted: Options, filename: str) -> str:
    address = request.build_absolute_uri(reverse("api:export", args=[member.project.slug]))
    query = urlencode({name: "true" if value is True else str(value) for name, value in wanted.items()})
    return f'curl -f -H "Authorization: Token $TOKEN" -o {filename} "{address}?{query}"'


@login_required
@require_safe
def export_download(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The documents as a stream.

    Raises:
        InvalidData: an option that is none.
    """
    member = policies.check_member(user=person(request), slug=slug)
    own = policies.exportable_kinds(member) == {"annotators"}
    sets = request.GET.get("sets")
    if sets:
        policies.check_can_export(member, [sets])
    form = ExportForm(request.GET, counts=export_counts(member), own=own)
    if not form.is_valid():
        name, [message, *_] = next(iter(form.errors.items()))
        raise InvalidData(f"{form.fields[name].label if name in form.fields else name}: {message}")
    export = export_documents(actor=member.user, project=member.project, **form.wanted())
    headers = {"Content-Disposition": f'attachment; filename="{export.filename}"'}
    return StreamingHttpResponse(export, content_type=export.media_type, headers=headers)
