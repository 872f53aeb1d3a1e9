"""Writing down who did what: called by the service that does it, in its transaction, so that neither is there alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from structlog.contextvars import get_contextvars

from annotations.models import AuditEntry, Project, User

_LONGEST: Final = 200


def record(
    action: str,
    *,
    actor: User | None,
    project: Project | UUID | None = None,
    person: User | None = None,
    object: object = "",  # noqa: A002 - as the column
    **details: Any,
) -> None:
    """Add an entry; `action` is one of `selectors.audit.ACTIONS`, `actor` None for the operator at the command line.

    Raises:
        TransactionManagementError: not inside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("An audit entry belongs to the transaction of what it tells.")
    context = get_contextvars()
    AuditEntry.objects.create(
        action=action,
        actor=actor,
        project_id=project.pk if isinstance(project, Project) else project,
        person=person,
        object=str(object)[:_LONGEST],
        details={key: value for key, value in details.items() if value not in (None, "", {}, [])},
        token=context.get("token"),
        request_id=context.get("request_id", ""),
    )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What is different: `{name: [before, after]}`."""
    return {key: [before[key], after[key]] for key in after if before[key] != after[key]}


@transaction.atomic
def record_download(*, actor: User, project: Project | None) -> None:
    """Whoever takes the audit away is in it."""
    record("audit.exported", actor=actor, project=project)
