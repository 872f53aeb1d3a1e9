"""How good each engine's suggestions are: what annotators made of them, by label."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypedDict

from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Window
from django.db.models.functions import RowNumber, Substr
from django_stubs_ext import WithAnnotations

from annotations.domain.documents import quote_of
from annotations.domain.suggesting import LAST
from annotations.models import EngineSwitch, Label, Project, SuggestionVerdict, Verdict

_START = Func(F("fragments"), function="lower", output_field=IntegerField())
_END = Func(F("fragments"), function="upper", output_field=IntegerField())


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRecord:
    """An engine on a label: its verdicts, and of the latest (at most fifty) how many accepted."""

    engine: str
    label: Label
    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    latest: int = 0
    latest_taken: int = 0
    switch: EngineSwitch | None = None

    @property
    def judged(self) -> int:
        """All verdicts."""
        return self.accepted + self.edited + self.rejected

    @property
    def precision(self) -> float | None:
        """The part that was accepted, as it was or edited; None without a verdict."""
        return (self.accepted + self.edited) / self.judged if self.judged else None

    @property
    def latest_precision(self) -> float | None:
        """The same of the latest verdicts."""
        return self.latest_taken / self.latest if self.latest else None

    @property
    def is_on(self) -> bool:
        """Whether it is asked for this label."""
        return self.switch is None or self.switch.is_on

    @property
    def switched_off_by_itself(self) -> bool:
        """Whether it is off because too little was accepted."""
        return self.switch is not None and not self.switch.is_on and self.switch.by_id is None

    def as_json(self) -> dict[str, Any]:
        """Its form in the API."""
        return {
            "engine": self.engine,
            "label": self.label.key,
            "accepted": self.accepted,
            "edited": self.edited,
            "rejected": self.rejected,
            "precision": self.precision,
            "latest": self.latest,
            "latest_precision": self.latest_precision,
            "is_on": self.is_on,
            "switched_off_by_itself": self.switched_off_by_itself,
        }


class WithCovered(TypedDict):
    """What `verdicts_on` adds: the text from the start to the end of the suggestion."""

    covered: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the words it is about."""

    verdict: SuggestionVerdict
    quote: str


def engines_judged(project: Project) -> list[EngineRecord]:
    """Every engine and label with a verdict or a switch, by the label's place and the engine's name."""
    labels = {label.pk: label for label in Label.objects.filter(project=project)}
    verdicts = SuggestionVerdict.objects.filter(label__in=list(labels)).exclude(verdict=Verdict.WITHDRAWN)
    numbered = verdicts.annotate(
        number=Window(RowNumber(), partition_by=["label", "engine"], order_by=[F("at").desc(), F("pk").desc()])
    )
    latest: dict[tuple[int, str], list[str]] = {}
    for label, engine, verdict in numbered.filter(number__lte=LAST).values_list("label", "engine", "verdict"):
        latest.setdefault((label, engine), []).append(verdict)
    counts: dict[tuple[int, str], dict[str, Any]] = {
        (each["label"], each["engine"]): dict(each)
        for each in verdicts.order_by()
        .values("label", "engine")
        .annotate(**{str(name): Count("pk", filter=Q(verdict=name)) for name in Verdict})
    }
    switches = {(each.label_id, each.engine): each for each in EngineSwitch.objects.filter(project=project)}
    records = []
    for label, engine in counts.keys() | switches.keys():
        row: dict[str, Any] = counts.get((label, engine), {})
        last = latest.get((label, engine), [])
        records.append(
            EngineRecord(
                engine=engine,
                label=labels[label],
                accepted=row.get("accepted", 0),
                edited=row.get("edited", 0),
                rejected=row.get("rejected", 0),
                latest=len(last),
                latest_taken=sum(verdict != Verdict.REJECTED for verdict in last),
                switch=switches.get((label, engine)),
            )
        )
    return sorted(records, key=lambda each: (each.label.position, each.label.pk, each.engine))


def verdicts_on(
    project: Project, *, engine: str = "", label: str = "", verdict: str = ""
) -> QuerySet[WithAnnotations[SuggestionVerdict, WithCovered]]:
    """The verdicts of a project that were not taken back, narrowed by what is given."""
    found = SuggestionVerdict.objects.filter(label__project=project).exclude(verdict=Verdict.WITHDRAWN)
    wanted = {"engine": engine, "label__key": label, "verdict": verdict}
    return (
        found.filter(**{name: value for name, value in wanted.items() if value})
        .annotate(covered=Substr("annotation_set__article__text", _START + 1, _END - _START))
        .select_related("label", "annotation_set__article", "annotation_set__annotator")
        .defer("annotation_set__article__text", "annotation_set__article__search", "annotation_set__article__metadata")
    )


def with_quotes(verdicts: Iterable[WithAnnotations[SuggestionVerdict, WithCovered]]) -> list[Judged]:
    """Each verdict with the words it is about."""
    found = []
    for each in verdicts:
        start = each.fragments[0][0]
        fragments = [(first - start, end - start) for first, end in each.fragments]
        found.append(Judged(each, quote_of(each.covered, fragments)))
    return found
