"""What the review page of one article shows: its disagreements in order, their versions, and gold in the text.

All offsets are code points, half open. The number of queries does not grow with the article.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from annotations.domain.documents import Fragments
from annotations.domain.segments import segmented, text_blocks
from annotations.models import (
    AnnotationSet,
    Article,
    Comment,
    Decision,
    Disagreement,
    DisagreementState,
    Membership,
    SetKind,
    SetState,
    Span,
)
from annotations.selectors.decisions import minutes_left
from annotations.selectors.desk import Palette, Paragraph, Sign, shortened
from annotations.selectors.disagreements import is_majority, is_relation
from annotations.selectors.review import (
    KIND_NAMES,
    alike_counts,
    articles_to_review,
    decisions_on,
    group_of,
    most_telling,
)
from annotations.selectors.review_rows import AnnotatorView, Link, Viewer, at_text

AGREED: Final = "agreed"
"""The filter for what all annotators agree on."""
STALE: Final = "stale"
"""The filter for what was decided and is to be looked at again."""
AHEAD, BEHIND = 15, 3
"""How many rows after and before the current one come with their versions; the others when they are reached."""


def review_context(
    *, member: Membership, article: Article, at: UUID | None, after: UUID | None, only: str, names: bool
) -> dict[str, Any]:
    """The page: list, counts, text with gold, and the versions of the current row and those near it.

    `at` is the current row, or the first open one `after` another; `only` a kind, `agreed` or empty.
    """
    palette = Palette(article.project_id)
    annotators = _annotators(article, names=names)
    every = sorted(Disagreement.objects.filter(article=article.pk), key=_order)
    waiting = [row for row in every if not row.unanimous and row.state != DisagreementState.DECIDED]
    counts = Counter(group_of(row.kind) for row in waiting)
    listed = [row for row in every if _is_listed(row, only)]
    position = _position(listed, at, after)
    near = range(max(0, (position or 0) - BEHIND), (position or 0) + AHEAD + 1)
    decisions = decisions_on(every)
    shown = [row for number, row in enumerate(listed) if number in near]
    view = Viewer(
        palette, decisions, alike_counts(member, listed), annotators, _links(every, palette), _remarks(article, shown)
    )
    rows = [view.row(row, whole=number in near) for number, row in enumerate(listed)]
    gold = AnnotationSet.objects.filter(article=article.pk, kind=SetKind.GOLD).first()
    return {
        "article": article,
        "project": member.project,
        "only": only,
        "names": names,
        "rows": rows,
        "panels": [row for number, row in enumerate(rows) if number in near],
        "current": listed[position].pk if position is not None else None,
        "chips": [(kind, KIND_NAMES[kind], count) for kind, count in counts.most_common()],
        "open": counts.total(),
        "decided": sum(row.state == DisagreementState.DECIDED for row in every),
        "agreed": sum(row.unanimous and row.state != DisagreementState.DECIDED for row in every),
        "acceptable": _acceptable([row for row in every if row.unanimous and row.payload["of"] > 1], decisions),
        "majorities": _majorities(every, decisions),
        "stale": sum(row.state == DisagreementState.STALE for row in every),
        "minutes": minutes_left(member, counts.total()),
        "annotators": [each for _user, each in sorted(annotators.items(), key=lambda pair: pair[1].set_id)],
        "submitted": sum(each.submitted for each in annotators.values()),
        "gold": gold,
        "is_done": gold is not None and gold.state == SetState.DONE,
        "is_all_decided": all(row.state == DisagreementState.DECIDED for row in every),
        "last": _last_batch(member, article.pk),
        "labels": palette.active,
        "label_data": [
            {"key": label.key, "name": label.name, "shortcut": label.shortcut, "attributes": list(label.attributes)}
            for label in palette.active
        ],
        "next_article": next_to_review(member, article) if not counts and every else None,
        "text": article.text,
        "paragraphs": _paragraphs(article.text, palette, gold),
        "is_long": len(article.text) > 100_000,
    }


def next_to_review(member: Membership, article: Article) -> Article | None:
    """The article that teaches most, of the others; asked for only when this one is settled."""
    others: QuerySet[Any] = articles_to_review(member, most_telling(member)).exclude(pk=article.pk)
    found: Article | None = others.filter(is_done=False, open_count__gt=0).first()
    return found


def place_of(article_id: UUID, batch: UUID) -> UUID | None:
    """The first disagreement of the article that was decided in the batch and stands."""
    found = Decision.objects.filter(article=article_id, batch=batch, undone_at__isnull=True)
    return found.order_by("at", "pk").values_list("disagreement", flat=True).first()


def _last_batch(member: Membership, article_id: UUID) -> UUID | None:
    """The step that the member took last on the article, and did not take back."""
    mine = Decision.objects.filter(
        article=article_id, by=member.user_id, undone_at__isnull=True, disagreement__isnull=False
    )
    return mine.order_by("-at", "-pk").values_list("batch", flat=True).first()


def _majorities(rows: Sequence[Disagreement], decisions: Mapping[UUID, Decision]) -> list[tuple[int, int]]:
    """For each k, the most first, how many rows can be accepted because at least k (and more than half) chose one
    version; a k that adds nothing to the next higher one is left out.
    """
    most = max((row.payload["of"] for row in rows), default=0)
    found: list[tuple[int, int]] = []
    for least in range(most - 1, 1, -1):
        count = _acceptable([row for row in rows if is_majority(row.payload, least)], decisions)
        if count > (found[-1][1] if found else _acceptable([row for row in rows if row.unanimous], decisions)):
            found.append((least, count))
    return found


def _acceptable(rows: Sequence[Disagreement], decisions: Mapping[UUID, Decision]) -> int:
    """How many of the rows can be accepted now: of relations, those whose ends are or will be there."""
    agreed_rows = [row for row in rows if row.state == DisagreementState.OPEN]
    there = {row.pk for row in agreed_rows} | {key for key, decision in decisions.items() if decision.gold}
    return sum(not is_relation(row) or _ends_of(row) <= there for row in agreed_rows)


def _ends_of(row: Disagreement) -> set[UUID]:
    relation = row.payload["versions"][0]["relation"]
    return {UUID(relation[end]["disagreement"]) for end in ("source", "target")}


def _order(row: Disagreement) -> tuple[bool, int, str]:
    return (is_relation(row), row.start, str(row.pk))


def _is_listed(row: Disagreement, only: str) -> bool:
    if only == AGREED:
        return row.unanimous
    if only == STALE:
        return row.state == DisagreementState.STALE
    return not row.unanimous and only in {"", row.kind, group_of(row.kind)}


def _position(rows: Sequence[Disagreement], at: UUID | None, after: UUID | None) -> int | None:
    """The row asked for; else the first open one behind `after`, then from the start; else the first."""
    if not rows:
        return None
    places: dict[UUID, int] = {row.pk: number for number, row in enumerate(rows)}
    if at is not None and at in places:
        return places[at]
    start = places[after] + 1 if after is not None and after in places else 0
    around: list[int] = [*range(start, len(rows)), *range(start)]
    is_open: list[int] = [number for number in around if rows[number].state != DisagreementState.DECIDED]
    return (is_open or around)[0]


def _annotators(article: Article, *, names: bool) -> dict[int, AnnotatorView]:
    """Who worked on the article, by user id; numbered in the order of their sets unless the names are asked for."""
    sets = (
        AnnotationSet.objects.filter(article=article.pk, kind=SetKind.ANNOTATOR, round=0)
        .exclude(state__in=[SetState.SKIPPED, SetState.RELEASED])
        .select_related("annotator")
        .order_by("pk")
    )
    lanes: dict[UUID, list[tuple[int, int]]] = defaultdict(list)
    spans = Span.objects.filter(annotation_set__in=[each.pk for each in sets]).order_by()
    for owner, fragments in spans.values_list("annotation_set", "fragments"):
        lanes[owner] += fragments
    found = {}
    for number, each in enumerate(sets, 1):
        if each.annotator is None:
            continue
        shown = each.annotator.get_full_name() or each.annotator.get_username()
        name = shown if names else _("annotator %(n)d") % {"n": number}
        submitted = each.state == SetState.SUBMITTED
        found[each.annotator.pk] = AnnotatorView(
            set_id=each.pk,
            name=name,
            submitted=submitted,
            lane=number,
            at=at_text(sorted(lanes[each.pk])) if submitted else "",
        )
    return found


def _links(rows: Sequence[Disagreement], palette: Palette) -> dict[UUID, list[Link]]:
    """Disagreement -> the relations that begin at its spans, as they stand to be decided."""
    names = {link.key: link.name for link in palette.relation_labels}
    found: dict[UUID, list[Link]] = {}
    for row in rows:
        for version in row.payload["versions"] if is_relation(row) else ():
            relation = version["relation"]
            link = Link(
                row=row.pk,
                name=names.get(relation["label"], relation["label"]),
                quote=shortened(relation["target"]["quote"]),
                chose=len(version["annotators"]),
                decided=row.state == DisagreementState.DECIDED,
            )
            found.setdefault(UUID(relation["source"]["disagreement"]), []).append(link)
    return found


def _remarks(article: Article, rows: Sequence[Disagreement]) -> dict[UUID, list[Comment]]:
    """What was said about the rows, oldest first."""
    found: dict[UUID, list[Comment]] = {}
    said = Comment.objects.filter(article=article.pk, disagreement__in=[row.pk for row in rows])
    for comment in said.select_related("author").order_by("at", "pk"):
        if comment.disagreement:
            found.setdefault(comment.disagreement, []).append(comment)
    return found


def _paragraphs(text: str, palette: Palette, gold: AnnotationSet | None) -> list[tuple[Paragraph, Sequence[Sign]]]:
    """The text with the spans of gold."""
    spans = list(Span.objects.filter(annotation_set=gold).values_list("pk", "label", "fragments")) if gold else []
    signs = [Sign(key, palette.labels[label]) for key, label, _fragments in spans]
    extents: list[Fragments] = [fragments for _key, _label, fragments in spans]
    found: list[tuple[Paragraph, Sequence[Sign]]] = []
    for number, group in groupby(segmented(text_blocks(text), extents), key=lambda cut: cut.block.paragraph):
        parts = list(group)
        astral = any(cut.block.astral for cut in parts)
        found.append((Paragraph(number, parts[0].block.start, astral, parts), signs))
    return found
