"""A corrected text becomes a new version of its article: the work on the old one is carried over, the old one stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from annotations.domain.alignment import Alignment, Fate, carried_over
from annotations.domain.documents import AnnotationSet, Document
from annotations.domain.identifiers import annotation_set_uuid
from annotations.formats.reading import ARTICLE_TEXTS
from annotations.models import AnnotationSet as StoredSet
from annotations.models import Article, SetState
from annotations.selectors.stored_sets import sets_loaded

_ARTICLE: Final = ("priority", "purpose", "extra_slots")
_SET: Final = ("active_seconds", "suggestions_shown", "guideline_id", "lease_expires_at", "started_at", "submitted_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedSet:
    """A set of the new version: whose it is, and what only the database knows of it."""

    one: AnnotationSet
    annotator: int | None
    columns: dict[str, Any]


@dataclass(slots=True)
class Version:
    """What goes from an old version to a new one, and what became of the spans."""

    old: Article
    fate: Fate = field(default_factory=Fate)
    sets: list[CarriedSet] = field(default_factory=list)

    @property
    def places(self) -> int:
        """How many of its annotators' places the carried sets take."""
        return sum(
            each.annotator is not None and each.one.state not in {SetState.SKIPPED, SetState.RELEASED}
            for each in self.sets
        )


def new_version(*, old_id: UUID, document: Document, brought: Iterable[tuple[str, str]]) -> Version:
    """Carry the work on an old text over to the text of `document`, whose own sets (kind, author) come before.

    The old article and its sets are locked. Submitted work that loses spans is returned to its annotator, gold that
    does is open again.
    """
    old = Article.objects.select_for_update().get(pk=old_id)
    version = Version(old)
    alignment = Alignment(old.text, document.text)
    taken = set(brought)
    stored = StoredSet.objects.select_for_update().filter(article=old, round=0).order_by("pk")
    kept = [each for each in stored if (each.kind, str(each.annotator_id or each.source)) not in taken]
    loaded = sets_loaded([each.pk for each in kept])
    for each in kept:
        one, fate = carried_over(loaded[each.pk], alignment)
        version.fate.add(fate)
        version.sets.append(
            CarriedSet(
                one=replace(one, state=_state(each.state, fate)),
                annotator=each.annotator_id,
                columns={name: getattr(each, name) for name in _SET},
            )
        )
    return version


def with_details(document: Document, old: Article) -> Document:
    """The document with the details of the old version that it does not give itself."""
    lacking = {name: getattr(old, name) for name in ARTICLE_TEXTS if not getattr(document, name)}
    return replace(document, **lacking, metadata={**old.metadata, **document.metadata})


def finish_version(*, version: Version, new_id: UUID) -> None:
    """What the new version has of the old one beside its text and sets, after both were written."""
    columns = {name: getattr(version.old, name) for name in _ARTICLE}
    Article.objects.filter(pk=new_id).update(**columns)
    for each in version.sets:
        author = str(each.annotator) if each.annotator is not None else each.one.source
        key = annotation_set_uuid(new_id, each.one.kind, author)
        StoredSet.objects.filter(pk=key).update(**each.columns)


def _state(state: str, fate: Fate) -> str:
    if not fate.lost:
        return state
    return {SetState.SUBMITTED.value: SetState.RETURNED.value, SetState.DONE.value: SetState.OPEN.value}.get(
        state, state
    )
