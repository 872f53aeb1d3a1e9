"""Decisions of reviewers: what becomes of a disagreement in gold, one by one or many at once, and back again."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations import policies
from annotations.domain.errors import FieldError, InvalidData, NotFound, StateRefused
from annotations.domain.identifiers import uuid7
from annotations.domain.offsets import check_characters
from annotations.models import (
    Article,
    Decision,
    DecisionKind,
    Disagreement,
    DisagreementState,
    Membership,
    User,
)
from annotations.selectors.disagreement_lists import alike_of
from annotations.selectors.disagreements import (
    agreed,
    articles_with_agreed,
    is_relation,
    sources_of,
)
from annotations.services import audit
from annotations.services.changes import write_changes
from annotations.services.disagreements import align, lock_article, record_openings
from annotations.services.gold import GoldDraft, content_of, known_digits, open_gold
from annotations.services.precedents import drop_drafts_of, record_precedent
from annotations.services.undoing import plan_undo

_MAX_TEXT: Final = 5_000
UNANIMOUS, MAJORITY = DecisionKind.UNANIMOUS, DecisionKind.MAJORITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a reviewer said to a disagreement: digits of versions, or edited spans made from them; none: no span."""

    versions: tuple[int, ...] = ()
    spans: tuple[Mapping[str, Any], ...] = ()
    reason: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The batch under which decisions were made (one undo), the decisions, and how many rows had to stay open."""

    batch: UUID
    decisions: tuple[Decision, ...]
    left: int = 0


@dataclass(slots=True, kw_only=True)
class _Step:
    """What one person decides at once: decisions of one batch, which one undo takes back."""

    by: User
    batch: UUID = field(default_factory=uuid7)
    decisions: list[Decision] = field(default_factory=list)

    def settle(self, draft: GoldDraft, row: Disagreement, choice: Choice, kind: DecisionKind) -> None:
        """Plan the gold of a row, and its decision.

        Raises:
            InvalidData, StateRefused: it cannot be settled like this; nothing is planned.
        """
        chosen = known_digits(row.payload["versions"], set(choice.versions))
        if is_relation(row):
            if choice.spans:
                raise InvalidData(_("A relation is taken or left; edit its ends instead."))
            gold = draft.put_relations([version["relation"] for version in chosen], self.batch)
        else:
            spans = choice.spans or [span for version in chosen for span in version["spans"]]
            gold = draft.put_spans(spans, self.batch)
        draft.settle(row, gold)
        sources = {source for version in chosen for source in version["sources"]} or sources_of(row.payload)
        decision = Decision(
            article_id=row.article_id,
            disagreement=row.pk,
            kind=kind,
            versions=list(choice.versions),
            sources=sorted(sources),
            gold=gold,
            batch=self.batch,
            reason=choice.reason,
            rule=choice.rule,
            guideline=draft.guideline,
            by=self.by,
        )
        self.decisions.append(decision)

    def finish(self, *, left: int = 0) -> Outcome:
        """Store the decisions."""
        Decision.objects.bulk_create(self.decisions)
        _record("decision.made", self.by, self.decisions, object=self.batch)
        return Outcome(batch=self.batch, decisions=tuple(self.decisions), left=left)


class _Unfit(Exception):
    """What was planned for `rows` is not legal; `error` says why."""

    def __init__(self, error: InvalidData, rows: frozenset[UUID]) -> None:
        super().__init__(error.detail)
        self.error = error
        self.rows = rows


def decide(
    *,
    actor: User,
    disagreement_id: UUID,
    versions: Sequence[int] = (),
    spans: Sequence[Mapping[str, Any]] | None = None,
    reason: str = "",
    rule: str = "",
    alike: bool = False,
    without: Collection[UUID] = (),
    replaces: UUID | None = None,
) -> Outcome:
    """Settle a disagreement into gold; with `alike` also all open ones of its shape in the project but those `without`,
    as one batch.

    `versions` are digits; `spans` (`{label, fragments, entity?, attributes?, quote?}`, code points) stand instead of
    them. Neither means "no span here". `replaces` is the decision the reviewer saw and changes. The same decision by
    the same person a second time is answered like the first: the answer may have been lost.

    Raises:
        NotFound, NotAllowed: as `policies` says.
        StateRefused: somebody decided meanwhile, gold is done, or an end of the relation is undecided.
        InvalidData: no such version, or a span that cannot be.
    """
    choice = Choice(
        versions=tuple(sorted(set(versions))),
        spans=tuple(spans or ()),
        reason=_checked(reason, "reason"),
        rule=_checked(rule, "rule"),
    )
    if alike and choice.spans:
        raise InvalidData(_("An edited span belongs to one text; take a version to apply it to those alike."))
    member, found = reviewed(actor=actor, disagreement_id=disagreement_id)
    with transaction.atomic():
        others = alike_of(member, found, without=without) if alike else {}
        articles = {key: lock_article(key) for key in sorted({found.article_id, *others.values()})}
        drafts = {found.article_id: open_gold(actor=actor, article=articles[found.article_id])}
        row = Disagreement.objects.filter(pk=found.pk).first()
        if row is None:
            raise NotFound(_("This disagreement is no more; the annotators' work has changed."))
        draft, step = drafts[row.article_id], _Step(by=actor)
        live = Decision.objects.select_related("by").filter(disagreement=row.pk, undone_at=None).first()
        if live is not None:
            if live.by_id == actor.pk and _is_repeated(live, row, choice, draft):
                return Outcome(batch=live.batch, decisions=(live,))
            _replace(draft, live, replaces)
        step.settle(draft, row, choice, DecisionKind.DISAGREEMENT)
        left = _settle_alike(step, drafts, articles, others, choice)
        try:
            for each in drafts.values():
                _write(actor, each)
        except _Unfit as unfit:
            raise unfit.error from None
        record_openings(member=member, article_ids=list(articles))
        outcome = step.finish(left=left)
        _record_rule(outcome.decisions[0], row, articles[row.article_id])
        return outcome


def undo_decision(*, actor: User, disagreement_id: UUID) -> int:
    """Take back the decision on a disagreement, with the relations that hang on its spans; how many were undone.

    Raises:
        NotFound: as `policies` says, or it is not decided.
        StateRefused: gold is done, or was edited by hand since.
    """
    _member, row = reviewed(actor=actor, disagreement_id=disagreement_id)
    decision = Decision.objects.filter(disagreement=row.pk, undone_at=None).first()
    if decision is None:
        raise NotFound(_("Nobody has decided this."))
    return _undo(actor, [decision])


def undo_batch(*, actor: User, batch: UUID) -> int:
    """Take back everything that one person decided in one step; how many decisions were undone."""
    decisions = list(Decision.objects.filter(batch=batch, by=actor, undone_at=None, disagreement__isnull=False))
    if not decisions:
        raise NotFound(_("There is nothing to undo."))
    articles = Article.objects.filter(pk__in={each.article_id for each in decisions})
    members: dict[str, Membership] = {}
    for article_id, slug in articles.values_list("pk", "project__slug"):
        if slug not in members:
            members[slug] = policies.check_member(user=actor, slug=slug)
        policies.check_can_review_article(members[slug], article_id)
    return _undo(actor, decisions)


def accept_agreed(*, actor: User, article_id: UUID, how: str, at_least: int = 2) -> Outcome:
    """Take what annotators agree on, as one batch: `how` is `unanimous`, `majority` (more than half, and `at_least` so
    many), or `whole` (the work of the only annotator). Rows that cannot be settled stay open and are counted.

    Raises:
        NotFound, NotAllowed: as `policies` says.
        StateRefused: gold is done, or the article has not one annotator but several.
    """
    article = Article.objects.select_related("project").filter(pk=article_id).first()
    refusal = _("There is no such article.")
    if article is None:
        raise NotFound(refusal)
    member = policies.check_member(user=actor, slug=article.project.slug, missing=refusal)
    policies.check_can_review_article(member, article_id)
    step = _Step(by=actor)
    with transaction.atomic():
        left = _accept(step, article_id, how, at_least)
        return step.finish(left=left)


def accept_agreed_everywhere(*, actor: User, slug: str, how: str, at_least: int = 2, most: int = 200) -> Outcome:
    """The same in all articles of a project whose gold is not done, as one batch: in `most` of them at a time.

    `how` is `unanimous` or `majority`.

    Raises:
        NotFound, NotAllowed: as `policies` says.
    """
    member = policies.check_member(user=actor, slug=slug)
    policies.check_can_review(member)
    step = _Step(by=actor)
    left = 0
    with transaction.atomic():
        articles = articles_with_agreed(member, how=how, at_least=at_least, most=most)
        for article_id in sorted(articles):
            with contextlib.suppress(StateRefused):  # done meanwhile
                left += _accept(step, article_id, how, at_least)
        record_openings(member=member, article_ids=sorted({each.article_id for each in step.decisions}))
        return step.finish(left=left)


def _accept(step: _Step, article_id: UUID, how: str, at_least: int) -> int:
    """Take what is agreed in one article; how many rows have to stay open."""
    unfit: set[UUID] = set()
    before = len(step.decisions)
    while True:
        try:
            with transaction.atomic():
                return _accept_fit(step, article_id, how, at_least, unfit)
        except _Unfit as found:  # nothing of that attempt was written
            unfit |= found.rows
            del step.decisions[before:]


def _accept_fit(step: _Step, article_id: UUID, how: str, at_least: int, unfit: Collection[UUID]) -> int:
    before = len(step.decisions)
    draft = open_gold(actor=step.by, article=lock_article(article_id))
    if how == "whole":
        _align_one(draft.annotation_set.article)
    rows = agreed(article_id, how=how, at_least=at_least)
    for row in rows:
        if row.pk not in unfit:
            with contextlib.suppress(InvalidData, StateRefused):
                step.settle(draft, row, Choice(versions=(1,)), UNANIMOUS if row.unanimous else MAJORITY)
    _write(step.by, draft)
    return len(rows) - (len(step.decisions) - before)


def reviewed(*, actor: User, disagreement_id: UUID) -> tuple[Membership, Disagreement]:
    """The disagreement and the membership of the person who may decide it.

    Raises:
        NotFound: no such disagreement, or no member of its project.
        NotAllowed: not a reviewer, or one who annotated the article in a blind project.
    """
    row = Disagreement.objects.select_related("article__project").filter(pk=disagreement_id).first()
    refusal = _("There is no such disagreement.")
    if row is None:
        raise NotFound(refusal)
    member = policies.check_member(user=actor, slug=row.article.project.slug, missing=refusal)
    policies.check_can_review_article(member, row.article_id)
    return member, row


def _record_rule(decision: Decision, row: Disagreement, article: Article) -> None:
    """The rule that was written at the decision waits for the next version of the guideline."""
    decision.article = article
    spans = [span for version in row.payload["versions"] for span in version.get("spans", [])]
    fragments = sorted(fragment for span in spans for fragment in span["fragments"])
    record_precedent(
        decision=decision, label=row.label, quote=row.payload["quote"], text=article.text, fragments=fragments
    )


def _write(actor: User, draft: GoldDraft) -> None:
    """Write what is planned for one article.

    Raises:
        _Unfit: a planned object is not a legal one.
        StateRefused: an object that goes was changed since it was decided.
    """
    applied, _records = write_changes(actor=actor, annotation_set=draft.annotation_set, changes=draft.changes)
    refused = [
        (change, result)
        for change, result in zip(draft.changes, applied.results, strict=True)
        if result.status != "applied"
    ]
    if any(result.status == "conflict" for _change, result in refused):
        raise StateRefused(_("Gold was edited by hand since; take that edit back first."))
    if refused:
        errors = [FieldError("spans", each["message"]) for _change, result in refused for each in result.errors]
        failed = {str(change.object) for change, _result in refused}
        rows = frozenset(key for key, gold in draft.made.items() if not failed.isdisjoint(gold))
        raise _Unfit(InvalidData(errors[0].message, errors), rows)
    Disagreement.objects.bulk_update(draft.decided, ["state", "payload"])


def _replace(draft: GoldDraft, live: Decision, replaces: UUID | None) -> None:
    if live.pk != replaces:
        raise StateRefused(
            _("%(name)s has decided this already; undo that decision first.")
            % {"name": live.by.get_full_name() or live.by.get_username()}
        )
    undone = plan_undo(draft, [live])
    _mark_undone(undone, reopened=[each for each in undone if each.pk != live.pk])


def _undo(actor: User, decisions: Iterable[Decision]) -> int:
    """Take decisions back in all their articles, or in none."""
    by_article: dict[UUID, list[UUID]] = {}
    for decision in decisions:
        by_article.setdefault(decision.article_id, []).append(decision.pk)
    undone: list[Decision] = []
    with transaction.atomic():
        for article_id in sorted(by_article):
            draft = open_gold(actor=actor, article=lock_article(article_id))
            undone += plan_undo(draft, Decision.objects.filter(pk__in=by_article[article_id], undone_at=None))
            _write(actor, draft)
        _mark_undone(undone, reopened=undone)
        _record("decision.undone", actor, undone)
    return len(undone)


def _record(action: str, actor: User, decisions: Collection[Decision], object: object = "") -> None:  # noqa: A002 - as there
    """One entry for each project of the decisions, which is one."""
    articles = {each.article_id for each in decisions}
    for project in set(Article.objects.filter(pk__in=articles).values_list("project", flat=True)):
        audit.record(
            action, actor=actor, project=project, object=object, decisions=len(decisions), articles=len(articles)
        )


def _mark_undone(undone: Iterable[Decision], *, reopened: Iterable[Decision]) -> None:
    undone = list(undone)
    Decision.objects.filter(pk__in=[each.pk for each in undone]).update(undone_at=timezone.now())
    drop_drafts_of(undone)
    rows = Disagreement.objects.filter(pk__in=[each.disagreement for each in reopened if each.disagreement])
    rows.filter(payload__gone=True).delete()  # only the decision kept it
    rows.update(state=DisagreementState.OPEN)


def _settle_alike(
    step: _Step,
    drafts: dict[UUID, GoldDraft],
    articles: Mapping[UUID, Article],
    others: Mapping[UUID, UUID],
    choice: Choice,
) -> int:
    """Settle the other rows, now that their articles are locked; how many cannot be settled like this."""
    left = 0
    rows = Disagreement.objects.filter(pk__in=others, state=DisagreementState.OPEN)
    for row in rows.order_by("article", "start", "id"):
        try:
            if row.article_id not in drafts:
                drafts[row.article_id] = open_gold(actor=step.by, article=articles[row.article_id])
            step.settle(drafts[row.article_id], row, choice, DecisionKind.DISAGREEMENT)
        except (InvalidData, StateRefused):
            left += 1
    return left


def _align_one(article: Article) -> None:
    """Make rows of the work of an article's only annotator."""
    annotators = align([article], alone=True)[article.pk]
    if annotators != 1:
        raise StateRefused(
            _("Only the work of a single annotator can be accepted whole; here are %(n)d.") % {"n": annotators}
        )


def _is_repeated(live: Decision, row: Disagreement, choice: Choice, draft: GoldDraft) -> bool:
    if row.state != DisagreementState.DECIDED or live.versions != list(choice.versions):
        return False
    spans = [draft.spans[key] for key in live.gold if key in draft.spans]
    there = {(span.label, span.fragments) for span in spans}
    return not choice.spans or there == {content_of(span) for span in choice.spans}


def _checked(text: str, name: str) -> str:
    text = text.strip()
    if len(text) > _MAX_TEXT:
        detail = _("%(n)d characters; at most %(most)d are kept.") % {"n": len(text), "most": _MAX_TEXT}
        raise InvalidData(detail, [FieldError(name, detail)])
    check_characters(text, name)
    return text
