"""Who said what, counted for networks: rows of the statements of a project, grouped by the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, TextField, UUIDField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from annotations.domain.networks import Network, Said, network_of
from annotations.domain.statements import MADE_BY
from annotations.models import Membership, Relation
from annotations.selectors.entities import names_of_entities
from annotations.selectors.statements import claims_listed, words_of


def network(member: Membership, *, kind: str, **wanted: Any) -> Network:
    """The network of the statements that fit; `kind` is one of `domain.networks.KINDS`, `wanted` as `claims_listed`.

    Raises:
        NotAllowed, InvalidData: as `claims_listed`.
    """
    return network_of(kind, _said(_made(member, wanted)))


def _made(member: Membership, wanted: dict[str, Any]) -> QuerySet[Relation, tuple[Any, ...]]:
    """A row for each actor, concept (or claim without one) and stance."""
    claims = claims_listed(member, **wanted).values("pk")
    bare_actor, bare_claim = Q(target__entity=None), Q(source__entity=None)
    nothing = Value("", output_field=TextField())
    return (
        Relation.objects.filter(label__key=MADE_BY, source__in=claims)
        .annotate(
            actor_words=Case(When(bare_actor, then=words_of("target__")), default=nothing, output_field=TextField()),
            claim=Case(When(bare_claim, then=F("source_id")), output_field=UUIDField()),
            claim_words=Case(When(bare_claim, then=words_of("source__")), default=nothing, output_field=TextField()),
            stance=Coalesce(KeyTextTransform("stance", "source__attributes"), nothing, output_field=TextField()),
        )
        .values_list("target__entity", "actor_words", "source__entity", "claim", "claim_words", "stance")
        .annotate(times=Count("pk"))
        .order_by("actor_words", "target__entity", "source__entity", "claim", "stance")
    )


def _said(rows: QuerySet[Relation, tuple[Any, ...]]) -> Iterator[Said]:
    found = list(rows)
    names = names_of_entities(key for row in found for key in (row[0], row[2]))
    for actor, actor_words, concept, claim, claim_words, stance, times in found:
        yield Said(
            actor=names.get(actor, actor_words),
            concept=names.get(concept, ""),
            claim=str(claim or ""),
            name=claim_words,
            stance=stance,
            times=times,
        )
