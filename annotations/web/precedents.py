"""Pages of precedents: all of a project, writing and changing them, and those that speak to a piece of text."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policies
from annotations.domain.errors import InvalidData
from annotations.selectors.guidelines import current_guideline
from annotations.selectors.precedents import precedents_in, similar_precedents
from annotations.services.precedents import change_precedent, create_precedent
from annotations.web.forms.review import PrecedentForm
from annotations.web.http import person, project_page
from annotations.web.pages import page_of

_MOST_FRAGMENTS = 100


@login_required
@require_http_methods(["GET", "POST"])
def precedents(request: HttpRequest, slug: str) -> HttpResponse:
    """The project's precedents: drafts first, then those of each version; a form to write one."""
    member = policies.check_member(user=person(request), slug=slug)
    reviews = policies.can_review(member)
    form = PrecedentForm(request.POST or None, member=member)
    if request.method == "POST":
        policies.check_can_review(member)
        if form.is_valid():
            create_precedent(member=member, **form.cleaned_data)
            messages.success(request, _("Written down; it goes into the next version of the guideline."))
            return redirect("precedents", slug)
    last = current_guideline(member.project)
    context: dict[str, Any] = {
        "drafts": precedents_in(member, "draft").order_by("-at", "-pk"),
        "page": page_of(request, precedents_in(member, "in_force"), ("at", "pk"), descending=True),
        "withdrawn": precedents_in(member, "withdrawn").order_by("-withdrawn_at")[:50] if reviews else [],
        "form": form,
        "reviews": reviews,
        "manages": policies.can_manage(member),
        "next_number": last.number + 1 if last else 1,
        "labels": form.fields["label"].choices,  # type: ignore[attr-defined]
    }
    return project_page(request, "precedents.html", member=member, section="precedents", context=context)


@login_required
@require_POST
def precedent(request: HttpRequest, slug: str, precedent_id: UUID) -> HttpResponse:
    """Change the words of a draft, take a precedent back, or bring it back."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    given: dict[str, Any] = {name: request.POST[name] for name in ("rule", "quote", "label") if name in request.POST}
    if "withdrawn" in request.POST:
        given["withdrawn"] = request.POST["withdrawn"] == "1"
    if not given:
        raise InvalidData(_("Say what is to be changed."))
    change_precedent(actor=person(request), precedent_id=precedent_id, **given)
    messages.success(request, _("The precedent is changed."))
    return redirect("precedents", slug)


@login_required
@require_safe
def similar(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """The precedents that speak to the words `at` these places of an article; a part of a page."""
    member, article = policies.check_member_by_article(user=person(request), article_id=article_id)
    fragments = _places(request.GET.get("at", ""), article.characters)
    label = request.GET.get("label", "")[:40]
    found = similar_precedents(member, article, fragments, label) if fragments else []
    return render(request, "similar_precedents.html", {"found": found, "project": member.project})


def _places(text: str, most: int) -> tuple[tuple[int, int], ...]:
    """`120-161,175-230` as fragments, within the text."""
    try:
        pairs = [part.split("-") for part in text.split(",") if part][:_MOST_FRAGMENTS]
        found = [(max(0, int(start)), min(most, int(end))) for start, end in pairs]
    except ValueError:
        raise InvalidData(_("A range is written 120-161; several are separated by commas.")) from None
    return tuple((start, end) for start, end in found if start < end)
