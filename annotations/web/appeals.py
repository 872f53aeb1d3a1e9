"""Appeals of annotators, for reviewers to answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotations import policies
from annotations.selectors.appeals import appeals_to_answer, objections
from annotations.services.appeals import answer_appeal
from annotations.services.disagreements import record_openings
from annotations.web.http import person, project_page
from annotations.web.pages import page_of

_ANSWERED = 50


@login_required
@require_safe
def appeals(request: HttpRequest, slug: str) -> HttpResponse:
    """Those that are open, then those that were answered."""
    member = policies.check_member(user=person(request), slug=slug)
    page = page_of(request, appeals_to_answer(member), ("at", "pk"))
    record_openings(member=member, article_ids=sorted({each.decision.article_id for each in page.rows}))
    context = {
        "page": page,
        "open": objections(page.rows),
        "answered": objections(list(appeals_to_answer(member, answered=True)[:_ANSWERED])),
        "names": request.GET.get("names") == "1",
    }
    return project_page(request, "appeals.html", member=member, section="review", context=context)


@login_required
@require_POST
def appeal_answer(request: HttpRequest, slug: str, appeal_id: UUID) -> HttpResponse:
    """Answer one."""
    member = policies.check_member(user=person(request), slug=slug)
    outcome, answer = request.POST.get("outcome", ""), request.POST.get("answer", "")
    answer_appeal(member=member, appeal_id=appeal_id, outcome=outcome, answer=answer)
    messages.success(request, _("Answered; the annotator sees it."))
    return redirect("appeals", slug)
