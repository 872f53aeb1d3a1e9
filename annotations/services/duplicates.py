"""Work on one of several near copies, offered to the others: as suggestions, which somebody accepts or rejects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.alignment import Alignment, carried_over
from annotations.domain.errors import StateRefused
from annotations.domain.identifiers import uuid7
from annotations.models import AnnotationSet as StoredSet
from annotations.models import Article, Membership, Project, SetKind, SetState
from annotations.selectors.duplicates import copies_of
from annotations.selectors.stored_sets import sets_loaded
from annotations.services.imports.names import Names
from annotations.services.imports.rows import Rows

_MOST: Final = 200
_SOURCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """To how many copies how many spans were offered, and how many had no place there."""

    articles: int
    spans: int
    lost: int


def offer_to_copies(*, member: Membership, article_id: UUID) -> Offered:
    """Carry the gold of an article over to its near copies as sets of suggestions; those that had it keep it.

    Raises:
        NotAllowed: not a reviewer of the article.
        StateRefused: its gold is not done, or it has no copies.
    """
    policies.check_can_review_article(member, article_id)
    article = Article.objects.get(pk=article_id, project=member.project_id)
    source = f"copy of {article.external_id}"[:_SOURCE]
    with transaction.atomic():
        project = Project.objects.select_for_update(no_key=True).get(pk=member.project_id)
        gold = StoredSet.objects.filter(article=article, kind=SetKind.GOLD, state=SetState.DONE).first()
        if gold is None:
            raise StateRefused(_("The gold of this article is not done yet."))
        there = StoredSet.objects.filter(kind=SetKind.SUGGESTION, source=source).values("article")
        copies = list(copies_of(member, article).exclude(pk__in=there).values_list("pk", "text")[:_MOST])
        if not copies:
            raise StateRefused(_("It has no near copies, or all of them have its work already."))
        (work,) = sets_loaded([gold.pk]).values()
        names = Names(project, strict=True, added=[])
        entities = names.entities([work])
        rows = Rows(names=names, author=member.user_id, batch=uuid7(), at=timezone.now(), recorded=False)
        spans = lost = 0
        for key, text in copies:
            carried, fate = carried_over(work, Alignment(article.text, text))
            suggestion = replace(carried, kind=SetKind.SUGGESTION.value, state="", source=source, engine="near copies")
            rows.add_set(suggestion, key, None, entities)
            spans += len(carried.spans)
            lost += len(fate.lost)
        rows.write()
    return Offered(articles=len(copies), spans=spans, lost=lost)
