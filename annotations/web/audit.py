"""Pages of who did what when: of a project for its managers, of everything for superusers; as CSV, too."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations import policies
from annotations.formats.tables.columns import escape
from annotations.models import AuditEntry, Membership
from annotations.selectors.audit import ACTIONS, COLUMNS, audit_of_all, audit_of_project, audit_rows, entries_found
from annotations.services.audit import record_download
from annotations.web.forms.audit import AuditFilter
from annotations.web.http import person, project_page
from annotations.web.pages import page_of


@login_required
@require_safe
def project_audit(request: HttpRequest, slug: str) -> HttpResponse:
    """What was done in the project; HTMX gets the table alone while the filters change."""
    member = policies.check_member(user=person(request), slug=slug)
    context = _context(request, audit_of_project(member))
    if request.headers.get("HX-Request"):
        return render(request, "audit.html#found", context)
    return project_page(request, "audit.html", member=member, section="audit", context=context)


@login_required
@require_safe
def project_audit_download(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same entries as CSV, all of them."""
    member = policies.check_member(user=person(request), slug=slug)
    return _download(request, audit_of_project(member), member)


@login_required
@require_safe
def site_audit(request: HttpRequest) -> HttpResponse:
    """Everything that was done, sign-ins too."""
    context = _context(request, audit_of_all(person(request))) | {"everywhere": True}
    return render(request, "audit.html#found" if request.headers.get("HX-Request") else "site_audit.html", context)


@login_required
@require_safe
def site_audit_download(request: HttpRequest) -> HttpResponseBase:
    """The same entries as CSV, all of them."""
    return _download(request, audit_of_all(person(request)), None)


def _context(request: HttpRequest, entries: QuerySet[AuditEntry]) -> dict[str, Any]:
    filters = AuditFilter(request.GET)
    wanted = filters.wanted()
    page = page_of(request, entries_found(entries, **wanted), ("at", "id"), descending=True)
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    return {
        "filters": filters,
        "filtered": bool(wanted),
        "page": page,
        "entries": [(entry, ACTIONS.get(entry.action, entry.action), _told(entry)) for entry in page.rows],
        "query": query.urlencode(),
    }


def _told(entry: AuditEntry) -> list[tuple[str, str]]:
    """The details as words: what something was and is now stand with an arrow between them."""
    return [
        (name.replace("_", " "), " → ".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in entry.details.items()
    ]


def _download(request: HttpRequest, entries: QuerySet[AuditEntry], member: Membership | None) -> HttpResponseBase:
    wanted = AuditFilter(request.GET).wanted()
    record_download(actor=person(request), project=member.project if member else None)
    name = f"{member.project.slug}-audit.csv" if member else "audit.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    lines = _lines(entries_found(entries, **wanted))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


class _Line:
    """What `csv` writes to: it keeps nothing."""

    @staticmethod
    def write(line: str) -> bytes:
        """The line as it goes out."""
        return line.encode()


def _lines(entries: QuerySet[AuditEntry]) -> Iterator[bytes]:
    writer: Any = csv.writer(_Line(), lineterminator="\r\n")
    yield writer.writerow(COLUMNS)
    for row in audit_rows(entries):
        row["details"] = json.dumps(row["details"], ensure_ascii=False, sort_keys=True) if row["details"] else ""
        row["at"] = row["at"].isoformat()
        yield writer.writerow([escape(str(row[name] or "")) for name in COLUMNS])
