"""The page on which a manager gives articles to somebody by name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from annotations import policies
from annotations.domain.errors import InvalidData
from annotations.models import Membership
from annotations.selectors.articles import articles_listed
from annotations.selectors.assignments import annotators_of, assignable, assignments_of
from annotations.services.assignments import MOST, Assigned, assign_articles, withdraw_assignment
from annotations.web.forms import ArticlesFilter, PageForm
from annotations.web.http import person, project_page
from annotations.web.pages import page_of

_SHOWN = 200


class AssignmentForm(PageForm):
    """To whom, and how many of the articles that fit if none is ticked."""

    annotator = forms.ChoiceField(label=gettext_lazy("To"))
    first = forms.IntegerField(
        label=gettext_lazy("How many of the list, if none is ticked"),
        required=False,
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"class": "short"}),
    )

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["annotator"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def assignments(request: HttpRequest, slug: str) -> HttpResponse:
    """Articles that still need annotators, to be ticked and given to a member; what was given and is in hand."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    filters = ArticlesFilter(request.GET)
    form = AssignmentForm(request.POST or None, names=annotators_of(member))
    if request.method == "POST" and form.is_valid():
        try:
            assigned = _assign(request, member, filters, form.cleaned_data)
        except InvalidData as error:
            form.refuse(error)
        else:
            _say(request, assigned, form.cleaned_data["annotator"])
            return redirect(request.get_full_path())
    context = {
        "page": page_of(request, _found(member, filters), ("priority", "pk")),
        "filters": filters,
        "form": form,
        "in_hand": assignments_of(member).order_by("annotator__username", "started_at", "pk")[:_SHOWN],
    }
    return project_page(request, "assignments.html", member=member, section="articles", context=context)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, set_id: UUID) -> HttpResponse:
    """Give an assigned article back to the queue."""
    member = policies.check_member(user=person(request), slug=slug)
    withdraw_assignment(member=member, annotation_set_id=set_id)
    messages.success(request, _("The article is back in the queue."))
    return redirect("assignments", slug)


def _found(member: Membership, filters: ArticlesFilter) -> Any:
    values: dict[str, Any] = filters.cleaned_data if filters.is_valid() else {}
    return assignable(articles_listed(member, **values))


def _assign(request: HttpRequest, member: Membership, filters: ArticlesFilter, values: dict[str, Any]) -> Assigned:
    try:
        ticked = [UUID(text) for text in request.POST.getlist("articles")]
    except ValueError:
        raise InvalidData(_("This address is not complete.")) from None
    if not ticked and values["first"]:
        others = _found(member, filters).exclude(annotation_sets__annotator__username=values["annotator"])
        ticked = list(others.order_by("priority", "pk").values_list("pk", flat=True)[: values["first"]])
    if not ticked:
        raise InvalidData(_("Tick some articles, or say how many of the list."))
    return assign_articles(member=member, username=values["annotator"], article_ids=ticked)


def _say(request: HttpRequest, assigned: Assigned, name: str) -> None:
    count = len(assigned.sets)
    said = ngettext("%(n)d article is assigned to %(name)s.", "%(n)d articles are assigned to %(name)s.", count)
    messages.success(request, said % {"n": count, "name": name})
    for reason in sorted(set(assigned.refused.values())):
        times = list(assigned.refused.values()).count(reason)
        said = ngettext("%(n)d article was not: %(reason)s", "%(n)d articles were not: %(reason)s", times)
        messages.warning(request, said % {"n": times, "reason": reason})
