"""What stands behind the figures of the overview: lists of the queue, and agreement as it is now."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from annotations import policies
from annotations.selectors.agreement_page import agreement_context
from annotations.selectors.dashboard import SHOWN, articles_shown, check_shown, dashboard_of, sets_shown
from annotations.selectors.overlap import exactness_of
from annotations.services.agreement import agreement_report
from annotations.web.http import person, project_page

_PAGE = 50


@login_required
@require_safe
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles or sets behind one of the queue's figures."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    shown = request.GET.get("show", "waiting")
    of_articles = check_shown(shown)
    rows = articles_shown(member, shown) if of_articles else sets_shown(member, shown)
    counts = dashboard_of(member).counts
    context = {
        "shown": shown,
        "title": SHOWN[shown],
        "tabs": [(name, title, counts[name]) for name, title in SHOWN.items()],
        "of_articles": of_articles,
        "page": Paginator(rows, _PAGE).get_page(request.GET.get("page")),
    }
    return project_page(request, "queue.html", member=member, section="project", context=context)


@login_required
@require_safe
def agreement_now(request: HttpRequest, slug: str) -> HttpResponse:
    """Agreement and its course as a part of the overview, which asks for it once it is there."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    if not request.headers.get("HX-Request"):
        return redirect("agreement", slug)
    report, _job = agreement_report(member=member)
    context = {"project": member.project, "report": report, "exactness": exactness_of(report)}
    if report is not None and report["articles"]:
        context |= agreement_context(member, report, measure="", shown=False)
    return render(request, "agreement_now.html", context)
