"""Pages of the guideline: the version in force and earlier ones, writing the next, what changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotations import policies
from annotations.domain.errors import InvalidData
from annotations.selectors.guidelines import (
    current_guideline,
    difference,
    guideline_html,
    guideline_version,
    guideline_versions_of,
)
from annotations.services.guidelines import publish_guideline
from annotations.web.forms import GuidelineForm
from annotations.web.http import person, project_page


@login_required
@require_safe
def guideline(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The version in force, or the one of this number."""
    member = policies.check_member(user=person(request), slug=slug)
    project = member.project
    version = guideline_version(project, number) if number else current_guideline(project)
    context = {
        "version": version,
        "html": guideline_html(version.markdown) if version else "",
        "versions": guideline_versions_of(project),
        "manages": policies.can_manage(member),
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
                published = publish_guideline(member=member, markdown=form.cleaned_data["markdown"])
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
    """What a version has other than the one before it."""
    member = policies.check_member(user=person(request), slug=slug)
    version = guideline_version(member.project, number)
    before = guideline_version(member.project, number - 1).markdown if number > 1 else ""
    context = {"version": version, "lines": difference(before, version.markdown)}
    return project_page(request, "guideline_difference.html", member=member, section="guideline", context=context)
