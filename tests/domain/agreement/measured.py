"""Articles and the numbers that come out at the end, by question."""

from __future__ import annotations

from collections.abc import Sequence

from annotations.domain.agreement.batches import Submitted
from annotations.domain.agreement.counting import counts_of
from annotations.domain.agreement.measures import Question, rows_of
from annotations.domain.agreement.table import Table
from annotations.domain.documents import AnnotationSet, Span


def article_of(text: str | int, sets: Sequence[AnnotationSet | Sequence[Span]]) -> Submitted:
    """An article of that text, or of that many characters, with the sets of annotators 0, 1, …."""
    owners = [one if isinstance(one, AnnotationSet) else AnnotationSet(kind="annotator", spans=one) for one in sets]
    return Submitted(text=text if isinstance(text, str) else "x" * text, sets=dict(enumerate(owners)))


def measured(*articles: Submitted, labels: Sequence[str] | None = None) -> dict[Question, float | None]:
    """All values but intervals; every article is counted alone, as the cache does it."""
    names = labels or sorted({span.label for one in articles for own in one.sets.values() for span in own.spans})
    table = Table(counts for article in articles for counts in counts_of([article], names))
    return {(row.measure, row.label, row.annotators): row.value for row in rows_of(table, names, draws=0)}
