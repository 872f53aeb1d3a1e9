"""Pages of articles: the list with its filters, one article, its history, and one's own work."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import policies
from annotations.models import Article, Purpose
from annotations.selectors import progress
from annotations.selectors.articles import articles_listed, changes_shown, events, sets_shown, shows_work_of_others
from annotations.selectors.duplicates import copies_of, counted_copies, has_gold_to_offer, with_copies
from annotations.selectors.spans import own_spans, with_quotes
from annotations.services.annotation_sets import move_set
from annotations.services.disagreements import record_openings
from annotations.services.duplicates import offer_to_copies
from annotations.web.forms import STATE_NAMES, ArticlesFilter, OwnSetsFilter, OwnSpansFilter
from annotations.web.http import person, project_page
from annotations.web.pages import page_of


@login_required
@require_safe
@vary_on_headers("HX-Request")
def article_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles the member may open; HTMX gets the list alone while the filters change."""
    member = policies.check_member(user=person(request), slug=slug)
    filters = ArticlesFilter(request.GET)
    values: dict[str, Any] = filters.cleaned_data if filters.is_valid() else {}
    articles = articles_listed(member, **values)
    # Only managers may ask for it: a hidden check looks like any other article to all others.
    purpose = request.GET.get("purpose", "") if policies.can_manage(member) else ""
    if purpose in Purpose.values:
        articles = articles.filter(purpose=purpose)
    copies = bool(request.GET.get("copies")) and not policies.is_blinded(member)
    if copies:
        articles = with_copies(articles)
    if policies.can_manage(member) and (job := _uuid(request.GET.get("import", ""))):
        articles = articles.filter(imports__job=job, imports__before__isnull=True)
    context = {
        "page": page_of(request, counted_copies(articles), ("pk",)),
        "copies": copies,
        "purpose": purpose if purpose in Purpose.values else "",
        "filters": filters,
        "filtered": any(values.values()) or bool(purpose) or copies or "import" in request.GET,
        "state_names": STATE_NAMES,
        "manages": policies.can_manage(member),
        "blinded": policies.is_blinded(member),
    }
    template = "articles.html#found" if request.headers.get("HX-Request") else "articles.html"
    return project_page(request, template, member=member, section="articles", context=context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@login_required
@require_safe
def article(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Text and metadata of an article, and the annotation sets the member may see."""
    member, found = policies.check_member_by_article(user=person(request), article_id=article_id)
    sets = sets_shown(member, found)
    context = {
        "article": found,
        "sets": sets,
        "own": next((each for each in sets if each.annotator_id == member.user_id), None),
        "reviews": policies.can_review_article(member, found.pk),
        "earlier": Article.objects.filter(superseded_by=found).order_by("-created_at").first(),
        "copies": list(copies_of(member, found)[:50]),
        "offers": policies.can_review_article(member, found.pk) and has_gold_to_offer(found),
        "purposes": Purpose.choices if policies.can_manage(member) else [],
    }
    return project_page(request, "article.html", member=member, section="articles", context=context)


@login_required
@require_POST
def article_offer(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Offer the article's gold to its near copies, as suggestions beside their texts."""
    member, found = policies.check_member_by_article(user=person(request), article_id=article_id)
    offered = offer_to_copies(member=member, article_id=found.pk)
    sentence = ngettext(
        "Offered to %(n)d near copy: %(spans)d spans, %(lost)d had no place there.",
        "Offered to %(n)d near copies: %(spans)d spans, %(lost)d had no place there.",
        offered.articles,
    )
    messages.success(request, sentence % {"n": offered.articles, "spans": offered.spans, "lost": offered.lost})
    return redirect("article", found.pk)


@login_required
@require_safe
def article_history(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Every change to the sets the member may see, latest first."""
    member, found = policies.check_member_by_article(user=person(request), article_id=article_id)
    if shows_work_of_others(member, found):
        record_openings(member=member, article_ids=[found.pk])
    page = page_of(request, changes_shown(member, found), ("at", "annotation_set_id", "revision"), descending=True)
    context = {"article": found, "page": page, "events": events(page.rows, found)}
    return project_page(request, "article_history.html", member=member, section="articles", context=context)


@login_required
@require_safe
def my_articles(request: HttpRequest) -> HttpResponse:
    """The person's own annotation sets in all projects, latest first."""
    filters = OwnSetsFilter(request.GET, user=person(request))
    sets = progress.own_sets(person(request).pk)
    if filters.is_valid():
        sets = filters.narrow(sets)
    page = page_of(request, sets, ("started_at", "pk"), descending=True)
    return render(request, "my_articles.html", {"page": page, "filters": filters})


@login_required
@require_safe
def my_spans(request: HttpRequest) -> HttpResponse:
    """The person's own spans that hold some words, newest first."""
    filters = OwnSpansFilter(request.GET or None)
    words = filters.cleaned_data["search"] if filters.is_valid() else ""
    page = page_of(request, own_spans(person(request), words=words), ("pk",), descending=True) if words else None
    context = {
        "filters": filters,
        "page": page,
        "found": with_quotes(page.rows) if page else [],
        "searched": bool(words),
    }
    return render(request, "my_spans.html", context)


@login_required
@require_POST
def reopen(request: HttpRequest, annotation_set: UUID) -> HttpResponse:
    """Take one's own submitted work up again."""
    move_set(actor=person(request), annotation_set_id=annotation_set, action="reopen")
    messages.success(request, _("Reopened: go on where you stopped, and submit it again."))
    return redirect("desk", annotation_set)
