"""Spans with the words they cover: a person's own, and others that somebody may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Substr
from django_stubs_ext import WithAnnotations

from annotations.domain.documents import quote_of
from annotations.models import AnnotationSet, SetKind, Span, User


class WithCovered(TypedDict):
    """What `with_covered` adds to a span: the text from its start to its end, with the gaps between its fragments."""

    covered: str


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span with its quote."""

    span: Span
    quote: str


def own_spans(user: User, *, words: str) -> QuerySet[WithAnnotations[Span, WithCovered]]:
    """The person's spans that hold the words, in projects the person is still a member of."""
    later = AnnotationSet.objects.filter(  # an article that came again is as if it were new
        article=OuterRef("annotation_set__article"), annotator=user, round__gt=OuterRef("annotation_set__round")
    )
    own = Span.objects.filter(
        ~Exists(later),
        annotation_set__annotator=user,
        annotation_set__kind=SetKind.ANNOTATOR,
        annotation_set__article__project__memberships__user=user,
        annotation_set__article__project__memberships__removed_at=None,
        annotation_set__article__project__is_practice=False,
    )
    return with_covered(own).filter(covered__icontains=words)


def with_covered(spans: QuerySet[Span]) -> QuerySet[WithAnnotations[Span, WithCovered]]:
    """The spans with `covered`, their labels, sets and articles, but without the articles' texts."""
    return (
        spans.annotate(covered=Substr("annotation_set__article__text", F("start") + 1, F("end") - F("start")))
        .select_related("label", "annotation_set__article__project", "annotation_set__annotator")
        .defer("annotation_set__article__text", "annotation_set__article__search", "annotation_set__article__metadata")
    )


def with_quotes(spans: Iterable[WithAnnotations[Span, WithCovered]]) -> list[FoundSpan]:
    """The spans with their quotes."""
    return [
        FoundSpan(
            span, quote_of(span.covered, [(start - span.start, end - span.start) for start, end in span.fragments])
        )
        for span in spans
    ]
