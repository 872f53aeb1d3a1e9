"""What annotators said of the same fragments: pairs and rows of labels and of attributes, for the kappas."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from annotations.domain.agreement.batches import Batch
from annotations.domain.agreement.intervals import Integers, repeated

type Table = Mapping[tuple[str, ...], int]


_FAR: Final = 1 << 21
"""More than any offset; of three such numbers, the third (an article of a batch) is a small one."""


@dataclass(frozen=True, slots=True)
class Extents:
    """Spans whose fragments no other span of their set has, and a number for these fragments (the same in all sets)."""

    span: Integers
    number: Integers


def extents_of(batch: Batch) -> Extents:
    """Found over all articles; a number belongs to one article."""
    article = batch.set_article[batch.span_set]
    parts = np.bincount(batch.fragment_span, minlength=len(article))
    first = np.cumsum(parts) - parts
    number = np.empty(len(article), np.int64)
    one = np.flatnonzero(parts == 1)
    at = first[one]
    codes = (article[one] * _FAR + batch.fragment_start[at]) * _FAR + batch.fragment_end[at]
    known, number[one] = np.unique(codes, return_inverse=True)
    numbers: dict[tuple[int, ...], int] = {}
    for span in np.flatnonzero(parts > 1).tolist():
        own = slice(first[span], first[span] + parts[span])
        key = (int(article[span]), *batch.fragment_start[own].tolist(), *batch.fragment_end[own].tolist())
        number[span] = len(known) + numbers.setdefault(key, len(numbers))
    codes = batch.span_set * (len(known) + len(numbers) + 1) + number
    _, place, often = np.unique(codes, return_inverse=True, return_counts=True)
    alone = np.flatnonzero(often[place] == 1) if len(codes) else codes
    return Extents(alone, number[alone])


def pair_tables(batch: Batch, extents: Extents) -> list[tuple[Table, Table]]:
    """For each pair how often which two labels, and which two values of an attribute, were given to the same fragments:
    `(label, label)` and `(label.attribute, value, value)`; attributes where both agree on the label and say something.
    """
    owners = batch.span_set[extents.span]
    sides = [batch.of_pairs(owners, sets) for sets in (batch.first, batch.second)]
    wide = int(extents.number.max(initial=0)) + 1
    first, second = (pair * wide + extents.number[place] for pair, place in sides)
    _, mine, theirs = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    pairs = sides[0][0][mine].tolist()
    one, other = (extents.span[place[at]].tolist() for (_, place), at in zip(sides, (mine, theirs), strict=True))
    labels, label_of, attributes = batch.labels, batch.span_label.tolist(), batch.attributes
    found: list[tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]] = [
        (Counter(), Counter()) for _ in range(len(batch.first))
    ]
    for pair, here, there in zip(pairs, one, other, strict=True):
        of_labels, of_attributes = found[pair]
        label = labels[label_of[here]]
        of_labels[label, labels[label_of[there]]] += 1
        if attributes[here] and label_of[here] == label_of[there]:
            for name in attributes[here].keys() & attributes[there].keys():
                of_attributes[f"{label}.{name}", attributes[here][name], attributes[there][name]] += 1
    return found  # type: ignore[return-value] # a Counter is such a mapping


@dataclass(slots=True)
class Fleiss:
    """What `fleiss_kappa` is made of, of one article and one question."""

    items: int
    agreeing: float
    values: Counter[str]


def fleiss_tables(batch: Batch, extents: Extents) -> list[dict[str, Fleiss]]:
    """For each article, by `""` (labels) and `label.attribute`: what all its annotators gave to the same fragments.

    `values` counts single answers: as many times the items as there are annotators.
    """
    order = np.argsort(extents.number, kind="stable")
    _, counts = np.unique(extents.number, return_counts=True)
    articles = batch.set_article[batch.span_set[extents.span[order]]]
    row = repeated(counts)
    begins = np.cumsum(counts) - counts
    complete = counts == batch.set_counts[articles[begins]] if len(counts) else counts.astype(bool)
    complete &= counts > 1
    kept = np.flatnonzero(complete[row]) if len(row) else row
    spans, of_article = extents.span[order][kept].tolist(), articles[kept].tolist()
    rows: defaultdict[int, list[int]] = defaultdict(list)
    for number, span in zip(row[kept].tolist(), spans, strict=True):
        rows[number].append(span)
    article_of = dict(zip(row[kept].tolist(), of_article, strict=True))
    found: list[dict[str, Fleiss]] = [{} for _ in batch.texts]
    labels, label_of = batch.labels, batch.span_label.tolist()
    for number, members in rows.items():
        given = [labels[label_of[span]] for span in members]
        table = found[article_of[number]]
        _add(table, "", given)
        said = [batch.attributes[span] for span in members]
        if len(set(given)) == 1 and all(said):
            for name in set.intersection(*(set(one) for one in said)):
                _add(table, f"{given[0]}.{name}", [one[name] for one in said])
    return found


def _add(table: dict[str, Fleiss], question: str, answers: list[str]) -> None:
    counts, n = Counter(answers), len(answers)
    entry = table.setdefault(question, Fleiss(0, 0.0, Counter()))
    entry.items += 1
    entry.agreeing += sum(count * (count - 1) for count in counts.values()) / (n * (n - 1))
    entry.values.update(counts)
