"""Agreement on where units are: the u-alpha family of 2016 and alpha-U of 1995.

A continuum is one article of some length (characters); each annotator divides it into units, which have a value, and
the gaps between them. Units of one annotator do not overlap; they may touch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from itertools import permutations
from typing import Final

import numpy as np

from annotations.domain.agreement import Key, Sums
from annotations.domain.agreement.coding import covered
from annotations.domain.documents import AnnotationSet
from annotations.domain.matching import overlaps
from annotations.domain.segments import Block, segmented

type Unit = tuple[int, int, Hashable]
"""Start, end and value; the value None is a gap."""

_OBSERVED: Final = ("observed",)
_EXPECTED: Final = ("expected",)
_NOTHING: Final = 1e-9


def units_of(owner: AnnotationSet, label: str) -> list[Unit]:
    """The units of one label: every fragment of its spans, with those that overlap joined."""
    return [(start, end, label) for start, end in covered(owner, label)]


def innermost_units(owner: AnnotationSet, length: int) -> list[Unit]:
    """The units of all labels: where spans overlap, the shortest of them counts."""
    if not length:
        return []
    whole = Block(0, 0, 0, length, 0, astral=False)
    (found,) = segmented([whole], [span.fragments for span in owner.spans], depth=1)
    units: list[Unit] = []
    last = -1
    for piece in found.pieces:
        if not piece.covering:
            last = -1
            continue
        index = piece.covering[0]
        if index == last:
            units[-1] = (units[-1][0], piece.end, units[-1][2])
        else:
            units.append((piece.start, piece.end, owner.spans[index].label))
        last = index
    return units


def u_sums(length: int, annotators: Sequence[Sequence[Unit]]) -> Sums:
    """Counts for the u-alpha family: Krippendorff, Mathet, Bouvry and Widlöcher (2016), On the reliability of unitizing
    textual continua: Further developments, equations 1, 4 and 10.

    `("both", c, k)`: characters valued c by one and k by another annotator, each pair counting 1 / (m - 1).
    `("within", c)`: pairs of characters that chance cannot separate, being in one unit (those of a gap are free).
    `("shared", c)`: the same for the parts of units that other annotators have in units too.
    """
    m = len(annotators)
    sums: defaultdict[Key, float] = defaultdict(float)
    if m < 2:
        return sums
    sections = [_sections(length, units) for units in annotators]
    for section in sections:
        for start, end, value in section:
            sums["within", value] += end - start if value is None else (end - start) ** 2
    for mine, theirs in permutations(sections, 2):
        met = [0] * len(mine)
        for (i, j), shared in _meetings(mine, theirs).items():
            sums["both", mine[i][2], theirs[j][2]] += shared / (m - 1)
            met[i] += shared if theirs[j][2] is not None else 0
        for (_, _, value), shared in zip(mine, met, strict=True):
            if value is not None:
                sums["shared", value] += shared**2 / (m - 1)
    return sums


def u_alpha(sums: Sums) -> float | None:
    """Of units and gaps with their values (2016, equation 5). A unit split in two touching ones is no disagreement."""
    totals = _totals(sums, valued=False)
    observed = sum(n for key, n in sums.items() if key[0] == "both" and key[1] != key[2])
    free = sum(totals.values()) ** 2 - _all(sums, "within")
    return _one_minus(observed, sum(totals.values()) * _products(totals), free)


def bar_u_alpha(sums: Sums) -> float | None:
    """Of units, whatever their values, against gaps (2016, equation 6)."""
    totals = _totals(sums, valued=False)
    total, gap = sum(totals.values()), totals.get(None, 0)
    observed = sum(n for key, n in sums.items() if key[0] == "both" and key[1] is None and key[2] is not None)
    return _one_minus(observed, total * gap * (total - gap), total**2 - _all(sums, "within"))


def cu_alpha(sums: Sums) -> float | None:
    """Of the values alone, where units of two annotators meet (2016, equation 11); undefined with one value only."""
    totals = _totals(sums, valued=True)
    observed = sum(n for key, n in sums.items() if key[0] == "both" and None not in key and key[1] != key[2])
    free = sum(totals.values()) ** 2 - _all(sums, "shared")
    return _one_minus(observed, sum(totals.values()) * _products(totals), free)


def cu_coverage(sums: Sums) -> float | None:
    """How much of the continuum `cu_alpha` speaks of: units that meet units, from 0 to 1."""
    total = _all(sums, "both")
    return sum(_totals(sums, valued=True).values()) / total if total else None


def ku_alpha(sums: Sums, value: Hashable) -> float | None:
    """Of one value against the others, where units of two annotators meet (2016, equation 13b)."""
    totals = _totals(sums, valued=True)
    own, total = totals.get(value, 0), sum(totals.values())
    observed = own - sums.get(("both", value, value), 0)
    return _one_minus(observed, own * own * (total - own), own * total - sums.get(("shared", value), 0))


def alpha_u_sums(length: int, annotators: Sequence[Sequence[Unit]]) -> Sums:
    """Counts for `alpha_u` of units of one label: Krippendorff (1995), On the Reliability of Unitizing Continuous Data,
    with the expected disagreement as corrected in Krippendorff (2004), Measuring the Reliability of Qualitative Text
    Analysis Data. Both are squared characters (D · length²), so that those of articles can be added.
    """
    m = len(annotators)
    if m < 2 or not length:
        return {}
    sections = [_sections(length, units) for units in annotators]
    observed = sum(_distance(mine, theirs) for mine, theirs in permutations(sections, 2)) / (m * (m - 1))
    lengths = np.array([end - start for section in sections for start, end, value in section if value is not None])
    gaps = np.array([end - start for section in sections for start, end, value in section if value is None])
    within = (len(lengths) - 1) / 3 * (2 * lengths**3 - 3 * lengths**2 + lengths)
    places = np.array([np.maximum(gaps - one + 1, 0).sum() for one in lengths])
    free = m * length * (m * length - 1) - (lengths * (lengths - 1)).sum()
    expected = 2 / length * float((within + lengths**2 * places).sum()) / float(free) if len(lengths) and free else 0.0
    return {_OBSERVED: observed, _EXPECTED: expected * length**2}


def alpha_u(sums: Sums) -> float | None:
    """1 - D_o / D_e of squared differences between the borders of units (1995, 2004)."""
    expected = sums.get(_EXPECTED, 0)
    return 1 - sums[_OBSERVED] / expected if expected else None


def _sections(length: int, units: Sequence[Unit]) -> list[Unit]:
    """The units and the gaps between them, which together are the continuum."""
    sections: list[Unit] = []
    position = 0
    for start, end, value in sorted(units, key=lambda unit: unit[:2]):
        if start > position:
            sections.append((position, start, None))
        sections.append((start, end, value))
        position = end
    if position < length:
        sections.append((position, length, None))
    return sections


def _meetings(mine: Sequence[Unit], theirs: Sequence[Unit]) -> dict[tuple[int, int], int]:
    return overlaps([((start, end),) for start, end, _ in mine], [((start, end),) for start, end, _ in theirs])


def _distance(mine: Sequence[Unit], theirs: Sequence[Unit]) -> int:
    """The squared differences of borders of units that meet, and of the length of units that lie in a gap."""
    total = 0
    for (i, j), shared in _meetings(mine, theirs).items():
        (start, end, value), (other_start, other_end, other_value) = mine[i], theirs[j]
        if value is not None and other_value is not None:
            total += (start - other_start) ** 2 + (end - other_end) ** 2
        elif shared == (end - start if other_value is None else other_end - other_start):
            total += shared**2 if value != other_value else 0
    return total


def _totals(sums: Sums, *, valued: bool) -> dict[Hashable, float]:
    """How many characters have each value; `valued`: only those that another annotator has in a unit too, no gaps."""
    totals: defaultdict[Hashable, float] = defaultdict(float)
    for key, n in sums.items():
        if key[0] == "both" and not (valued and None in key):
            totals[key[1]] += n
    return totals


def _all(sums: Sums, name: str) -> float:
    return sum(n for key, n in sums.items() if key[0] == name)


def _products(totals: dict[Hashable, float]) -> float:
    """The sum of the products of all pairs of different values."""
    return sum(totals.values()) ** 2 - sum(n * n for n in totals.values())


def _one_minus(observed: float, pairs: float, free: float) -> float | None:
    """1 - observed / (pairs / free), undefined where chance expects no disagreement."""
    return 1 - observed * free / pairs if pairs > _NOTHING else None
