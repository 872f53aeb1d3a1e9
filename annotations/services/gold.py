"""Gold is the annotation set that reviewers agree on; everything in it comes from a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.changes import Action, ChangeRequest
from annotations.domain.documents import Fragments
from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused
from annotations.domain.identifiers import annotation_set_uuid, uuid7
from annotations.domain.matching import overlaps
from annotations.models import (
    AnnotationSet,
    Article,
    Decision,
    Disagreement,
    DisagreementState,
    GuidelineVersion,
    Relation,
    SetKind,
    SetState,
    Span,
    User,
)
from annotations.selectors.disagreements import fingerprint
from annotations.services import audit
from annotations.services.annotation_sets import finish_gold
from annotations.services.changes import lock_set
from annotations.services.disagreements import GONE, lock_article


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A span of gold, there or planned; `said` is entity and attributes, `seen` its revision or planned change."""

    label: str
    fragments: Fragments
    said: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    seen: int | UUID = 0


@dataclass(slots=True, kw_only=True)
class GoldDraft:
    """The locked gold of an article while decisions are made.

    `spans` are its spans now and those about to be made. `made` has, for every disagreement that is decided, the ids
    of its spans or relations in gold.
    """

    annotation_set: AnnotationSet
    guideline: GuidelineVersion | None
    spans: dict[str, GoldSpan]
    made: dict[UUID, Sequence[str]]
    changes: list[ChangeRequest] = field(default_factory=list)
    decided: list[Disagreement] = field(default_factory=list)

    def put_spans(self, spans: Sequence[Mapping[str, Any]], batch: UUID) -> list[str]:
        """Plan a gold span for each of `spans`; their ids. One that was imported or drawn by hand is taken over.

        Raises:
            InvalidData: gold has one of them already, from another decision.
        """
        wanted = [content_of(span) for span in spans]
        there = {(span.label, span.fragments): key for key, span in self.spans.items()}
        taken = {key for gold in self.made.values() for key in gold}
        if len(set(wanted)) < len(wanted) or any(there.get(content) in taken for content in wanted):
            raise InvalidData(_("Gold has a span with this label and these fragments already."))
        return [self._put_span(span, batch, there.get(content)) for span, content in zip(spans, wanted, strict=True)]

    def put_relations(self, relations: Sequence[Mapping[str, Any]], batch: UUID) -> list[str]:
        """Plan a gold relation for each of `relations` (as in the payload of a disagreement); their ids.

        Raises:
            StateRefused: an end is not decided yet.
            InvalidData: an end was decided to be no span.
        """
        values = [
            {
                "label": relation["label"],
                "source": self._end(relation["source"]),
                "target": self._end(relation["target"]),
            }
            for relation in relations
        ]
        there = self._relations() if values else {}
        return [
            there.get((value["label"], value["source"], value["target"]))
            or str(self._put("put_relation", value, batch).object)
            for value in values
        ]

    def settle(self, row: Disagreement, gold: Sequence[str]) -> None:
        """Note that the row is decided, upon what there is to choose from now."""
        self.made[row.pk] = gold
        row.payload["decided_on"] = GONE if row.payload.get("gone") else fingerprint(row.payload)
        row.state = DisagreementState.DECIDED
        self.decided.append(row)

    def _put_span(self, span: Mapping[str, Any], batch: UUID, known: str | None) -> str:
        label, fragments = content_of(span)
        said = {"entity": span.get("entity") or "", "attributes": span.get("attributes") or {}}
        if known is None:
            change = self._put("put_span", span, batch)
            self.spans[str(change.object)] = GoldSpan(label, fragments, said, seen=change.id)
            return str(change.object)
        there = self.spans[known]
        if there.said != said:
            value = {"label": label, "fragments": fragments, "note": there.note, **said}
            change = self._put("put_span", value, batch, known)
            self.spans[known] = replace(there, said=said, seen=change.id)
        return known

    def _put(self, action: Action, value: Mapping[str, Any], batch: UUID, known: str | None = None) -> ChangeRequest:
        """Plan a new object, or another value of one that is there."""
        change = ChangeRequest(
            id=uuid7(),
            action=action,
            object=UUID(known) if known else uuid7(),
            base=self.spans[known].seen if known else None,
            value=value,
            batch=batch,
        )
        self.changes.append(change)
        return change

    def _relations(self) -> dict[tuple[str, str, str], str]:
        """Those that no decision on a disagreement made, by label and ends."""
        taken = {key for gold in self.made.values() for key in gold}
        found = Relation.objects.filter(annotation_set=self.annotation_set)
        return {
            (label, str(source), str(target)): str(key)
            for key, label, source, target in found.values_list("pk", "label__key", "source", "target")
            if str(key) not in taken
        }

    def _end(self, end: Mapping[str, Any]) -> str:
        """The gold span that came of an annotator's span: of several, the one most like it."""
        decided = self.made.get(UUID(end["disagreement"]))
        if decided is None:
            raise StateRefused(_("Decide the ends of this relation first: “%(quote)s”.") % {"quote": end["quote"]})
        candidates = [key for key in decided if key in self.spans]
        if not candidates:
            raise InvalidData(_("“%(quote)s” has no span in gold, so nothing can be linked to it.") % end)
        fragments = _pairs(end["fragments"])

        def likeness(key: str) -> tuple[bool, int, str]:
            span = self.spans[key]
            return (span.label == end["label"], overlaps([fragments], [span.fragments]).get((0, 0), 0), key)

        return max(candidates, key=likeness)


