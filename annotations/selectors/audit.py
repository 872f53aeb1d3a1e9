"""Reading who did what: of one project for its managers, of everything for the operator."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations import policies
from annotations.domain.errors import NotAllowed
from annotations.models import AuditEntry, Membership, User

ACTIONS: Final = {
    "sign_in": gettext_lazy("signed in"),
    "sign_in.failed": gettext_lazy("failed to sign in"),
    "sign_out": gettext_lazy("signed out"),
    "account.created": gettext_lazy("made an account"),
    "password.changed": gettext_lazy("changed the password"),
    "password.reset": gettext_lazy("set a new password by a link"),
    "password.link": gettext_lazy("made a link for a new password"),
    "token.created": gettext_lazy("made a token"),
    "token.revoked": gettext_lazy("revoked a token"),
    "project.created": gettext_lazy("made the project"),
    "project.changed": gettext_lazy("changed the settings"),
    "project.archived": gettext_lazy("archived the project"),
    "project.restored": gettext_lazy("took the project into use again"),
    "member.invited": gettext_lazy("made an invitation"),
    "invitation.withdrawn": gettext_lazy("withdrew an invitation"),
    "member.joined": gettext_lazy("joined"),
    "member.added": gettext_lazy("added a member"),
    "member.role": gettext_lazy("gave another role"),
    "member.removed": gettext_lazy("removed a member"),
    "member.restored": gettext_lazy("took a member back"),
    "member.trained": gettext_lazy("opened or closed real work"),
    "label.created": gettext_lazy("made a label"),
    "label.changed": gettext_lazy("changed a label"),
    "label.archived": gettext_lazy("archived a label"),
    "label.restored": gettext_lazy("took a label into use again"),
    "attribute.saved": gettext_lazy("saved an attribute"),
    "attribute.removed": gettext_lazy("removed an attribute"),
    "guideline.published": gettext_lazy("published a guideline"),
    "engine.switched": gettext_lazy("switched a suggestion engine"),
    "articles.imported": gettext_lazy("imported articles"),
    "import.undone": gettext_lazy("undid an import"),
    "articles.assigned": gettext_lazy("assigned articles"),
    "assignment.withdrawn": gettext_lazy("withdrew an assignment"),
    "articles.marked": gettext_lazy("changed what articles are for"),
    "project.binned": gettext_lazy("put the project into the bin"),
    "project.unbinned": gettext_lazy("brought the project back out of the bin"),
    "articles.binned": gettext_lazy("put articles into the bin"),
    "articles.restored": gettext_lazy("took articles out of the bin"),
    "bin.emptied": gettext_lazy("emptied the bin"),
    "export.opened": gettext_lazy("exported"),
    "release.made": gettext_lazy("made a release"),
    "release.taken": gettext_lazy("took a release"),
    "webhook.created": gettext_lazy("made a webhook"),
    "webhook.deleted": gettext_lazy("deleted a webhook"),
    "decision.made": gettext_lazy("decided"),
    "decision.undone": gettext_lazy("took decisions back"),
    "decision.requeued": gettext_lazy("put decisions into review again"),
    "gold.done": gettext_lazy("finished gold"),
    "gold.reopened": gettext_lazy("opened gold again"),
    "audit.exported": gettext_lazy("exported this log"),
}  # fmt: skip


def audit_of_project(member: Membership) -> QuerySet[AuditEntry]:
    """What was done in the project; for its managers.

    Raises:
        NotAllowed: as `policies` says.
    """
    policies.check_can_manage(member)
    return AuditEntry.objects.filter(project=member.project_id).select_related("actor", "person", "project")


def audit_of_all(user: User) -> QuerySet[AuditEntry]:
    """Everything, sign-ins too; for superusers.

    Raises:
        NotAllowed: somebody else.
    """
    if not user.is_superuser:
        raise NotAllowed(_("Only the operator sees what was done everywhere."))
    return AuditEntry.objects.select_related("actor", "person", "project")


def entries_found(
    entries: QuerySet[AuditEntry],
    *,
    search: str = "",
    action: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEntry]:
    """Those that fit: `search` is a part of a person's name or of the object, the days are in UTC, both included."""
    if search:
        named = Q(actor__username__icontains=search) | Q(person__username__icontains=search)
        entries = entries.filter(named | Q(object__icontains=search))
    if action:
        entries = entries.filter(action=action)
    if since:
        entries = entries.filter(at__date__gte=since)
    if until:
        entries = entries.filter(at__date__lte=until)
    return entries


def entry_json(entry: AuditEntry) -> dict[str, Any]:
    """The wire form."""
    return {
        "id": str(entry.pk),
        "at": entry.at,
        "actor": entry.actor.username if entry.actor else None,
        "action": entry.action,
        "project": entry.project.slug if entry.project else None,
        "person": entry.person.username if entry.person else None,
        "object": entry.object,
        "details": entry.details,
        "token": str(entry.token) if entry.token else None,
        "request_id": entry.request_id,
    }


COLUMNS: Final = ("at", "actor", "action", "project", "person", "object", "details", "token", "request_id")


def audit_rows(entries: QuerySet[AuditEntry]) -> Iterator[dict[str, Any]]:
    """All of them in the wire form, oldest first, as a stream."""
    for entry in entries.order_by("at", "id").iterator(chunk_size=1_000):
        yield entry_json(entry)
