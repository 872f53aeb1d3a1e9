"""The bin of a project: what managers took out of it, what went with it, and bringing it back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policies
from annotations.domain.errors import InvalidData, NotFound
from annotations.models import Membership, Purpose
from annotations.selectors.articles import articles_listed
from annotations.selectors.bins import (
    affected_by_binning,
    batches_in_bin,
    contents_of,
    labels_archived,
    members_removed,
)
from annotations.services import bins, members
from annotations.web.forms import ArticlesFilter, BinProjectForm
from annotations.web.http import person, project_page


@login_required
@require_safe
def bin_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Articles by what put them there, members who were removed, labels that are archived: each can come back."""
    member = policies.check_member(user=person(request), slug=slug)
    context = {
        "batches": batches_in_bin(member),
        "removed": members_removed(member),
        "archived": labels_archived(member),
    }
    return project_page(request, "bin.html", member=member, section="bin", context=context)


@login_required
@require_http_methods(["GET", "POST"])
def bin_new(request: HttpRequest, slug: str) -> HttpResponse:
    """What would go into the bin, counted; then putting it there."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    query = request.POST if request.method == "POST" else request.GET
    chosen = _chosen(member, query)
    if request.method == "POST":
        batch = bins.bin_articles(member=member, article_ids=chosen)
        return redirect(f"{reverse('bin', args=[slug])}#b{batch}")
    context = {"affected": affected_by_binning(chosen), "fields": query.items(), "most": bins.MOST}
    return project_page(request, "bin_new.html", member=member, section="articles", context=context)


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, batch: UUID) -> HttpResponse:
    """Bring back what one action put there."""
    member = policies.check_member(user=person(request), slug=slug)
    count = bins.restore_batch(member=member, batch=batch)
    sentence = ngettext(
        "%(n)d article is back, with all work on it.", "%(n)d articles are back, with all work on them.", count
    )
    messages.success(request, sentence % {"n": count})
    return redirect("bin", slug)


@login_required
@require_http_methods(["GET", "POST"])
def bin_project(request: HttpRequest, slug: str) -> HttpResponse:
    """What would go into the bin with the whole project, counted; then putting it there, by its name."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    form = BinProjectForm(request.POST or None, project=member.project)
    if request.method == "POST" and form.is_valid():
        bins.bin_project(member=member)
        messages.success(
            request, _("“%(name)s” is in the bin; it can be restored here.") % {"name": member.project.name}
        )
        return redirect("projects")
    context = {"contents": contents_of(member.project), "form": form}
    status = 400 if request.method == "POST" else 200
    return project_page(
        request, "bin_project.html", member=member, section="project-settings", context=context, status=status
    )


@login_required
@require_POST
def restore_project(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring a project back to all who were its members."""
    project = bins.restore_project(actor=person(request), slug=slug)
    messages.success(request, _("“%(name)s” is back, for all who were its members.") % {"name": project.name})
    return redirect("project", slug)


@login_required
@require_POST
def restore_member(request: HttpRequest, slug: str, username: str) -> HttpResponse:
    """Take somebody back who was removed."""
    member = policies.check_member(user=person(request), slug=slug)
    back = members.restore_member(member=member, username=username)
    messages.success(request, _("%(name)s is a member again.") % {"name": back.user.username})
    return redirect("bin", slug)


def _chosen(member: Membership, query: QueryDict) -> list[UUID]:
    """The one article that is named, else all that the filters of the list leave, one more than allowed at most."""
    if "article" in query:
        try:
            return [UUID(str(query["article"]))]
        except ValueError:
            raise NotFound(_("There is no such article in the project.")) from None
    filters = ArticlesFilter(query)
    if not filters.is_valid():
        raise InvalidData(_("These filters cannot be read."))
    articles = articles_listed(member, **filters.cleaned_data)
    if query.get("purpose", "") in Purpose.values:
        articles = articles.filter(purpose=query["purpose"])
    return list(articles.order_by("pk").values_list("pk", flat=True)[: bins.MOST + 1])
