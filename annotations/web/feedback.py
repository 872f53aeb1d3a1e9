"""What review made of one's own work: the list of articles, one article with its decisions, and appeals."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotations import policies
from annotations.domain.feedback import Fate
from annotations.models import AnnotationSet, SetKind, SetState
from annotations.selectors.feedback import changes_made, course_of, own_appeals, reviewed_sets, summaries
from annotations.services.appeals import appeal
from annotations.web.http import person, project_page
from annotations.web.pages import page_of

_PAGE = 25


@login_required
@require_safe
def feedback(request: HttpRequest, slug: str) -> HttpResponse:
    """The person's articles whose gold is done: what was kept and what not, and F1 against gold over time."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_annotate(member)
    sets = reviewed_sets(member, user_id=member.user_id).select_related("article")
    page = page_of(request, sets.defer("article__text"), ("submitted_at", "pk"), descending=True, size=_PAGE)
    context = {
        "page": page,
        "rows": summaries(page.rows),
        "course": course_of(member, user_id=member.user_id),
        "appeals": own_appeals(member)[:_PAGE],
    }
    return project_page(request, "feedback.html", member=member, section="feedback", context=context)


@login_required
@require_safe
def article_feedback(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """One's own spans beside gold: what was changed, taken out, added and kept, with the reasons."""
    member, article = policies.check_member_by_article(user=person(request), article_id=article_id)
    policies.check_can_see_feedback(member, article.pk)
    sets = AnnotationSet.objects.filter(article=article.pk)
    own = sets.get(annotator=member.user_id, kind=SetKind.ANNOTATOR, round=0)
    gold = sets.get(kind=SetKind.GOLD, state=SetState.DONE)
    changes = changes_made(own, gold, article)
    context = {
        "article": article,
        "own": own,
        "changes": [each for each in changes if each.fate is not Fate.KEPT],
        "kept": [each for each in changes if each.fate is Fate.KEPT],
        "is_training": article.purpose == "training",
    }
    return project_page(request, "article_feedback.html", member=member, section="feedback", context=context)


@login_required
@require_POST
def appeal_decision(request: HttpRequest, article_id: UUID, decision_id: UUID) -> HttpResponse:
    """Object to a decision, once."""
    member, article = policies.check_member_by_article(user=person(request), article_id=article_id)
    policies.check_can_see_feedback(member, article.pk)
    appeal(member=member, decision_id=decision_id, text=request.POST.get("text", ""))
    messages.success(request, _("Sent to the reviewers; their answer shows here."))
    return redirect("article-feedback", article_id)
