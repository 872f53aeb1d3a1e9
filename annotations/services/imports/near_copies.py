"""Near copies among the articles that come in: each joins the cluster of the article it is a copy of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import numpy as np
from django.db import connection

from annotations.domain.identifiers import uuid7
from annotations.domain.near_duplicates import THRESHOLD, Sketch, sketch_of
from annotations.models import Article, Project, TextSketch

# Band by band: PostgreSQL takes seconds to say which of thousands of bands a row has in common with `&&`.
_ALIKE: Final = """
SELECT k.article_id, a.external_id, a.cluster, k.signature, k.bands
  FROM (SELECT DISTINCT s.article_id FROM unnest(%s::bigint[]) AS wanted (band) CROSS JOIN LATERAL (
          SELECT article_id FROM annotations_textsketch WHERE bands @> ARRAY[wanted.band]) AS s) AS found
  JOIN annotations_textsketch k ON k.article_id = found.article_id
  JOIN annotations_article a ON a.id = k.article_id
 WHERE a.project_id = %s AND a.superseded_by_id IS NULL
"""
_SAME: Final = """
SELECT DISTINCT ON (text_sha256) id, external_id, cluster, text_sha256
  FROM annotations_article WHERE project_id = %s AND text_sha256 = ANY(%s) AND superseded_by_id IS NULL
 ORDER BY text_sha256, id
"""


@dataclass(slots=True)
class Known:
    """An article that others may be copies of."""

    id: UUID
    external_id: str
    cluster: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a new article belongs: its cluster, the article it is near (None where there is none), how near (0 to 1,
    `is_same`: to the letter), and its sketch. Of a cluster only the first article's bands are kept, so that a copy is
    compared once.
    """

    cluster: UUID | None = None
    near: str | None = None
    similarity: float = 0.0
    is_same: bool = False
    sketch: Sketch | None = None


class NearCopies:
    """Copies of what is in a project and of what came further up in the same batch."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._known: dict[UUID, Known] = {}

    def place(self, articles: Sequence[tuple[UUID, str, str, str]]) -> list[Placed]:
        """For new articles (id, external id, text, its SHA-256), where they belong, in the same order."""
        salt = self._project.pk.int
        sketches = [sketch_of(text, salt=salt) for _id, _external_id, text, _digest in articles]
        same = self._same([digest for *_others, digest in articles])
        bands, signatures = self._alike([band for sketch in sketches if sketch for band in sketch.bands])
        changed: dict[UUID, UUID] = {}
        placed = []
        for (key, external_id, _text, digest), sketch in zip(articles, sketches, strict=True):
            own = Known(key, external_id, None)
            found, likeness = same.get(digest), 1.0
            is_same = found is not None
            if found is None and sketch:
                found, likeness = _nearest(sketch, bands, signatures)
            if found is None:
                same[digest] = own
                if sketch:
                    signatures[key] = own, np.array(sketch.signature)
                    for band in sketch.bands:
                        bands[band].add(key)
                placed.append((own, "", 0.0, False, sketch))
                continue
            if found.cluster is None:
                found.cluster = changed[found.id] = uuid7()
            own.cluster = found.cluster
            same.setdefault(digest, own)
            kept = replace(sketch, bands=()) if sketch else None
            placed.append((own, found.external_id, likeness, is_same, kept))
        for key, cluster in changed.items():
            Article.objects.filter(pk=key).update(cluster=cluster)
        return [
            Placed(cluster=own.cluster, near=near or None, similarity=likeness, is_same=is_same, sketch=sketch)
            for own, near, likeness, is_same, sketch in placed
        ]

    def _same(self, digests: Sequence[str]) -> dict[str, Known]:
        """The oldest articles with exactly these texts."""
        with connection.cursor() as cursor:
            cursor.execute(_SAME, [self._project.pk, list(digests)])
            return {digest: self._of(key, name, cluster) for key, name, cluster, digest in cursor.fetchall()}

    def _of(self, key: UUID, external_id: str, cluster: UUID | None) -> Known:
        """The one `Known` of an article, whichever way it was found: both ways give it the same cluster."""
        return self._known.setdefault(key, Known(key, external_id, cluster))

    def _alike(self, wanted: Sequence[int]) -> tuple[defaultdict[int, set[UUID]], dict[UUID, tuple[Known, np.ndarray]]]:
        """The articles that share a band with the new ones."""
        bands: defaultdict[int, set[UUID]] = defaultdict(set)
        signatures: dict[UUID, tuple[Known, np.ndarray]] = {}
        if wanted:
            with connection.cursor() as cursor:
                cursor.execute(_ALIKE, [list(wanted), self._project.pk])
                for key, name, cluster, signature, theirs in cursor.fetchall():
                    signatures[key] = self._of(key, name, cluster), np.array(signature)
                    for band in theirs:
                        bands[band].add(key)
        return bands, signatures


def restore_sketches(project: Project, article_ids: Iterable[UUID]) -> None:
    """Of old versions of articles that are the current ones again."""
    for article in Article.objects.filter(pk__in=list(article_ids)).only("id", "text"):
        if sketch := sketch_of(article.text, salt=project.pk.int):
            TextSketch.objects.create(article=article, signature=list(sketch.signature), bands=list(sketch.bands))


def mend_clusters(project: Project, clusters: Iterable[UUID]) -> None:
    """After articles were removed: a cluster of one is none, and of each the oldest article has the bands."""
    for cluster in clusters:
        left = Article.objects.filter(project=project, cluster=cluster).order_by("pk")
        first = left.only("id", "text").first()
        if first is None:
            continue
        if sketch := sketch_of(first.text, salt=project.pk.int):
            TextSketch.objects.filter(article=first).update(bands=list(sketch.bands))
        if left.count() == 1:
            left.update(cluster=None)


def _nearest(
    sketch: Sketch, bands: defaultdict[int, set[UUID]], signatures: dict[UUID, tuple[Known, np.ndarray]]
) -> tuple[Known | None, float]:
    """The nearest article, when it is near enough; of several the oldest."""
    candidates = sorted(set().union(*(bands[band] for band in sketch.bands if band in bands)))
    if not candidates:
        return None, 0.0
    likeness = (np.array([signatures[key][1] for key in candidates]) == np.array(sketch.signature)).mean(axis=1)
    best = int(likeness.argmax())
    if likeness[best] < THRESHOLD:
        return None, 0.0
    return signatures[candidates[best]][0], float(likeness[best])
