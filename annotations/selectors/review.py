"""What reviewers see: disagreements with what they were decided to be, and the articles that wait for review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy

from annotations.domain.queueing import WITHOUT_SLOT
from annotations.models import (
    AnnotationSet,
    Article,
    Decision,
    Disagreement,
    DisagreementState,
    Membership,
    Purpose,
    Role,
    SetKind,
    SetState,
    User,
)
from annotations.selectors.disagreements import disagreements_visible_to

RELATIONS: Final = "relation"
"""Counts and filters put all kinds that are about relations under this name."""
KIND_NAMES: Final = {
    RELATIONS: gettext_lazy("Relations"),
    "agree": gettext_lazy("Agreed"),
    "boundary": gettext_lazy("Boundary"),
    "label": gettext_lazy("Label"),
    "label_and_boundary": gettext_lazy("Label and boundary"),
    "discontinuity": gettext_lazy("Parts"),
    "split": gettext_lazy("Split"),
    "merge": gettext_lazy("Merge"),
    "attributes": gettext_lazy("Attributes"),
    "missing": gettext_lazy("Missing"),
    "spurious": gettext_lazy("Spurious"),
    "relation_agree": gettext_lazy("Agreed"),
    "relation_type": gettext_lazy("Relation label"),
    "relation_target": gettext_lazy("Relation end"),
    "relation_missing": gettext_lazy("Relation missing"),
    "relation_spurious": gettext_lazy("Relation spurious"),
    "relation_blocked": gettext_lazy("Relation without an end"),
}
OPEN = ~Q(state=DisagreementState.DECIDED)
"""Undecided, or to be looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An article that two or more have submitted, or one whose decisions are there to be seen.

    `counts` are the open disagreements by kind (`group_of`), `open` their sum, `stale` those of them that were decided
    upon something else; `unanimous` is what all agree on and nobody accepted; `telling` is `most_telling`.
    """

    article: Article
    annotators: int
    open: int
    stale: int
    unanimous: int
    decided: int
    telling: int
    counts: Sequence[tuple[str, int]]
    gold: str


def group_of(kind: str) -> str:
    """The filter a kind is counted under: its own, but one for all that is about relations."""
    return RELATIONS if kind.startswith("relation_") else kind


def decisions_on(rows: Iterable[Disagreement]) -> dict[UUID, Decision]:
    """The decision that stands for each of the disagreements."""
    found = Decision.objects.select_related("by").filter(
        disagreement__in=[row.pk for row in rows], undone_at__isnull=True
    )
    return {decision.disagreement: decision for decision in found if decision.disagreement}


def alike_counts(member: Membership, rows: Iterable[Disagreement]) -> dict[str, int]:
    """How many open disagreements of each row's shape the member could decide."""
    shapes = {row.shape for row in rows}
    found = disagreements_visible_to(member).filter(shape__in=shapes, state=DisagreementState.OPEN)
    return dict(found.order_by().values_list("shape").annotate(Count("pk")))


def alike_to(row: Disagreement, counts: Mapping[str, int]) -> int:
    """How many others are like this one."""
    return max(0, counts.get(row.shape, 0) - (row.state == DisagreementState.OPEN))


def disagreements_json(
    rows: Sequence[Disagreement], *, member: Membership, names: bool = False
) -> list[dict[str, Any]]:
    """The wire form: `{id, article, kind, label, state, quote, unanimous, versions, alike, decision}`.

    `annotators` of a version is how many chose it; with `names`, who.
    """
    decisions, counts = decisions_on(rows), alike_counts(member, rows)
    usernames = _usernames(rows) if names else {}
    return [
        {
            "id": str(row.pk),
            "article": str(row.article_id),
            "kind": row.kind,
            "label": row.label,
            "state": row.state,
            "quote": row.payload["quote"],
            "unanimous": row.unanimous,
            "versions": [_version(version, usernames) for version in row.payload["versions"]],
            "alike": alike_to(row, counts),
            "decision": _decision(decisions.get(row.pk)),
        }
        for row in rows
    ]


def articles_to_review(member: Membership, telling: Mapping[UUID, int] | None = None) -> QuerySet[Article]:
    """Articles with two or more submitted sets, those first that score most in `telling` (of `most_telling`), then by
    how many of their disagreements are open; those whose gold is done last.
    """
    submitted = (
        AnnotationSet.objects.filter(article=OuterRef("pk"), kind=SetKind.ANNOTATOR, state=SetState.SUBMITTED, round=0)
        .order_by()
        .values("article")
        .annotate(n=Count("pk"))
        .values("n")
    )
    open_rows = (
        Disagreement.objects.filter(OPEN, article=OuterRef("pk"), unanimous=False)
        .order_by()
        .values("article")
        .annotate(n=Count("pk"))
        .values("n")
    )
    done = AnnotationSet.objects.filter(article=OuterRef("pk"), kind=SetKind.GOLD, state=SetState.DONE)
    found = Article.objects.filter(project=member.project_id, superseded_by__isnull=True, purpose=Purpose.WORK)
    if member.role != Role.MANAGER and member.project.blind:
        mine = AnnotationSet.objects.filter(article=OuterRef("pk"), annotator=member.user_id)
        found = found.filter(~Exists(mine.exclude(state__in=WITHOUT_SLOT)))
    return (
        found.annotate(submitted_count=Subquery(submitted), open_count=Subquery(open_rows), is_done=Exists(done))
        .filter(submitted_count__gte=2)
        .defer("text", "search", "metadata")
        .annotate(telling=_column(telling or {}))
        .order_by("is_done", "-telling", F("open_count").desc(nulls_last=True), "pk")
    )


