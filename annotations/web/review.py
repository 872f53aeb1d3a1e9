"""Review: the page on which a reviewer settles the disagreements of an article into gold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
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
from annotations.models import Article, Disagreement, Membership
from annotations.selectors.disagreement_lists import alike_in_context
from annotations.selectors.disagreements import said_of
from annotations.selectors.review import KIND_NAMES
from annotations.selectors.review_page import next_to_review, place_of, review_context
from annotations.services.annotation_sets import move_set
from annotations.services.decisions import Outcome, accept_agreed, decide, undo_batch, undo_decision
from annotations.services.disagreements import record_openings
from annotations.services.gold import finish_article
from annotations.services.remarks import remark_on
from annotations.web.http import person, uuid_in, uuids_in


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
    key = uuid_in(request.POST, "disagreement")
    if key is None:
        raise InvalidData(_("Say which disagreement is decided."))
    edited = "edit" in request.POST
    outcome = decide(
        actor=person(request),
        disagreement_id=key,
        versions=[] if edited else _digits(request.POST.get("versions", "")),
        spans=_edited_spans(request, key) if edited else None,
        reason=request.POST.get("reason", ""),
        rule=request.POST.get("rule", ""),
        alike="alike" in request.POST,
        without=uuids_in(request.POST, "without"),
        replaces=uuid_in(request.POST, "replaces"),
    )
    return _answer(request, member, article, said=said_of_outcome(outcome, always=False), after=key)


@login_required
@require_POST
def review_undo(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Take back the decision on one disagreement, or all that the person decided in one step (`batch`)."""
    member, article = _opened(request, slug, article_id)
    key, batch, user = uuid_in(request.POST, "disagreement"), uuid_in(request.POST, "batch"), person(request)
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
    least = request.POST.get("at_least", "2")
    if not least.isascii() or not least.isdigit() or len(least) > 2:
        raise InvalidData(_("Say how many annotators at least."))
    outcome = accept_agreed(actor=person(request), article_id=article.pk, how=how, at_least=int(least))
    return _answer(request, member, article, said=said_of_outcome(outcome, always=True))


@login_required
@require_POST
def review_finish(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Mark the gold of the article as done, or open it again."""
    member, article = _opened(request, slug, article_id)
    done = request.POST.get("done") == "1"
    finish_article(actor=person(request), article_id=article.pk, done=done)
    messages.success(request, _("Gold is done.") if done else _("Gold is open again."))
    following = next_to_review(member, article) if done else article
    return redirect("review-article", slug, following.pk) if following else redirect("review", slug)


@login_required
@require_POST
def review_return(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Give an annotator's work back, with a comment."""
    _member, article = _opened(request, slug, article_id)
    key = uuid_in(request.POST, "set")
    if key is None or not article.annotation_sets.filter(pk=key).exists():
        raise NotFound(_("There is no such annotation set."))
    move_set(actor=person(request), annotation_set_id=key, action="return", reason=request.POST.get("reason", ""))
    messages.success(request, _("Returned to its annotator with your comment."))
    return redirect("review-article", slug, article.pk)


@login_required
@require_POST
def review_remark(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """Say something about a disagreement, or that the guideline has an issue here."""
    member, article = _opened(request, slug, article_id)
    key = uuid_in(request.POST, "disagreement")
    if key is None:
        raise InvalidData(_("Say which disagreement it is about."))
    kind, text = request.POST.get("kind_of_remark", ""), request.POST.get("text", "")
    remark_on(actor=person(request), disagreement_id=key, kind=kind, text=text)
    said = _("Written down as an issue of the guideline.") if kind == "guideline" else _("Your comment is kept.")
    return _answer(request, member, article, said=said, at=key)


@login_required
@require_safe
def review_alike(request: HttpRequest, slug: str, article_id: UUID) -> HttpResponse:
    """The disagreements like one, each with the words around it: what one key would decide."""
    member, article = _opened(request, slug, article_id)
    key = uuid_in(request.GET, "disagreement")
    row = Disagreement.objects.filter(pk=key, article=article.pk).first() if key else None
    if row is None:
        raise NotFound(_("There is no such disagreement."))
    found = alike_in_context(member, row)
    record_openings(member=member, article_ids=sorted({each.row.article_id for each in found}))
    return render(request, "review_alike.html", {"alike": found, "project": member.project, "row": row})


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
        at=places.get("at") or uuid_in(wanted, "at"),
        after=places.get("after") or uuid_in(wanted, "after"),
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


def said_of_outcome(outcome: Outcome, *, always: bool) -> str:
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


def _edited_spans(request: HttpRequest, disagreement: UUID) -> list[dict[str, Any]]:
    """The spans of the edit mode: rows of `label` and `fragments` (`120-161,175-230`, code points), and `attributes`
    (`stance=opposes;form=direct`) where a script wrote them; else a span with the same label as the one it was made
    from keeps what was said of that.
    """
    labels, ranges = request.POST.getlist("label"), request.POST.getlist("fragments")
    attributes = request.POST.getlist("attributes")
    if len(labels) != len(ranges) or len(attributes) not in {0, len(labels)}:
        raise InvalidData(_("Each edited span needs its label and its range."))
    found: list[dict[str, Any]] = []
    for number, (label, places) in enumerate(zip(labels, ranges, strict=True)):
        said = said_of(disagreement, label) if all(each["label"] != label for each in found) else {}
        if attributes:
            said["attributes"] = dict(_pair(part) for part in attributes[number].split(";") if part)
        found.append({**said, "label": label, "fragments": _ranges(places)})
    return found


def _ranges(text: str) -> list[list[int]]:
    try:
        pairs = [part.split("-") for part in text.replace(" ", "").split(",") if part]
        return [[int(start), int(end)] for start, end in pairs]
    except ValueError:
        raise InvalidData(_("A range is written 120-161; several are separated by commas.")) from None


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise InvalidData(_("An attribute is written stance=opposes."))
    return name, value


def _digits(text: str) -> list[int]:
    try:
        return [int(digit) for digit in text.split(",") if digit]
    except ValueError:
        raise InvalidData(_("Versions are digits, separated by commas.")) from None
