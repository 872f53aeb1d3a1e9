"""Agreement on where units are: the u-alpha family of 2016 and alpha-U of 1995, each made of sums.

A continuum is one article of some length (characters); each annotator divides it into units, which have a value, and
the gaps between them. Units of one annotator do not overlap; they may touch. The sums of the u-alpha family are those
of Krippendorff, Mathet, Bouvry and Widlöcher (2016), On the reliability of unitizing textual continua: Further
developments, equations 1, 4 and 10:

- `("both", c, k)`: characters valued c by one and k by another annotator, each pair counting 1 / (m - 1);
- `("within", c)`: pairs of characters that chance cannot separate, being in one unit (those of a gap are free);
- `("shared", c)`: the same for the parts of units that other annotators have in units too.

The value None is a gap.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from typing import Any

from annotations.domain.agreement import Sums, Values, ratio, total

type Unit = tuple[int, int, Hashable]
"""Start, end and value; the value None is a gap."""


def u_alpha(sums: Sums) -> Values:
    """Of units and gaps with their values (2016, equation 5). A unit split in two touching ones is no disagreement."""
    totals = _totals(sums, valued=False)
    observed = total(n for key, n in sums.items() if key[0] == "both" and key[1] != key[2])
    everything = total(totals.values())
    return _one_minus(observed, everything * _products(totals), everything**2 - _all(sums, "within"), everything**3)


def bar_u_alpha(sums: Sums) -> Values:
    """Of units, whatever their values, against gaps (2016, equation 6)."""
    totals = _totals(sums, valued=False)
    everything, gap = total(totals.values()), totals.get(None, 0)
    observed = total(n for key, n in sums.items() if key[0] == "both" and key[1] is None and key[2] is not None)
    pairs = everything * gap * (everything - gap)
    return _one_minus(observed, pairs, everything**2 - _all(sums, "within"), everything**3)


def cu_alpha(sums: Sums) -> Values:
    """Of the values alone, where units of two annotators meet (2016, equation 11); undefined with one value only."""
    totals = _totals(sums, valued=True)
    observed = total(n for key, n in sums.items() if key[0] == "both" and None not in key and key[1] != key[2])
    everything = total(totals.values())
    return _one_minus(observed, everything * _products(totals), everything**2 - _all(sums, "shared"), everything**3)


def cu_coverage(sums: Sums) -> Values:
    """How much of the continuum `cu_alpha` speaks of: units that meet units, from 0 to 1."""
    return ratio(total(_totals(sums, valued=True).values()), _all(sums, "both"))


def ku_alpha(sums: Sums, value: Hashable) -> Values:
    """Of one value against the others, where units of two annotators meet (2016, equation 13b)."""
    totals = _totals(sums, valued=True)
    own, everything = totals.get(value, total([])), total(totals.values())
    observed = own - sums.get(("both", value, value), 0)
    free = own * everything - sums.get(("shared", value), 0)
    return _one_minus(observed, own * own * (everything - own), free, own * own * everything)


def alpha_u(sums: Sums) -> Values:
    """1 - D_o / D_e of squared differences between the borders of units of one label: Krippendorff (1995), On the
    Reliability of Unitizing Continuous Data, with the expected disagreement as corrected in Krippendorff (2004),
    Measuring the Reliability of Qualitative Text Analysis Data. The sums, `("observed",)` and `("expected",)`, are
    squared characters (D · length²), so that those of articles can be added.
    """
    return 1 - ratio(sums.get(("observed",), 0), sums.get(("expected",), 0))


def _totals(sums: Sums, *, valued: bool) -> dict[Hashable, Any]:
    """How many characters have each value; `valued`: only those that another annotator has in a unit too, no gaps."""
    totals: defaultdict[Hashable, Any] = defaultdict(lambda: total([]))
    for key, n in sums.items():
        if key[0] == "both" and not (valued and None in key):
            totals[key[1]] = totals[key[1]] + n
    return totals


def _all(sums: Sums, name: str) -> Any:
    return total(n for key, n in sums.items() if key[0] == name)


def _products(totals: dict[Hashable, Any]) -> Any:
    """The sum of the products of all pairs of different values."""
    everything = total(totals.values())
    return total(n * (everything - n) for n in totals.values())


def _one_minus(observed: Any, pairs: Any, free: Any, scale: Any) -> Values:
    """1 - observed / (pairs / free), undefined where chance expects no disagreement."""
    return 1 - ratio(observed * free, pairs, scale)
