"""The table of statements: who said what, about where; on the page and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import policies
from annotations.formats.tables.columns import escape
from annotations.models import Membership
from annotations.selectors.statements import Found, all_statements, claims_listed, statements_found
from annotations.services.disagreements import record_openings
from annotations.web.forms.statements import StatementsFilter
from annotations.web.http import person, project_page
from annotations.web.pages import page_of

_KINDS = {"gold": _("Gold"), "annotators": _("Annotators’ submitted work")}
_COLUMNS = (
    "who", "what", "concept", "where", "attributes", "when", "outlet", "title", "url", "article", "annotator",
    "claim_id", "fragments",
)  # fmt: skip


@login_required
@require_safe
@vary_on_headers("HX-Request")
def statements(request: HttpRequest, slug: str) -> HttpResponse:
    """The statements that fit; HTMX gets the table alone while the filters change."""
    member = policies.check_member(user=person(request), slug=slug)
    filters = _filters(request, member)
    wanted = filters.wanted()
    page = page_of(request, claims_listed(member, **wanted), ("annotation_set_id", "start", "pk"))
    found = statements_found(page.rows)
    _record(member, wanted, found)
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    context: dict[str, Any] = {
        "page": page,
        "found": found,
        "filters": filters,
        "filtered": set(wanted) - {"sets"},
        "more": set(wanted) & set(filters.LESS_USED),
        "download": query.urlencode(),
        "sets": wanted["sets"],
        "project": member.project,
    }
    if request.headers.get("HX-Request"):
        return render(request, "statements.html#found", context)
    return project_page(request, "statements.html", member=member, section="statements", context=context)


@login_required
@require_safe
def statements_download(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same statements as CSV, all of them, as a stream."""
    member = policies.check_member(user=person(request), slug=slug)
    wanted = _filters(request, member).wanted()
    claims_listed(member, **wanted)  # refuses before the headers are sent
    headers = {"Content-Disposition": f'attachment; filename="{member.project.slug}-statements.csv"'}
    return StreamingHttpResponse(_lines(member, wanted), content_type="text/csv; charset=utf-8", headers=headers)


def kinds_of(member: Membership) -> dict[str, Any]:
    """Whose work the member may read statements from: key -> what it is called."""
    allowed = policies.exportable_kinds(member)
    own = allowed == {"annotators"}
    return {key: name for key, name in _KINDS.items() if key in allowed or (own and key == "gold")}


def _filters(request: HttpRequest, member: Membership) -> StatementsFilter:
    return StatementsFilter(request.GET, project=member.project, kinds=kinds_of(member))


def _record(member: Membership, wanted: dict[str, Any], found: list[Found]) -> None:
    if wanted["sets"] == "annotators" and found:
        record_openings(member=member, article_ids=sorted({each.article.pk for each in found}))


class _Line:
    """What `csv` writes to: it keeps nothing."""

    @staticmethod
    def write(line: str) -> bytes:
        """The line as it goes out."""
        return line.encode()


def _lines(member: Membership, wanted: dict[str, Any]) -> Iterator[bytes]:
    writer: Any = csv.writer(_Line(), lineterminator="\r\n")
    yield writer.writerow(_COLUMNS)
    for batch in all_statements(member, **wanted):
        _record(member, wanted, batch)
        for each in batch:
            yield writer.writerow([escape(cell) for cell in _cells(each)])


def _cells(found: Found) -> tuple[str, ...]:
    statement, article = found.statement, found.article
    return (
        statement.actor.name if statement.actor else "",
        statement.claim.quote,
        statement.claim.entity,
        statement.location.name if statement.location else "",
        "; ".join(f"{key}: {choice}" for key, choice in statement.attributes.items()),
        article.published_at,
        article.outlet,
        article.title,
        article.url,
        article.external_id,
        found.annotator,
        statement.claim.id,
        ",".join(f"{start}-{end}" for start, end in statement.claim.fragments),
    )
