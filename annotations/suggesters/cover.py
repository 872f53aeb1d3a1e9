"""What is labelled already, to be asked fast whether words touch it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate

from annotations.domain.documents import Fragment, Fragments
from annotations.suggesters.proposals import LabelledSpan


class Cover:
    """The characters of some fragments (code points, half open)."""

    def __init__(self, fragments: Iterable[Fragment] = ()) -> None:
        ordered = sorted(fragments)
        self._starts = [start for start, _ in ordered]
        self._ends = list(accumulate((end for _, end in ordered), max))

    def touches(self, fragments: Fragments) -> bool:
        """Whether any of these has a character in common with what is covered."""
        for start, end in fragments:
            last = bisect_right(self._starts, end - 1) - 1
            if last >= 0 and self._ends[last] > start:
                return True
        return False


def covers(spans: Iterable[LabelledSpan]) -> defaultdict[str, Cover]:
    """For each label what its spans cover."""
    fragments: dict[str, list[Fragment]] = {}
    for span in spans:
        fragments.setdefault(span.label, []).extend(span.fragments)
    return defaultdict(Cover, {label: Cover(found) for label, found in fragments.items()})
