"""Gold and where it comes from: what the decisions that stand made, and from whose work, by whom, why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from annotations.models import AnnotationSet, Change, ChangeAction, Decision, Relation, SetKind, Span


def gold_from_decisions(article_id: UUID) -> dict[str, dict[str, Any]]:
    """The objects of gold by id, rebuilt from the decisions that stand and the changes they made."""
    return gold_by_article([article_id])[article_id]


def gold_by_article(article_ids: Sequence[UUID]) -> dict[UUID, dict[str, dict[str, Any]]]:
    """The same for many articles, in two queries."""
    made: dict[tuple[UUID, UUID], set[str]] = {}
    standing = Decision.objects.filter(article__in=article_ids, undone_at=None).order_by()
    for article, batch, objects in standing.values_list("article", "batch", "gold"):
        made.setdefault((article, batch), set()).update(objects)
    found: dict[UUID, dict[str, dict[str, Any]]] = {key: {} for key in article_ids}
    log = Change.objects.filter(annotation_set__article__in=article_ids, annotation_set__kind=SetKind.GOLD)
    for article, action, key, after, batch in log.order_by("annotation_set", "revision").values_list(
        "annotation_set__article", "action", "object", "after", "batch"
    ):
        mine = made.get((article, batch))
        if mine is None:
            continue
        if action == ChangeAction.IMPORT_SET:
            found[article] = {**(after or {}).get("spans", {}), **(after or {}).get("relations", {})}
        elif str(key) not in mine:
            continue
        elif after is None:
            found[article].pop(str(key), None)
        else:
            found[article][str(key)] = after
    return found


def undecided_gold(annotation_sets: Iterable[AnnotationSet]) -> Iterator[str]:
    """A sentence for each object in which gold is not what its decisions made: `verify` lists them."""
    owners = {one.article_id: one for one in annotation_sets if one.kind == SetKind.GOLD}
    if not owners:
        return
    stored = _stored(owners.values())
    for article, decided in gold_by_article(list(owners)).items():
        gold, there = owners[article], stored[owners[article].pk]
        for key in sorted(there.keys() | decided.keys()):
            if key not in decided:
                yield f"gold {gold.pk}: {key} is there, but no decision put it there"
            elif key not in there:
                yield f"gold {gold.pk}: {key} was decided, but is not there"
            elif _essence(decided[key]) != there[key]:
                yield f"gold {gold.pk}: {key} is not as it was decided"


def _stored(owners: Iterable[AnnotationSet]) -> dict[UUID, dict[str, tuple[Any, ...]]]:
    keys = [owner.pk for owner in owners]
    found: dict[UUID, dict[str, tuple[Any, ...]]] = {key: {} for key in keys}
    for owner, key, label, fragments, attributes, note in (
        Span.objects.filter(annotation_set__in=keys)
        .order_by()
        .values_list("annotation_set", "pk", "label__key", "fragments", "attributes", "note")
    ):
        found[owner][str(key)] = (label, tuple(map(tuple, fragments)), attributes, note)
    for owner, key, label, source, target in (
        Relation.objects.filter(annotation_set__in=keys)
        .order_by()
        .values_list("annotation_set", "pk", "label__key", "source", "target")
    ):
        found[owner][str(key)] = (label, str(source), str(target))
    return found


def _essence(logged: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is compared, in the log's form; an entity is called otherwise when it is renamed, and so left out."""
    if "fragments" in logged:
        fragments = tuple(map(tuple, logged["fragments"]))
        return (logged["label"], fragments, logged["attributes"], logged["note"])
    return (logged["label"], logged["source"], logged["target"])
