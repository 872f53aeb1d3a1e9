"""Pages of projects: the list, a new one, the overview with what to do next, settings, one's own articles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policies
from annotations.domain.errors import InvalidData
from annotations.models import Membership
from annotations.selectors import progress
from annotations.selectors.appeals import appeals_to_answer
from annotations.selectors.backups import backup_state
from annotations.selectors.bins import projects_in_bin
from annotations.selectors.comments import open_threads, unseen_comments
from annotations.selectors.dashboard import DAYS, dashboard_of
from annotations.selectors.disagreement_lists import Wanted, kind_counts
from annotations.selectors.guidelines import guideline_news
from annotations.selectors.kept import kept
from annotations.selectors.projects import memberships_of
from annotations.selectors.review import KIND_NAMES
from annotations.selectors.training import last_training_article, needs_training
from annotations.services import projects, queue
from annotations.web.forms import NewProjectForm, ProjectForm
from annotations.web.http import person, project_page
from annotations.web.next_steps import next_steps


@login_required
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """The projects the person is a member of."""
    user = person(request)
    context = {
        "memberships": memberships_of(user),
        "binned": projects_in_bin(user),
        "may_create": policies.can_create_projects(user),
    }
    return render(request, "project_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_project(request: HttpRequest) -> HttpResponse:
    """Make a project."""
    user = person(request)
    policies.check_can_create_projects(user)
    form = NewProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            project = projects.create_project(actor=user, **form.cleaned_data)
        except InvalidData as error:
            form.refuse(error)
        else:
            return redirect("project", project.slug)
    return render(request, "project_new.html", {"form": form})


@login_required
@require_safe
def project_home(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the work is, and what to do next."""
    member = policies.check_member(user=person(request), slug=slug)
    reviews = policies.can_review(member)
    counted = kept(
        f"overview-{member.pk}-{member.role}-{member.project.blind}-{get_language()}", lambda: _figures(member)
    )
    context = {
        **counted.figures,
        "counted_at": counted.at,
        "own": progress.own_progress(member) if policies.can_annotate(member) else None,
        "news": guideline_news(member),
        "answers": unseen_comments(member) if policies.can_annotate(member) else 0,
        "questions": open_threads(member) if reviews else 0,
        "steps": next_steps(member) if policies.can_manage(member) else [],
        "backup": backup_state() if policies.can_manage(member) else None,
        "reviews": reviews,
        "appeals": appeals_to_answer(member).count() if reviews else 0,
        "last_days": DAYS,
    }
    return project_page(request, "project.html", member=member, section="project", context=context)


def _figures(member: Membership) -> dict[str, Any]:
    """What is counted over all articles, as far as the member may see it."""
    reviews = policies.can_review(member)
    return {
        "progress": None if policies.is_blinded(member) else progress.project_progress(member),
        "annotators": progress.progress_by_annotator(member) if reviews else [],
        "dashboard": dashboard_of(member) if policies.can_manage(member) else None,
        "kinds": _open_kinds(member) if reviews else [],
    }


def _open_kinds(member: Membership) -> list[tuple[str, str, int]]:
    """Open disagreements by kind: its filter, its name, how many."""
    return [(kind, str(KIND_NAMES[kind]), count) for kind, count in kind_counts(member, Wanted(state="open"))]


@login_required
@require_http_methods(["GET", "POST"])
def project_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Name, description and rules of the project."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    project = member.project
    form = ProjectForm(request.POST or None, initial=ProjectForm.values_of(project))
    if request.method == "POST" and form.is_valid():
        try:
            projects.change_project(member=member, **form.cleaned_data)
        except InvalidData as error:
            form.refuse(error)
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("project-settings", slug)
    return project_page(
        request, "project_settings.html", member=member, section="project-settings", context={"form": form}
    )


@login_required
@require_POST
def archive_project(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the project aside, or take it out again."""
    member = policies.check_member(user=person(request), slug=slug)
    archived = request.POST.get("archived") == "yes"
    projects.archive_project(member=member, archived=archived)
    messages.success(request, _("The project is archived.") if archived else _("The project is in use again."))
    return redirect("project-settings", slug)


@login_required
@require_POST
def next_article(request: HttpRequest, slug: str) -> HttpResponse:
    """Claim the next article of the queue and go to its desk; after one of training, to how it went first."""
    member = policies.check_member(user=person(request), slug=slug)
    trained_on = last_training_article(member)
    if trained_on is not None and request.session.get("training_shown") != str(trained_on):
        request.session["training_shown"] = str(trained_on)
        return redirect("article-feedback", trained_on)
    claim = queue.claim_next_article(actor=person(request), slug=slug)
    if claim is None and needs_training(member):
        messages.info(request, _("You have labelled all that is there for training. A manager looks at how it went."))
        return redirect("project", slug)
    if claim is None:
        messages.info(request, _("There is no article for you to label now. New ones come with the next import."))
        return redirect("project", slug)
    return redirect("desk", claim.pk)
