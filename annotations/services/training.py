"""Articles with known gold: marking them, and passing the training that comes before real work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused
from annotations.models import AnnotationSet, Article, Membership, Purpose, SetKind, SetState
from annotations.selectors.training import needs_training, training_mean
from annotations.services import audit


@transaction.atomic
def mark_articles(*, member: Membership, article_ids: Sequence[UUID], purpose: str) -> int:
    """Make articles training, hidden checks, or work again; how many changed.

    Raises:
        NotAllowed: not a manager.
        InvalidData: no such purpose.
        NotFound: an article that is not in the project.
        StateRefused: training or checks without gold that is done.
    """
    policies.check_can_manage(member)
    if purpose not in Purpose.values:
        detail = _("The purpose is one of: %(names)s.") % {"names": ", ".join(Purpose.values)}
        raise InvalidData(detail, [FieldError("purpose", detail)])
    wanted = set(article_ids)
    articles = Article.objects.filter(pk__in=wanted, project=member.project_id, superseded_by=None)
    if len(articles.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)) < len(wanted):
        raise NotFound(_("There is no such article."))
    done = AnnotationSet.objects.filter(article__in=wanted, kind=SetKind.GOLD, state=SetState.DONE)
    if purpose != Purpose.WORK and done.count() < len(wanted):
        raise StateRefused(_("Only an article whose gold is done can be training or a check."))
    changed = articles.exclude(purpose=purpose).update(purpose=purpose)
    if changed:
        audit.record("articles.marked", actor=member.user, project=member.project_id, object=purpose, articles=changed)
    return changed


@transaction.atomic
def set_trained(*, member: Membership, username: str, trained: bool) -> Membership:
    """Let an annotator begin real work, or train again, whatever the figures say.

    Raises:
        NotAllowed: not a manager.
        NotFound: nobody of this name in the project.
    """
    policies.check_can_manage(member)
    found = Membership.objects.filter(project=member.project_id, user__username=username, removed_at=None)
    person = found.select_related("user", "project").first()
    if person is None:
        raise NotFound(_("Nobody of this name is a member."))
    person.trained_at = timezone.now() if trained else None
    person.save(update_fields=["trained_at"])
    what: dict[str, Any] = {"project": member.project_id, "person": person.user, "trained": "yes" if trained else "no"}
    audit.record("member.trained", actor=member.user, **what)
    return person


def note_training(*, member: Membership) -> None:
    """After a submission: whoever's last training articles reach the pass mark has passed."""
    if not needs_training(member):
        return
    value, _submitted = training_mean(member)
    if value is not None and member.project.pass_mark is not None and value >= member.project.pass_mark:
        Membership.objects.filter(pk=member.pk).update(trained_at=timezone.now())