def most_telling(member: Membership) -> dict[UUID, int]:
    """Article -> how many open disagreements of the project one would settle by deciding the article's and those alike.

    The `_MOST_TELLING` articles for which that is most, that first. Of an article on which much is decided already the
    open part counts: who has settled most of a text has learnt from it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TELLING, {"project": member.project_id, "most": _MOST_TELLING})
        return {article: int(score) for article, score in cursor.fetchall()}


def _column(scores: Mapping[UUID, int]) -> Case:
    """The scores as a column of articles, 0 for all others."""
    whens = [When(pk__in=keys, then=Value(score)) for score, keys in _by_score(scores).items()]
    return Case(*whens, default=Value(0), output_field=IntegerField())


def _by_score(scores: Mapping[UUID, int]) -> dict[int, list[UUID]]:
    found: dict[int, list[UUID]] = {}
    for key, score in scores.items():
        found.setdefault(score, []).append(key)
    return found


_MOST_TELLING: Final = 1_000
# Of each shape in an article the rows alike count once: deciding one of them decides all.
_TELLING: Final = """
WITH rows AS (
    SELECT d.article_id, d.shape, d.state <> 'decided' AS is_open
      FROM annotations_disagreement d JOIN annotations_article a ON a.id = d.article_id
     WHERE a.project_id = %(project)s AND a.purpose = 'work' AND a.superseded_by_id IS NULL AND NOT d.unanimous
), alike AS (
    SELECT shape, count(*) AS n FROM rows WHERE is_open GROUP BY shape
), settled AS (
    SELECT article_id, sum(n) AS n FROM (SELECT DISTINCT article_id, shape FROM rows WHERE is_open) AS each
      JOIN alike USING (shape) GROUP BY article_id
), share AS (
    SELECT article_id, avg(is_open::int) AS open FROM rows GROUP BY article_id
)
SELECT article_id, ceil(n * open) AS score FROM settled JOIN share USING (article_id)
 ORDER BY score DESC, article_id LIMIT %(most)s
"""


def waiting(articles: Sequence[Article], telling: Mapping[UUID, int]) -> list[Waiting]:
    """What each of the articles (from `articles_to_review`) waits for, in a fixed number of queries."""
    kinds: dict[UUID, Counter[str]] = {}
    unanimous: Counter[UUID] = Counter()
    decided: Counter[UUID] = Counter()
    stale: Counter[UUID] = Counter()
    rows = Disagreement.objects.filter(article__in=articles).order_by()
    for article, kind, agreed, state, count in rows.values_list("article", "kind", "unanimous", "state").annotate(
        Count("pk")
    ):
        if state == DisagreementState.DECIDED:
            decided[article] += count
        elif agreed:
            unanimous[article] += count
        else:
            kinds.setdefault(article, Counter())[group_of(kind)] += count
        stale[article] += count if state == DisagreementState.STALE else 0
    gold = dict(AnnotationSet.objects.filter(article__in=articles, kind=SetKind.GOLD).values_list("article", "state"))
    return [
        Waiting(
            article=article,
            annotators=getattr(article, "submitted_count", 0),
            open=kinds.get(article.pk, Counter()).total(),
            stale=stale[article.pk],
            unanimous=unanimous[article.pk],
            decided=decided[article.pk],
            telling=telling.get(article.pk, 0),
            counts=kinds.get(article.pk, Counter()).most_common(),
            gold=gold.get(article.pk, ""),
        )
        for article in articles
    ]


def _usernames(rows: Iterable[Disagreement]) -> dict[int, str]:
    ids = {key for row in rows for version in row.payload["versions"] for key in version["annotators"]}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "username"))


def _version(version: Mapping[str, Any], usernames: Mapping[int, str]) -> dict[str, Any]:
    chosen = version["annotators"]
    shown: dict[str, Any] = {
        "digit": version["digit"],
        "spans": version.get("spans", []),
        "annotators": sorted(usernames[key] for key in chosen) if usernames else len(chosen),
        "sources": version["sources"],
    }
    if "relation" in version:
        relation = version["relation"]
        shown["relation"] = {"label": relation["label"], "source": relation["source"], "target": relation["target"]}
    return shown


def _decision(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {
        "id": str(decision.pk),
        "kind": decision.kind,
        "versions": decision.versions,
        "sources": decision.sources,
        "gold": decision.gold,
        "reason": decision.reason,
        "rule": decision.rule,
        "by": decision.by.get_username(),
        "at": decision.at.isoformat(),
    }
