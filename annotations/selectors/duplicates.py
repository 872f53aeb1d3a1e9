"""Near copies of articles, as far as the member may know of them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from annotations import policies
from annotations.models import AnnotationSet, Article, Membership, SetKind, SetState


def copies_of(member: Membership, article: Article) -> QuerySet[Article]:
    """The other articles of its cluster; nothing for a blind annotator, who is told of no work on copies."""
    if article.cluster is None or policies.is_blinded(member):
        return Article.objects.none()
    others = policies.articles_open_to(member).filter(cluster=article.cluster).exclude(pk=article.pk)
    return others.defer("text", "metadata").order_by("published_on", "external_id")


def _others() -> QuerySet[Article]:
    """The other articles in the cluster of an article of the outer query: not its old versions, nor what is binned."""
    alike = Article.objects.filter(cluster=OuterRef("cluster"), project=OuterRef("project"), superseded_by=None)
    return alike.exclude(pk=OuterRef("pk"))


def has_gold_to_offer(article: Article) -> bool:
    """Whether its gold is done, and so can be offered to its copies."""
    gold = AnnotationSet.objects.filter(article=article, kind=SetKind.GOLD, state=SetState.DONE)
    return article.cluster is not None and gold.exists()


def with_copies[Row: Article](articles: QuerySet[Row]) -> QuerySet[Row]:
    """Only those that have near copies."""
    return articles.filter(cluster__isnull=False).filter(Exists(_others()))


def counted_copies(articles: QuerySet[Any]) -> QuerySet[Any]:
    """With `near_copies`: how many others are in the cluster of each."""
    counts = _others().order_by().values("cluster").annotate(n=Count("pk")).values("n")
    counted: QuerySet[Any] = articles.annotate(near_copies=Coalesce(Subquery(counts, output_field=IntegerField()), 0))
    return counted
