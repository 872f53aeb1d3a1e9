"""Questions, flags and doubts about somebody's labelling, and their answers, in threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotFound
from annotations.domain.identifiers import uuid7
from annotations.domain.offsets import check_characters
from annotations.models import AnnotationSet, Change, Comment, CommentKind, Membership, Span, User

KINDS: Final = (CommentKind.COMMENT, CommentKind.QUESTION, CommentKind.FLAG, CommentKind.GUIDELINE, CommentKind.UNSURE)
"""What a person may write of; skipping and returning say their reasons by themselves."""
MAX_CHARACTERS: Final = 5_000


@transaction.atomic
def begin_thread(
    *,
    actor: User,
    annotation_set_id: UUID,
    kind: str,
    text: str,
    span: UUID | None = None,
    comment_id: UUID | None = None,
) -> Comment:
    """Say something about a span of the set, or about the article where there is none.

    `comment_id` is made by the client: the same one twice is written once.

    Raises:
        NotFound, NotAllowed: as `policies` says.
        InvalidData: no text, too long, an unknown kind, a span of another set.
    """
    _member, annotation_set = _discussed(actor, annotation_set_id)
    if kind not in KINDS or kind == CommentKind.UNSURE:
        names = ", ".join(each for each in KINDS if each != CommentKind.UNSURE)
        raise _invalid("kind", _("A thread is one of: %(names)s.") % {"names": names})
    _check_span(annotation_set, span)
    values = {"annotation_set": annotation_set, "span": span, "kind": kind, "text": _checked(text)}
    return _written(actor, comment_id, values)


@transaction.atomic
def mark_unsure(
    *, actor: User, annotation_set_id: UUID, span: UUID | None, unsure: bool, text: str = ""
) -> Comment | None:
    """Say of a span of one's own set that one is not sure of it, or take that back; asked twice it is done once.

    Raises:
        NotFound, NotAllowed: as `policies` says; somebody else's set.
        InvalidData: no span of this set.
    """
    member, annotation_set = _discussed(actor, annotation_set_id)
    policies.check_owns_set(member, annotation_set)
    if span is None:
        raise _invalid("span", _("Say which span you are not sure of."))
    _check_span(annotation_set, span)
    AnnotationSet.objects.select_for_update().get(pk=annotation_set.pk)  # one mark per span, also from two tabs
    marks = Comment.objects.filter(annotation_set=annotation_set, span=span, kind=CommentKind.UNSURE, parent=None)
    mark = marks.first()
    if mark is None and not unsure:
        return None
    if mark is None:
        text = _checked(text) if text.strip() else ""
        return _written(
            actor, None, {"annotation_set": annotation_set, "span": span, "kind": CommentKind.UNSURE, "text": text}
        )
    if (mark.resolved_at is None) != unsure:
        _set_resolved(mark, actor, resolved=not unsure)
    return mark


@transaction.atomic
def answer_thread(
    *,
    actor: User,
    thread_id: UUID,
    text: str,
    comment_id: UUID | None = None,
    annotation_set_id: UUID | None = None,
) -> Comment:
    """Add to a thread (of that set, where one is named); whoever began it opens it again by that.

    Raises:
        NotFound: no such thread, or one the person may not see.
        InvalidData: no text, or too long.
    """
    thread = _thread(actor, thread_id)
    if annotation_set_id not in {None, thread.annotation_set_id}:
        raise NotFound(_("There is no such comment."))
    values = {
        "annotation_set": thread.annotation_set,
        "span": thread.span,
        "article": thread.article,
        "disagreement": thread.disagreement,
        "parent": thread,
        "kind": CommentKind.COMMENT,
        "text": _checked(text),
    }
    answer = _written(actor, comment_id, values)
    if thread.author_id == actor.pk and thread.resolved_at is not None and answer.parent_id == thread.pk:
        _set_resolved(thread, actor, resolved=False)
    return answer


@transaction.atomic
def resolve_thread(*, actor: User, thread_id: UUID, resolved: bool) -> Comment:
    """Close a thread, or open it again: a reviewer may, and who asked.

    Raises:
        NotFound: no such thread, or one the person may not see.
        NotAllowed: an annotator, about what somebody else began.
    """
    thread = _thread(actor, thread_id)
    if thread.author_id != actor.pk:
        policies.check_can_review(_member_of(actor, thread))
    if (thread.resolved_at is not None) != resolved:
        _set_resolved(thread, actor, resolved=resolved)
    return thread


def see_answers(*, member: Membership, annotation_set: AnnotationSet | None = None) -> int:
    """Remember that the member was shown what others said about the person's own sets (of one, or of all); how many."""
    unseen = Comment.objects.filter(
        annotation_set__annotator=member.user_id, annotation_set__article__project=member.project_id, seen_at=None
    )
    if annotation_set is not None:
        unseen = unseen.filter(annotation_set=annotation_set)
    return unseen.exclude(author=member.user_id).update(seen_at=timezone.now())


def _discussed(actor: User, annotation_set_id: UUID) -> tuple[Membership, AnnotationSet]:
    member, annotation_set = policies.check_member_by_set(user=actor, set_id=annotation_set_id)
    policies.check_can_discuss(member, annotation_set)
    return member, annotation_set


def _thread(actor: User, thread_id: UUID) -> Comment:
    """The first comment of the thread, locked, where the person may take part in it."""
    refusal = _("There is no such comment.")
    found = Comment.objects.filter(pk=thread_id).first()
    if found is None:
        raise NotFound(refusal)
    threads = Comment.objects.select_for_update(of=("self",)).select_related("annotation_set__article", "article")
    thread = threads.get(pk=found.parent_id or found.pk)
    if not policies.can_take_part(_member_of(actor, thread), thread):
        raise NotFound(refusal)
    return thread


def _member_of(actor: User, thread: Comment) -> Membership:
    article = thread.annotation_set.article if thread.annotation_set else thread.article
    found = Membership.objects.select_related("project", "user").filter(
        user=actor, removed_at__isnull=True, project=article.project_id if article else None
    )
    member = found.first()
    if member is None:
        raise NotFound(_("There is no such comment."))
    return member


def _check_span(annotation_set: AnnotationSet, span: UUID | None) -> None:
    """Of this set now, or once: a question may be about what was deleted on its way."""
    if span is None or Span.objects.filter(pk=span, annotation_set=annotation_set).exists():
        return
    if not Change.objects.filter(annotation_set=annotation_set, object=span).exists():
        raise _invalid("span", _("There is no such span in this annotation set."))


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise _invalid("text", _("Write something."))
    if len(text) > MAX_CHARACTERS:
        detail = _("The text has %(n)d characters; at most %(most)d are kept.")
        raise _invalid("text", detail % {"n": len(text), "most": MAX_CHARACTERS})
    check_characters(text, "text")
    return text


def _written(actor: User, comment_id: UUID | None, values: Mapping[str, object]) -> Comment:
    comment, made = Comment.objects.get_or_create(pk=comment_id or uuid7(), defaults={**values, "author": actor})
    places = ("annotation_set", "article", "disagreement", "parent")
    is_same = comment.author_id == actor.pk and all(getattr(comment, name) == values.get(name) for name in places)
    if not made and not is_same:
        raise _invalid("id", _("Something else has this id."))
    return comment


def _set_resolved(thread: Comment, actor: User, *, resolved: bool) -> None:
    thread.resolved_at, thread.resolved_by = (timezone.now(), actor) if resolved else (None, None)
    thread.save(update_fields=["resolved_at", "resolved_by"])


def _invalid(field: str, detail: str) -> InvalidData:
    return InvalidData(detail, [FieldError(field, detail)])
