"""The projects of a person, and the members, invitations and labels of a project."""

from __future__ import annotations

from django.db.models import Case, Count, F, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.domain.errors import NotFound
from annotations.models import (
    Label,
    LinkPurpose,
    Membership,
    OneTimeLink,
    Project,
    RelationLabel,
    Role,
    User,
)


def memberships_of(user: User) -> QuerySet[Membership]:
    """The person's memberships with their projects, those in use first, by name; practice is not among them."""
    return (
        Membership.objects.filter(user=user, removed_at=None, project__is_practice=False)
        .select_related("project", "user")
        .order_by("project__archived_at", "project__name", "project_id")
    )


def projects_of(user: User) -> QuerySet[Project]:
    """The projects the person is a member of; practice is not among them."""
    return Project.objects.filter(memberships__user=user, memberships__removed_at=None, is_practice=False).order_by(
        "pk"
    )


def members_of(project: Project) -> QuerySet[Membership]:
    """Everybody who is a member, managers first, then by name."""
    return (
        Membership.objects.filter(project=project, removed_at=None)
        .select_related("user", "project")
        .order_by(Case(*(When(role=role, then=place) for place, role in enumerate(Role.values))), "user__username")
    )


def member_of(project: Project, username: str) -> Membership:
    """One member.

    Raises:
        NotFound: nobody of this name is a member.
    """
    found = members_of(project).filter(user__username=username).first()
    if found is None:
        raise NotFound(_("There is no such member."))
    return found


def open_invitations_of(project: Project) -> QuerySet[OneTimeLink]:
    """Invitations that can still be accepted, newest first."""
    return (
        OneTimeLink.objects.filter(
            project=project,
            purpose=LinkPurpose.INVITATION,
            used_at=None,
            revoked_at=None,
            expires_at__gt=timezone.now(),
        )
        .select_related("created_by", "project")
        .order_by("-created_at")
    )


def labels_of(project: Project) -> QuerySet[Label]:
    """All labels with their attributes: those in use by position, then the archived ones."""
    return project.labels.prefetch_related("attributes").order_by(
        F("archived_at").asc(nulls_first=True), "position", "pk"
    )


def relation_labels_of(project: Project) -> QuerySet[RelationLabel]:
    """All relation labels with the labels they link: those in use by position, then the archived ones."""
    return project.relation_labels.select_related("source_label", "target_label").order_by(
        F("archived_at").asc(nulls_first=True), "position", "pk"
    )


def label_of(project: Project, key: str) -> Label:
    """One label.

    Raises:
        NotFound: the project has no such label.
    """
    found = labels_of(project).filter(key=key).first()
    if found is None:
        raise NotFound(_("There is no such label."))
    return found


def relation_label_of(project: Project, key: str) -> RelationLabel:
    """One relation label.

    Raises:
        NotFound: the project has no such relation label.
    """
    found = relation_labels_of(project).filter(key=key).first()
    if found is None:
        raise NotFound(_("There is no such relation label."))
    return found


def roles_held(project: Project) -> dict[str, int]:
    """How many members have each role."""
    counted = members_of(project).order_by().values_list("role").annotate(Count("pk"))
    return dict(counted)
