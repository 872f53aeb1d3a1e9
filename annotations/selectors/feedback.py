"""An annotator's side of review: what gold made of one's own work, by whose decision and why; and F1 against gold.

Nothing here tells of other annotators' work; who decided is not named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations import policies
from annotations.domain import charts
from annotations.domain.documents import Relation, Span, quote_of
from annotations.domain.feedback import Fate, Verdict, relation_verdicts, span_verdicts
from annotations.domain.matching import Counts
from annotations.models import AnnotationSet, Appeal, Article, Decision, Membership, Purpose, SetKind, SetState
from annotations.selectors.desk import LabelSign, Palette
from annotations.selectors.figures import in_figures
from annotations.selectors.review import KIND_NAMES
from annotations.selectors.scores import ByLabel, domain_sets, exact_counts, f1_of

FATE_NAMES: Final = {
    Fate.CHANGED: gettext_lazy("Changed"),
    Fate.REMOVED: gettext_lazy("Taken out"),
    Fate.ADDED: gettext_lazy("Added"),
    Fate.KEPT: gettext_lazy("Kept"),
}
_RECENT: Final = 200
_WEEKS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a span or link: its words and labels in one's own work and in gold, and the decision on it."""

    fate: Fate
    kind: str
    own: Sequence[tuple[str, LabelSign | str]]
    gold: Sequence[tuple[str, LabelSign | str]]
    details: Sequence[str]
    decision: Decision | None
    appeal: Appeal | None

    @property
    def fate_name(self) -> str:
        """In words."""
        return str(FATE_NAMES[self.fate])

    @property
    def kind_name(self) -> str:
        """How the two differ, in words; empty where the fate says it all."""
        return str(KIND_NAMES.get(self.kind, "")) if self.fate is Fate.CHANGED else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One article of a list: one's own set, F1 (0 to 1) against gold, and how many spans have which fate."""

    set: AnnotationSet
    f1: float
    counts: Mapping[Fate, int]


def reviewed_sets(
    member: Membership, *, user_id: int, purpose: str = Purpose.WORK
) -> QuerySet[AnnotationSet, AnnotationSet]:
    """A person's submitted first rounds whose gold is done, with `gold_id`; one's own only as far as policies tell."""
    gold = AnnotationSet.objects.filter(kind=SetKind.GOLD)
    if not policies.can_review(member):
        gold = policies.sets_visible_to(member).filter(kind=SetKind.GOLD)
    found = AnnotationSet.objects.filter(
        article__project=member.project_id,
        article__superseded_by=None,
        article__purpose=purpose,
        kind=SetKind.ANNOTATOR,
        annotator=user_id,
        state=SetState.SUBMITTED,
        round=0,
    )
    done = gold.filter(article=OuterRef("article"), state=SetState.DONE).values("pk")[:1]
    return found.annotate(gold_id=Subquery(done)).filter(gold_id__isnull=False).order_by("-submitted_at", "-pk")


def summaries(sets: Sequence[AnnotationSet]) -> list[Summary]:
    """What became of each set (from `reviewed_sets`)."""
    pairs = [(each.pk, gold_of(each)) for each in sets]
    documents = domain_sets([key for pair in pairs for key in pair])
    scores = exact_counts(pairs)
    return [
        Summary(
            set=each,
            f1=f1_of(scores[pair]),
            counts=Counter(verdict.fate for verdict in span_verdicts(*(documents[key] for key in pair))),
        )
        for each, pair in zip(sets, pairs, strict=True)
    ]


def gold_of(annotation_set: AnnotationSet) -> UUID:
    """The gold beside a set from `reviewed_sets`."""
    gold: UUID = annotation_set.gold_id  # type: ignore[attr-defined]
    return gold


def changes_made(own: AnnotationSet, gold: AnnotationSet, article: Article) -> list[Change]:
    """All verdicts on one's own set: spans in reading order, then links; decisions and one's appeals beside them."""
    documents = domain_sets([own.pk, gold.pk])
    view = _View(article, own)
    mine, theirs = documents[own.pk], documents[gold.pk]
    spans = {span.id: span for span in (*mine.spans, *theirs.spans)}
    return [
        *(view.of_spans(verdict) for verdict in span_verdicts(mine, theirs)),
        *(view.of_relations(verdict, spans) for verdict in relation_verdicts(mine, theirs)),
    ]


def change_json(change: Change) -> dict[str, Any]:
    """The wire form; `decision` has no name in it."""

    def sides(parts: Iterable[tuple[str, LabelSign | str]]) -> list[dict[str, str]]:
        return [{"quote": quote, "label": sign if isinstance(sign, str) else sign.key} for quote, sign in parts]

    decision, appeal = change.decision, change.appeal
    return {
        "fate": change.fate.value,
        "kind": change.kind,
        "own": sides(change.own),
        "gold": sides(change.gold),
        "details": list(change.details),
        "decision": None
        if decision is None
        else {
            "id": str(decision.pk),
            "reason": decision.reason,
            "rule": decision.rule,
            "at": decision.at.isoformat(),
        },
        "appeal": None if appeal is None else appeal_json(appeal),
    }


def appeal_json(appeal: Appeal) -> dict[str, Any]:
    """An appeal without names."""
    return {
        "id": str(appeal.pk),
        "decision": str(appeal.decision_id),
        "article": str(appeal.decision.article_id),
        "text": appeal.text,
        "at": appeal.at.isoformat(),
        "outcome": appeal.outcome,
        "answer": appeal.answer,
        "answered_at": appeal.answered_at.isoformat() if appeal.answered_at else None,
    }