def open_gold(*, actor: User, article: Article) -> GoldDraft:
    """The gold of an article whose row the caller has locked; made when it is missing.

    Raises:
        NotFound: no member of the project.
        StateRefused: the gold is done.
    """
    guideline = GuidelineVersion.objects.filter(project=article.project_id).order_by("-number").first()
    found = AnnotationSet.objects.filter(article=article.pk, kind=SetKind.GOLD).values_list("pk", flat=True).first()
    if found is None:
        key = annotation_set_uuid(article.pk, SetKind.GOLD, "")
        gold = AnnotationSet(pk=key, article_id=article.pk, kind=SetKind.GOLD, state=SetState.OPEN, guideline=guideline)
        AnnotationSet.objects.bulk_create([gold], ignore_conflicts=True)
        found = AnnotationSet.objects.filter(article=article.pk, kind=SetKind.GOLD).values_list("pk", flat=True).get()
    annotation_set, _member = lock_set(actor=actor, annotation_set_id=found)
    if annotation_set.state == SetState.DONE:
        raise StateRefused(_("The gold of this article is done; open it again to decide anew."))
    live = Decision.objects.filter(article=article.pk, undone_at=None, disagreement__isnull=False)
    return GoldDraft(
        annotation_set=annotation_set,
        guideline=guideline,
        spans={
            str(key): GoldSpan(label, fragments, {"entity": entity or "", "attributes": attributes}, note, revision)
            for key, label, fragments, entity, attributes, note, revision in Span.objects.filter(
                annotation_set=annotation_set
            )
            .order_by()
            .values_list("pk", "label__key", "fragments", "entity__name", "attributes", "note", "revision")
        },
        made={key: gold for key, gold in live.values_list("disagreement", "gold") if key},
    )


def finish_article(*, actor: User, article_id: UUID, done: bool) -> AnnotationSet:
    """Mark the gold of the article as done, or open it again; an article without any span has empty gold.

    Raises:
        NotFound, NotAllowed: as `policies` says.
        StateRefused: it is so already, or something is open.
    """
    article = Article.objects.select_related("project").filter(pk=article_id).first()
    refusal = _("There is no such article.")
    if article is None:
        raise NotFound(refusal)
    member = policies.check_member(user=actor, slug=article.project.slug, missing=refusal)
    policies.check_can_review_article(member, article_id)
    with transaction.atomic():
        locked = lock_article(article_id)
        gold = AnnotationSet.objects.filter(article=article_id, kind=SetKind.GOLD).first()
        annotation_set = gold or open_gold(actor=actor, article=locked).annotation_set
        finished = finish_gold(actor=actor, annotation_set_id=annotation_set.pk, done=done)
        audit.record(
            "gold.done" if done else "gold.reopened", actor=actor, project=article.project, object=article.external_id
        )
        return finished


def content_of(span: Mapping[str, Any]) -> tuple[str, Fragments]:
    """Label and fragments as they compare."""
    return (str(span.get("label")), _pairs(span.get("fragments")))


def _pairs(fragments: Any) -> Fragments:
    """Fragments in order; what is no list of pairs of numbers is for the judge of changes to refuse."""
    try:
        return tuple(sorted((int(start), int(end)) for start, end in fragments))
    except (TypeError, ValueError):
        return ()


def known_digits(versions: Sequence[Mapping[str, Any]], digits: AbstractSet[int]) -> list[Mapping[str, Any]]:
    """The versions with these digits, in their order.

    Raises:
        InvalidData: there is no version with one of the digits.
    """
    chosen = [version for version in versions if version["digit"] in digits]
    if len(chosen) < len(digits):
        detail = _("There are versions 1 to %(most)d.") % {"most": len(versions)}
        raise InvalidData(detail, [FieldError("versions", detail)])
    return chosen
