"""What is suggested beside an article's text: by the engines, and by sets that came with an import.

All offsets are code points, half open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from annotations.domain.documents import Fragments, quote_of
from annotations.domain.queueing import WRITABLE
from annotations.domain.suggesting import stays_without
from annotations.models import (
    AnnotationSet,
    EngineSwitch,
    Label,
    Relation,
    RelationLabel,
    SetKind,
    Span,
    SuggestionVerdict,
    Verdict,
)
from annotations.selectors.dictionary import dictionary_for
from annotations.suggesters import ENGINES, suggest
from annotations.suggesters.proposals import Context, Engine, LabelledSpan, Proposal, ProposedLink, proposal_uuid
from annotations.suggesters.spacy_engine import spacy_engine

_UNKNOWN_SCORE: Final = 0.5
"""An imported span without a score may be right or wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A proposal for an article under the id by which it is judged, with its words."""

    id: UUID
    proposal: Proposal
    quote: str

    def as_json(self) -> dict[str, Any]:
        """Its form in the API; `id` to `fragments` and `score` are what a change or a verdict says of it."""
        proposal = self.proposal
        return {
            "id": str(self.id),
            "engine": proposal.engine,
            "version": proposal.version,
            "engines": list(proposal.engines),
            "label": proposal.label,
            "fragments": [list(fragment) for fragment in proposal.fragments],
            "quote": self.quote,
            "score": round(proposal.score, 4),
            "entity": proposal.entity,
            "latitude": proposal.latitude,
            "longitude": proposal.longitude,
            "links": [
                {"relation": link.relation, "label": link.label, "fragments": [list(each) for each in link.fragments]}
                for link in proposal.links
            ],
        }


def has_suggestions(annotation_set: AnnotationSet) -> bool:
    """Whether suggestions may stand beside the text of this work: the project wants them, the article is not one of
    those that stay without, and it is somebody's first round of work that can still be written.
    """
    project = annotation_set.article.project
    return (
        annotation_set.kind == SetKind.ANNOTATOR
        and annotation_set.round == 0
        and annotation_set.state in WRITABLE
        and project.suggestions
        and not stays_without(annotation_set.article.external_id, annotators=project.annotators_per_article)
    )


def suggestions_for(annotation_set: AnnotationSet) -> list[Suggestion]:
    """What is left to be judged, in reading order: nothing that overlaps a span of its label, nothing judged."""
    if not has_suggestions(annotation_set):
        return []
    article = annotation_set.article
    spans = _spans_of(annotation_set)
    relations = RelationLabel.objects.filter(project=article.project_id, archived_at=None)
    labels = Label.objects.filter(project=article.project_id, archived_at=None)
    context = Context(
        text=article.text,
        language=article.language,
        spans=spans,
        dictionary=dictionary_for(article),
        labels=frozenset(labels.values_list("key", flat=True)),
        relations=frozenset(relations.values_list("key", flat=True)),
    )
    return [
        Suggestion(
            id=proposal_uuid(article.pk, each.engine, each.label, each.fragments),
            proposal=each,
            quote=quote_of(article.text, each.fragments),
        )
        for each in suggest(context, _engines(annotation_set))
    ]


def last_rejected(annotation_set: AnnotationSet) -> dict[str, Any] | None:
    """The suggestion that was rejected last, as a verdict says it, to take the rejection back; None without one."""
    rejected = SuggestionVerdict.objects.filter(
        annotation_set=annotation_set, verdict=Verdict.REJECTED, span=None
    ).select_related("label")
    last = rejected.order_by("-at", "-pk").first()
    if last is None:
        return None
    same = rejected.filter(label=last.label, fragments=last.fragments)
    return {
        "id": str(last.suggestion),
        "engine": last.engine,
        "version": last.version,
        "engines": sorted(same.values_list("engine", flat=True)),
        "label": last.label.key,
        "fragments": [list(fragment) for fragment in last.fragments],
        "score": last.score,
    }


def _spans_of(annotation_set: AnnotationSet) -> list[LabelledSpan]:
    spans = annotation_set.spans.order_by("start", "end").values_list("label__key", "fragments", "entity__name")
    return [LabelledSpan(label=label, fragments=fragments, entity=entity or "") for label, fragments, entity in spans]


def _judged(annotation_set: AnnotationSet) -> set[tuple[str, Fragments]]:
    verdicts = SuggestionVerdict.objects.filter(annotation_set=annotation_set).exclude(verdict=Verdict.WITHDRAWN)
    return set(verdicts.values_list("label__key", "fragments"))


def _engines(annotation_set: AnnotationSet) -> list[Engine]:
    """The engines, and each imported set of suggestions as one, without the labels for which they are switched off."""
    article = annotation_set.article
    switches = EngineSwitch.objects.filter(project=article.project_id, is_on=False)
    off: dict[str, set[str]] = {}
    for engine, label in switches.values_list("engine", "label__key"):
        off.setdefault(engine, set()).add(label)
    installed = [spacy_engine(settings.SPACY_PIPELINE)] if settings.SPACY_PIPELINE else []
    judged = _judged(annotation_set)
    every = (*ENGINES.values(), *installed, *_imported(article.pk))
    return [_narrowed(engine, off.get(engine.name, set()), judged) for engine in every]


def _narrowed(engine: Engine, off: set[str], judged: set[tuple[str, Fragments]]) -> Engine:
    """The engine without labels and without what was judged: that would hide what others offer on the same words."""

    def propose(context: Context) -> Iterator[Proposal]:
        for each in engine.propose(context):
            if each.label not in off and (each.label, each.fragments) not in judged:
                yield each

    return Engine(name=engine.name, version=engine.version, propose=propose)


def _imported(article_id: UUID) -> Iterator[Engine]:
    sets = AnnotationSet.objects.filter(article=article_id, kind=SetKind.SUGGESTION).order_by("source")
    for one in sets:
        name = one.engine or one.source
        proposals = list(_proposals(one, name))
        yield Engine(name=name, version=one.version, propose=_always(proposals))


def _always(proposals: Iterable[Proposal]) -> Callable[[Context], Iterable[Proposal]]:
    return lambda _context: proposals


def _proposals(one: AnnotationSet, engine: str) -> Iterator[Proposal]:
    links: dict[UUID, list[ProposedLink]] = {}
    for relation in Relation.objects.filter(annotation_set=one).select_related("label", "target__label").order_by("pk"):
        target = relation.target
        links.setdefault(relation.source_id, []).append(
            ProposedLink(relation=relation.label.key, label=target.label.key, fragments=target.fragments)
        )
    spans = Span.objects.filter(annotation_set=one).order_by("start", "end", "pk")
    for key, label, fragments, score, entity in spans.values_list(
        "pk", "label__key", "fragments", "score", "entity__name"
    ):
        yield Proposal(
            engine=engine,
            version=one.version,
            label=label,
            fragments=fragments,
            score=_UNKNOWN_SCORE if score is None else min(max(score, 0.0), 1.0),
            entity=entity or "",
            links=tuple(links.get(key, ())),
        )
