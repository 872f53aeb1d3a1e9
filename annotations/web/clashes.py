"""Quotes that play several roles: looked through by keyboard, each settled with one key."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from annotations import policies
from annotations.models import Membership
from annotations.selectors.clashes import NEWEST, articles_of, clashes_of
from annotations.services.clashes import judge_clash, reopen_clash
from annotations.services.disagreements import record_openings
from annotations.web.http import person, project_page

_PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def clashes(request: HttpRequest, slug: str) -> HttpResponse:
    """The open ones, or with `?state=judged` the others; a form settles one, HTMX gets the list anew."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    judged = request.GET.get("state") == "judged"
    if request.method == "POST":
        quote, label = request.POST.get("quote", ""), request.POST.get("label", "")
        if request.POST.get("reopen"):
            reopen_clash(member=member, quote=quote)
        else:
            judge_clash(member=member, quote=quote, label=label)
        if not request.headers.get("HX-Request"):
            return redirect(request.get_full_path())
    context = _context(request, member, judged=judged)
    if request.headers.get("HX-Request"):
        return render(request, "clashes.html#found", context | {"project": member.project})
    return project_page(request, "clashes.html", member=member, section="review", context=context)


def _context(request: HttpRequest, member: Membership, *, judged: bool) -> dict[str, object]:
    found = clashes_of(member)
    shown = [each for each in found if (each.judged is not None) == judged]
    page = Paginator(shown, _PAGE).get_page(request.GET.get("page"))
    record_openings(member=member, article_ids=articles_of(page.object_list))
    return {
        "judged": judged,
        "open": sum(each.judged is None for each in found),
        "settled": sum(each.judged is not None for each in found),
        "newest": NEWEST,
        "page": page,
    }
