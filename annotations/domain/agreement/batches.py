"""The submitted work on some articles, as arrays: what is counted at once.

Sets, spans, fragments and relations are numbered through the whole batch, in the order of the articles and then of the
annotators' numbers, so that nothing depends on the order in which they were given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import orjson

from annotations.domain.agreement.intervals import Integers, Intervals, ranges, repeated
from annotations.domain.documents import AnnotationSet, Relation, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """An article and, by the numbers of their annotators, the sets that were submitted on it."""

    text: str
    sets: Mapping[int, AnnotationSet]


type Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Articles and their submitted sets in plain rows, which go to another process many times faster than objects.

    `sets` are (number of the article, number of the annotator); `spans` are (number of the set, id, label, start, end,
    all fragments where there are several, entity, attributes as JSON); `relations` (number of the set, id, label, id
    of the source, id of the target). An entity is its id: names are not compared.
    """

    texts: Sequence[str]
    sets: Sequence[tuple[int, int]]
    spans: Rows
    relations: Rows

    def submitted(self) -> list[Submitted]:
        """The articles, in order."""
        spans: dict[int, list[Span]] = defaultdict(list)
        for owner, key, label, start, end, parts, entity, attributes in self.spans:
            fragments = ((start, end),) if parts is None else tuple((low, high) for low, high in parts)
            said = orjson.loads(attributes) if attributes else {}
            spans[owner].append(Span(id=key, label=label, fragments=fragments, entity=entity or "", attributes=said))
        relations: dict[int, list[Relation]] = defaultdict(list)
        for owner, key, label, source, target in self.relations:
            relations[owner].append(Relation(id=key, label=label, source=source, target=target))
        found: list[dict[int, AnnotationSet]] = [{} for _ in self.texts]
        for number, (article, annotator) in enumerate(self.sets):
            found[article][annotator] = AnnotationSet(
                kind="annotator", spans=spans.get(number, ()), relations=relations.get(number, ())
            )
        return [Submitted(text=text, sets=sets) for text, sets in zip(self.texts, found, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Columns of articles, sets, spans, fragments and relations; `…_set` and the like are numbers of those.

    `said` numbers what spans have as attributes, `entity` their entities (0: none). `first` and `second` are the sets
    of each pair of annotators of one article, `pair_article` its article.
    """

    texts: Sequence[str]
    labels: Sequence[str]
    relation_labels: Sequence[str]
    set_article: Integers
    set_annotator: Integers
    span_set: Integers
    span_label: Integers
    attributes: Sequence[Mapping[str, str]]
    said: Integers
    entity: Integers
    fragment_span: Integers
    fragment_start: Integers
    fragment_end: Integers
    relation_set: Integers
    relation_label: Integers
    relation_source: Integers
    relation_target: Integers
    first: Integers
    second: Integers
    pair_article: Integers

    @property
    def lengths(self) -> Integers:
        """The code points of each text."""
        return np.array([len(text) for text in self.texts], np.int64)

    @property
    def set_counts(self) -> Integers:
        """How many sets each article has."""
        return np.bincount(self.set_article, minlength=len(self.texts))

    def covers(self) -> Intervals:
        """All fragments, in order, in one group for each set and label: `set · number of labels + label`."""
        group = self.span_set[self.fragment_span] * len(self.labels) + self.span_label[self.fragment_span]
        return Intervals(group, self.fragment_start, self.fragment_end)

    def of_pairs(self, owner: Integers, sets: Integers) -> tuple[Integers, Integers]:
        """For things that have these owners (set numbers, ascending): which pair and which thing, for the `sets` of
        all pairs (`first` or `second`).
        """
        low = np.searchsorted(owner, sets, "left")
        high = np.searchsorted(owner, sets, "right")
        return repeated(high - low), ranges(low, high)


def batch_of(articles: Sequence[Submitted], labels: Sequence[str]) -> Batch:
    """The columns of some articles. `labels`, all that spans may have, are in an order that never changes: of two spans
    with the same fragments, the one whose label comes first is the innermost.
    """
    owners = [(number, who) for number, article in enumerate(articles) for who in sorted(article.sets)]
    sets = [articles[number].sets[who] for number, who in owners]
    spans = [span for owner in sets for span in owner.spans]
    relations = [relation for owner in sets for relation in owner.relations]
    number_of = {label: number for number, label in enumerate(labels)}
    relation_labels = {label: number for number, label in enumerate(sorted({link.label for link in relations}))}
    said: dict[tuple[tuple[str, str], ...], int] = {}
    entities: dict[str, int] = {"": 0}
    fragments = [(number, start, end) for number, span in enumerate(spans) for start, end in span.fragments]
    columns = np.array(fragments, np.int64).reshape(-1, 3)
    pairs = _pairs(owners)
    return Batch(
        texts=[article.text for article in articles],
        labels=list(labels) or [""],  # one at least, so that no table is without a column
        relation_labels=list(relation_labels) or [""],
        set_article=_integers([number for number, _ in owners]),
        set_annotator=_integers([who for _, who in owners]),
        span_set=repeated(_integers([len(owner.spans) for owner in sets])),
        span_label=_integers([number_of[span.label] for span in spans]),
        attributes=[span.attributes for span in spans],
        said=_integers([said.setdefault(tuple(sorted(span.attributes.items())), len(said)) for span in spans]),
        entity=_integers([entities.setdefault(span.entity, len(entities)) for span in spans]),
        fragment_span=columns[:, 0],
        fragment_start=columns[:, 1],
        fragment_end=columns[:, 2],
        relation_set=repeated(_integers([len(owner.relations) for owner in sets])),
        relation_label=_integers([relation_labels[link.label] for link in relations]),
        relation_source=_ends(sets, "source"),
        relation_target=_ends(sets, "target"),
        first=pairs[:, 0],
        second=pairs[:, 1],
        pair_article=pairs[:, 2],
    )


def _pairs(owners: Sequence[tuple[int, int]]) -> Integers:
    """Rows of two sets of one article and the article."""
    by_article: dict[int, list[int]] = {}
    for number, (article, _) in enumerate(owners):
        by_article.setdefault(article, []).append(number)
    found = [(*pair, article) for article, sets in by_article.items() for pair in combinations(sets, 2)]
    return np.array(found, np.int64).reshape(-1, 3)


def _ends(sets: Sequence[AnnotationSet], name: str) -> Integers:
    """The numbers of the spans at one end of all relations."""
    found: list[int] = []
    before = 0
    for owner in sets:
        numbers = {span.id: before + number for number, span in enumerate(owner.spans)} if owner.relations else {}
        found += [numbers[getattr(link, name)] for link in owner.relations]
        before += len(owner.spans)
    return _integers(found)


def _integers(values: Sequence[int]) -> Integers:
    return np.array(values, np.int64)
