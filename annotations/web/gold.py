"""The gold of an article: each span and relation with where it comes from."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotations import policies
from annotations.domain.errors import NotFound
from annotations.models import AnnotationSet, SetKind
from annotations.selectors.desk import Palette
from annotations.selectors.provenance import provenance_of
from annotations.services.disagreements import record_openings
from annotations.web.http import person, project_page


@login_required
@require_safe
def gold(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """What is in the gold, from whose work, by whose decision, when, why, and under which version of the guideline."""
    member, article = policies.check_member_by_article(user=person(request), article_id=article_id)
    found = AnnotationSet.objects.filter(article=article.pk, kind=SetKind.GOLD).first()
    hidden = found is None and policies.is_blinded(member)  # whether somebody has begun to review is told to nobody
    if hidden or (found is not None and not policies.can_see_set(member, found)):
        raise NotFound(_("There is no gold of this article that you may see."))
    reviews = policies.can_review_article(member, article.pk)
    if reviews:
        record_openings(member=member, article_ids=[article.pk])
    names = reviews and request.GET.get("names") == "1"
    palette = Palette(member.project_id)
    context = {
        "article": article,
        "gold": found,
        "objects": provenance_of(member=member, gold=found, names=names) if found else [],
        "labels": {sign.key: sign for sign in palette.labels.values()},
        "links": {link.key: link.name for link in palette.relation_labels},
        "reviews": reviews,
        "names": names,
    }
    return project_page(request, "gold.html", member=member, section="articles", context=context)
