"""Threads of comments as pages show them: what each is about, in words, and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from annotations import policies
from annotations.domain.documents import quote_of
from annotations.models import AnnotationSet, Article, Comment, CommentKind, Membership, SetKind, Span
from annotations.selectors.desk import Palette, shortened

OPEN, ANSWERED, RESOLVED = STATES = ("open", "answered", "resolved")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A first comment with its answers, oldest first.

    `quote` is the span's words on one line, empty for the article as a whole; `slot`, `letter` and `label` are those of
    its label. `gone`: the span was deleted since. `unseen`: how many comments of others the annotator has not seen.
    """

    first: Comment
    answers: Sequence[Comment]
    quote: str
    slot: int | None
    letter: str
    label: str
    gone: bool
    unseen: int

    @property
    def comments(self) -> list[Comment]:
        """All of them, oldest first."""
        return [self.first, *self.answers]

    @property
    def is_unsure(self) -> bool:
        """Whether it says no more than that somebody is not sure."""
        return self.first.kind == CommentKind.UNSURE

    @property
    def is_open(self) -> bool:
        """Whether it is not resolved."""
        return self.first.resolved_at is None

    @property
    def article(self) -> Article | None:
        """What it is about in the end."""
        return self.first.annotation_set.article if self.first.annotation_set else self.first.article


def threads_of_set(*, member: Membership, annotation_set: AnnotationSet) -> list[Thread]:
    """All that was said about a set and its spans, open ones first, then in the order of their beginning."""
    firsts = Comment.objects.filter(annotation_set=annotation_set, parent=None)
    order = F("resolved_at").asc(nulls_first=True)
    return as_threads(member=member, firsts=list(loaded(firsts).order_by(order, "at", "pk")))


def threads_of_article(*, member: Membership, article_id: UUID) -> list[Thread]:
    """All that was said about the sets of an article the member may see, and about its disagreements."""
    firsts = policies.threads_visible_to(member).filter(Q(annotation_set__article=article_id) | Q(article=article_id))
    order = F("resolved_at").asc(nulls_first=True)
    return as_threads(member=member, firsts=list(loaded(firsts).order_by(order, "at", "pk")))


def threads_listed(
    member: Membership, *, state: str = OPEN, kind: str = "", annotator: str = "", search: str = ""
) -> QuerySet[Comment]:
    """First comments of the threads the member may take part in.

    `state`: open (not resolved), answered (not resolved, and somebody else wrote), resolved, or empty for all; a mark
    "not sure" on a span that was deleted since is left out. `annotator` is whose work it is about.
    """
    threads = policies.threads_visible_to(member).filter(~Q(kind=CommentKind.UNSURE) | Exists(_THERE))
    if state == RESOLVED:
        threads = threads.filter(resolved_at__isnull=False)
    elif state:
        threads = threads.filter(resolved_at__isnull=True)
    if state == ANSWERED:
        others = Comment.objects.filter(parent=OuterRef("pk")).exclude(author=OuterRef("author"))
        threads = threads.filter(Exists(others))
    if kind:
        threads = threads.filter(kind=kind)
    if annotator:
        threads = threads.filter(annotation_set__annotator__username=annotator)
    if search:
        within = Comment.objects.filter(parent=OuterRef("pk"), text__icontains=search)
        threads = threads.filter(Q(text__icontains=search) | Exists(within))
    return loaded(threads)


_THERE: Final = Span.objects.filter(pk=OuterRef("span"), annotation_set=OuterRef("annotation_set"))


def open_threads(member: Membership) -> int:
    """How many threads are not resolved, of those the member may take part in."""
    return threads_listed(member).count()


def unseen_comments(member: Membership) -> int:
    """How many comments of others on the member's own sets were not shown to the member yet; returned work aside."""
    unseen = Comment.objects.filter(
        annotation_set__annotator=member.user_id, annotation_set__article__project=member.project_id, seen_at=None
    )
    return unseen.exclude(author=member.user_id).exclude(kind=CommentKind.RETURN).count()


def annotators_asking(member: Membership) -> list[str]:
    """The names of those whose work somebody talks about, for a filter."""
    threads = policies.threads_visible_to(member).filter(annotation_set__annotator__isnull=False).order_by()
    names = threads.values_list("annotation_set__annotator__username", flat=True).distinct()
    return sorted(name for name in names if name)


def as_threads(*, member: Membership, firsts: Sequence[Comment]) -> list[Thread]:
    """The threads that begin with these comments, with what they are about; the number of queries stays the same."""
    if not firsts:
        return []
    answers: dict[UUID, list[Comment]] = {}
    found = Comment.objects.filter(parent__in=[first.pk for first in firsts]).select_related("author")
    for answer in found.order_by("at", "pk"):
        if answer.parent_id:
            answers.setdefault(answer.parent_id, []).append(answer)
    spans = _spans({first.span for first in firsts if first.span})
    palette = Palette(member.project_id)
    return [_thread(member, first, answers.get(first.pk, []), spans, palette) for first in firsts]


def _thread(
    member: Membership, first: Comment, answers: Sequence[Comment], spans: dict[UUID, dict[str, Any]], palette: Palette
) -> Thread:
    about = first.annotation_set
    span = spans.get(first.span) if first.span else None
    if span is not None and (about is None or span["annotation_set_id"] != about.pk):
        span = None
    sign = palette.labels[span["label_id"]] if span else None
    own = about is not None and about.kind == SetKind.ANNOTATOR and about.annotator_id == member.user_id
    unseen = sum(each.seen_at is None and each.author_id != member.user_id for each in [first, *answers])
    return Thread(
        first=first,
        answers=answers,
        quote=_quote(span) if span else "",
        slot=sign.slot if sign else None,
        letter=sign.letter if sign else "",
        label=sign.name if sign else "",
        gone=first.span is not None and span is None,
        unseen=unseen if own else 0,
    )


def _spans(ids: set[UUID]) -> dict[UUID, dict[str, Any]]:
    """The spans with the text from their first to their last character; the articles' texts stay in the database."""
    within = Substr("annotation_set__article__text", F("start") + 1, F("end") - F("start"), output_field=CharField())
    rows = Span.objects.filter(pk__in=ids).annotate(hull=within)
    return {
        row["pk"]: dict(row) for row in rows.values("pk", "annotation_set_id", "label_id", "fragments", "start", "hull")
    }


def _quote(span: dict[str, Any]) -> str:
    return shortened(quote_of(span["hull"], [(a - span["start"], b - span["start"]) for a, b in span["fragments"]]))


def loaded(threads: QuerySet[Comment]) -> QuerySet[Comment]:
    """With what a thread shows; the articles' texts stay in the database."""
    article = ("text", "search", "metadata")
    return threads.select_related(
        "author", "resolved_by", "annotation_set__annotator", "annotation_set__article", "article"
    ).defer(*(f"annotation_set__article__{name}" for name in article), *(f"article__{name}" for name in article))
