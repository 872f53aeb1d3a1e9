"""How alike two annotation sets are: exact matches counted by the database, and sets as plain documents.

A span matches one with its label and its very fragments; a set has such a span at most once, so that counting those in
both sets is the best matching.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from annotations.domain.documents import AnnotationSet as DomainSet
from annotations.domain.documents import Relation as DomainRelation
from annotations.domain.documents import Span as DomainSpan
from annotations.domain.matching import Counts
from annotations.models import AnnotationSet, Relation, Span

type Pair = tuple[UUID, UUID]
"""Two annotation sets of one article."""
type ByLabel = Mapping[str, Counts]

_COUNTS: Final = """
WITH pairs AS (SELECT * FROM unnest(%(first)s::uuid[], %(second)s::uuid[]) AS p (one, other)), counted AS (
  SELECT p.one, p.other, s.label_id, 1 AS first, 0 AS second, (EXISTS (SELECT 1 FROM annotations_span t
           WHERE t.annotation_set_id = p.other AND t.label_id = s.label_id AND t.fragments = s.fragments))::int AS alike
    FROM pairs p JOIN annotations_span s ON s.annotation_set_id = p.one
  UNION ALL
  SELECT p.one, p.other, s.label_id, 0, 1, 0 FROM pairs p JOIN annotations_span s ON s.annotation_set_id = p.other
)
SELECT one, other, l.key, sum(alike), sum(first), sum(second)
  FROM counted JOIN annotations_label l ON l.id = counted.label_id
 GROUP BY one, other, l.key
"""


def exact_counts(pairs: Collection[Pair]) -> Mapping[Pair, ByLabel]:
    """For each pair and each label that either set uses: how many spans are in both, the first and the second."""
    if not pairs:
        return {}
    found: dict[Pair, dict[str, Counts]] = {pair: {} for pair in pairs}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"first": [one for one, _ in pairs], "second": [other for _, other in pairs]})
        for one, other, label, both, first, second in cursor.fetchall():
            found[one, other][label] = Counts(int(both), int(first), int(second))
    return found


def f1_of(counts: ByLabel) -> float:
    """Micro F1 over the labels; two sets with nothing in them are alike: 1."""
    value = sum(counts.values(), Counts()).f1
    return 1.0 if value is None else value


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return sum(values) / len(values) if values else None


def domain_sets(set_ids: Sequence[UUID]) -> dict[UUID, DomainSet]:
    """The sets by id as plain documents; spans in reading order, ids as text."""
    spans: dict[UUID, list[DomainSpan]] = defaultdict(list)
    for owner, key, label, fragments, entity, attributes in (
        Span.objects.filter(annotation_set__in=set_ids)
        .order_by("start", "end", "id")
        .values_list("annotation_set", "pk", "label__key", "fragments", "entity__name", "attributes")
    ):
        spans[owner].append(
            DomainSpan(
                id=str(key),
                label=label,
                fragments=fragments,
                entity=entity or "",
                attributes=dict(attributes),
            )
        )
    relations: dict[UUID, list[DomainRelation]] = defaultdict(list)
    for owner, key, label, source, target in (
        Relation.objects.filter(annotation_set__in=set_ids)
        .order_by("id")
        .values_list("annotation_set", "pk", "label__key", "source", "target")
    ):
        relations[owner].append(DomainRelation(id=str(key), label=label, source=str(source), target=str(target)))
    kinds = AnnotationSet.objects.filter(pk__in=set_ids).values_list("pk", "kind")
    return {key: DomainSet(kind=kind, spans=spans[key], relations=relations[key]) for key, kind in kinds}
