"""Pages of the guideline: the version in force and earlier ones, writing the next, what changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policies
from annotations.domain.errors import InvalidData
from annotations.domain.guidelines import difference
from annotations.selectors.guidelines import (
    current_guideline,
    guideline_html,
    guideline_news,
    guideline_version,
    guideline_versions_of,
    guideline_view,
)
from annotations.services import guidelines as services
from annotations.web.forms import GuidelineForm
from annotations.web.http import back_to, person, project_page


@login_required
@require_safe
def guideline(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The version in force, or the one of this number; `search` leaves the sections that have these words."""
    member = policies.check_member(user=person(request), slug=slug)
    project = member.project
    version = guideline_version(project, number) if number else current_guideline(project)
    shown = guideline_view(project, version=version, member=member) if version else None
    words = request.GET.get("search", "").strip()[:200]
    if shown and words:
        shown = replace(shown, sections=[section for section in shown.sections if section.has(words)])
    context = {
        "version": version,
        "shown": shown,
        "searched": words,
        "versions": guideline_versions_of(project),
        "manages": policies.can_manage(member),
        "news": guideline_news(member),
    }
    return project_page(request, "guideline.html", member=member, section="guideline", context=context)


@login_required
@require_http_methods(["GET", "POST"])
def new_guideline(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the next version, look at it, publish it."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    last = current_guideline(member.project)
    form = GuidelineForm(request.POST or None, initial={"markdown": last.markdown if last else ""})
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        if "preview" not in request.POST:
            try:
                published = services.publish_guideline(member=member, markdown=form.cleaned_data["markdown"])
            except InvalidData as error:
                form.refuse(error)
            else:
                messages.success(request, _("Version %(number)d is published.") % {"number": published.number})
                return redirect("guideline", slug)
        else:
            context["html"] = guideline_html(form.cleaned_data["markdown"])
            if request.headers.get("HX-Request"):
                return render(request, "guideline_new.html#preview", context)
    return project_page(request, "guideline_new.html", member=member, section="guideline", context=context)


@login_required
@require_safe
def guideline_difference(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a version has other than the one before it, or than the version `from`; `to` leads to another one."""
    member = policies.check_member(user=person(request), slug=slug)
    older, newer = _number(request, "from", number - 1), _number(request, "to", number)
    if newer != number:
        return redirect(reverse("guideline-difference", args=[slug, newer], query={"from": older}))
    version = guideline_version(member.project, number)
    before = guideline_version(member.project, older) if older else None
    seen = member.guideline_seen
    context = {
        "version": version,
        "before": before,
        "lines": difference(before.markdown if before else "", version.markdown),
        "versions": guideline_versions_of(member.project),
        "unread": seen is not None and seen < number,
    }
    return project_page(request, "guideline_difference.html", member=member, section="guideline", context=context)


@login_required
@require_POST
def read_guideline(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Remember that the member has read the version; for HTMX the notice goes."""
    member = policies.check_member(user=person(request), slug=slug)
    services.read_guideline(member=member, number=number)
    if request.headers.get("HX-Request"):
        return HttpResponse()
    return back_to(request, reverse("guideline", args=[slug]))


def _number(request: HttpRequest, name: str, otherwise: int) -> int:
    text = request.GET.get(name, "")
    try:
        return int(text) if text else otherwise
    except ValueError:
        raise InvalidData(_("A version of the guideline is a number.")) from None
