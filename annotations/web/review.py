"""Review: which articles wait, and the page on which a reviewer settles one into gold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from annotations import policies
from annotations.domain.errors import InvalidData, NotFound
from annotations.models import Article, Membership
from annotations.selectors.disagreements import said_of
from annotations.selectors.review import KIND_NAMES, articles_to_review, waiting
from annotations.selectors.review_page import place_of, review_context
from annotations.services.annotation_sets import move_set
from annotations.services.decisions import Outcome, accept_agreed, decide, undo_batch, undo_decision
from annotations.services.disagreements import record_openings
from annotations.services.gold import finish_article
from annotations.web.http import person, project_page

_PAGE = 50


@login_required
@require_safe
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """The articles that two or more have submitted, those with the most open disagreements first."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    page = Paginator(articles_to_review(member), _PAGE).get_page(request.GET.get("page"))
    articles = waiting(list(page.object_list))
    context = {"page": page, "articles": articles, "kind_names": KIND_NAMES}
    return project_page(request, "review.html", member=member, section="review", context=context)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def review_article(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """One article with its disagreements; a script gets what has to be swapped."""
    member, article = _opened(request, slug, article_id)
    record_openings(member=member, article_ids=[article.pk])
    return _page(request, member, article, request.GET)


@login_required
@require_POST
def review_decide(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Settle one disagreement."""
    member, article = _opened(request, slug, article_id)
    key = _uuid(request.POST, "disagreement")
    if key is None:
        raise InvalidData(_("Say which disagreement is decided."))
    edited = "edit" in request.POST
    outcome = decide(
        actor=person(request),
        disagreement_id=key,
        versions=[] if edited else _digits(request.POST.get("versions", "")),
        spans=[_edited_span(request, key)] if edited else None,
        reason=request.POST.get("reason", ""),
        rule=request.POST.get("rule", ""),
        alike="alike" in request.POST,
        replaces=_uuid(request.POST, "replaces"),
    )
    return _answer(request, member, article, said=_said(outcome, always=False), after=key)


@login_required
@require_POST
def review_undo(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Take back the decision on one disagreement, or all that the person decided in one step (`batch`)."""
    member, article = _opened(request, slug, article_id)
    key, batch, user = _uuid(request.POST, "disagreement"), _uuid(request.POST, "batch"), person(request)
    if batch is not None:
        key = place_of(article.pk, batch)
        count = undo_batch(actor=user, batch=batch)
    elif key is not None:
        count = undo_decision(actor=user, disagreement_id=key)
    else:
        raise InvalidData(_("Say what is to be undone."))
    said = ngettext("%(n)d decision taken back.", "%(n)d decisions taken back.", count) % {"n": count}
    return _answer(request, member, article, said=said, at=key)


@login_required
@require_POST
def review_accept(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Take what annotators agree on."""
    member, article = _opened(request, slug, article_id)
    how = request.POST.get("how", "")
    if how not in {"unanimous", "majority", "whole"}:
        raise InvalidData(_("There is no such way to accept."))
    outcome = accept_agreed(actor=person(request), article_id=article.pk, how=how)
    return _answer(request, member, article, said=_said(outcome, always=True))


@login_required
@require_POST
def review_finish(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Mark the gold of the article as done, or open it again."""
    _member, article = _opened(request, slug, article_id)
    done = request.POST.get("done") == "1"
    finish_article(actor=person(request), article_id=article.pk, done=done)
    messages.success(request, _("Gold is done.") if done else _("Gold is open again."))
    return redirect("review" if done else "review-article", *([slug] if done else [slug, article.pk]))


@login_required
@require_POST
def review_return(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Give an annotator's work back, with a comment."""
    _member, article = _opened(request, slug, article_id)
    key = _uuid(request.POST, "set")
    if key is None or not article.annotation_sets.filter(pk=key).exists():
        raise NotFound(_("There is no such annotation set."))
    move_set(actor=person(request), annotation_set_id=key, action="return", reason=request.POST.get("reason", ""))
    messages.success(request, _("Returned to its annotator with your comment."))
    return redirect("review-article", slug, article.pk)


def _opened(request: HttpRequest, slug: str, article_id: UUID) -> tuple[Membership, Article]:
    """The membership of somebody who may review the article."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_review(member)
    article = Article.objects.filter(pk=article_id, project=member.project_id).first()
    if article is None:
        raise NotFound(_("There is no such article."))
    policies.check_can_review_article(member, article.pk)
    return member, article


def _page(
    request: HttpRequest, member: Membership, article: Article, wanted: Any, *, said: str = "", **places: UUID | None
) -> HttpResponse:
    context = review_context(
        member=member,
        article=article,
        at=places.get("at") or _uuid(wanted, "at"),
        after=places.get("after") or _uuid(wanted, "after"),
        only=wanted.get("kind", ""),
        names=wanted.get("names") == "1",
    )
    context |= {"member": member, "said": said, "kind_names": KIND_NAMES}
    if request.headers.get("HX-Request"):
        return render(request, "review_article.html#truth", context)
    get_token(request)
    return render(request, "review_article.html", context)


def _answer(
    request: HttpRequest,
    member: Membership,
    article: Article,
    *,
    said: str = "",
    at: UUID | None = None,
    after: UUID | None = None,
) -> HttpResponse:
    """The truth for a script, which says itself where it is; else the page of the next disagreement."""
    if request.headers.get("HX-Request"):
        return _page(request, member, article, request.POST, said=said, at=at)
    if said:
        messages.success(request, said)
    query = {"at": at, "after": after, "kind": request.POST.get("kind"), "names": request.POST.get("names")}
    address = reverse(
        "review-article", args=[member.project.slug, article.pk], query={k: v for k, v in query.items() if v}
    )
    return redirect(address)


def _said(outcome: Outcome, *, always: bool) -> str:
    """What became of many decisions; nothing is said of one."""
    count = len(outcome.decisions)
    if not (always or outcome.left or count > 1):
        return ""
    said = ngettext("%(n)d decided.", "%(n)d decided.", count) % {"n": count}
    if outcome.left:
        said += " " + ngettext(
            "%(n)d could not be settled like this and is still open.",
            "%(n)d could not be settled like this and are still open.",
            outcome.left,
        ) % {"n": outcome.left}
    return said


def _edited_span(request: HttpRequest, disagreement: UUID) -> dict[str, Any]:
    """`label`, `fragments` (`120-161,175-230`, code points) of the form of the edit mode; with the same label as the
    span it was made from, it keeps what was said of that.
    """
    label = request.POST.get("label", "")
    try:
        pairs = [part.split("-") for part in request.POST.get("fragments", "").replace(" ", "").split(",") if part]
        fragments = [[int(start), int(end)] for start, end in pairs]
    except ValueError:
        raise InvalidData(_("A range is written 120-161; several are separated by commas.")) from None
    return {**said_of(disagreement, label), "label": label, "fragments": fragments}


def _digits(text: str) -> list[int]:
    try:
        return [int(digit) for digit in text.split(",") if digit]
    except ValueError:
        raise InvalidData(_("Versions are digits, separated by commas.")) from None


def _uuid(values: Any, name: str) -> UUID | None:
    text = values.get(name, "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidData(_("This address is not complete.")) from None
