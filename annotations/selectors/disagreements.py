"""What annotators made of an article, aligned: the rows a reviewer decides, and the sets they come from."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from annotations.domain.clusters import Agreement, Cluster, clusters_of
from annotations.domain.documents import AnnotationSet as DomainSet
from annotations.domain.documents import Relation as DomainRelation
from annotations.domain.documents import Span as DomainSpan
from annotations.domain.documents import quote_of
from annotations.domain.identifiers import disagreement_uuid
from annotations.domain.queueing import WITHOUT_SLOT
from annotations.domain.relation_clusters import RelationCluster, RelationVersion, relation_clusters_of
from annotations.models import (
    AnnotationSet,
    Disagreement,
    DisagreementState,
    Membership,
    Purpose,
    Relation,
    Role,
    SetKind,
    SetState,
    Span,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One disagreement as it is now; `sources` are the ids of all its spans or relations."""

    id: UUID
    kind: str
    label: str
    shape: str
    unanimous: bool
    start: int
    payload: dict[str, Any]
    sources: frozenset[str]


def submitted_sets(article_ids: Sequence[UUID]) -> dict[UUID, list[DomainSet]]:
    """The submitted annotators' sets of each of the articles; `annotator` is the user's id as text."""
    owners = list(
        AnnotationSet.objects.filter(article__in=article_ids, kind=SetKind.ANNOTATOR, state=SetState.SUBMITTED, round=0)
        .order_by("annotator")
        .values_list("pk", "article", "annotator")
    )
    keys = [owner for owner, _article, _annotator in owners]
    spans: dict[UUID, list[DomainSpan]] = defaultdict(list)
    for owner, key, label, fragments, entity, attributes in (
        Span.objects.filter(annotation_set__in=keys)
        .order_by("start", "end", "id")
        .values_list("annotation_set", "pk", "label__key", "fragments", "entity__name", "attributes")
    ):
        span = DomainSpan(
            id=str(key), label=label, fragments=fragments, entity=entity or "", attributes=dict(attributes)
        )
        spans[owner].append(span)
    relations: dict[UUID, list[DomainRelation]] = defaultdict(list)
    for owner, key, label, source, target in (
        Relation.objects.filter(annotation_set__in=keys)
        .order_by("id")
        .values_list("annotation_set", "pk", "label__key", "source", "target")
    ):
        relation = DomainRelation(id=str(key), label=label, source=str(source), target=str(target))
        relations[owner].append(relation)
    found: dict[UUID, list[DomainSet]] = {article: [] for article in article_ids}
    for owner, article, annotator in owners:
        found[article].append(
            DomainSet(kind=SetKind.ANNOTATOR, annotator=str(annotator), spans=spans[owner], relations=relations[owner])
        )
    return found


def rows_of(article_id: UUID, text: str, sets: Sequence[DomainSet]) -> Iterator[Row]:
    """Every cluster of the sets, those that agree too: spans in reading order, then relations."""
    clusters = clusters_of(text, sets)
    ids = [disagreement_uuid(article_id, cluster.sources) for cluster in clusters]
    for key, cluster in zip(ids, clusters, strict=True):
        yield _span_row(key, cluster, text, len(sets))
    ends = {relation.id: (relation.source, relation.target) for owner in sets for relation in owner.relations}
    spans = {span.id: span for owner in sets for span in owner.spans}
    for relation_cluster in relation_clusters_of(sets, clusters):
        versions = [
            _relation_version(version, text, [ids[version.source], ids[version.target]], ends, spans)
            for version in relation_cluster.versions
        ]
        yield _relation_row(article_id, relation_cluster, versions, clusters, len(sets))


def fingerprint(payload: Mapping[str, Any]) -> str:
    """Of what there is to choose from, not who chose it or how often: a decision holds as long as this is the same."""
    found = []
    for version in payload["versions"]:
        if "relation" in version:
            relation = version["relation"]
            ends = [[relation[end]["label"], relation[end]["fragments"]] for end in ("source", "target")]
            found.append([relation["label"], *ends])
        else:
            keys = ("label", "fragments", "entity", "attributes")
            found.append([[span[key] for key in keys] for span in version["spans"]])
    contents = sorted(json.dumps(version, sort_keys=True) for version in found)
    return hashlib.sha256("\n".join(contents).encode()).hexdigest()


_REQUEUED: Final = "requeued"


def requeued_on(decided_on: str, *, batch: UUID, was_done: bool) -> str:
    """What takes the place of a decision's `fingerprint` when the decision is to be looked at again: never the same.

    It keeps what is needed to take that back: the step it was done in, and whether the article's gold was done.
    """
    return " ".join([_REQUEUED, str(batch), "done" if was_done else "open", decided_on])


def is_requeued(payload: Mapping[str, Any], batch: UUID | None = None) -> bool:
    """Whether somebody asked that the decision on the disagreement be looked at again (in that step)."""
    words = str(payload.get("decided_on", "")).split()
    return words[:1] == [_REQUEUED] and (batch is None or words[1] == str(batch))


def before_requeued(payload: Mapping[str, Any]) -> tuple[str, bool]:
    """The fingerprint that was there before, and whether the article's gold was done."""
    words = str(payload["decided_on"]).split()
    return " ".join(words[3:]), words[2] == "done"


def said_of(disagreement_id: UUID, label: str) -> dict[str, Any]:
    """Entity and attributes of the first span of a disagreement that has this label."""
    row = Disagreement.objects.filter(pk=disagreement_id).first()
    spans = [span for version in row.payload["versions"] for span in version.get("spans", [])] if row else []
    found: dict[str, Any] = next((span for span in spans if span["label"] == label), {})
    return {key: found[key] for key in ("entity", "attributes") if key in found}


