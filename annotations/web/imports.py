"""Bringing files in: the page to drop them on, the preview, how far an import is, what became of it, and its undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from annotations import policies
from annotations.domain.errors import InvalidData, TooLarge
from annotations.formats import NAMES, READERS
from annotations.formats.tables.columns import COLUMNS
from annotations.models import Job, JobState, Membership
from annotations.selectors.import_preview import preview_of
from annotations.selectors.imports import file_names, import_of, imports_of, report_rows, what_prevents_undo
from annotations.selectors.jobs import is_at_work, is_forgotten
from annotations.selectors.projects import labels_of, relation_labels_of
from annotations.services.imports.undoing import undo_import
from annotations.services.imports.uploads import MAX_TOTAL, prepare_import, start_import, stop_import, upload_files
from annotations.web.forms.imports import ImportOptionsForm, formats_of
from annotations.web.http import person, project_page
from annotations.web.pages import page_of

_FORMATS = [(key, NAMES[key]) for key in READERS]


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """The page to drop files on, and the imports so far; files that came go on to their preview."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    error = ""
    if request.method == "POST":
        files = [(file.name or "", "", file) for file in request.FILES.getlist("file")]
        try:
            return redirect("import", slug, upload_files(member=member, files=files).pk)  # type: ignore[arg-type]
        except (InvalidData, TooLarge) as refused:
            error = refused.detail
    page = page_of(request, imports_of(member), ("created_at", "pk"), descending=True)
    context = {
        "error": error,
        "page": page,
        "rows": [(job, file_names(job)) for job in page.rows],
        "most": MAX_TOTAL // 2**20,
    }
    return project_page(request, "imports.html", member=member, section="imports", context=context)


@login_required
@require_http_methods(["GET", "POST"])
def import_page(request: HttpRequest, slug: str, job_id: UUID) -> HttpResponse:
    """One import: being prepared, under way, or done, with what became of it."""
    member = policies.check_member(user=person(request), slug=slug)
    job = import_of(member, job_id)
    if job.state == JobState.DRAFT:
        return _draft(request, member, job)
    if request.method == "POST":
        return redirect("import", slug, job_id)
    if request.headers.get("HX-Request"):
        context = {"job": job, "project": member.project, "forgotten": is_forgotten(job)}
        response = render(request, "import.html#progress", context)
        if not is_at_work(job):
            response["HX-Refresh"] = "true"
        return response
    context = {
        "job": job,
        "names": file_names(job),
        "under_way": is_at_work(job),
        "forgotten": is_forgotten(job),
        "undone": job.arguments.get("undone"),
        "prevented": what_prevents_undo(job),
    }
    return project_page(request, "import.html", member=member, section="imports", context=context)


def _draft(request: HttpRequest, member: Membership, job: Job) -> HttpResponse:
    """The preview, again whenever an option changes; `start` hands it to the worker."""
    form = ImportOptionsForm(initial=job.arguments["options"])
    if request.method == "POST":
        form = ImportOptionsForm(request.POST)
        if form.is_valid():
            try:
                options = form.options(request.POST)
                formats = formats_of(request.POST)
                job = prepare_import(member=member, job_id=job.pk, options=options, formats=formats)
                if "start" in request.POST:
                    start_import(member=member, job_id=job.pk)
                    return redirect("import", member.project.slug, job.pk)
            except InvalidData as error:
                form.refuse(error)
    preview = preview_of(job)
    given = job.arguments["options"]
    context: dict[str, Any] = {
        "job": job,
        "form": form,
        "files": list(enumerate(job.arguments["files"])),
        "formats": _FORMATS,
        "preview": preview,
        "labels": [
            (label, times, is_known, given["labels"].get(label, label)) for label, times, is_known in preview.labels
        ],
        "relations": [
            (found, given.get("relation_labels", {}).get(found.label, found.label)) for found in preview.relations
        ],
        "project_labels": labels_of(member.project),
        "project_relations": relation_labels_of(member.project),
        "columns": [(column, given["columns"].get(column.name, "=")) for column in preview.columns],
        "our_columns": COLUMNS,
    }
    template = "import_draft.html#draft" if request.headers.get("HX-Request") else "import_draft.html"
    return project_page(request, template, member=member, section="imports", context=context)


@login_required
@require_POST
def import_stop(request: HttpRequest, slug: str, job_id: UUID) -> HttpResponse:
    """Throw away what was being prepared, or end what is under way."""
    member = policies.check_member(user=person(request), slug=slug)
    job = stop_import(member=member, job_id=job_id)
    if job is None:
        messages.success(request, _("The files were thrown away; nothing was imported."))
        return redirect("imports", slug)
    messages.success(request, _("Stopped. What was imported so far stays; you can undo it."))
    return redirect("import", slug, job_id)


@login_required
@require_POST
def import_undo(request: HttpRequest, slug: str, job_id: UUID) -> HttpResponse:
    """Remove what an import brought, while nothing was built on it."""
    member = policies.check_member(user=person(request), slug=slug)
    undo_import(member=member, job_id=job_id)
    messages.success(request, _("The import is undone: the articles and labels it brought are gone."))
    return redirect("import", slug, job_id)


@login_required
@require_safe
def import_report(request: HttpRequest, slug: str, job_id: UUID, form: str) -> HttpResponse:
    """The report as a file: `csv`, or `json` as the API gives it."""
    member = policies.check_member(user=person(request), slug=slug)
    job = import_of(member, job_id)
    if form == "json":
        response: HttpResponse = JsonResponse(job.report, json_dumps_params={"ensure_ascii": False, "indent": 2})
    else:
        response = HttpResponse(b"".join(report_rows(job)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{job.created_at:%Y-%m-%d-%H%M}.{form}"'
    return response
