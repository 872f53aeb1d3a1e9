"""How work was done: time without pauses, and paragraphs that were read; for reviewers and managers."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from annotations import policies
from annotations.selectors.readings import as_time, evidence_of_article, length_of, pace_by_annotator, work_listed
from annotations.services.disagreements import record_openings
from annotations.web.http import person, project_page
from annotations.web.pages import page_of


@login_required
@require_safe
def readings(request: HttpRequest, slug: str) -> HttpResponse:
    """Each annotator's pace, and the submitted work it comes from, latest first."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    annotator = request.GET.get("annotator", "")
    page = page_of(request, work_listed(member, annotator=annotator), ("submitted_at", "pk"), descending=True)
    rows = []
    for each in page.rows:
        reading = getattr(each, "reading", None)
        seen = length_of(reading.paragraphs) if reading else None
        rows.append((each, as_time(each.active_seconds), seen, reading.total if reading else None))
    context = {"paces": pace_by_annotator(member), "page": page, "rows": rows, "annotator": annotator}
    return project_page(request, "readings.html", member=member, section="project", context=context)


@login_required
@require_safe
def article_readings(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """For a reviewer: how each annotator of one article read it; a part of the review page for HTMX."""
    member, article = policies.check_member_by_article(user=person(request), article_id=article_id)
    policies.check_can_review_article(member, article.pk)
    record_openings(member=member, article_ids=[article.pk])
    evidence = evidence_of_article(article, names=request.GET.get("names") == "1")
    context = {"article": article, "evidence": evidence}
    if request.headers.get("HX-Request"):
        return render(request, "article_readings.html#evidence", context)
    return project_page(request, "article_readings.html", member=member, section="review", context=context)
