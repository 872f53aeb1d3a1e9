"""What became of suggestions, kept in the transaction of the change (or the rejection) that says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.utils import timezone

from annotations.domain.editing import Record, SpanState
from annotations.domain.identifiers import uuid7
from annotations.domain.suggesting import LAST, Suggested, is_too_weak
from annotations.models import AnnotationSet, EngineSwitch, Entity, SetKind, SuggestionVerdict, Verdict
from annotations.suggesters import ENGINES, gazetteer
from annotations.suggesters.proposals import proposal_uuid

_WRITTEN: Final = ["engine", "version", "label", "fragments", "score", "verdict", "span", "at"]
TAKEN: Final = (Verdict.ACCEPTED, Verdict.EDITED)
"""The verdicts that speak for an engine."""


def record_verdicts(annotation_set: AnnotationSet, label_ids: Mapping[str, int], records: Sequence[Record]) -> None:
    """Keep which suggestions the changes accepted, and what they made of those accepted before.

    Another label or other fragments than suggested are an edit. A span that is deleted rejects its suggestion; when
    the acceptance itself is undone, the suggestion is as if nobody had judged it.
    """
    spans = [record for record in records if record.action.endswith("span")]
    fresh = any(record.suggestion for record in spans)
    if annotation_set.kind != SetKind.ANNOTATOR or not (fresh or annotation_set.suggestions_shown):
        return
    keys = {pk: key for key, pk in label_ids.items()}
    rows: dict[UUID, list[SuggestionVerdict]] = {}
    objects = {record.object for record in spans}
    for row in SuggestionVerdict.objects.filter(annotation_set=annotation_set, span__in=objects):
        if row.span:
            rows.setdefault(row.span, []).append(row)
    touched: dict[UUID, SuggestionVerdict] = {}
    for record in spans:
        if record.suggestion and record.after is not None:
            rows[record.object] = verdicts_of(annotation_set, label_ids, record.suggestion, span=record.object)
        for row in rows.get(record.object, ()):
            row.verdict = _verdict(record, keys[row.label_id], row)
            touched[row.suggestion] = row
    store(annotation_set, touched.values())
    _give_coordinates(annotation_set, label_ids, spans)


def verdicts_of(
    annotation_set: AnnotationSet,
    label_ids: Mapping[str, int],
    suggestion: Suggested,
    *,
    span: UUID | None,
    verdict: str = Verdict.ACCEPTED,
) -> list[SuggestionVerdict]:
    """One row for each engine that offered it, not stored yet; none when the label is no more."""
    if suggestion.label not in label_ids:
        return []
    label, fragments = suggestion.label, suggestion.fragments
    rows = []
    for engine in suggestion.all_engines:
        known = ENGINES.get(engine)
        is_first = engine == suggestion.engine
        rows.append(
            SuggestionVerdict(
                annotation_set=annotation_set,
                suggestion=proposal_uuid(annotation_set.article_id, engine, label, fragments),
                engine=engine,
                version=suggestion.version if is_first else known.version if known else "",
                label_id=label_ids[label],
                fragments=fragments,
                score=suggestion.score if is_first else None,
                verdict=verdict,
                span=span,
            )
        )
    return rows


def store(annotation_set: AnnotationSet, rows: Iterable[SuggestionVerdict]) -> None:
    """Write the verdicts over those there are on the same suggestions; engines that prove too weak are switched off."""
    written = list(rows)
    now = timezone.now()
    for row in written:
        row.pk, row.at = uuid7(), now  # a new row to the database: the unique pair tells which one it replaces
    SuggestionVerdict.objects.bulk_create(
        written,
        update_conflicts=True,
        unique_fields=["annotation_set", "suggestion"],
        update_fields=_WRITTEN,
    )
    for engine, label_id in sorted({(row.engine, row.label_id) for row in written}):
        _switch_off_if_weak(annotation_set.article.project_id, engine, label_id)


def _give_coordinates(annotation_set: AnnotationSet, label_ids: Mapping[str, int], spans: Iterable[Record]) -> None:
    """A place that was accepted from the gazetteer has its coordinates, unless somebody gave it others."""
    for record in spans:
        after = record.after
        offered = record.suggestion and gazetteer.ENGINE.name in record.suggestion.all_engines
        if not offered or not isinstance(after, SpanState):
            continue
        place = gazetteer.places().get(after.entity)
        if place and place.canonical == after.entity:
            Entity.objects.filter(
                project=annotation_set.article.project_id,
                label=label_ids[after.label],
                name=after.entity,
                latitude=None,
                longitude=None,
            ).update(latitude=place.latitude, longitude=place.longitude)


def _verdict(record: Record, label: str, row: SuggestionVerdict) -> Verdict:
    after = record.after
    if not isinstance(after, SpanState):
        return Verdict.WITHDRAWN if record.undoes else Verdict.REJECTED
    is_same = (after.label, after.fragments) == (label, row.fragments)
    return Verdict.ACCEPTED if is_same else Verdict.EDITED


def _switch_off_if_weak(project_id: UUID, engine: str, label_id: int) -> None:
    """Off by itself; a manager who switches it on again gives it as many verdicts to prove itself."""
    switch = EngineSwitch.objects.filter(project=project_id, engine=engine, label=label_id).first()
    if switch and not switch.is_on:
        return
    verdicts = SuggestionVerdict.objects.filter(label=label_id, engine=engine).exclude(verdict=Verdict.WITHDRAWN)
    if switch:
        verdicts = verdicts.filter(at__gt=switch.at)
    latest = verdicts.order_by("-at", "-pk").values_list("verdict", flat=True)[:LAST]
    if is_too_weak([verdict in TAKEN for verdict in latest]):
        EngineSwitch.objects.update_or_create(
            project_id=project_id,
            engine=engine,
            label_id=label_id,
            defaults={"is_on": False, "by": None, "at": timezone.now()},
        )
