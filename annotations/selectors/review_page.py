"""What the review page of one article shows: its disagreements in order, their versions, and gold in the text.

All offsets are code points, half open. The number of queries does not grow with the article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.domain.documents import Fragments
from annotations.domain.segments import segmented, text_blocks
from annotations.models import (
    AnnotationSet,
    Article,
    Decision,
    Disagreement,
    DisagreementState,
    Membership,
    SetKind,
    SetState,
    Span,
)
from annotations.selectors.desk import LabelSign, Palette, Paragraph, Sign, shortened
from annotations.selectors.disagreements import agreed, is_relation
from annotations.selectors.review import KIND_NAMES, alike_counts, alike_to, decisions_on, group_of

AGREED: Final = "agreed"
"""The filter for what all annotators agree on."""
AHEAD, BEHIND = 10, 3
"""How many rows after and before the current one come with their versions; the others when they are reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A span of a version as it is read: its label, its text, what else was said of it."""

    label: LabelSign
    quote: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """A version; `at` is where its lane is drawn (`120-161,175-230`), `refused` why it cannot be taken now."""

    digit: int
    parts: Sequence[Part]
    link: str
    who: str
    at: str
    refused: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A disagreement as the list and the panel show it; `nothing` says who has no span here."""

    row: Disagreement
    kind: str
    label: str
    slot: int
    split: str
    alike: int
    versions: Sequence[VersionView]
    nothing: str
    decision: Decision | None
    outcome: str
    edit_label: str
    edit_at: str

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return self.row.state != DisagreementState.DECIDED

    @property
    def both(self) -> bool:
        """Whether versions 1 and 2 can be taken together."""
        return len(self.versions) > 1 and not any(version.refused for version in self.versions[:2])


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatorView:
    """Somebody whose work is under review, under the name that is shown."""

    set_id: UUID
    name: str
    submitted: bool


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
    labels = {sign.key: sign for sign in palette.labels.values()}
    view = _Viewer(palette, annotators, decisions, alike_counts(member, listed), labels)
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
        "acceptable": _acceptable(every, decisions),
        "majority": len(agreed(article.pk, how="majority")) if len(annotators) > 2 else 0,
        "annotators": [each for _user, each in sorted(annotators.items(), key=lambda pair: pair[1].set_id)],
        "submitted": sum(each.submitted for each in annotators.values()),
        "gold": gold,
        "is_done": gold is not None and gold.state == SetState.DONE,
        "is_all_decided": all(row.state == DisagreementState.DECIDED for row in every),
        "last": _last_batch(member, article.pk),
        "labels": palette.active,
        "text": article.text,
        "paragraphs": _paragraphs(article.text, palette, gold),
        "is_long": len(article.text) > 100_000,
    }


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


def _acceptable(rows: Sequence[Disagreement], decisions: Mapping[UUID, Decision]) -> int:
    """How many of the rows on which all agree can be accepted now: of relations, those whose ends are or will be."""
    agreed_rows = [row for row in rows if row.unanimous and row.state == DisagreementState.OPEN]
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
        AnnotationSet.objects.filter(article=article.pk, kind=SetKind.ANNOTATOR)
        .exclude(state__in=[SetState.SKIPPED, SetState.RELEASED])
        .select_related("annotator")
        .order_by("pk")
    )
    found = {}
    for number, each in enumerate(sets, 1):
        if each.annotator is None:
            continue
        shown = each.annotator.get_full_name() or each.annotator.get_username()
        name = shown if names else _("annotator %(n)d") % {"n": number}
        found[each.annotator.pk] = AnnotatorView(set_id=each.pk, name=name, submitted=each.state == SetState.SUBMITTED)
    return found


@dataclass(frozen=True, slots=True)
class _Viewer:
    """What is needed to show a row."""

    palette: Palette
    annotators: Mapping[int, AnnotatorView]
    decisions: Mapping[UUID, Decision]
    counts: Mapping[str, int]
    labels: Mapping[str, LabelSign]

    def row(self, row: Disagreement, *, whole: bool) -> RowView:
        """The row as the list shows it; `whole` with its versions."""
        payload, decision = row.payload, self.decisions.get(row.pk)
        chosen = set(decision.versions) if decision and row.state == DisagreementState.DECIDED else set()
        versions = [self._version(version, chosen) for version in payload["versions"]] if whole else []
        present = {key for version in payload["versions"] for key in version["annotators"]}
        absent = [key for key, each in self.annotators.items() if each.submitted and key not in present]
        label = self._label(row.label)
        sizes = [len(version["annotators"]) for version in payload["versions"]] + ([len(absent)] if absent else [])
        spans = [span for version in payload["versions"] for span in version.get("spans", [])]
        return RowView(
            row=row,
            kind=str(KIND_NAMES.get(row.kind, row.kind)),
            label=self._link_name(row.label) if is_relation(row) else label.name,
            slot=label.slot,
            split=" : ".join(map(str, sizes)),
            alike=alike_to(row, self.counts),
            versions=versions,
            nothing=self._who(absent) if absent else "",
            decision=decision,
            outcome=_outcome(row, decision),
            edit_label=spans[0]["label"] if spans else "",
            edit_at=_at(spans[0]["fragments"]) if spans else "",
        )

    def _version(self, version: Mapping[str, Any], chosen: set[int]) -> VersionView:
        spans, link, refused = version.get("spans", []), "", ""
        if "relation" in version:
            relation = version["relation"]
            spans = [relation["source"], relation["target"]]
            link, refused = self._link_name(relation["label"]), self._refusal(spans)
        return VersionView(
            digit=version["digit"],
            parts=[self._part(span) for span in spans],
            link=link,
            who=self._who(version["annotators"]),
            at=_at(sorted(fragment for span in spans for fragment in span["fragments"])),
            refused=refused,
            chosen=version["digit"] in chosen,
        )

    def _part(self, span: Mapping[str, Any]) -> Part:
        said = [span["entity"], *span["attributes"].values()]
        return Part(
            label=self._label(span["label"]),
            quote=shortened(span["quote"]),
            said=", ".join(filter(None, said)),
        )

    def _refusal(self, ends: Iterable[Mapping[str, Any]]) -> str:
        """Why a relation between these ends cannot be taken now."""
        for end in ends:
            key = UUID(end["disagreement"])
            decision = self.decisions.get(key)
            if decision is None:
                return _("decide “%(quote)s” first") % {"quote": shortened(end["quote"])}
            if not decision.gold:
                return _("“%(quote)s” has no span in gold") % {"quote": shortened(end["quote"])}
        return ""

    def _who(self, users: Iterable[int]) -> str:
        return ", ".join(sorted(self.annotators[key].name for key in users if key in self.annotators))

    def _label(self, key: str) -> LabelSign:
        return self.labels.get(key) or next(iter(self.labels.values()))

    def _link_name(self, key: str) -> str:
        return next((link.name for link in self.palette.relation_labels if link.key == key), key)


def _outcome(row: Disagreement, decision: Decision | None) -> str:
    """What was decided, in a few words."""
    if decision is None:
        return ""
    if row.payload.get("gone"):
        return _("decided, but the annotators took their spans back")
    if row.state == DisagreementState.STALE:
        return _("decided, but the annotators changed their work since")
    if not decision.gold:
        return _("no span here")
    if decision.versions:
        return ngettext("version %(digits)s", "versions %(digits)s", len(decision.versions)) % {
            "digits": ", ".join(map(str, decision.versions))
        }
    return _("edited")


def _at(fragments: Iterable[Sequence[int]]) -> str:
    return ",".join(f"{start}-{end}" for start, end in fragments)


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
