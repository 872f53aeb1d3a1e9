"""Pages of articles: the list with its filters, one article, its history, and one's own work."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotations.selectors import progress
from annotations.services.annotation_sets import move_set
from annotations.web.forms import OwnSetsFilter
from annotations.web.http import person
from annotations.web.pages import page_of


@login_required
@require_safe
def my_articles(request: HttpRequest) -> HttpResponse:
    """The person's own annotation sets in all projects, latest first."""
    filters = OwnSetsFilter(request.GET, user=person(request))
    sets = progress.own_sets(person(request).pk)
    if filters.is_valid():
        sets = filters.narrow(sets)
    page = page_of(request, sets, ("started_at", "pk"), descending=True)
    return render(request, "my_articles.html", {"page": page, "filters": filters})


@login_required
@require_POST
def reopen(request: HttpRequest, annotation_set: UUID) -> HttpResponse:
    """Take one's own submitted work up again."""
    move_set(actor=person(request), annotation_set_id=annotation_set, action="reopen")
    messages.success(request, _("Reopened: go on where you stopped, and submit it again."))
    return redirect("desk", annotation_set)
