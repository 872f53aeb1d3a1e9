"""`python -m benchmarks [suggestions formats save interchange desk review agreement growth annotators]`: those named.

Without names all but the long ones.
"""

from __future__ import annotations

import sys
from typing import Final

from benchmarks import agreement, annotators, desk, formats, growth, interchange, review, save, site, suggestions
from benchmarks.rows import Row, table

QUESTIONS: Final = ("suggestions", "formats", "save", "interchange", "desk", "review", "agreement")
LONG: Final = ("growth", "annotators")
"""Only when named: they take many minutes."""


def main(names: list[str]) -> None:
    """Measure and print."""
    unknown = set(names) - {*QUESTIONS, *LONG}
    if unknown:
        known = ", ".join([*QUESTIONS, *LONG])
        raise SystemExit(f"There is no question {', '.join(sorted(unknown))}; there are {known}.")
    rows: list[Row] = []
    if not names or "suggestions" in names:
        rows += suggestions.measure()
    if not names or "formats" in names:
        rows += formats.measure()
    if "growth" in names:
        rows += growth.measure()
    if not names or set(names) - {"suggestions", "formats", "growth"}:
        rows += _with_a_site(names)
    print(table(rows))


def _with_a_site(names: list[str]) -> list[Row]:
    rows: list[Row] = []
    with site.running() as own:
        if not names or "save" in names:
            rows += save.measure(own)
        if not names or "desk" in names:
            rows += desk.measure(own)
        if not names or "review" in names:
            rows += review.measure(own)
        if not names or "agreement" in names:
            rows += agreement.measure()
        if not names or "interchange" in names:
            rows += interchange.measure(own)
        if "annotators" in names:
            rows += annotators.measure(own)
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
