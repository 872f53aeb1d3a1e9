"""The statements of a project: who said what, about where; read from gold, or from annotators' submitted work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django_stubs_ext import WithAnnotations

from annotations import policies
from annotations.domain.documents import AnnotationSet as DomainSet
from annotations.domain.documents import Fragments, quote_of
from annotations.domain.documents import Relation as DomainRelation
from annotations.domain.documents import Span as DomainSpan
from annotations.domain.errors import FieldError, InvalidData
from annotations.domain.statements import CLAIM, LOCATED_IN, MADE_BY, Mention, Statement, statements_of
from annotations.models import AnnotationSet as DatabaseSet
from annotations.models import Article, Membership, Relation, SetKind, SetState, Span
from annotations.selectors.entities import names_of_entities
from annotations.selectors.spans import WithCovered, with_covered

SETS: Final = ("gold", "annotators")
_BATCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A statement where it stands."""

    statement: Statement
    article: Article
    annotation_set: UUID
    annotator: str


def claims_listed(
    member: Membership,
    *,
    sets: str = "gold",
    search: str = "",
    actor: str = "",
    location: str = "",
    concept: str = "",
    attribute: str = "",
    outlet: str = "",
    article: UUID | None = None,
    published_after: date | None = None,
    published_before: date | None = None,
) -> QuerySet[Span]:
    """The claims whose statements fit, in the sets the member may see; `attribute` is `key:choice`.

    Raises:
        NotAllowed: work of others, asked for by a role that has no right to it.
        InvalidData: an attribute that is not `key:choice`.
    """
    linked = Relation.objects.filter(source=OuterRef("pk"), label__key=MADE_BY)
    claims = Span.objects.filter(annotation_set__in=sets_read(member, sets)).filter(
        Q(label__key=CLAIM) | Exists(linked)
    )
    if search:
        claims = claims.annotate(words=words_of("")).filter(words__icontains=search)
    for key, name in ((MADE_BY, actor), (LOCATED_IN, location)):
        if name:
            claims = claims.filter(Exists(_linked_to(member, key, name)))
    if concept:
        claims = claims.filter(entity__in=_entities_called(member, concept))
    if attribute:
        claims = claims.filter(attributes__contains=_attribute(attribute))
    about: dict[str, Any] = {
        "outlet": outlet,
        "pk": article,
        "published_on__gt": published_after,
        "published_on__lt": published_before,
    }
    return claims.filter(**{f"annotation_set__article__{name}": value for name, value in about.items() if value})


def sets_read(member: Membership, sets: str) -> QuerySet[DatabaseSet]:
    """The sets that statements are read from: gold, or annotators' submitted work, as far as the member may see them.

    Raises:
        NotAllowed: work of others, asked for by a role that has no right to it.
    """
    visible = policies.sets_counted(member)
    if sets == "annotators":
        policies.check_can_export(member, ["annotators"])
        return visible.filter(kind=SetKind.ANNOTATOR, state=SetState.SUBMITTED)
    return visible.filter(kind=SetKind.GOLD)


def statements_found(claims: Sequence[Span]) -> list[Found]:
    """The statements of these claims, in their order; a claim of two actors makes two."""
    relations = _relations_of(claims)
    ends = {relation.target_id for linked in relations.values() for relation in linked}
    shown = {span.pk: span for span in _withwords_of(ends | {claim.pk for claim in claims})}
    names = names_of_entities(span.entity_id for span in shown.values())
    found = []
    for claim in claims:
        linked = relations[claim.pk]
        spans = [shown[claim.pk], *(shown[relation.target_id] for relation in linked)]
        within = shown[claim.pk].annotation_set
        domain = DomainSet(
            kind=within.kind,
            spans=[_span(span, names) for span in {span.pk: span for span in spans}.values()],
            relations=[
                DomainRelation(
                    id=str(each.pk), label=each.label.key, source=str(each.source_id), target=str(each.target_id)
                )
                for each in linked
            ],
        )
        found += [
            Found(
                statement=statement,
                article=within.article,
                annotation_set=within.pk,
                annotator=within.annotator.username if within.annotator else "",
            )
            for statement in statements_of("", domain)
            if statement.claim.id == str(claim.pk)
        ]
    return found


