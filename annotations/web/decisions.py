"""Decisions that stand, by the guideline they were made under; those before a rule can go into review again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotations import policies
from annotations.domain.errors import InvalidData, NotFound
from annotations.models import Membership
from annotations.selectors.decisions import decisions_listed, quotes_of, versions_decided_under
from annotations.selectors.precedents import precedents_visible_to
from annotations.services.requeue import requeue_decisions, undo_requeue
from annotations.web.http import person, project_page, uuid_in

_PAGE = 50
_AT_ONCE = 5_000


@login_required
@require_safe
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """All decisions that stand, or those before a version or a precedent, with the button that re-queues them."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    wanted = _wanted(member, request.GET)
    page = Paginator(decisions_listed(member, **wanted), _PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    rows = quotes_of(shown)
    counts = versions_decided_under(member)
    context: dict[str, Any] = {
        "page": page,
        "decisions": [(each, rows.get(each.disagreement) if each.disagreement else None) for each in shown],
        "versions": counts,
        "newest": max((each.number or 0 for each in counts), default=0),
        "wanted": wanted,
        "undo": uuid_in(request.GET, "undo"),
    }
    return project_page(request, "decisions.html", member=member, section="review", context=context)


@login_required
@require_POST
def requeue(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the decisions that the filters leave into review again."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    wanted = _wanted(member, request.POST)
    if not wanted:
        raise InvalidData(_("Say which decisions: before which version, or before which precedent."))
    keys = list(decisions_listed(member, **wanted).values_list("pk", flat=True)[:_AT_ONCE])
    done = requeue_decisions(member=member, decisions=keys)
    count = done.decisions
    said = ngettext("%(n)d decision is to be looked at again.", "%(n)d decisions are to be looked at again.", count)
    messages.success(request, said % {"n": count})
    return redirect(reverse("decisions", args=[slug], query={"undo": done.batch} if count else {}))


@login_required
@require_POST
def requeue_undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Take such a step back."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    batch = uuid_in(request.POST, "batch")
    if batch is None:
        raise InvalidData(_("Say what is to be undone."))
    count = undo_requeue(member=member, batch=batch)
    said = ngettext("%(n)d decision stands as before.", "%(n)d decisions stand as before.", count)
    messages.success(request, said % {"n": count})
    return redirect("decisions", slug)


def _wanted(member: Membership, given: QueryDict) -> dict[str, Any]:
    """The filters of the list: `version`, `before` (numbers) or `precedent` (an id)."""
    wanted: dict[str, Any] = {}
    for name in ("version", "before"):
        text = given.get(name, "")
        if text:
            if not text.isascii() or not text.isdigit() or len(text) > 9:
                raise InvalidData(_("Versions of the guideline are numbers."))
            wanted[name] = int(text)
    key = uuid_in(given, "precedent")
    if key is not None:
        wanted["precedent"] = precedents_visible_to(member).filter(pk=key).first()
        if wanted["precedent"] is None:
            raise NotFound(_("There is no such precedent."))
    return wanted
