"""Lists of disagreements: which are asked for, how many of each kind there are, which are alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from annotations.models import Disagreement, DisagreementState, Membership, User
from annotations.selectors.disagreements import disagreements_visible_to
from annotations.selectors.review import OPEN, RELATIONS, group_of

_IN_STATE: Final = {
    "open": OPEN,
    "stale": Q(state=DisagreementState.STALE),
    "decided": Q(state=DisagreementState.DECIDED),
}
STATES: Final = tuple(_IN_STATE)
_AROUND: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which disagreements are asked for; what is empty narrows nothing. `kind` may be `relation` for all of these.

    `state` is open (also stale), stale, decided; `annotator` the name of somebody who chose a version, `quote` words
    of it. Those on which all agree are there only with `unanimous`, or if they are stale.
    """

    kind: str = ""
    label: str = ""
    state: str = ""
    annotator: str = ""
    quote: str = ""
    article: UUID | None = None
    unanimous: bool = False

    def narrow(self, rows: QuerySet[Disagreement]) -> QuerySet[Disagreement]:
        """The rows that fit."""
        conditions = Q()
        if not self.unanimous and self.state != "stale":
            conditions &= Q(unanimous=False)
        if self.kind:
            conditions &= Q(kind__startswith="relation_") if self.kind == RELATIONS else Q(kind=self.kind)
        if self.label:
            conditions &= Q(label=self.label)
        if self.state:
            conditions &= _IN_STATE[self.state]
        if self.quote:
            conditions &= Q(payload__quote__icontains=self.quote)
        if self.article:
            conditions &= Q(article=self.article)
        rows = rows.filter(conditions)
        if not self.annotator:
            return rows
        who = User.objects.filter(username=self.annotator).values_list("pk", flat=True).first()
        return rows.filter(payload__versions__contains=[{"annotators": [who]}]) if who else rows.none()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A disagreement of the same shape as another, with what stands before and after it in its paragraph."""

    row: Disagreement
    before: str
    quote: str
    after: str


def disagreements_listed(member: Membership, wanted: Wanted) -> QuerySet[Disagreement]:
    """The disagreements of the project that are asked for and the member may see."""
    return wanted.narrow(disagreements_visible_to(member))


def kind_counts(member: Membership, wanted: Wanted) -> list[tuple[str, int]]:
    """How many of what is asked for (whatever kind is) there are of each kind (`group_of`), the most first."""
    rows = disagreements_listed(member, replace(wanted, kind="")).order_by()
    counts: Counter[str] = Counter()
    for kind, count in rows.values_list("kind").annotate(Count("pk")).order_by("kind"):
        counts[group_of(kind)] += count
    return counts.most_common()


def groups_of_alike(rows: QuerySet[Disagreement]) -> QuerySet[Disagreement]:
    """The first of each group of one shape, the largest groups first; `group` is how many of `rows` it has."""
    places = [F("article"), F("start"), F("pk")]
    return (
        rows.annotate(
            group=Window(Count("pk"), partition_by="shape"),
            place=Window(RowNumber(), partition_by="shape", order_by=places),
        )
        .filter(place=1)
        .order_by("-group", "shape")
    )


def alike_of(member: Membership, row: Disagreement, *, without: Collection[UUID] = ()) -> dict[UUID, UUID]:
    """Other open disagreements of the row's shape the member may decide, but those `without`, with their articles."""
    found = disagreements_visible_to(member).filter(shape=row.shape, state=DisagreementState.OPEN)
    return dict(found.exclude(pk__in=[row.pk, *without]).values_list("pk", "article"))


def alike_in_context(member: Membership, row: Disagreement, *, most: int = 200) -> list[Alike]:
    """The same with the words around each, for a look at them before all are decided at once."""
    keys = list(alike_of(member, row))[:most]
    rows = Disagreement.objects.filter(pk__in=keys).select_related("article").order_by("article", "start", "pk")
    return [_alike(each) for each in rows]


def _ends(version: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    relation = version.get("relation")
    return [relation["source"], relation["target"]] if relation else []


def _alike(row: Disagreement) -> Alike:
    text = row.article.text
    ends = [each for version in row.payload["versions"] for each in _ends(version)]
    spans = ends or [span for version in row.payload["versions"] for span in version["spans"]]
    start = min(fragment[0] for span in spans for fragment in span["fragments"])
    end = max(fragment[1] for span in spans for fragment in span["fragments"])
    before = text[max(text.rfind("\n", 0, start) + 1, start - _AROUND) : start]
    stop = text.find("\n", end)
    after = text[end : min(len(text) if stop < 0 else stop, end + _AROUND)]
    return Alike(row=row, before=before, quote=row.payload["quote"], after=after)
