"""Adaptive overlap: where the annotators of an article disagree too much, one more is called."""

from __future__ import annotations

from itertools import combinations
from uuid import UUID

from django.db.models import F

from annotations.domain.queueing import WITHOUT_SLOT
from annotations.models import AnnotationSet, Article, Decision, Purpose, SetKind, SetState
from annotations.selectors.scores import exact_counts, f1_of
from annotations.services.queue import give_slot_back


def call_another(*, article_id: UUID) -> bool:
    """Open one place more on the article, once, if two of its submitted sets have an F1 below the project's threshold.

    Only when all its annotators have submitted and no reviewer has begun to decide. In the transaction of a submission.
    """
    article = (
        Article.objects.select_for_update(no_key=True, of=("self",))
        .select_related("project")
        .defer("text", "metadata")
        .get(pk=article_id)
    )
    threshold = article.project.adaptive_threshold
    if threshold is None or article.purpose != Purpose.WORK or article.extra_slots or article.open_slots > 0:
        return False
    having = AnnotationSet.objects.filter(article=article, kind=SetKind.ANNOTATOR, round=0)
    sets = list(having.exclude(state__in=WITHOUT_SLOT).values_list("pk", "state"))
    if len(sets) < 2 or any(state != SetState.SUBMITTED for _, state in sets):
        return False
    if Decision.objects.filter(article=article, undone_at=None).exists():
        return False
    counts = exact_counts(list(combinations([key for key, _ in sets], 2)))
    if min(map(f1_of, counts.values())) >= threshold:
        return False
    Article.objects.filter(pk=article_id).update(extra_slots=F("extra_slots") + 1)
    give_slot_back(article_id=article_id)
    return True
