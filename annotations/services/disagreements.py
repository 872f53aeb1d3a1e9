"""Disagreements of an article, made anew when a submitted set comes, goes or changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import batched
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from annotations.models import (
    AnnotationSet,
    Article,
    ArticleOpening,
    Decision,
    Disagreement,
    DisagreementState,
    Membership,
    SetKind,
    Span,
)
from annotations.selectors.disagreements import Row, fingerprint, rows_of, sources_of, submitted_sets

_WRITTEN = ["kind", "label", "shape", "state", "unanimous", "start", "payload"]
_CHUNK: Final = 200
GONE: Final = "gone"
"""What stands for the contents of a disagreement whose spans and relations are no more."""


def refresh_disagreements(*, article_id: UUID) -> None:
    """Align the submitted sets of the article and write its disagreements; decisions find theirs again.

    A decision goes to the disagreement that shares most of its sources. It is stale when there is something else to
    choose from than when it was made, or nothing any more: then its disagreement stays as it was. One set alone makes
    rows only where something is decided already (an article that was accepted whole).
    """
    refresh_many(article_ids=[article_id])


def refresh_many(*, article_ids: Sequence[UUID]) -> None:
    """The same for many articles, in a few queries for each `_CHUNK` of them."""
    with transaction.atomic():
        for ids in batched(sorted(article_ids), _CHUNK):
            locked = Article.objects.select_for_update(no_key=True).filter(pk__in=ids)
            align(list(locked.only("id", "text").order_by("pk")))


def lock_article(article_id: UUID) -> Article:
    """The article, locked: who aligns its sets and who decides on it wait for one another."""
    return Article.objects.select_for_update(no_key=True).only("id", "text", "project_id").get(pk=article_id)


def align(articles: Sequence[Article], *, alone: bool = False) -> dict[UUID, int]:
    """Write the rows of articles that the caller has locked; how many submitted sets each has.

    `alone` makes rows also of a single set on which nothing is decided.
    """
    ids = [article.pk for article in articles]
    sets = submitted_sets(ids)
    decisions: dict[UUID, list[Decision]] = {key: [] for key in ids}
    for decision in Decision.objects.filter(article__in=ids, undone_at=None, disagreement__isnull=False):
        decisions[decision.article_id].append(decision)
    before: dict[UUID, dict[UUID, Disagreement]] = {key: {} for key in ids}
    for row in Disagreement.objects.filter(article__in=ids).order_by():
        before[row.article_id][row.pk] = row
    written: list[Disagreement] = []
    home: dict[UUID, UUID] = {}
    for article in articles:
        least = 1 if alone or decisions[article.pk] else 2
        mine = sets[article.pk] if len(sets[article.pk]) >= least else []
        rows = {row.id: row for row in rows_of(article.pk, article.text, mine)}
        found = _matched(decisions[article.pk], before[article.pk], rows)
        written += _settled(article.pk, rows, decisions[article.pk], before[article.pk], found)
        home |= found
    _store(ids, written)
    _move([decision for mine in decisions.values() for decision in mine], home)
    return {key: len(mine) for key, mine in sets.items()}


def _settled(
    article_id: UUID,
    rows: Mapping[UUID, Row],
    decisions: Sequence[Decision],
    before: Mapping[UUID, Disagreement],
    home: Mapping[UUID, UUID],
) -> list[Disagreement]:
    """The rows with their states, and those old ones that only their decisions keep."""
    decided_on = {}
    for decision in decisions:
        old = before.get(decision.disagreement) if decision.disagreement else None
        decided_on[home.get(decision.pk, decision.disagreement)] = old.payload.get("decided_on") if old else None
    written = [_written(article_id, row, decided_on) for row in rows.values()]
    for key in decided_on.keys() - rows.keys():
        if key is not None and key in before:
            orphan = before[key]
            orphan.state = DisagreementState.DECIDED if decided_on[key] == GONE else DisagreementState.STALE
            orphan.payload["gone"] = True
            written.append(orphan)
    return written


def _store(article_ids: Sequence[UUID], written: Sequence[Disagreement]) -> None:
    kept = [row.pk for row in written]
    Disagreement.objects.filter(article__in=article_ids).exclude(pk__in=kept).delete()
    Disagreement.objects.bulk_create(
        written, update_conflicts=True, unique_fields=["id"], update_fields=_WRITTEN, batch_size=1000
    )


def record_openings(*, member: Membership, article_ids: Sequence[UUID]) -> None:
    """Remember that the member has seen other people's work on the articles."""
    ArticleOpening.objects.bulk_create(
        (ArticleOpening(article_id=article_id, user_id=member.user_id) for article_id in article_ids),
        ignore_conflicts=True,
    )


