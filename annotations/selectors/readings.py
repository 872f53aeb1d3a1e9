"""What is known of how work was done: paragraphs that were read, and the time it took without pauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.documents import Fragment, Fragments
from annotations.domain.segments import paragraphs, touched
from annotations.models import AnnotationSet, Article, Membership, Reading, SetKind, SetState, Span

_GIVEN_BACK: Final = (SetState.SKIPPED, SetState.RELEASED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Of `total` paragraphs `read` were on the annotator's screen; in `unmarked` of those nothing is marked.

    `unread_marked` are marked and were not seen long enough to be read. `None` where nothing was told.
    """

    set_id: UUID
    name: str
    active_seconds: int
    read: int | None
    total: int
    unmarked: int
    unread_marked: int

    @property
    def active(self) -> str:
        """The time of work as minutes and seconds."""
        return as_time(self.active_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The time of work on an annotator's submitted articles, of those where it is known: quartiles, in seconds."""

    username: str
    articles: int
    seconds: tuple[int, int, int]

    @property
    def median(self) -> str:
        """The median as minutes and seconds."""
        return as_time(self.seconds[1])

    @property
    def minutes(self) -> list[float]:
        """The quartiles in minutes."""
        return [each / 60 for each in self.seconds]


def as_time(seconds: int) -> str:
    """`3:07`, or `1:02:05` from an hour on."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def evidence_of_article(article: Article, *, names: bool) -> list[Evidence]:
    """For each annotator at work on the article, in the order of their sets; numbered unless `names` are asked for."""
    sets = AnnotationSet.objects.filter(article=article.pk, kind=SetKind.ANNOTATOR, round=0)
    found = sets.exclude(state__in=_GIVEN_BACK).select_related("annotator", "reading").order_by("pk")
    spans: dict[UUID, list[Fragment]] = {}
    rows = Span.objects.filter(annotation_set__in=[each.pk for each in found]).order_by()
    for owner, fragments in rows.values_list("annotation_set", "fragments"):
        spans.setdefault(owner, []).extend(fragments)
    text_paragraphs = paragraphs(article.text)
    result = []
    for number, each in enumerate(found, 1):
        name = each.annotator.get_username() if each.annotator else ""
        marked = touched(text_paragraphs, spans.get(each.pk, []))
        shown = name if names else _("annotator %(n)d") % {"n": number}
        result.append(_evidence(each, shown, len(text_paragraphs), marked))
    return result


def _evidence(each: AnnotationSet, name: str, total: int, marked: set[int]) -> Evidence:
    reading: Reading | None = getattr(each, "reading", None)
    seen = {number for start, end in reading.paragraphs for number in range(start, end)} if reading else set()
    return Evidence(
        set_id=each.pk,
        name=name,
        active_seconds=each.active_seconds,
        read=len(seen) if reading else None,
        total=total,
        unmarked=len(seen - marked),
        unread_marked=len(marked - seen) if reading else 0,
    )


def length_of(ranges: Fragments) -> int:
    """How many numbers the half-open ranges hold."""
    return sum(end - start for start, end in ranges)


def pace_by_annotator(member: Membership) -> list[Pace]:
    """How long people work on an article, by name; for reviewers and managers, never for annotators."""
    policies.check_can_review(member)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT u.username, count(*),
                   percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY s.active_seconds)
              FROM annotations_annotationset s
              JOIN annotations_article a ON a.id = s.article_id
              JOIN annotations_user u ON u.id = s.annotator_id
             WHERE a.project_id = %s AND a.purpose = 'work' AND s.kind = 'annotator' AND s.round = 0
               AND s.state = 'submitted' AND s.active_seconds > 0
             GROUP BY u.username ORDER BY u.username
            """,
            [member.project_id],
        )
        return [
            Pace(username=name, articles=count, seconds=(round(low), round(middle), round(high)))
            for name, count, (low, middle, high) in cursor.fetchall()
        ]


def work_listed(member: Membership, *, annotator: str = "") -> QuerySet[AnnotationSet]:
    """Submitted sets with their readings, of one annotator or of all; the articles' texts stay in the database."""
    policies.check_can_review(member)
    sets = policies.sets_visible_to(member).filter(
        kind=SetKind.ANNOTATOR, state=SetState.SUBMITTED, round=0, article__purpose="work"
    )
    if annotator:
        sets = sets.filter(annotator__username=annotator)
    return sets.select_related("annotator", "article", "reading").defer("article__text", "article__metadata")