def own_appeals(member: Membership) -> QuerySet[Appeal]:
    """The member's appeals in the project, the newest first."""
    found = Appeal.objects.filter(decision__article__project=member.project_id, by=member.user_id)
    return found.select_related("decision__article").defer("decision__article__text").order_by("-at", "-pk")


def course_of(member: Membership, *, user_id: int) -> dict[str, Any] | None:
    """F1 against gold by week of submission, of all and of each label: a chart and its table; None where nothing is.

    Of the last 200 articles; a label without spans in a week leaves a gap.
    """
    sets = list(reviewed_sets(member, user_id=user_id).only("pk", "submitted_at", "article")[:_RECENT])
    if not sets:
        return None
    scores = exact_counts([(each.pk, gold_of(each)) for each in sets])
    weeks: dict[date, list[ByLabel]] = defaultdict(list)
    for each in sets:
        weeks[_monday(each.submitted_at)].append(scores[each.pk, gold_of(each)])
    chosen = sorted(weeks)[-_WEEKS:]
    totals = [_total(weeks[week]) for week in chosen]
    names = [date_format(week, "MONTH_DAY_FORMAT") for week in chosen]
    used = {key for total in totals for key in total}
    signs = [sign for sign in Palette(member.project_id).labels.values() if sign.key in used]
    lines = [(_("All"), [sum(total.values(), Counts()).f1 for total in totals])]
    lines += [(sign.name, [total.get(sign.key, Counts()).f1 for total in totals]) for sign in signs]
    rows = [
        {
            "name": name,
            "articles": len(weeks[week]),
            "values": [in_figures(values[number]) for _name, values in lines],
        }
        for number, (week, name) in enumerate(zip(chosen, names, strict=True))
    ]
    chart = charts.course(names, lines) if len(chosen) > 1 else None
    overall = in_figures(sum(_total(scores.values()).values(), Counts()).f1)
    return {
        "chart": chart,
        "names": [name for name, _values in lines],
        "rows": rows,
        "overall": overall,
        "articles": len(sets),
    }


class _View:
    """Verdicts as they are shown: with signs of labels, quotes, decisions and appeals."""

    def __init__(self, article: Article, own: AnnotationSet) -> None:
        palette = Palette(article.project_id)
        self._text = article.text
        self._signs = {sign.key: sign for sign in palette.labels.values()}
        self._links = {each.key: each.name for each in palette.relation_labels}
        self._by_gold: dict[str, Decision] = {}
        self._by_source: dict[str, Decision] = {}
        for decision in Decision.objects.filter(article=article.pk, undone_at=None).order_by("at", "pk"):
            self._by_gold |= dict.fromkeys(decision.gold, decision)
            self._by_source |= dict.fromkeys(decision.sources, decision)
        appeals = Appeal.objects.filter(decision__article=article.pk, by=own.annotator_id)
        self._appeals = {each.decision_id: each for each in appeals.select_related("decision")}

    def of_spans(self, verdict: Verdict[Span]) -> Change:
        """A span, or those that belong together."""
        sides = [[(quote_of(self._text, s.fragments), self._signs[s.label]) for s in side] for side in _sides(verdict)]
        details = list(_details(verdict)) if verdict.kind == "attributes" else []
        return self._change(verdict, sides, details)

    def of_relations(self, verdict: Verdict[Relation], spans: Mapping[str, Span]) -> Change:
        """A link, told by the words of its ends."""

        def words(relation: Relation) -> str:
            ends = (spans[relation.source], spans[relation.target])
            return " → ".join(quote_of(self._text, end.fragments) for end in ends)

        sides = [[(words(each), self._links.get(each.label, each.label)) for each in side] for side in _sides(verdict)]
        return self._change(verdict, sides, [])

    def _change(self, verdict: Verdict[Any], sides: Sequence[Sequence[Any]], details: Sequence[str]) -> Change:
        found = [self._by_gold[each.id] for each in verdict.gold if each.id in self._by_gold]
        found += [self._by_source[each.id] for each in verdict.own if each.id in self._by_source]
        decision = found[0] if found else None
        appeal = self._appeals.get(decision.pk) if decision else None
        return Change(
            fate=verdict.fate,
            kind=verdict.kind,
            own=sides[0],
            gold=sides[1],
            details=details,
            decision=decision,
            appeal=appeal,
        )


def _sides[Thing: (Span, Relation)](verdict: Verdict[Thing]) -> tuple[Sequence[Thing], Sequence[Thing]]:
    return verdict.own, verdict.gold


def _details(verdict: Verdict[Span]) -> Iterable[str]:
    """What differs beside label and words."""
    mine, theirs = verdict.own[0], verdict.gold[0]
    if mine.entity != theirs.entity:
        yield _("entity: %(before)s → %(after)s") % {"before": mine.entity or "–", "after": theirs.entity or "–"}
    for key in sorted({*mine.attributes, *theirs.attributes}):
        before, after = mine.attributes.get(key, "–"), theirs.attributes.get(key, "–")
        if before != after:
            yield f"{key}: {before} → {after}"


def _total(counted: Iterable[ByLabel]) -> dict[str, Counts]:
    total: dict[str, Counts] = {}
    for each in counted:
        for label, counts in each.items():
            total[label] = total.get(label, Counts()) + counts
    return total


def _monday(at: datetime | None) -> date:
    day = at.date() if at else date.min
    return day - timedelta(days=day.weekday())
