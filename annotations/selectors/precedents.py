"""Precedents: rules with the words they were made for, and those that speak to a piece of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from annotations import policies
from annotations.domain.documents import Fragments
from annotations.models import AnnotationSet, Article, Membership, Precedent, Purpose, SetState
from annotations.models.articles import SEARCH_CONFIGURATIONS

STATES: Final = ("draft", "in_force", "withdrawn")
_SHOWN: Final = 5
_CANDIDATES: Final = 50
_MOST_WORDS: Final = 60
_LEAST_LETTERS: Final = 3
_WORD: Final = re.compile(r"\w+")
_ENOUGH: Final = 2
"""A shared word of the quote counts twice, any other once, the same label once: from this on texts are similar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A precedent and the words it shares with the text that was asked about."""

    precedent: Precedent
    words: Sequence[str]


def precedents_visible_to(member: Membership) -> QuerySet[Precedent]:
    """Reviewers and managers see all; others those that stand, a blind annotator none of an article still open.

    Open is an article that the annotator has and did not submit, or may still get; and its near copies.
    """
    found = Precedent.objects.filter(project=member.project_id).select_related("label", "guideline", "decision", "by")
    if policies.can_review(member):
        return found
    found = found.filter(withdrawn_at__isnull=True)
    if not policies.is_blinded(member):
        return found
    article = Article.objects.filter(pk=OuterRef("decision__article"))
    copies = Article.objects.filter(project=member.project_id, cluster=OuterRef("decision__article__cluster"))
    is_open = Exists(_open_to(member, article)) | Exists(_open_to(member, copies))
    return found.exclude(Q(decision__isnull=False) & is_open)


def precedents_in(member: Membership, state: str) -> QuerySet[Precedent]:
    """Those the member may see that are drafts, in force or withdrawn; all for an empty state."""
    found = precedents_visible_to(member)
    if state == "draft":
        return found.filter(withdrawn_at__isnull=True, guideline__isnull=True)
    if state == "in_force":
        return found.filter(withdrawn_at__isnull=True, guideline__isnull=False)
    return found.filter(withdrawn_at__isnull=False) if state == "withdrawn" else found


def similar_precedents(member: Membership, article: Article, fragments: Fragments, label: str = "") -> list[Similar]:
    """What stands for text like this (code points of the article), the most alike first."""
    text = " ".join(article.text[start:end] for start, end in fragments)
    words = telling_words(text, article.language)
    if not words:
        return []
    query = SearchQuery(" | ".join(words), config="simple", search_type="raw")
    found = precedents_visible_to(member).filter(withdrawn_at__isnull=True, search=query)
    ranked = found.annotate(rank=SearchRank(F("search"), query)).defer("search").order_by("-rank", "pk")
    scored = [_scored(each, words, label) for each in ranked[:_CANDIDATES]]
    scored.sort(key=lambda pair: -pair[0])
    return [similar for score, similar in scored if score >= _ENOUGH][:_SHOWN]


def telling_words(text: str, language: str) -> list[str]:
    """The words of the text in order, without those that are in every text of the language, each once."""
    words = list(dict.fromkeys(word for word in _WORD.findall(text.lower()) if len(word) >= _LEAST_LETTERS))
    words = [word for word in words if any(map(str.isalnum, word))][:_MOST_WORDS]
    configuration = SEARCH_CONFIGURATIONS.get(language.lower().partition("-")[0], "english")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) WITH ORDINALITY AS each (word, place)"
            " WHERE length(to_tsvector(%s::regconfig, word)) > 0 ORDER BY place",
            [words, configuration],
        )
        return [word for (word,) in cursor.fetchall()]


def precedent_json(precedent: Precedent, member: Membership) -> dict[str, Any]:
    """The wire form; whom it comes from and which decision only for those who review."""
    shown = {
        "id": str(precedent.pk),
        "rule": precedent.rule,
        "label": precedent.label.key if precedent.label else None,
        "quote": precedent.quote,
        "context": precedent.context,
        "guideline": precedent.guideline.number if precedent.guideline else None,
        "withdrawn": precedent.withdrawn_at is not None,
        "at": precedent.at.isoformat(),
    }
    if policies.can_review(member):
        shown |= {"by": precedent.by.get_username(), "decision": _text(precedent.decision_id)}
    return shown


def _open_to(member: Membership, articles: QuerySet[Article]) -> QuerySet[Article]:
    own = AnnotationSet.objects.filter(article=OuterRef("pk"), annotator=member.user_id)
    # An article with known gold comes to everybody, however many have had it.
    may_come = (Q(open_slots__gt=0) | ~Q(purpose=Purpose.WORK)) & ~Exists(own)
    return articles.filter(may_come | Exists(own.exclude(state=SetState.SUBMITTED)))


def _scored(precedent: Precedent, words: Sequence[str], label: str) -> tuple[int, Similar]:
    quote = set(_WORD.findall(precedent.quote.lower()))
    around = set(_WORD.findall(f"{precedent.context} {precedent.rule}".lower()))
    shared = [word for word in words if word in quote or word in around]
    score = sum(2 if word in quote else 1 for word in shared)
    if shared and precedent.label is not None and precedent.label.key == label:
        score += 1
    return score, Similar(precedent=precedent, words=shared)


def _text(key: UUID | None) -> str | None:
    return None if key is None else str(key)
