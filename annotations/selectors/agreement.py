"""What agreement is counted of: articles that two or more have submitted, and their sets as plain documents.

Only submitted sets of a first round count. An article on which suggestions were shown to one of them is apart: seeing
a suggestion makes people agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Count, F, FloatField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from annotations.domain.agreement_names import VERSION
from annotations.models import ArticleAgreement, DisagreementState, Entity, Label, Project, User

if TYPE_CHECKING:  # numpy and scipy: 60 MB and half a second that most processes never need
    from annotations.domain.agreement.batches import Stored

COUNTS: Final = "counts"
GAMMA: Final = "gamma"
"""Kinds of what is kept of an article."""

_ARTICLES: Final = """
SELECT s.article_id, md5(string_agg(s.id::text || s.revision, ' ' ORDER BY s.id)), max(s.submitted_at)
  FROM annotations_annotationset s
  JOIN annotations_article a ON a.id = s.article_id
 WHERE a.project_id = %(project)s AND a.superseded_by_id IS NULL
   AND a.purpose = 'work' AND s.kind = 'annotator' AND s.state = 'submitted' AND s.round = 0
 GROUP BY s.article_id
HAVING count(*) > 1 AND bool_or(
       s.suggestions_shown OR EXISTS (SELECT 1 FROM annotations_suggestionverdict v WHERE v.annotation_set_id = s.id)
       ) = %(shown)s
 ORDER BY s.article_id
"""
_SETS: Final = """
SELECT s.id, o.number - 1, s.annotator_id
  FROM unnest(%(articles)s::uuid[]) WITH ORDINALITY o(id, number)
  JOIN annotations_annotationset s ON s.article_id = o.id
 WHERE s.kind = 'annotator' AND s.state = 'submitted' AND s.round = 0
"""
_SPANS: Final = """
SELECT o.number - 1, p.id::text, k.key, p."start", p."end",
       CASE WHEN p.parts > 1 THEN ARRAY(SELECT ARRAY[lower(r), upper(r)] FROM unnest(p.fragments) r) END,
       p.entity_id::text, nullif(p.attributes, '{}')::text
  FROM unnest(%(sets)s::uuid[]) WITH ORDINALITY o(id, number)
  JOIN annotations_span p ON p.annotation_set_id = o.id JOIN annotations_label k ON k.id = p.label_id
 ORDER BY o.number, p."start", p."end", p.id
"""
_RELATIONS: Final = """
SELECT o.number - 1, r.id::text, k.key, r.source_id::text, r.target_id::text
  FROM unnest(%(sets)s::uuid[]) WITH ORDINALITY o(id, number)
  JOIN annotations_relation r ON r.annotation_set_id = o.id JOIN annotations_relationlabel k ON k.id = r.label_id
 ORDER BY r.id
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """An article that counts; `fingerprint` is another one whenever a submitted set of it comes, goes or changes."""

    id: UUID
    fingerprint: str
    submitted_at: datetime


def articles_counted(project: Project, *, shown: bool = False) -> list[Counted]:
    """The articles that two or more have submitted; with `shown`, those on which suggestions were seen instead."""
    with connection.cursor() as cursor:
        cursor.execute(_ARTICLES, {"project": project.pk, "shown": shown})
        return [Counted(article, f"{VERSION}-{print_}", at) for article, print_, at in cursor]


def label_keys(project: Project) -> list[str]:
    """The labels of spans in the order in which they were made, which never changes."""
    return list(Label.objects.filter(project=project).order_by("pk").values_list("key", flat=True))


def digest_of(articles: Sequence[Counted], *more: object) -> str:
    """One word for all that a report is made of."""
    found = hashlib.sha256(repr(more).encode())
    for article in articles:
        found.update(f"{article.id} {article.fingerprint} {article.submitted_at.date()}".encode())
    return found.hexdigest()


def kept_fingerprints(project: Project, kind: str) -> dict[UUID, str]:
    """For which state of which articles something is kept."""
    kept = ArticleAgreement.objects.filter(article__project=project, kind=kind)
    return dict(kept.values_list("article", "fingerprint"))


def kept_payloads(articles: Sequence[Counted], kind: str) -> Iterator[Any]:
    """What is kept of the articles as they are now, in their order and a few at a time."""
    for start in range(0, len(articles), 500):
        wanted = {article.id: article.fingerprint for article in articles[start : start + 500]}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT article_id, fingerprint, payload::text FROM annotations_articleagreement"
                " WHERE kind = %s AND article_id = ANY(%s) ORDER BY article_id",
                [kind, list(wanted)],
            )
            rows = cursor.fetchall()
        for article, fingerprint, payload in rows:
            if wanted[article] == fingerprint:
                yield orjson.loads(payload)


def meant_entities(project: Project) -> dict[str, str]:
    """Merged entity -> the one that is meant by it now, by their ids."""
    merged = Entity.objects.filter(project=project, merged_into__isnull=False)
    into = {str(key): str(meant) for key, meant in merged.values_list("pk", "merged_into")}

    def end(key: str) -> str:
        while key in into:
            key = into[key]
        return key

    return {key: end(key) for key in into}


def submitted_on(article_ids: Sequence[UUID], meant: Mapping[str, str]) -> Stored:
    """The articles with their texts and the sets that count on each; `meant` is of `meant_entities`.

    It can be sent to other processes: nothing in it needs Django.
    """
    from annotations.domain.agreement.batches import Stored

    with connection.cursor() as cursor:
        cursor.execute("SELECT id, text FROM annotations_article WHERE id = ANY(%s)", [list(article_ids)])
        texts = dict(cursor.fetchall())
        cursor.execute(_SETS, {"articles": list(article_ids)})
        owners = cursor.fetchall()
        sets = {"sets": [owner for owner, _, _ in owners]}
        spans = cursor.execute(_SPANS, sets).fetchall()
        relations = cursor.execute(_RELATIONS, sets).fetchall()
    if meant:
        spans = [(*row[:6], meant.get(row[6], row[6]), row[7]) for row in spans]
    return Stored(
        texts=[texts[article] for article in article_ids],
        sets=[(article, annotator) for _, article, annotator in owners],
        spans=spans,
        relations=relations,
    )


def usernames(numbers: Sequence[int]) -> dict[int, str]:
    """What the annotators are called."""
    return dict(User.objects.filter(pk__in=numbers).values_list("pk", "username"))


def article_values(project: Project, articles: Sequence[Counted]) -> QuerySet[ArticleAgreement]:
    """What is kept of each article, those with the least agreement first: the mean F1 of its pairs, `exact`, `tolerant`
    and `overlap`, how many `spans` there are, `open` disagreements, and the article itself, without its text.
    """
    waiting = Q(article__disagreements__state=DisagreementState.OPEN, article__disagreements__unanimous=False)
    return (
        ArticleAgreement.objects.filter(
            article__project=project,
            article__in=[article.id for article in articles],
            kind=COUNTS,
        )
        .select_related("article")
        .defer("article__text", "article__metadata", "article__search", "payload")
        .annotate(
            exact=_f1(0),
            tolerant=_f1(1),
            overlap=_f1(2),
            spans=KeyTransform("spans", "payload"),
            annotators=KeyTransform("annotators", "payload"),
            open=Count("article__disagreements", filter=waiting),
        )
        .order_by(F("overlap").asc(nulls_last=True), F("exact").asc(nulls_last=True), "article")
    )


def _f1(number: int) -> Cast:
    return Cast(KeyTextTransform(number, KeyTransform("f1", "payload")), FloatField())
