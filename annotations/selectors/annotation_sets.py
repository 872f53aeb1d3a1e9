"""An annotation set as programs see it: the shapes of docs/contract.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from annotations import policies
from annotations.domain.documents import quote_of
from annotations.models import AnnotationSet, Article, Change, Membership, Relation, Span


def spans_of(*, annotation_set: AnnotationSet) -> list[Span]:
    """The spans of the set in reading order, with label and entity."""
    return list(annotation_set.spans.select_related("label", "entity").order_by("start", "end", "pk"))


def relations_of(*, annotation_set: AnnotationSet) -> list[Relation]:
    """The relations of the set, with their label."""
    return list(annotation_set.relations.select_related("label").order_by("label__key", "pk"))


def span_json(*, span: Span, text: str) -> dict[str, Any]:
    """One span; `fragments` in code points, half open."""
    return {
        "id": str(span.pk),
        "external_id": span.external_id,
        "label": span.label.key,
        "fragments": [list(fragment) for fragment in span.fragments],
        "quote": quote_of(text, span.fragments),
        "entity": span.entity.name if span.entity else "",
        "attributes": span.attributes,
        "note": span.note,
        "origin": span.origin,
        "revision": span.revision,
    }


def relation_json(*, relation: Relation) -> dict[str, Any]:
    """One relation."""
    return {
        "id": str(relation.pk),
        "external_id": relation.external_id,
        "label": relation.label.key,
        "source": str(relation.source_id),
        "target": str(relation.target_id),
        "revision": relation.revision,
    }


def article_json(*, article: Article) -> dict[str, Any]:
    """The article with its text and metadata; `id` is ours, `external_id` the user's."""
    return {
        "id": str(article.pk),
        "external_id": article.external_id,
        "title": article.title,
        "text": article.text,
        "url": article.url,
        "outlet": article.outlet,
        "author": article.author,
        "section": article.section,
        "published_at": article.published_at,
        "language": article.language,
        "license": article.license,
        "metadata": article.metadata,
    }


def annotation_set_json(*, annotation_set: AnnotationSet, with_article: bool = True) -> dict[str, Any]:
    """The whole set; without its article where that stands around it."""
    article = annotation_set.article
    answer: dict[str, Any] = {
        "id": str(annotation_set.pk),
        "project": article.project.slug,
        "kind": annotation_set.kind,
        "annotator": annotation_set.annotator.username if annotation_set.annotator else None,
        "source": annotation_set.source or None,
        "state": annotation_set.state,
        "revision": annotation_set.revision,
        "guideline": annotation_set.guideline.number if annotation_set.guideline else None,
        "spans": [span_json(span=span, text=article.text) for span in spans_of(annotation_set=annotation_set)],
        "relations": [relation_json(relation=each) for each in relations_of(annotation_set=annotation_set)],
    }
    if with_article:
        answer["article"] = article_json(article=article)
    return answer


def changes_since(*, annotation_set: AnnotationSet, since: int) -> list[Change]:
    """The changes of the set after revision `since`, oldest first, with their authors."""
    found = Change.objects.filter(annotation_set=annotation_set, revision__gt=since)
    return list(found.select_related("author").order_by("revision"))


def changes_json(*, changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Lines of the log."""
    return [
        {
            "id": str(change.uuid),
            "revision": change.revision,
            "action": change.action,
            "object": str(change.object),
            "before": change.before,
            "after": change.after,
            "batch": str(change.batch),
            "undoes": _text(change.undoes),
            "author": change.author.username,
            "at": change.at,
        }
        for change in changes
    ]


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def sets_listed(
    member: Membership, *, kind: str = "", state: str = "", annotator: str = "", article: UUID | None = None
) -> QuerySet[AnnotationSet]:
    """The sets the member may see, narrowed by what is given."""
    about = {"kind": kind, "state": state, "annotator__username": annotator, "article": article}
    sets = policies.sets_visible_to(member).filter(article__superseded_by=None).select_related("annotator")
    return sets.filter(**{name: value for name, value in about.items() if value})