def sources_of(payload: Mapping[str, Any]) -> frozenset[str]:
    """The ids of all spans or relations of a disagreement."""
    return frozenset(source for version in payload["versions"] for source in version["sources"])


def agreed(article_id: UUID, *, how: str, at_least: int = 2) -> list[Disagreement]:
    """The open rows of the article that can be accepted at once: `unanimous`, `majority` or `whole` (all that is one
    annotator's), spans before relations.

    A majority is more than half of the annotators and `at_least` so many; what is unanimous is one, too.
    """
    rows = Disagreement.objects.filter(article=article_id, state=DisagreementState.OPEN)
    if how != "majority":
        rows = rows.filter(unanimous=True)
    found = [row for row in rows.order_by("start", "id") if how == "whole" or _is_agreed(row.payload, how, at_least)]
    return sorted(found, key=is_relation)


def articles_with_agreed(member: Membership, *, how: str, at_least: int = 2, most: int | None = None) -> list[UUID]:
    """Articles whose gold is not done, with open rows on which all (`unanimous`) or most (`majority`) agree; the first
    `most` of them.
    """
    done = AnnotationSet.objects.filter(article=OuterRef("article"), kind=SetKind.GOLD, state=SetState.DONE)
    rows = disagreements_visible_to(member).filter(~Exists(done), state=DisagreementState.OPEN)
    if how == "unanimous":
        found = rows.filter(unanimous=True, payload__of__gte=2).order_by("article").values_list("article", flat=True)
        return list(found.distinct()[:most])
    articles: dict[UUID, None] = {}
    for article, payload in rows.order_by("article").values_list("article", "payload").iterator(chunk_size=500):
        if is_majority(payload, at_least):
            articles[article] = None
        if most is not None and len(articles) > most:
            break
    return list(articles)[:most]


def is_relation(row: Disagreement) -> bool:
    """Whether the row is about relations, which are decided after their ends."""
    return row.kind.startswith("relation_")


def is_majority(payload: Mapping[str, Any], at_least: int) -> bool:
    """Whether more than half of the annotators, and `at_least` so many, chose the same."""
    chosen = len(payload["versions"][0]["annotators"])
    return bool(chosen >= at_least and 2 * chosen > payload["of"])


def _is_agreed(payload: Mapping[str, Any], how: str, at_least: int) -> bool:
    return bool(payload["of"] >= 2) if how == "unanimous" else is_majority(payload, at_least)


def disagreements_visible_to(member: Membership) -> QuerySet[Disagreement]:
    """The disagreements a reviewer may see: not those of articles that reviewer annotated in a blind project."""
    found = Disagreement.objects.filter(article__project=member.project_id, article__purpose=Purpose.WORK)
    if member.role == Role.MANAGER or not member.project.blind:
        return found
    mine = AnnotationSet.objects.filter(article=OuterRef("article"), annotator=member.user_id)
    return found.filter(~Exists(mine.exclude(state__in=WITHOUT_SLOT)))


def _span_row(key: UUID, cluster: Cluster, text: str, annotators: int) -> Row:
    versions = [
        {
            "digit": version.digit,
            "spans": [_span(span, text) for span in version.spans],
            "annotators": [int(name) for name in version.annotators],
            "sources": list(version.sources),
        }
        for version in cluster.versions
    ]
    return Row(
        id=key,
        kind=cluster.kind,
        label=cluster.label,
        shape=cluster.shape,
        unanimous=cluster.agreement is Agreement.UNANIMOUS,
        start=cluster.fragments[0][0],
        payload={"versions": versions, "quote": cluster.quote, "of": annotators},
        sources=frozenset(cluster.sources),
    )


def _span(span: DomainSpan, text: str) -> dict[str, Any]:
    return {
        "label": span.label,
        "fragments": [list(fragment) for fragment in span.fragments],
        "quote": quote_of(text, span.fragments),
        "entity": span.entity,
        "attributes": dict(span.attributes),
    }


def _relation_version(
    version: RelationVersion,
    text: str,
    disagreements: Sequence[UUID],
    ends: Mapping[str, tuple[str, str]],
    spans: Mapping[str, DomainSpan],
) -> dict[str, Any]:
    """`source` and `target` are the ends as one of its annotators has them, with the disagreements they belong to."""
    shown = (spans[end] for end in ends[version.sources[0]])
    described = [_span(span, text) | {"disagreement": str(key)} for key, span in zip(disagreements, shown, strict=True)]
    return {
        "digit": version.digit,
        "relation": {"label": version.label, "source": described[0], "target": described[1]},
        "annotators": [int(name) for name in version.annotators],
        "sources": list(version.sources),
    }


def _relation_row(
    article_id: UUID,
    cluster: RelationCluster,
    versions: Sequence[Mapping[str, Any]],
    clusters: Sequence[Cluster],
    annotators: int,
) -> Row:
    first = versions[0]["relation"]
    return Row(
        id=disagreement_uuid(article_id, cluster.sources),
        kind=cluster.kind,
        label=cluster.label,
        shape=cluster.shape,
        unanimous=cluster.agreement is Agreement.UNANIMOUS,
        start=clusters[cluster.versions[0].source].fragments[0][0],
        payload={
            "versions": list(versions),
            "quote": f"{first['source']['quote']} → {first['target']['quote']}",
            "of": annotators,
        },
        sources=frozenset(cluster.sources),
    )
