"""Gamma: agreement on where units are and what they are called at once, by the best alignment of all annotators.

Mathet, Widlöcher and Métivier (2015), The Unified and Holistic Method Gamma for Inter-Annotator Agreement Measure and
Alignment. It is computed for one article alone and costs seconds, not milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

SAMPLES: Final = 30

type Unit = tuple[int, int, str]
"""Start, end (code points) and label; of a span with several fragments, from its first to its last character."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much: positions (alpha), labels (beta), and a unit that an annotator does not have (empty)."""

    alpha: float = 1.0
    beta: float = 1.0
    empty: float = 1.0


DEFAULT: Final = Weights()


def gamma(
    length: int,
    annotators: Sequence[Sequence[Unit]],
    *,
    weights: Weights = DEFAULT,
    samples: int = SAMPLES,
    seed: int = 0,
) -> float | None:
    """1 - observed disorder / mean disorder of `samples` random continua of `length`; a seed always draws the same.

    Undefined for less than two annotators, and where there are no units.
    """
    observed = best_alignment_disorder(annotators, weights=weights)
    if observed is None:
        return None
    random = np.random.default_rng(seed)
    drawn = [best_alignment_disorder(_shuffled(length, annotators, random), weights=weights) for _ in range(samples)]
    expected = [disorder for disorder in drawn if disorder is not None]
    return 1 - observed / (sum(expected) / len(expected)) if sum(expected) else None


def best_alignment_disorder(annotators: Sequence[Sequence[Unit]], *, weights: Weights = DEFAULT) -> float | None:
    """The least disorder that an alignment of the units can have, by the mean number of units (2015, section 4).

    An alignment puts every unit into one group with at most one unit of each annotator; the disorder of a group is the
    mean dissimilarity of its pairs.
    """
    units = sum(len(own) for own in annotators)
    if len(annotators) < 2 or not units:
        return None
    groups, costs = _groups(annotators, weights)
    sizes = [len(own) for own in annotators]
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rows, columns = [], []
    for annotator, size in enumerate(sizes):
        there = np.flatnonzero(groups[:, annotator] < size)
        rows.append(groups[there, annotator] + offsets[annotator])
        columns.append(there)
    row, column = np.concatenate(rows), np.concatenate(columns)
    once = csr_array((np.ones(len(row)), (row, column)), shape=(units, len(costs)))
    found = milp(
        costs, integrality=np.ones(len(costs), np.int64), bounds=Bounds(0, 1), constraints=LinearConstraint(once, 1, 1)
    )
    if found.fun is None:
        raise ArithmeticError(found.message)
    return float(found.fun) / (units / len(annotators))


def _groups(annotators: Sequence[Sequence[Unit]], weights: Weights) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Candidate groups, a row each with the index of a unit of each annotator (the number of units: none), and costs.

    A group that costs more than its units alone would is in no best alignment.
    """
    m = len(annotators)
    pairs = comb(m, 2)
    limit = m * pairs * weights.empty
    groups = np.arange(len(annotators[0]) + 1).reshape(-1, 1)
    sums = np.zeros(len(groups))
    for annotator in range(1, m):
        between = [_dissimilarities(annotators[before], annotators[annotator], weights) for before in range(annotator)]
        added = sum(matrix[groups[:, before]] for before, matrix in enumerate(between)) + sums[:, None]
        kept, unit = np.nonzero(added <= limit)
        groups = np.column_stack([groups[kept], unit])
        sums = added[kept, unit]
    present = (groups < np.array([len(own) for own in annotators])).sum(axis=1)
    costs = sums / pairs
    useful = (present > 0) & ((present == 1) | (costs < present * weights.empty))
    return groups[useful], costs[useful]


def _dissimilarities(mine: Sequence[Unit], theirs: Sequence[Unit], weights: Weights) -> NDArray[np.float64]:
    """Of all pairs, with a last row and column for no unit (2015, section 4.2)."""
    found = np.full((len(mine) + 1, len(theirs) + 1), weights.empty)
    if mine and theirs:
        start, end = (np.array([unit[side] for unit in mine], float)[:, None] for side in (0, 1))
        other_start, other_end = (np.array([unit[side] for unit in theirs], float) for side in (0, 1))
        apart = abs(start - other_start) + abs(end - other_end)
        place = (apart / ((end - start) + (other_end - other_start))) ** 2
        label = np.array([[unit[2] != other[2] for other in theirs] for unit in mine])
        found[:-1, :-1] = (weights.alpha * place + weights.beta * label) * weights.empty
    return found


def _shuffled(length: int, annotators: Sequence[Sequence[Unit]], random: np.random.Generator) -> list[list[Unit]]:
    """As many annotators, each with the units of one of them moved by a random offset, round the end of the text."""
    drawn = []
    for _ in annotators:
        units = annotators[int(random.integers(len(annotators)))]
        offset = int(random.integers(max(length, 1)))
        starts = [((start + offset) % max(length, 1), end - start, label) for start, end, label in units]
        drawn.append([(start, start + size, label) for start, size, label in starts])
    return drawn
