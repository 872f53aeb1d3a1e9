"""Agreement: how reliable the labels are, with the disagreements behind every number; and jobs as pages see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotations import policies
from annotations.selectors.agreement_page import agreement_context, articles_of_page
from annotations.selectors.jobs import is_at_work, is_forgotten, job_of
from annotations.services.agreement import agreement_report, request_agreement, request_gamma
from annotations.services.jobs import cancel_job, unfinished
from annotations.web.http import person, project_page

_PAGE = 25


@login_required
@require_safe
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """The measures, pictures and articles; of a large project those of before, while a job counts anew."""
    member = policies.check_member(user=person(request), slug=slug)
    shown = request.GET.get("suggestions") == "shown"
    report, job = agreement_report(member=member, shown=shown)
    forgotten = job is not None and is_forgotten(job)
    context: dict[str, Any] = {"job": job, "report": report, "shown": shown, "forgotten": forgotten}
    if report is not None and report["articles"]:
        context |= agreement_context(member, report, measure=request.GET.get("measure", ""), shown=shown)
        context["page"] = Paginator(articles_of_page(member, shown=shown), _PAGE).get_page(request.GET.get("page"))
        context["gamma_job"] = unfinished(project=member.project, kind="gamma")
    return project_page(request, "agreement.html", member=member, section="agreement", context=context)


@login_required
@require_POST
def agreement_job(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for gamma, or for all to be counted anew."""
    member = policies.check_member(user=person(request), slug=slug)
    if request.POST.get("kind") == "gamma":
        request_gamma(member=member)
    else:
        request_agreement(member=member)
    return redirect("agreement", slug)


@login_required
@require_safe
def job(request: HttpRequest, slug: str, job_id: UUID) -> HttpResponse:
    """How far a job is: the partial that pages ask for again; when it has ended, the page is loaded anew."""
    member = policies.check_member(user=person(request), slug=slug)
    found = job_of(member, job_id)
    if not request.headers.get("HX-Request"):
        return redirect("agreement", slug)
    response = render(request, "job.html", {"job": found, "project": member.project, "forgotten": is_forgotten(found)})
    if not is_at_work(found):
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def job_cancel(request: HttpRequest, slug: str, job_id: UUID) -> HttpResponse:
    """End a job before its time."""
    member = policies.check_member(user=person(request), slug=slug)
    cancel_job(job_id=job_of(member, job_id).pk)
    messages.success(request, _("Cancelled. What was done so far stays."))
    return redirect("agreement", slug)
