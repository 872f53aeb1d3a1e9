"""Review of a whole project: the articles that wait, the disagreements, and accepting what is agreed everywhere."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import policies
from annotations.domain.errors import InvalidData
from annotations.selectors.disagreement_lists import Wanted, disagreements_listed, groups_of_alike, kind_counts
from annotations.selectors.disagreements import articles_with_agreed
from annotations.selectors.review import KIND_NAMES, articles_to_review, most_telling, waiting
from annotations.selectors.review_rows import listed_rows
from annotations.services.decisions import accept_agreed_everywhere, undo_batch
from annotations.services.disagreements import record_openings
from annotations.web.forms.review import DisagreementsFilter
from annotations.web.http import person, project_page, uuid_in
from annotations.web.review import said_of_outcome

_PAGE = 50


@login_required
@require_safe
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles that two or more have submitted: those that teach most first, or those with the most open."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    telling = most_telling(member)
    by_open = request.GET.get("order") == "open"
    found = articles_to_review(member, {} if by_open else telling)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    batch = None if "page" in request.GET else uuid_in(request.GET, "undo")  # the offer stands on the first page
    context = {
        "page": page,
        "articles": waiting(list(page.object_list), telling),
        "kind_names": KIND_NAMES,
        "by_open": by_open,
        "unanimous": len(articles_with_agreed(member, how="unanimous")),
        "undo": batch,
    }
    return project_page(request, "review.html", member=member, section="review", context=context)


@login_required
@require_POST
def accept_everywhere(request: HttpRequest, slug: str) -> HttpResponse:
    """Take what annotators agree on in all articles, as one step."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    how = request.POST.get("how", "")
    if how not in {"unanimous", "majority"}:
        raise InvalidData(_("There is no such way to accept."))
    outcome = accept_agreed_everywhere(actor=person(request), slug=slug, how=how)
    messages.success(request, said_of_outcome(outcome, always=True))
    return redirect(reverse("review", args=[slug], query={"undo": outcome.batch} if outcome.decisions else {}))


@login_required
@require_POST
def undo_everywhere(request: HttpRequest, slug: str) -> HttpResponse:
    """Take such a step back."""
    policies.check_can_review(policies.check_member(user=person(request), slug=slug))
    batch = uuid_in(request.POST, "batch")
    if batch is None:
        raise InvalidData(_("Say what is to be undone."))
    count = undo_batch(actor=person(request), batch=batch)
    messages.success(
        request, ngettext("%(n)d decision taken back.", "%(n)d decisions taken back.", count) % {"n": count}
    )
    return redirect("review", slug)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def disagreements(request: HttpRequest, slug: str) -> HttpResponse:
    """The disagreements that fit the filters; HTMX gets the list alone while the filters change."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    filters = DisagreementsFilter(request.GET, member=member)
    wanted = Wanted(**filters.values())
    rows = disagreements_listed(member, wanted)
    if filters.groups:
        rows = groups_of_alike(rows)
    page = Paginator(rows.select_related("article"), _PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    record_openings(member=member, article_ids=sorted({row.article_id for row in shown}))
    address = request.GET.copy()
    for name in ("page", "kind"):
        address.pop(name, None)
    context: dict[str, Any] = {
        "filters": filters,
        "page": page,
        "rows": listed_rows(member, shown),
        "kinds": [(kind, KIND_NAMES[kind], count) for kind, count in kind_counts(member, wanted)],
        "grouped": filters.groups,
        "address": address.urlencode(),
        "only": wanted.kind,
        "filtered": bool(request.GET),
    }
    template = "disagreements.html#found" if request.headers.get("HX-Request") else "disagreements.html"
    return project_page(request, template, member=member, section="review", context=context)
