"""Who belongs to a project: invitations by one-time link, roles, leaving, and a manager's link to reset a password."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused
from annotations.models import LinkPurpose, Membership, OneTimeLink, Project, Role, User
from annotations.selectors.projects import member_of
from annotations.services import accounts, audit

INVITATION_LASTS = timedelta(days=7)


@transaction.atomic
def invite(*, member: Membership, role: str) -> tuple[OneTimeLink, str]:
    """Make a link with which one person can join in this role within seven days; its secret is answered only here."""
    policies.check_can_manage(member)
    link, secret = accounts.make_link(
        purpose=LinkPurpose.INVITATION,
        lasts=INVITATION_LASTS,
        created_by=member.user,
        project=member.project,
        role=_checked_role(role),
    )
    audit.record("member.invited", actor=member.user, project=member.project_id, object=link.pk, role=role)
    return link, secret


@transaction.atomic
def withdraw_invitation(*, member: Membership, invitation: UUID) -> None:
    """The link of this invitation works no longer."""
    policies.check_can_manage(member)
    links = OneTimeLink.objects.filter(pk=invitation, project=member.project_id, purpose=LinkPurpose.INVITATION)
    if not links.filter(used_at=None, revoked_at=None).update(revoked_at=timezone.now()):
        raise NotFound(_("There is no such open invitation."))
    audit.record("invitation.withdrawn", actor=member.user, project=member.project_id, object=invitation)


@transaction.atomic
def join(*, secret: str, user: User) -> Membership:
    """Accept an invitation with an account that is there; the link is used up."""
    link = accounts.open_link(secret=secret, purpose=LinkPurpose.INVITATION)
    membership = _join(link, user)
    accounts.use_link(link=link, user=user)
    return membership


@transaction.atomic
def join_with_new_account(*, secret: str, username: str, password: str) -> Membership:
    """Accept an invitation and make the account; a refused name or password does not use the link up."""
    link = accounts.open_link(secret=secret, purpose=LinkPurpose.INVITATION)
    user = accounts.create_user(username=username, password=password)
    membership = _join(link, user)
    accounts.use_link(link=link, user=user)
    return membership


def _join(link: OneTimeLink, user: User) -> Membership:
    if link.project is None:
        raise NotFound(_("There is no such link. Please check that the whole address was copied."))
    audit.record("member.joined", actor=user, project=link.project, object=link.pk, role=link.role)
    return _enter(link.project, user, link.role)


def _enter(project: Project, user: User, role: str) -> Membership:
    _lock(project)
    membership, is_new = Membership.objects.get_or_create(project=project, user=user, defaults={"role": role})
    if not is_new and membership.removed_at is None:
        raise StateRefused(_("You are a member of this project already."))
    if not is_new:  # back again, with the work done before
        membership.role, membership.removed_at = role, None
        membership.save(update_fields=["role", "removed_at"])
    return membership


@transaction.atomic
def add_member(*, member: Membership, username: str, role: str) -> Membership:
    """Add somebody who is a member of another project this manager manages; anybody else joins by invitation.

    Raises:
        NotFound: no such person there (whether such an account exists elsewhere is not told).
        StateRefused: a member already.
    """
    policies.check_can_manage(member)
    role = _checked_role(role)
    managed = Membership.objects.filter(user=member.user, role=Role.MANAGER, removed_at=None).values("project")
    known = Membership.objects.filter(project__in=managed, user__username=username).select_related("user").first()
    if known is None:
        raise NotFound(_("None of your projects has such a member; send an invitation instead."))
    audit.record("member.added", actor=member.user, project=member.project, person=known.user, role=role)
    return _enter(member.project, known.user, role)


@transaction.atomic
def change_role(*, member: Membership, username: str, role: str) -> Membership:
    """Give a member another role; the last manager stays one."""
    policies.check_can_manage(member)
    role = _checked_role(role)
    changed = _locked_member(member.project, username)
    if role != Role.MANAGER:
        _check_not_last_manager(changed)
    roles = [changed.role, role]
    changed.role = role
    changed.save(update_fields=["role"])
    audit.record("member.role", actor=member.user, project=member.project, person=changed.user, role=roles)
    return changed


@transaction.atomic
def remove_member(*, member: Membership, username: str) -> Membership:
    """Take somebody out of the project; the work stays, and an invitation brings the person back to it."""
    policies.check_can_manage(member)
    removed = _locked_member(member.project, username)
    _check_not_last_manager(removed)
    removed.removed_at = timezone.now()
    removed.save(update_fields=["removed_at"])
    audit.record("member.removed", actor=member.user, project=member.project, person=removed.user, role=removed.role)
    return removed


@transaction.atomic
def restore_member(*, member: Membership, username: str) -> Membership:
    """Take somebody back who was removed, in the role the person had."""
    policies.check_can_manage(member)
    _lock(member.project)
    removed = Membership.objects.filter(project=member.project_id, user__username=username, removed_at__isnull=False)
    back = removed.select_related("user", "project").first()
    if back is None:
        raise NotFound(_("Nobody of this name was removed."))
    back.removed_at = None
    back.save(update_fields=["removed_at"])
    audit.record("member.restored", actor=member.user, project=member.project, person=back.user, role=back.role)
    return back


@transaction.atomic
def offer_password_reset(*, member: Membership, username: str) -> tuple[OneTimeLink, str]:
    """Make a link with which a member can choose a new password within two days; its secret is answered only here.

    Not for staff, nor for members of projects that somebody else manages: the link would open those, too.
    """
    policies.check_can_manage(member)
    person = member_of(member.project, username).user
    policies.check_can_reset_password(member, person)
    audit.record("password.link", actor=member.user, project=member.project, person=person)
    return accounts.make_link(
        purpose=LinkPurpose.PASSWORD_RESET,
        lasts=accounts.RESET_LASTS,
        created_by=member.user,
        project=member.project,
        user=person,
    )


def _lock(project: Project) -> None:
    """One at a time comes in, and nobody while the project goes into the bin: who then came in would be its member."""
    if Project.objects.select_for_update().get(pk=project.pk).binned_at is not None:
        raise NotFound(_("There is no such project."))


def _checked_role(role: str) -> str:
    if role not in Role.values:
        problem = FieldError("role", _("One of: %(roles)s.") % {"roles": ", ".join(Role.values)})
        raise InvalidData(_("There is no such role."), [problem])
    return role


def _locked_member(project: Project, username: str) -> Membership:
    # The project's row is the lock: two managers cannot remove each other at the same time.
    _lock(project)
    return member_of(project, username)


def _check_not_last_manager(leaving: Membership) -> None:
    managers = Membership.objects.filter(project=leaving.project_id, role=Role.MANAGER, removed_at=None)
    if leaving.role == Role.MANAGER and not managers.exclude(pk=leaving.pk).exists():
        raise StateRefused(_("A project needs a manager; make somebody else one first."))
