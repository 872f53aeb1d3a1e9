"""Giving articles to somebody by name: the work is claimed for that person, and no lease runs out on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused
from annotations.domain.queueing import NO_END, WITHOUT_SLOT
from annotations.models import (
    AnnotationSet,
    Article,
    ArticleOpening,
    GuidelineVersion,
    Membership,
    Purpose,
    SetKind,
    SetState,
)
from annotations.services import audit
from annotations.services.queue import give_slot_back

MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Assigned:
    """The sets that were claimed, and for each article that was not given why not."""

    sets: list[AnnotationSet]
    refused: Mapping[UUID, str]


@transaction.atomic
def assign_articles(*, member: Membership, username: str, article_ids: Sequence[UUID]) -> Assigned:
    """Claim the articles for a member of the project; the queue serves them to that person before any other.

    Each takes a slot as any claim does: an article that has all its annotators is not given, nor one the person has
    or, in a blind project, has seen others' work on.

    Raises:
        NotAllowed: not a manager.
        InvalidData: nobody of this name who annotates here, too many articles, or one of another project.
    """
    policies.check_can_manage(member)
    person = _annotator(member, username)
    wanted = list(dict.fromkeys(article_ids))
    if len(wanted) > MOST:
        raise _invalid("articles", _("%(n)d articles at once; at most %(most)d.") % {"n": len(wanted), "most": MOST})
    # Sets before articles: in this order everybody locks.
    mine = AnnotationSet.objects.filter(article__in=wanted, annotator=person.user_id, kind=SetKind.ANNOTATOR, round=0)
    own = {each.article_id: each for each in mine.select_for_update(of=("self",)).order_by("pk")}
    articles = Article.objects.filter(pk__in=wanted, project=member.project_id, superseded_by=None)
    found = {each.pk: each for each in articles.select_for_update(no_key=True).defer("text", "metadata").order_by("pk")}
    if len(found) < len(wanted):
        raise _invalid("articles", _("There is no such article in the project."))
    openings = ArticleOpening.objects.filter(user=person.user_id, article__in=wanted)
    seen = set(openings.values_list("article", flat=True)) if member.project.blind else set()
    refused = {
        key: reason for key in wanted if (reason := _reason_against(found[key], own.get(key), has_seen=key in seen))
    }
    given = [key for key in wanted if key not in refused]
    if given:
        what: dict[str, Any] = {"project": member.project_id, "person": person.user, "articles": len(given)}
        audit.record("articles.assigned", actor=member.user, **what)
    return Assigned(sets=_claimed(member, person, given, own), refused=refused)


@transaction.atomic
def withdraw_assignment(*, member: Membership, annotation_set_id: UUID) -> AnnotationSet:
    """Give an assigned article back to the queue; what was labelled is kept.

    Raises:
        NotAllowed: not a manager.
        NotFound: no such set in the project.
        StateRefused: it was not assigned, or is no longer in progress.
    """
    policies.check_can_manage(member)
    sets = AnnotationSet.objects.filter(pk=annotation_set_id, article__project=member.project_id)
    annotation_set = sets.select_for_update(of=("self",)).first()
    if annotation_set is None:
        raise NotFound(_("There is no such assignment."))
    if annotation_set.state != SetState.IN_PROGRESS or annotation_set.lease_expires_at != NO_END:
        raise StateRefused(_("This is not assigned work in progress."))
    annotation_set.state, annotation_set.lease_expires_at = SetState.RELEASED, None
    annotation_set.save(update_fields=["state", "lease_expires_at"])
    give_slot_back(article_id=annotation_set.article_id)
    person = annotation_set.annotator
    audit.record("assignment.withdrawn", actor=member.user, project=member.project_id, person=person)
    return annotation_set


def _annotator(member: Membership, username: str) -> Membership:
    found = Membership.objects.filter(project=member.project_id, user__username=username, removed_at=None)
    person = found.select_related("user", "project").first()
    if person is None or not person.user.is_active or not policies.can_annotate(person):
        raise _invalid("annotator", _("Nobody of this name annotates in the project."))
    return person


def _reason_against(article: Article, own: AnnotationSet | None, *, has_seen: bool) -> str:
    if article.purpose != Purpose.WORK:
        return _("It has known gold; the queue gives it.")
    if own is not None and own.state not in WITHOUT_SLOT:
        return _("The person has it already.")
    if has_seen:
        return _("The person has seen others' work on it.")
    return _("It has all its annotators.") if article.open_slots < 1 else ""


def _claimed(
    member: Membership, person: Membership, given: Sequence[UUID], own: Mapping[UUID, AnnotationSet]
) -> list[AnnotationSet]:
    """The sets of these articles: those the person once gave back are taken up again, the others are new."""
    back = [own[key].pk for key in given if key in own]
    AnnotationSet.objects.filter(pk__in=back).update(state=SetState.IN_PROGRESS, lease_expires_at=NO_END)
    guideline = GuidelineVersion.objects.filter(project=member.project_id).order_by("-number").first()
    AnnotationSet.objects.bulk_create(
        AnnotationSet(
            article_id=key,
            kind=SetKind.ANNOTATOR,
            annotator=person.user,
            state=SetState.IN_PROGRESS,
            guideline=guideline,
            lease_expires_at=NO_END,
        )
        for key in given
        if key not in own
    )
    Article.objects.filter(pk__in=given).update(open_slots=F("open_slots") - 1)
    made = AnnotationSet.objects.filter(article__in=given, annotator=person.user_id, round=0)
    return list(made.select_related("article", "annotator").defer("article__text").order_by("pk"))


def _invalid(field: str, detail: str) -> InvalidData:
    return InvalidData(detail, [FieldError(field, detail)])
