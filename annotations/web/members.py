"""Pages of members: who is in the project, invitations, roles, leaving, a link to reset a password."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotations import policies
from annotations.models import Membership, Role
from annotations.selectors.projects import members_of, open_invitations_of
from annotations.services import members
from annotations.web.forms import RoleForm
from annotations.web.http import person, project_page


@login_required
@require_safe
def member_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody in the project; managers also see the open invitations."""
    return _members_page(request, _member(request, slug))


@login_required
@never_cache
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Make an invitation; the answer is the only place where its link is shown."""
    member = _member(request, slug)
    form = RoleForm(request.POST)
    if not form.is_valid():
        policies.check_can_manage(member)
        return _members_page(request, member, form=form, status=400)
    link, secret = members.invite(member=member, role=form.cleaned_data["role"])
    address = request.build_absolute_uri(reverse("invitation", args=[secret]))
    return _members_page(
        request, member, link={"address": address, "role": Role(link.role).label, "until": link.expires_at}
    )


@login_required
@require_POST
def withdraw_invitation(request: HttpRequest, slug: str, invitation: UUID) -> HttpResponse:
    """End an invitation that nobody has accepted."""
    members.withdraw_invitation(member=_member(request, slug), invitation=invitation)
    messages.success(request, _("The invitation is withdrawn; its link works no longer."))
    return redirect("members", slug)


@login_required
@require_POST
def change_role(request: HttpRequest, slug: str, username: str) -> HttpResponse:
    """Give a member another role."""
    member = _member(request, slug)
    changed = members.change_role(member=member, username=username, role=request.POST.get("role", ""))
    what = {"name": changed.user.username, "role": changed.get_role_display()}
    messages.success(request, _("%(name)s: %(role)s.") % what)
    return redirect("members" if policies.can_review(_fresh(member)) else "project", slug)


@login_required
@require_POST
def remove_member(request: HttpRequest, slug: str, username: str) -> HttpResponse:
    """Take somebody out of the project."""
    member = _member(request, slug)
    removed = members.remove_member(member=member, username=username)
    messages.success(request, _("%(name)s is no longer a member; the work stays.") % {"name": removed.user.username})
    return redirect("projects") if removed.pk == member.pk else redirect("members", slug)


@login_required
@never_cache
@require_POST
def offer_password_reset(request: HttpRequest, slug: str, username: str) -> HttpResponse:
    """Make a link with which a member chooses a new password; shown only in this answer."""
    member = _member(request, slug)
    link, secret = members.offer_password_reset(member=member, username=username)
    address = request.build_absolute_uri(reverse("password-reset", args=[secret]))
    return _members_page(request, member, link={"address": address, "username": username, "until": link.expires_at})


def _member(request: HttpRequest, slug: str) -> Membership:
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    return member


def _fresh(member: Membership) -> Membership:
    return Membership.objects.select_related("project").get(pk=member.pk)


def _members_page(
    request: HttpRequest,
    member: Membership,
    *,
    form: RoleForm | None = None,
    link: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    manages = policies.can_manage(member)
    context = {
        "members": members_of(member.project),
        "invitations": open_invitations_of(member.project) if manages else [],
        "manages": manages,
        "form": form or RoleForm(),
        "roles": Role.choices,
        "link": link,
    }
    return project_page(request, "members.html", member=member, section="members", context=context, status=status)
