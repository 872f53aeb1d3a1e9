"""Releases: the list, making one, one with its data card, and two compared."""

from __future__ import annotations

from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from annotations import policies
from annotations.domain.agreement_names import MEASURES
from annotations.domain.errors import InvalidData, StateRefused
from annotations.models import Job, Membership, Release
from annotations.selectors.exports import export_counts
from annotations.selectors.guidelines import guideline_html
from annotations.selectors.jobs import is_at_work, is_forgotten, jobs_visible_to
from annotations.selectors.releases import (
    difference_of,
    download_headers,
    filename_of,
    pieces_of,
    release_of,
    releases_visible_to,
)
from annotations.services.export_options import Options
from annotations.services.releases import record_release_taken, request_release
from annotations.web.forms.exports import SETS_NAMES
from annotations.web.forms.releases import ReleaseForm
from annotations.web.http import person, project_page
from annotations.web.pages import page_of

_PAGE: Final = 25
_SHOWN: Final = ("f1_exact", "f1_overlap", "alpha_characters", "alpha_tokens", "relation_f1_exact", "statement_f1")


@login_required
@require_safe
def release_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The releases, newest first, and the one that is being made."""
    member = policies.check_member(user=person(request), slug=slug)
    page = page_of(request, releases_visible_to(member), ("at", "pk"), descending=True)
    job = jobs_visible_to(member).filter(kind="release").first()
    shown = job if job is not None and (is_at_work(job) or job.state == "failed") else None
    context: dict[str, Any] = {
        "page": page,
        "rows": [(each, _fact_of(each)) for each in page.rows],
        "manages": policies.can_manage(member),
        "job": shown,
        "forgotten": shown is not None and is_forgotten(shown),
    }
    return project_page(request, "releases.html", member=member, section="releases", context=context)


def _fact_of(release: Release) -> dict[str, Any]:
    """What a list says of it; `earlier` is not known to be another one's bytes."""
    manifest = release.manifest
    return {
        "sets": SETS_NAMES[manifest["query"]["sets"]],
        "counts": manifest["counts"],
        "formats": [file["format"] for file in manifest["files"] if "format" in file],
    }


@login_required
@require_http_methods(["GET", "POST"])
def new_release(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what goes into it, and make it."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    form = ReleaseForm(request.POST or None, counts=export_counts(member))
    if request.method == "POST" and form.is_valid():
        try:
            made = _made(member, form, request)
        except InvalidData as error:
            form.refuse(error)
        except StateRefused as error:
            form.add_error("name", error.detail)
        else:
            if isinstance(made, Job):
                messages.success(request, _("The release is being made; it stands here when it is done."))
                return redirect("releases", slug)
            messages.success(request, _("Release %(name)s is made.") % {"name": made.name})
            return redirect("release", slug, made.pk)
    return project_page(request, "release_new.html", member=member, section="releases", context={"form": form})


def _made(member: Membership, form: ReleaseForm, request: HttpRequest) -> Release | Job:
    options = {key: value for key, value in form.wanted().items() if key not in {"name", "notes", "formats"}}
    return request_release(
        actor=person(request),
        project=member.project,
        name=form.cleaned_data["name"],
        notes=form.cleaned_data["notes"],
        formats=form.cleaned_data["formats"],
        options=cast("Options", options),
    )


@login_required
@require_safe
def release(request: HttpRequest, slug: str, release_id: UUID) -> HttpResponse:
    """One release: its data card, checksums and how to cite it."""
    member = policies.check_member(user=person(request), slug=slug)
    found = release_of(member, release_id)
    others = releases_visible_to(member).exclude(pk=found.pk)
    address = reverse("api:release-download", args=[found.pk])
    context: dict[str, Any] = {
        "release": found,
        "fact": _fact_of(found),
        "card": guideline_html(found.manifest["card"]),
        "others": others[:20],
        "same": others.filter(sha256=found.sha256).first(),
        "may_take": policies.can_take_release(member, found.manifest["query"]["sets"]),
        "filename": filename_of(found),
        "address": request.build_absolute_uri(address),
        "cite": _("%(cite)s Release %(name)s, %(date)s.")
        % {"cite": found.manifest["cite"], "name": found.name, "date": found.at.date().isoformat()},
    }
    return project_page(request, "release.html", member=member, section="releases", context=context)


@login_required
@require_safe
def release_download(request: HttpRequest, slug: str, release_id: UUID) -> HttpResponseBase:
    """The archive, whose bytes never change."""
    member = policies.check_member(user=person(request), slug=slug)
    found = release_of(member, release_id)
    policies.check_can_take_release(member, found.manifest["query"]["sets"])
    headers = download_headers(found)
    if headers["ETag"] in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers={"ETag": headers["ETag"]})
    record_release_taken(member=member, release=found)
    return StreamingHttpResponse(pieces_of(found), content_type="application/zip", headers=headers)


@login_required
@require_safe
def release_difference(request: HttpRequest, slug: str, before: UUID, after: UUID) -> HttpResponse:
    """What the later release has other than the earlier one."""
    member = policies.check_member(user=person(request), slug=slug)
    pair = [release_of(member, key) for key in (before, after)]
    for each in pair:
        policies.check_can_take_release(member, each.manifest["query"]["sets"])
        record_release_taken(member=member, release=each)
    found = difference_of(pair[0], pair[1])
    queries = found["query"]
    context: dict[str, Any] = {
        "before": pair[0],
        "after": pair[1],
        "found": found,
        "labels": _named(found["labels"], pair[1]),
        "agreement": [row for row in found["agreement"] if row["label"] is None and row["measure"] in _SHOWN],
        "measures": MEASURES,
        "other_query": sorted(key for key in {*queries[0], *queries[1]} if queries[0].get(key) != queries[1].get(key)),
        "page": Paginator(found["articles"], _PAGE).get_page(request.GET.get("page")),
    }
    return project_page(request, "release_difference.html", member=member, section="releases", context=context)


def _named(rows: list[dict[str, Any]], after: Release) -> list[dict[str, Any]]:
    """The labels with their names."""
    names = {label["key"]: label["name"] for label in after.manifest["labels"]}
    return [{**row, "name": names.get(row["label"], row["label"])} for row in rows]
