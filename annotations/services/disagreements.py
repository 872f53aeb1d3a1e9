"""Disagreements of an article, made anew when a submitted set comes, goes or changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from annotations.models import Article, ArticleOpening, Decision, Disagreement, DisagreementState, Membership
from annotations.selectors.disagreements import Row, fingerprint, rows_of, sources_of, submitted_sets

_WRITTEN = ["kind", "label", "shape", "state", "unanimous", "start", "payload"]
GONE = "gone"
"""What stands for the contents of a disagreement whose spans and relations are no more."""


def refresh_disagreements(*, article_id: UUID) -> None:
    """Align the submitted sets of the article and write its disagreements; decisions find theirs again.

    A decision goes to the disagreement that shares most of its sources. It is stale when there is something else to
    choose from than when it was made, or nothing any more: then its disagreement stays as it was. One set alone makes
    rows only where something is decided already (an article that was accepted whole).
    """
    with transaction.atomic():
        article = lock_article(article_id)
        decisions = list(Decision.objects.filter(article=article_id, undone_at=None, disagreement__isnull=False))
        align(article, decisions, least=1 if decisions else 2)


def lock_article(article_id: UUID) -> Article:
    """The article, locked: who aligns its sets and who decides on it wait for one another."""
    return Article.objects.select_for_update(no_key=True).only("id", "text", "project_id").get(pk=article_id)


def align(article: Article, decisions: Sequence[Decision], *, least: int) -> int:
    """Write the rows of an article locked by the caller, if it has `least` submitted sets; how many sets it has.

    `decisions` are those on disagreements of the article that are not undone.
    """
    sets = submitted_sets(article.pk)
    rows = {row.id: row for row in rows_of(article.pk, article.text, sets)} if len(sets) >= least else {}
    before = {row.pk: row for row in Disagreement.objects.filter(article=article.pk)}
    home = _matched(decisions, before, rows)
    decided_on = {}
    for decision in decisions:
        old = before.get(decision.disagreement) if decision.disagreement else None
        decided_on[home.get(decision.pk, decision.disagreement)] = old.payload.get("decided_on") if old else None
    written = [_written(article.pk, row, decided_on) for row in rows.values()]
    for key in decided_on.keys() - rows.keys():  # their spans are gone: they stay as they were
        if key in before:
            orphan = before[key]
            orphan.state = DisagreementState.DECIDED if decided_on[key] == GONE else DisagreementState.STALE
            orphan.payload["gone"] = True
            written.append(orphan)
    Disagreement.objects.filter(article=article.pk).exclude(pk__in=[row.pk for row in written]).delete()
    Disagreement.objects.bulk_create(
        written, update_conflicts=True, unique_fields=["id"], update_fields=_WRITTEN, batch_size=1000
    )
    _move(decisions, home)
    return len(sets)


def record_openings(*, member: Membership, article_ids: Sequence[UUID]) -> None:
    """Remember that the member has seen other people's work on the articles."""
    ArticleOpening.objects.bulk_create(
        (ArticleOpening(article_id=article_id, user_id=member.user_id) for article_id in article_ids),
        ignore_conflicts=True,
    )


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
