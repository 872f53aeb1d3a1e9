"""Articles with known gold, and how well annotators do: for managers; and where annotators in training go on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from annotations import policies
from annotations.domain.errors import NotFound
from annotations.models import Membership, Purpose
from annotations.selectors.feedback import course_of
from annotations.selectors.repeats import repeat_scores
from annotations.selectors.training import accuracy_of, known_articles, scored
from annotations.services.training import mark_articles, set_trained
from annotations.web.http import person, project_page

_DONE = {
    Purpose.WORK: gettext_lazy("The article is work again."),
    Purpose.TRAINING: gettext_lazy("The article trains newcomers."),
    Purpose.CHECK: gettext_lazy("The article is a hidden check."),
}


@login_required
@require_safe
def accuracy(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody's figures against gold, known gold and themselves; of one annotator also the articles behind them."""
    member = policies.check_member(user=person(request), slug=slug)
    policies.check_can_manage(member)
    context = {
        "rows": accuracy_of(member),
        "training": known_articles(member.project, Purpose.TRAINING).count(),
        "checks": known_articles(member.project, Purpose.CHECK).count(),
        "one": _one(member, request.GET["annotator"]) if request.GET.get("annotator") else None,
    }
    return project_page(request, "accuracy.html", member=member, section="accuracy", context=context)


@login_required
@require_POST
def accuracy_trained(request: HttpRequest, slug: str, username: str) -> HttpResponse:
    """Let somebody begin real work, or train again."""
    member = policies.check_member(user=person(request), slug=slug)
    trained = request.POST.get("trained") == "1"
    set_trained(member=member, username=username, trained=trained)
    messages.success(request, _("Real work may begin.") if trained else _("Training begins again."))
    return redirect("accuracy", slug)


@login_required
@require_POST
def article_purpose(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Say what an article is for."""
    member, article = policies.check_member_by_article(user=person(request), article_id=article_id)
    purpose = request.POST.get("purpose", "")
    mark_articles(member=member, article_ids=[article.pk], purpose=purpose)
    messages.success(request, _DONE[Purpose(purpose)])
    return redirect("article", article_id)


def _one(member: Membership, username: str) -> dict[str, object]:
    """The articles behind a person's figures."""
    found = Membership.objects.filter(project=member.project_id, user__username=username, removed_at=None).first()
    if found is None:
        raise NotFound(_("Nobody of this name is a member."))
    user = found.user_id
    return {
        "username": username,
        "course": course_of(member, user_id=user),
        "lists": [
            (_("Training"), scored(member, user_id=user, purpose=Purpose.TRAINING)),
            (_("Hidden checks"), scored(member, user_id=user, purpose=Purpose.CHECK)),
            (_("The same article again"), repeat_scores(member, user_id=user)),
        ],
    }
