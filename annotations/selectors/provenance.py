"""Where each span and relation of gold comes from: by which decisions, from whose work as it was then, and why.

All offsets are code points. Whose work it was is told by name only to those who review, and only if they ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.documents import quote_of
from annotations.models import (
    AnnotationSet,
    Article,
    Change,
    ChangeAction,
    Decision,
    Membership,
    Relation,
    SetKind,
    SetState,
    Span,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An annotator's span or relation as it was when it was decided upon; `since` says if it changed or went after."""

    id: str
    annotator: str
    label: str
    quote: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A decision that stands, who made it, and what it was made from (of others' work only what the reader may see)."""

    decision: Decision
    by: str
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """A span or relation of gold; a relation's quote is of both its ends. The newest of its `steps` stands last."""

    id: UUID
    is_relation: bool
    label: str
    quote: str
    at: int
    steps: Sequence[Step]


def provenance_of(*, member: Membership, gold: AnnotationSet, names: bool = False) -> list[Provenance]:
    """All that is in the gold, spans in reading order, then relations; in a fixed number of queries."""
    article = gold.article
    decisions = list(
        Decision.objects.filter(article=article.pk, undone_at__isnull=True)
        .select_related("guideline", "by")
        .order_by("at", "pk")
    )
    made_by: dict[str, list[Decision]] = {}
    for decision in decisions:
        for key in decision.gold:
            made_by.setdefault(key, []).append(decision)
    view = _View(member, article, decisions, names=names)
    spans = Span.objects.filter(annotation_set=gold).select_related("label").order_by("start", "end", "pk")
    quotes = {span.pk: quote_of(article.text, span.fragments) for span in spans}
    found = [
        Provenance(
            id=span.pk,
            is_relation=False,
            label=span.label.key,
            quote=quotes[span.pk],
            at=span.start,
            steps=[view.step(decision) for decision in made_by.get(str(span.pk), [])],
        )
        for span in spans
    ]
    relations = Relation.objects.filter(annotation_set=gold).select_related("label", "source").order_by("source__start")
    return found + [
        Provenance(
            id=relation.pk,
            is_relation=True,
            label=relation.label.key,
            quote=f"{quotes[relation.source_id]} → {quotes[relation.target_id]}",
            at=relation.source.start,
            steps=[view.step(decision) for decision in made_by.get(str(relation.pk), [])],
        )
        for relation in relations
    ]


def provenance_json(found: Iterable[Provenance]) -> list[dict[str, Any]]:
    """The wire form."""
    return [
        {
            "id": str(each.id),
            "kind": "relation" if each.is_relation else "span",
            "label": each.label,
            "quote": each.quote,
            "decisions": [
                {
                    "id": str(step.decision.pk),
                    "kind": step.decision.kind,
                    "by": step.by,
                    "at": step.decision.at.isoformat(),
                    "reason": step.decision.reason,
                    "rule": step.decision.rule,
                    "guideline": step.decision.guideline.number if step.decision.guideline else None,
                    "sources": [
                        {
                            "id": source.id,
                            "annotator": source.annotator,
                            "label": source.label,
                            "quote": source.quote,
                            "since": source.since,
                        }
                        for source in step.sources
                    ],
                }
                for step in each.steps
            ],
        }
        for each in found
    ]


class _View:
    """Sources as they were, and people under the names that the reader is told."""

    def __init__(self, member: Membership, article: Article, decisions: Sequence[Decision], *, names: bool) -> None:
        self._text = article.text
        self._log, self._owner = _log_of(article, {source for each in decisions for source in each.sources})
        self._own = member.user_id
        self._is_reviewer = policies.can_review_article(member, article.pk)
        # An annotator is shown what came of the person's own work, and of that of others only the decision.
        self._hides_others = not self._is_reviewer and not policies.is_reader(member)
        self._names = names and self._is_reviewer
        self._annotators = _annotators(article, named=self._names)
        reviewers = dict.fromkeys(each.by_id for each in decisions)
        self._reviewers = {key: _("reviewer %(n)d") % {"n": number} for number, key in enumerate(reviewers, 1)}

    def step(self, decision: Decision) -> Step:
        """The decision with its sources."""
        sources = [self._source(key, decision) for key in decision.sources if key in self._owner]
        visible = [each for each, user in sources if user == self._own or not self._hides_others]
        by = decision.by.get_username() if self._is_reviewer else self._reviewers[decision.by_id]
        return Step(decision=decision, by=by, sources=visible)

    def _source(self, key: str, decision: Decision) -> tuple[Source, int]:
        lines = self._log.get(key, [])
        then = [line for line in lines if line[0] <= decision.at] or lines[:1]
        state = next((after for _at, after in reversed(then) if after is not None), None) or {}
        last = lines[-1][1] if lines else None
        since = "" if last == state else "changed" if last is not None else "deleted"
        user = self._owner[key]
        source = Source(
            id=key,
            annotator=self._annotators.get(user, ""),
            label=str(state.get("label", "")),
            quote=self._quote(state),
            since=since,
        )
        return source, user

    def _quote(self, state: Mapping[str, Any]) -> str:
        if "fragments" in state:
            return quote_of(self._text, [(start, end) for start, end in state["fragments"]])
        ends = [self._log.get(str(state.get(end)), []) for end in ("source", "target")]
        states = [next((after for _at, after in reversed(lines) if after), None) for lines in ends]
        return " → ".join(self._quote(each) if each and "fragments" in each else "…" for each in states)


type _Lines = list[tuple[Any, dict[str, Any] | None]]


def _log_of(article: Article, sources: set[str]) -> tuple[dict[str, _Lines], dict[str, int]]:
    """What became of each object of the annotators' sets, oldest first: when, and after it what; and whose it is."""
    log: dict[str, _Lines] = {}
    owner: dict[str, int] = {}
    changes = Change.objects.filter(annotation_set__article=article.pk, annotation_set__kind=SetKind.ANNOTATOR)
    for user, action, key, after, at in changes.order_by("annotation_set", "revision").values_list(
        "annotation_set__annotator", "action", "object", "after", "at"
    ):
        if action == ChangeAction.IMPORT_SET:
            objects = {**(after or {}).get("spans", {}), **(after or {}).get("relations", {})}
        else:
            objects = {str(key): after}
        for name, state in objects.items():
            log.setdefault(name, []).append((at, state))
            if name in sources:
                owner[name] = user
    return log, owner


def _annotators(article: Article, *, named: bool) -> dict[int, str]:
    """Names, or numbers in the order of the sets as on the review page."""
    sets = AnnotationSet.objects.filter(article=article.pk, kind=SetKind.ANNOTATOR, round=0).order_by("pk")
    kept = sets.exclude(state__in=[SetState.SKIPPED, SetState.RELEASED]).select_related("annotator")
    found = {}
    for number, each in enumerate(kept, 1):
        if each.annotator is not None:
            name = each.annotator.get_username() if named else _("annotator %(n)d") % {"n": number}
            found[each.annotator.pk] = name
    return found