def all_statements(member: Membership, **wanted: Any) -> Iterator[list[Found]]:
    """All statements that fit, some hundred at a time, by the ids of their claims; `wanted` as for `claims_listed`."""
    claims = claims_listed(member, **wanted).order_by("pk")
    last = None
    while batch := list((claims if last is None else claims.filter(pk__gt=last))[:_BATCH]):
        last = batch[-1].pk
        yield statements_found(batch)


def statement_json(found: Found) -> dict[str, Any]:
    """A statement as the API tells it."""
    article = found.article
    return {
        "actor": _mention_json(found.statement.actor),
        "claim": _mention_json(found.statement.claim),
        "location": _mention_json(found.statement.location),
        "attributes": dict(found.statement.attributes),
        "article": {
            "id": str(article.pk),
            "external_id": article.external_id,
            "title": article.title,
            "outlet": article.outlet,
            "url": article.url,
            "published_at": article.published_at,
        },
        "annotation_set": str(found.annotation_set),
        "annotator": found.annotator,
    }


def _mention_json(mention: Mention | None) -> dict[str, Any] | None:
    if mention is None:
        return None
    return {
        "id": mention.id,
        "label": mention.label,
        "fragments": [list(part) for part in mention.fragments],
        "quote": mention.quote,
        "entity": mention.entity,
    }


def _attribute(given: str) -> dict[str, str]:
    key, colon, choice = given.partition(":")
    if not (key and colon and choice):
        detail = _("An attribute is asked for as key:choice, such as stance:opposes.")
        raise InvalidData(detail, [FieldError("attribute", detail)])
    return {key: choice}


def words_of(path: str) -> Substr:
    """The text from the start to the end of a span; `path` leads to it."""
    return Substr(f"{path}annotation_set__article__text", F(f"{path}start") + 1, F(f"{path}end") - F(f"{path}start"))


def _entities_called(member: Membership, name: str) -> QuerySet[Any]:
    """Ids of the entities of this name, and of those merged into one of it."""
    of_project = member.project.entities
    named = of_project.filter(Q(name__iexact=name) | Q(aliases__name__iexact=name))
    return of_project.filter(Q(pk__in=named) | Q(merged_into__in=named) | Q(merged_into__merged_into__in=named)).values(
        "pk"
    )


def _linked_to(member: Membership, key: str, name: str) -> QuerySet[Relation]:
    """Relations from the outer claim to a mention that means `name`."""
    targets = Relation.objects.filter(source=OuterRef("pk"), label__key=key)
    return targets.annotate(words=words_of("target__")).filter(
        Q(target__entity__in=_entities_called(member, name)) | Q(words__iexact=name)
    )


def _relations_of(claims: Iterable[Span]) -> Mapping[UUID, list[Relation]]:
    """claim -> its links to actors and locations."""
    found: dict[UUID, list[Relation]] = defaultdict(list)
    wanted = Relation.objects.filter(source__in=[claim.pk for claim in claims], label__key__in=(MADE_BY, LOCATED_IN))
    for relation in wanted.select_related("label").order_by("pk"):
        found[relation.source_id].append(relation)
    return found


def _withwords_of(ids: Iterable[UUID]) -> QuerySet[WithAnnotations[Span, WithCovered]]:
    return with_covered(Span.objects.filter(pk__in=list(ids)))


def _span(span: Any, names: Mapping[UUID, str]) -> DomainSpan:
    start = span.fragments[0][0]
    inside: Fragments = tuple((first - start, last - start) for first, last in span.fragments)
    return DomainSpan(
        id=str(span.pk),
        label=span.label.key,
        fragments=span.fragments,
        quote=quote_of(span.covered, inside),
        entity=names.get(span.entity_id, ""),
        attributes=span.attributes,
    )
