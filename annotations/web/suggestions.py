"""Suggestions: beside the text of the desk, and for managers how good each engine is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotations import policies
from annotations.selectors.desk import LabelSign, Palette, shortened
from annotations.selectors.engines import EngineRecord, engines_judged, verdicts_on, with_quotes
from annotations.selectors.suggestions import Suggestion, last_rejected
from annotations.services.suggestions import show_suggestions, switch_engine
from annotations.web.forms.suggestions import VerdictsFilter
from annotations.web.http import person, project_page
from annotations.web.pages import page_of

MOST: Final = 100
"""So many are shown at once, the next when these are judged: each is painted again after every edit."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion as the desk lists it."""

    suggestion: Suggestion
    label: LabelSign

    @property
    def quote(self) -> str:
        """Its words on one line."""
        return shortened(self.suggestion.quote)

    @property
    def engines(self) -> str:
        """Why it is offered, or by which model."""
        return ", ".join(engine_reasons().get(name, name) for name in self.suggestion.proposal.engines)

    @property
    def data(self) -> str:
        """What the scripts need of it."""
        return json.dumps(self.suggestion.as_json(), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class EngineRow:
    """An engine on a label as the page shows it."""

    record: EngineRecord
    name: str

    @property
    def percent(self) -> int | None:
        """How much of what was judged was accepted or edited."""
        return None if self.record.precision is None else round(100 * self.record.precision)

    @property
    def latest_percent(self) -> int | None:
        """The same of the latest verdicts."""
        return None if self.record.latest_precision is None else round(100 * self.record.latest_precision)


def engine_names() -> dict[str, str]:
    """What the engines are called; a set that was imported has its own name."""
    return {
        "repetition": _("Repetition"),
        "dictionary": _("Dictionary"),
        "gazetteer": _("Places"),
        "quotes": _("Quotes"),
    }


def engine_reasons() -> dict[str, str]:
    """Why each of them suggests something, in two words."""
    return {
        "repetition": _("labelled above"),
        "dictionary": _("labelled elsewhere"),
        "gazetteer": _("a place"),
        "quotes": _("a quotation"),
    }


@login_required
@require_safe
def desk_suggestions(request: HttpRequest, set_id: UUID) -> HttpResponse:
    """The suggestions that are left, for the desk."""
    member, annotation_set = policies.check_member_by_set(user=person(request), set_id=set_id)
    found = show_suggestions(member=member, annotation_set=annotation_set)
    signs = {sign.key: sign for sign in Palette(member.project_id).active}
    rejected = last_rejected(annotation_set)
    context = {
        "offers": [Offer(each, signs[each.proposal.label]) for each in found[:MOST]],
        "total": len(found),
        "more": max(0, len(found) - MOST),
        "rejected": json.dumps(rejected) if rejected else "",
    }
    return render(request, "suggestions_desk.html", context)


@login_required
@require_safe
def engines(request: HttpRequest, slug: str) -> HttpResponse:
    """How much of what each engine offers is accepted, by label."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    names = engine_names()
    rows = [EngineRow(each, names.get(each.engine, each.engine)) for each in engines_judged(member.project)]
    context = {"engines": rows, "on": member.project.suggestions}
    return project_page(request, "suggestions.html", member=member, section="suggestions", context=context)


@login_required
@require_safe
def verdicts(request: HttpRequest, slug: str) -> HttpResponse:
    """The words behind the counts, latest first."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    names = engine_names()
    filters = VerdictsFilter(request.GET, project=member.project, names=names)
    values: dict[str, Any] = filters.cleaned_data if filters.is_valid() else {}
    page = page_of(request, verdicts_on(member.project, **values), ("at", "pk"), descending=True)
    found = [(each, names.get(each.verdict.engine, each.verdict.engine)) for each in with_quotes(page.rows)]
    context = {"filters": filters, "page": page, "found": found}
    return project_page(request, "suggestion_verdicts.html", member=member, section="suggestions", context=context)


@login_required
@require_POST
def switch(request: HttpRequest, slug: str) -> HttpResponse:
    """Switch an engine off for a label, or on again."""
    member = policies.check_member(user=person(request), slug=slug)
    is_on = request.POST.get("is_on") == "yes"
    switched = switch_engine(
        member=member, engine=request.POST.get("engine", ""), label=request.POST.get("label", ""), is_on=is_on
    )
    sentence = _("“%(engine)s” suggests %(label)s again.") if is_on else _("“%(engine)s” suggests %(label)s no more.")
    name = engine_names().get(switched.engine, switched.engine)
    messages.success(request, sentence % {"engine": name, "label": switched.label.name})
    return redirect("suggestions", slug)
