"""Quotes that carry more than one label in the project's submitted work and gold: "Washington" as actor and location.

Quotes are compared without differences of case, white space and composition. Spans in several parts, and those longer
than a name or a phrase, are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.core.cache import cache
from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.clusters import normalised
from annotations.domain.errors import NotFound
from annotations.models import AnnotationSet, Article, Label, Membership, RoleClash, SetKind, SetState, Span

LONGEST: Final = 100
"""Code points; a longer span is no name that could play two roles."""
NEWEST: Final = 2_000
"""So many articles are looked at, those submitted last."""
_PLACES: Final = 12
_KEEP: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An article in which the quote has a label."""

    article_id: UUID
    title: str
    set_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A label of a quote: how often it is given (each set counts), and where first."""

    label: Label
    count: int
    places: Sequence[Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A quote (as it stands in a text, and normalised) with its labels, the most frequent first; `judged`, or open."""

    key: str
    quote: str
    uses: Sequence[Use]
    judged: RoleClash | None

    @property
    def count(self) -> int:
        """How often it is labelled at all."""
        return sum(use.count for use in self.uses)

    @property
    def minority(self) -> int:
        """How many of these are not the most frequent label: what a rule would change."""
        return self.count - self.uses[0].count


def clashes_of(member: Membership) -> list[Clash]:
    """All clashes a reviewer may see, those with the most to settle first; one judged is open again with a new label.

    Raises:
        NotAllowed: not a reviewer.
    """
    policies.check_can_review(member)
    labels = {label.pk: label for label in member.project.labels.all()}
    judged = {each.quote: each for each in RoleClash.objects.filter(project=member.project_id)}
    clashes = [
        _clash(key, quote, uses, labels, judged.get(key)) for key, (quote, uses) in _found(member).items() if key
    ]
    return sorted(clashes, key=lambda each: (-each.minority, -each.count, each.key))


def articles_of(clashes: Iterable[Clash]) -> list[UUID]:
    """The articles whose labelling these show."""
    return sorted({place.article_id for clash in clashes for use in clash.uses for place in use.places})


def clash_of(member: Membership, key: str) -> Clash:
    """The clash of a quote, normalised or not.

    Raises:
        NotFound: it carries one label at most.
    """
    wanted = normalised(key)
    found = next((each for each in clashes_of(member) if each.key == wanted), None)
    if found is None:
        raise NotFound(_("These words do not carry several labels."))
    return found


def _clash(
    key: str,
    quote: str,
    uses: Mapping[int, Sequence[tuple[int, Place]]],
    labels: Mapping[int, Label],
    judged: RoleClash | None,
) -> Clash:
    shown = [
        Use(
            label=labels[label],
            count=sum(count for count, _place in places),
            places=[place for _count, place in places[:_PLACES]],
        )
        for label, places in uses.items()
        if label in labels
    ]
    shown.sort(key=lambda use: (-use.count, use.label.position, use.label.pk))
    is_judged = judged is not None and {use.label.key for use in shown} <= set(judged.labels)
    return Clash(key=key, quote=quote, uses=shown, judged=judged if is_judged else None)


type _Row = tuple[int, int, int, UUID, int]
type _Found = dict[str, tuple[str, dict[int, list[tuple[int, Place]]]]]


def _found(member: Membership) -> _Found:
    """Normalised quote -> as it stands in a text, and for each label where; kept until any of the sets changes."""
    wanted = Q(kind=SetKind.ANNOTATOR, state=SetState.SUBMITTED) | Q(kind=SetKind.GOLD)
    sets = AnnotationSet.objects.filter(pk__in=policies.sets_counted(member).filter(wanted).values("pk"))
    state = sets.aggregate(n=Count("pk"), revisions=Sum("revision"), at=Max("submitted_at"))
    name = f"clashes-{member.pk}-{state['n']}-{state['revisions']}-{state['at'] and state['at'].timestamp()}"
    kept: _Found | None = cache.get(name)
    if kept is None:
        kept = _looked_for(sets)
        cache.set(name, kept, _KEEP)
    return kept


def _looked_for(sets: QuerySet[AnnotationSet]) -> _Found:
    found: dict[str, dict[int, list[tuple[int, Place]]]] = {}
    quotes: dict[str, str] = {}
    for article, spans in _spans_by_article(sets).items():
        for start, end, label, owner, count in spans:
            quote = article.text[start:end]
            key = normalised(quote)
            quotes.setdefault(key, " ".join(quote.split()))
            place = Place(article_id=article.pk, title=str(article), set_id=owner)
            found.setdefault(key, {}).setdefault(label, []).append((count, place))
    return {key: (quotes[key], uses) for key, uses in found.items() if len(uses) > 1}


def _spans_by_article(sets: QuerySet[AnnotationSet]) -> dict[Article, list[_Row]]:
    """Of each of the newest articles: start, end, label, a set that has it, and how many have."""
    newest = sets.values("article").annotate(at=Max("submitted_at")).order_by(F("at").desc(nulls_last=True), "article")
    ids = [row["article"] for row in newest[:NEWEST]]
    rows = (
        Span.objects.filter(
            annotation_set__in=sets.filter(article__in=ids), parts=1, end__lte=F("start") + LONGEST, start__isnull=False
        )
        .order_by("annotation_set__article", "start", "end", "label")
        .values_list("annotation_set__article", "start", "end", "label")
        .annotate(owners=ArrayAgg("annotation_set", order_by=("annotation_set",)))
    )
    grouped: dict[UUID, list[_Row]] = defaultdict(list)
    for article, start, end, label, owners in rows:
        grouped[article].append((start, end, label, owners[0], len(owners)))
    articles = Article.objects.filter(pk__in=grouped).only("pk", "title", "external_id", "text").order_by("pk")
    return {article: grouped[article.pk] for article in articles}
