"""The practice article: made when the first person asks for it, the same for everybody, each with work of their own."""

from __future__ import annotations

import hashlib
from itertools import batched
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from annotations.domain.changes import MAX_CHANGES, ChangeRequest
from annotations.domain.identifiers import uuid7
from annotations.domain.queueing import WRITABLE
from annotations.models import AnnotationSet, Article, Membership, Project, Role, SetKind, SetState, User
from annotations.selectors.practice import practice_of
from annotations.services.annotation_sets import move_set
from annotations.services.changes import apply_changes
from annotations.services.projects import create_default_labels

TITLE: Final = "Lerwick keeps its night ferry"
# An invented event; the steps of the page (templates/practice_steps.html) speak of its words.
TEXT: Final = """The night ferry to Bressay will stay. After four weeks of protest the harbour board in Lerwick \
has dropped its plan to end the last crossing at nine in the evening.

“We heard the nurses first,” said Mairi Halcrow, who chairs the board, “and the fishermen right after them.”

Mairi Halcrow had defended the plan in March. According to the Bressay Residents’ Group, thirty people take the last \
boat on an ordinary weekday.

The board will count passengers until October. Then it will decide again, Mairi Halcrow said in Lerwick on Thursday."""


def begin_practice(*, user: User) -> AnnotationSet:
    """The person's work on the practice article, made or taken up again; it can be written."""
    found = practice_of(user) or _make(user)
    if found.state not in WRITABLE:
        found = move_set(actor=user, annotation_set_id=found.pk, action="reopen")
    return found


def restart_practice(*, user: User) -> AnnotationSet:
    """The person's work on the practice article without a span, cleared by ordinary changes."""
    found = begin_practice(user=user)
    batch = uuid7()
    spans = list(found.spans.values_list("pk", "revision"))
    for some in batched(spans, MAX_CHANGES):
        gone = [
            ChangeRequest(id=uuid7(), action="delete_span", object=pk, base=revision, batch=batch)
            for pk, revision in some
        ]
        apply_changes(actor=user, annotation_set_id=found.pk, changes=gone)
    return found


def _make(user: User) -> AnnotationSet:
    article = _article()
    Membership.objects.get_or_create(project=article.project, user=user, defaults={"role": Role.ANNOTATOR})
    with transaction.atomic():
        made, is_new = AnnotationSet.objects.get_or_create(
            article=article, kind=SetKind.ANNOTATOR, annotator=user, defaults={"state": SetState.IN_PROGRESS}
        )
        if is_new:  # nobody is served from this project's queue, but the places are counted as everywhere
            Article.objects.filter(pk=article.pk).update(open_slots=F("open_slots") - 1)
    return made


def _article() -> Article:
    found = Article.objects.filter(project__is_practice=True).select_related("project").first()
    if found is not None:
        return found
    try:
        # One for all, of whatever language; the steps name its labels as they are here.
        with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
            project = Project.objects.create(
                slug=_free_slug(), name=_("Practice"), is_practice=True, blind=True, annotators_per_article=1
            )
            create_default_labels(project)
            return Article.objects.create(
                project=project,
                external_id="practice",
                title=TITLE,
                text=TEXT,
                text_sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
                language="en",
                open_slots=1,
            )
    except IntegrityError:  # somebody else was the first at the same time
        return Article.objects.select_related("project").get(project__is_practice=True)


def _free_slug() -> str:
    slugs = ["practice", *(f"practice-{number}" for number in range(2, 100))]
    taken = set(Project.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    return next(slug for slug in slugs if slug not in taken)
