"""What an open desk tells of its reader: seconds of work without pauses, and which paragraphs were on screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from annotations.domain.documents import Fragment
from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.queueing import WRITABLE
from annotations.domain.segments import paragraphs as paragraphs_of
from annotations.models import AnnotationSet
from annotations.models.fields import multirange_of
from annotations.models.prepared import run

MAX_SECONDS: Final = 3_600
MAX_RANGES: Final = 1_000

# All that was told together is never more than went by since the work was begun, whatever a client says.
_ACTIVE: Final = """
UPDATE annotations_annotationset
   SET active_seconds = greatest(active_seconds, least(
         active_seconds + %(seconds)s, floor(extract(epoch FROM clock_timestamp() - started_at))::integer))
 WHERE id = %(set)s
"""
_SEEN: Final = """
INSERT INTO annotations_reading AS r (annotation_set_id, paragraphs, total, at)
VALUES (%(set)s, %(paragraphs)s, %(total)s, now())
ON CONFLICT (annotation_set_id) DO UPDATE SET paragraphs = r.paragraphs + excluded.paragraphs, at = now()
"""


def record_visit(
    *, annotation_set: AnnotationSet, active_seconds: int = 0, paragraphs: Sequence[Fragment] = ()
) -> None:
    """Add what an open desk of this set tells; the caller has checked that it is the annotator's own.

    `active_seconds`: of work since it told last, at most `MAX_SECONDS`. `paragraphs`: half-open ranges of numbers of
    paragraphs that were on screen, kept only where the project asks for it. Submitted work is left as it is.

    Raises:
        InvalidData: a paragraph the article does not have.
    """
    ranges = _checked(paragraphs)
    if annotation_set.state not in WRITABLE:
        return
    if active_seconds > 0:
        run(_ACTIVE, {"set": annotation_set.pk, "seconds": min(active_seconds, MAX_SECONDS)})
    article = annotation_set.article
    if ranges and article.project.reading_evidence:
        total = len(paragraphs_of(article.text))
        if max(end for _, end in ranges) > total:
            raise _refusal(_("The article has %(n)d paragraphs.") % {"n": total})
        run(_SEEN, {"set": annotation_set.pk, "paragraphs": multirange_of(ranges), "total": total})


def _checked(ranges: Sequence[Fragment]) -> Sequence[Fragment]:
    if len(ranges) > MAX_RANGES:
        raise _refusal(_("%(n)d ranges at once; at most %(most)d.") % {"n": len(ranges), "most": MAX_RANGES})
    if any(not 0 <= start < end < 2**31 for start, end in ranges):
        raise _refusal(_("A range is a first paragraph and the one after the last, as [0, 3]."))
    return ranges


def _refusal(detail: str) -> InvalidData:
    return InvalidData(detail, [FieldError("paragraphs", detail)])
