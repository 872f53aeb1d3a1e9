"""The places a project's articles speak of: mentions of locations, counted, with coordinates where they are known.

Coordinates are those of the entity a mention means, else those of the gazetteer for its name.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, TextField, Value, When

from annotations.domain.places import LAND, Place
from annotations.domain.statements import LOCATED_IN
from annotations.models import Entity, Membership, Relation, Span
from annotations.selectors.entities import roots_of_entities
from annotations.selectors.statements import sets_read, words_of
from annotations.suggesters.gazetteer import ATTRIBUTION as GAZETTEER
from annotations.suggesters.gazetteer import places as gazetteer

ATTRIBUTION = f"{GAZETTEER}; {LAND}"


def mentions_of_places(
    member: Membership,
    *,
    sets: str = "gold",
    search: str = "",
    outlet: str = "",
    published_after: date | None = None,
    published_before: date | None = None,
) -> QuerySet[Span]:
    """The spans that are locations, by their label or because a statement is located in them.

    Raises:
        NotAllowed: work of others, asked for by a role that has no right to it.
    """
    located = Relation.objects.filter(target=OuterRef("pk"), label__key=LOCATED_IN)
    spans = Span.objects.filter(annotation_set__in=sets_read(member, sets))
    spans = spans.filter(Q(label__key="location") | Exists(located))
    if search:
        spans = spans.annotate(words=words_of("")).filter(
            Q(words__icontains=search) | Q(entity__name__icontains=search)
        )
    about: dict[str, Any] = {
        "outlet": outlet,
        "published_on__gt": published_after,
        "published_on__lt": published_before,
    }
    return spans.filter(**{f"annotation_set__article__{name}": value for name, value in about.items() if value})


@dataclass(slots=True)
class _Counts:
    mentions: int = 0
    statements: int = 0
    articles: set[UUID] = field(default_factory=set)
    entity: Entity | None = None


def places(mentions: QuerySet[Span]) -> list[Place]:
    """The places these mentions name, those mentioned most first."""
    counted: dict[str, _Counts] = defaultdict(_Counts)
    nothing = Value("", output_field=TextField())
    rows = list(
        mentions.annotate(named=Case(When(entity=None, then=words_of("")), default=nothing, output_field=TextField()))
        .values_list("entity", "named", "annotation_set__article")
        .annotate(
            n=Count("pk", distinct=True),
            statements=Count("relations_in", filter=Q(relations_in__label__key=LOCATED_IN), distinct=True),
        )
        .order_by("named", "entity", "annotation_set__article")
    )
    entities = roots_of_entities(row[0] for row in rows)
    for entity, words, article, times, statements in rows:
        meant = entities.get(entity)
        counts = counted[meant.name if meant else words]
        counts.mentions += times
        counts.statements += statements
        counts.articles.add(article)
        counts.entity = counts.entity or meant
    found = [_place(name, counts) for name, counts in counted.items()]
    return sorted(found, key=lambda place: (-place.mentions, place.name))


def _place(name: str, counts: _Counts) -> Place:
    latitude = longitude = None
    source = ""
    entity = counts.entity
    if entity is not None and entity.latitude is not None and entity.longitude is not None:
        latitude, longitude, source = entity.latitude, entity.longitude, "entity"
    elif known := gazetteer().get(name):
        latitude, longitude, source = known.latitude, known.longitude, "gazetteer"
    return Place(
        name=name,
        mentions=counts.mentions,
        statements=counts.statements,
        articles=len(counts.articles),
        latitude=latitude,
        longitude=longitude,
        entity=str(entity.pk) if entity else "",
        source=source,
    )