def record_openings_of_spans(*, member: Membership, spans: QuerySet[Span]) -> None:
    """The same for the articles in which these spans are."""
    articles = spans.order_by().values_list("annotation_set__article", flat=True).distinct()
    record_openings(member=member, article_ids=list(articles))


_OPENED_BY_EXPORT: Final = """
INSERT INTO annotations_articleopening (article_id, user_id, at)
SELECT DISTINCT s.article_id, %(user)s::bigint, now()
  FROM annotations_annotationset s JOIN annotations_article a ON a.id = s.article_id
 WHERE a.project_id = %(project)s AND a.superseded_by_id IS NULL AND s.kind = 'annotator'
   AND s.annotator_id <> %(user)s AND (%(every_state)s OR s.state = 'submitted')
   AND NOT EXISTS (
     SELECT 1 FROM annotations_articleopening o WHERE o.article_id = s.article_id AND o.user_id = %(user)s)
ON CONFLICT DO NOTHING
"""


def record_openings_of_export(*, user_id: int, project_id: UUID, every_state: bool) -> None:
    """The same for all articles of a project with submitted work of others (`every_state`: with any), in one query."""
    values: dict[str, Any] = {"user": user_id, "project": project_id, "every_state": every_state}
    with connection.cursor() as cursor:
        cursor.execute(_OPENED_BY_EXPORT, values)


def record_opening_of(*, member: Membership, annotation_set: AnnotationSet) -> None:
    """The same for one set, which the member was shown; one's own, gold and suggestions give nobody away."""
    if annotation_set.kind == SetKind.ANNOTATOR and annotation_set.annotator_id != member.user_id:
        record_openings(member=member, article_ids=[annotation_set.article_id])


def _matched(
    decisions: Sequence[Decision], before: Mapping[UUID, Disagreement], rows: Mapping[UUID, Row]
) -> dict[UUID, UUID]:
    """Decision -> row: each row takes at most one, the one that shares most of its sources with it."""
    rows_with: dict[str, list[UUID]] = {}
    for key, row in rows.items():
        for source in row.sources:
            rows_with.setdefault(source, []).append(key)
    found: list[tuple[bool, int, int, UUID, UUID]] = []
    for decision in decisions:
        own = frozenset(decision.sources)
        old = before.get(decision.disagreement) if decision.disagreement else None
        wider = own | (sources_of(old.payload) if old else frozenset())
        for key in {key for source in wider for key in rows_with.get(source, ())}:
            there = rows[key].sources
            same = key == decision.disagreement
            found.append((not same, -len(own & there), -len(wider & there), key, decision.pk))
    home: dict[UUID, UUID] = {}
    taken: set[UUID] = set()
    for *_, key, decision_id in sorted(found):
        if decision_id not in home and key not in taken:
            home[decision_id] = key
            taken.add(key)
    return home


def _written(article_id: UUID, row: Row, decided_on: Mapping[UUID | None, Any]) -> Disagreement:
    state, payload = DisagreementState.OPEN, row.payload
    if row.id in decided_on:
        payload = {**payload, "decided_on": decided_on[row.id]}
        unchanged = decided_on[row.id] == fingerprint(payload)
        state = DisagreementState.DECIDED if unchanged else DisagreementState.STALE
    return Disagreement(
        pk=row.id,
        article_id=article_id,
        kind=row.kind,
        label=row.label,
        shape=row.shape,
        state=state,
        unanimous=row.unanimous,
        start=row.start,
        payload=payload,
    )


def _move(decisions: Sequence[Decision], home: Mapping[UUID, UUID]) -> None:
    moved = [each for each in decisions if home.get(each.pk, each.disagreement) != each.disagreement]
    # Two steps, since two decisions may change places and a disagreement has one at a time.
    Decision.objects.filter(pk__in=[each.pk for each in moved]).update(disagreement=None)
    for decision in moved:
        decision.disagreement = home[decision.pk]
    Decision.objects.bulk_update(moved, ["disagreement"])
