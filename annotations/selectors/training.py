"""Articles with known gold: who trains on them, when a hidden check is due, and how well annotators did.

F1 (0 to 1) is of exact spans over all labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from annotations import policies
from annotations.domain.queueing import WITHOUT_SLOT
from annotations.models import (
    AnnotationSet,
    Article,
    ArticleOpening,
    Membership,
    Project,
    Purpose,
    Role,
    SetKind,
    SetState,
)
from annotations.selectors.feedback import gold_of, reviewed_sets
from annotations.selectors.repeats import repeat_scores
from annotations.selectors.scores import exact_counts, f1_of, mean

LAST: Final = 3
"""So many training articles, the last ones, must reach the pass mark in the mean; fewer where there are fewer."""


RECENT: Final = 200
"""Figures are of so many articles of a person at most, the last ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A submitted article with known gold, and how like it the work is."""

    set_id: UUID
    article: Article
    submitted_at: datetime | None
    f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How well a person does: means of F1 with the number of articles each is of; None where there are none.

    `training`, `checks`: against known gold; `work`: against gold of review; `again`: against one's own first round.
    """

    username: str
    trained_at: datetime | None
    training: float | None
    trainings: int
    checks: float | None
    checked: int
    work: float | None
    worked: int
    again: float | None
    repeated: int


def known_articles(project: Project, purpose: str) -> QuerySet[Article]:
    """The articles of this purpose whose gold is done, in queue order."""
    done = AnnotationSet.objects.filter(article=OuterRef("pk"), kind=SetKind.GOLD, state=SetState.DONE)
    found = Article.objects.filter(project=project, purpose=purpose, superseded_by=None)
    return found.filter(Exists(done)).order_by("priority", "pk")


def needs_training(member: Membership) -> bool:
    """An annotator who has not passed, of a project with a pass mark and articles to train on."""
    if member.role != Role.ANNOTATOR or member.project.pass_mark is None or member.trained_at is not None:
        return False
    return known_articles(member.project, Purpose.TRAINING).exists()


def next_known_article(member: Membership, purpose: str) -> UUID | None:
    """The next one the member has not had (or has given back), nor seen in review."""
    own = AnnotationSet.objects.filter(article=OuterRef("pk"), annotator=member.user_id)
    seen = ArticleOpening.objects.filter(article=OuterRef("pk"), user=member.user_id)
    found = known_articles(member.project, purpose).filter(~Exists(own.exclude(state__in=WITHOUT_SLOT)), ~Exists(seen))
    return found.values_list("pk", flat=True).first()


def last_training_article(member: Membership) -> UUID | None:
    """The article the member submitted last, if it was training and its gold may be seen."""
    if not Article.objects.filter(project=member.project_id, purpose=Purpose.TRAINING).exists():
        return None  # most projects: nobody's work of years is looked through
    own = AnnotationSet.objects.filter(
        annotator=member.user_id, article__project=member.project_id, state=SetState.SUBMITTED
    ).order_by("-submitted_at", "-pk")
    last = own.values_list("article", "article__purpose").first()
    if last is None or last[1] != Purpose.TRAINING or not policies.can_see_feedback(member, last[0]):
        return None
    return last[0]


def check_due(member: Membership) -> UUID | None:
    """The hidden check to serve now: as many articles were submitted since the last one as the project says."""
    every = member.project.check_every
    if every is None:
        return None
    own = AnnotationSet.objects.filter(annotator=member.user_id, article__project=member.project_id)
    work = own.filter(article__purpose=Purpose.WORK, round=0, state=SetState.SUBMITTED)
    # A check that was given back may have been taken up by its own address much later.
    at = own.filter(article__purpose=Purpose.CHECK).aggregate(at=Max(Greatest("started_at", "submitted_at")))["at"]
    if at is not None:
        work = work.filter(submitted_at__gt=at)
    return next_known_article(member, Purpose.CHECK) if work[:every].count() >= every else None


def scored(member: Membership, *, user_id: int, purpose: str) -> list[Scored]:
    """The person's submitted articles of this purpose against their gold, the newest first; checks for managers."""
    if purpose == Purpose.CHECK:
        policies.check_can_manage(member)
    found = reviewed_sets(member, user_id=user_id, purpose=purpose).select_related("article").defer("article__text")
    sets = list(found[:RECENT])
    counts = exact_counts([(each.pk, gold_of(each)) for each in sets])
    return [
        Scored(
            set_id=each.pk,
            article=each.article,
            submitted_at=each.submitted_at,
            f1=f1_of(counts[each.pk, gold_of(each)]),
        )
        for each in sets
    ]


def training_mean(member: Membership) -> tuple[float | None, int]:
    """The mean F1 of the member's last training articles when there are enough, and how many are submitted."""
    sets = AnnotationSet.objects.filter(
        article__in=known_articles(member.project, Purpose.TRAINING).order_by(),
        annotator=member.user_id,
        state=SetState.SUBMITTED,
        round=0,
    )
    gold = AnnotationSet.objects.filter(article=OuterRef("article"), kind=SetKind.GOLD, state=SetState.DONE)
    rows = sets.annotate(gold=Subquery(gold.values("pk")[:1])).order_by("-submitted_at", "-pk")
    pairs = list(rows.values_list("pk", "gold"))
    enough = min(LAST, known_articles(member.project, Purpose.TRAINING).count())
    if not pairs or len(pairs) < enough:
        return None, len(pairs)
    counts = exact_counts(pairs[:enough])
    return mean([f1_of(counts[pair]) for pair in pairs[:enough]]), len(pairs)


def accuracy_of(member: Membership) -> list[Accuracy]:
    """Everybody who annotates or has annotated, by name; for managers."""
    policies.check_can_manage(member)
    people = Membership.objects.filter(project=member.project_id, removed_at=None).exclude(role=Role.READER)
    found = []
    for each in people.select_related("user").order_by("user__username"):
        known = {
            purpose: _scores(member, each.user_id, purpose)
            for purpose in (Purpose.TRAINING, Purpose.CHECK, Purpose.WORK)
        }
        again = [each.f1 for each in repeat_scores(member, user_id=each.user_id)]
        if each.role != Role.ANNOTATOR and not any([*known.values(), again]):
            continue
        found.append(
            Accuracy(
                username=each.user.username,
                trained_at=each.trained_at,
                training=mean(known[Purpose.TRAINING]),
                trainings=len(known[Purpose.TRAINING]),
                checks=mean(known[Purpose.CHECK]),
                checked=len(known[Purpose.CHECK]),
                work=mean(known[Purpose.WORK]),
                worked=len(known[Purpose.WORK]),
                again=mean(again),
                repeated=len(again),
            )
        )
    return found


def _scores(member: Membership, user_id: int, purpose: str) -> Sequence[float]:
    sets = list(reviewed_sets(member, user_id=user_id, purpose=purpose).only("pk", "article")[:RECENT])
    return [f1_of(counts) for counts in exact_counts([(each.pk, gold_of(each)) for each in sets]).values()]
