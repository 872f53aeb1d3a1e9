"""The articles and annotation sets of files on their way into a project, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from annotations.domain.documents import AnnotationSet, Document
from annotations.domain.errors import InvalidData
from annotations.domain.identifiers import uuid7
from annotations.domain.queueing import WITHOUT_SLOT
from annotations.formats import Item
from annotations.formats.reading import ARTICLE_TEXTS
from annotations.models import AnnotationSet as StoredSet
from annotations.models import Article, Job, Project, SetKind, SetState, TextSketch
from annotations.services.article_versions import Version, finish_version, new_version, with_details
from annotations.services.dictionary import learn_later
from annotations.services.disagreements import refresh_many
from annotations.services.imports.names import Names
from annotations.services.imports.near_copies import NearCopies, Placed
from annotations.services.imports.reports import ImportReport
from annotations.services.imports.rows import Rows, published_on, sha256_of
from annotations.services.imports.stored import contents_of, imported_contents, stored_contents

# A batch ends with whichever comes first: memory stays the same however long the file or its articles are.
BATCH_ARTICLES: Final = 500
BATCH_CHARACTERS: Final = 4_000_000
BATCH_SPANS: Final = 20_000


@dataclass(slots=True)
class _Known:
    """An article that is there already."""

    id: UUID
    text_sha256: str
    columns: Mapping[str, Any]
    sets: dict[tuple[str, str], UUID] = field(default_factory=dict)


@dataclass(slots=True)
class _Plan:
    """What is to be stored of one line."""

    item: Item
    document: Document
    digest: str
    known: _Known | None
    key: UUID = field(default_factory=uuid7)
    corrects: _Known | None = None
    version: Version | None = None
    sets: list[AnnotationSet] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def all_sets(self) -> list[AnnotationSet]:
        """The sets of the file and those that are carried over."""
        return [*self.sets, *(each.one for each in (self.version.sets if self.version else ()))]


class Intake:
    """The batches of one import into one project, which the caller has locked.

    `job` is the import's record: its id is the batch of the changes, and it remembers which articles came with it.
    Without one the import cannot be undone. With `corrections` a text that differs is a new version of its article.
    """

    def __init__(
        self,
        *,
        project: Project,
        job: Job | None,
        author: int,
        report: ImportReport,
        strict: bool,
        corrections: bool = False,
    ) -> None:
        self.project = project
        self.report = report
        self._corrections = corrections
        self.names = Names(project, strict=strict, added=report.added)
        batch = job.pk if job else uuid7()
        self.rows = Rows(names=self.names, author=author, batch=batch, at=timezone.now(), recorded=job is not None)

    def store(self, batch: Sequence[tuple[Item, Document]]) -> None:
        """Store what is new in a batch in which no article comes twice."""
        plans = list(self._plans(batch))
        new = [plan for plan in plans if plan.known is None]
        self._carry_over([plan for plan in new if plan.corrects])
        placed = self._place(new)
        entities = self.names.entities(one for plan in plans for one in plan.all_sets)
        touched: list[UUID] = []
        taught: list[UUID] = []
        for plan in plans:
            users = self.names.annotators(one.annotator for one in plan.sets if one.annotator)
            taken = sum(one.kind == SetKind.ANNOTATOR and one.state not in WITHOUT_SLOT for one in plan.sets)
            if plan.known is None:
                article = plan.key
                self._add_article(plan, taken, placed[article], entities)
            else:
                article = plan.known.id
                self._update(plan, plan.known, taken)
            for one in plan.sets:
                self.rows.add_set(one, article, users[one.annotator] if one.annotator else None, entities)
            if any(one.kind == SetKind.ANNOTATOR and one.state in {"", SetState.SUBMITTED} for one in plan.sets):
                touched.append(article)
            if any(one.state in {"", SetState.SUBMITTED, SetState.DONE} for one in plan.sets):
                taught.append(article)
        self.report.spans += self.rows.spans
        self.report.relations += self.rows.relations
        self.rows.write()
        for plan in plans:
            if plan.version is not None:
                finish_version(version=plan.version, new_id=plan.key)
                touched.append(plan.key)
                taught.append(plan.key)
        _refresh(touched)
        learn_later(project_id=self.project.pk, article_ids=taught)

    def _plans(self, batch: Sequence[tuple[Item, Document]]) -> Iterator[_Plan]:
        """What to do with each line; those with which nothing can be done become problems."""
        known = self._known([document.id for _item, document in batch])
        plans = []
        for item, document in batch:
            plan = _Plan(item, document, sha256_of(document.text), known.get(document.id))
            if plan.known and plan.known.text_sha256 != plan.digest and self._corrections:
                plan.corrects, plan.known = plan.known, None
                plans.append(plan)
            elif plan.known and plan.known.text_sha256 != plan.digest:
                reason = _("There is an article with this id and another text; texts never change.")
                self.report.add_problem(item.line, document.id, reason)
            else:
                plans.append(plan)
        different = self._choose_sets(plans)
        for plan in plans:
            key = plan.document.id
            if key in different:
                self.report.add_problem(plan.item.line, key, different[key])
                continue
            try:
                self._accept(plan.sets)
            except InvalidData as error:
                self.report.add_problem(plan.item.line, key, error.detail)
            else:
                yield plan

    def _carry_over(self, plans: Sequence[_Plan]) -> None:
        """Make the old versions of corrected articles old ones, and plan what goes over to the new ones."""
        for plan in plans:
            if plan.corrects is None:
                continue
            users = self.names.annotators(one.annotator for one in plan.sets if one.annotator)
            brought = [(one.kind, str(users[one.annotator] if one.annotator else one.source)) for one in plan.sets]
            plan.version = new_version(old_id=plan.corrects.id, document=plan.document, brought=brought)
            plan.document = with_details(plan.document, plan.version.old)
            # Before the new one is there: an id is free for a new version when the old one is superseded.
            Article.objects.filter(pk=plan.corrects.id).update(superseded_by=plan.key)
            TextSketch.objects.filter(article=plan.corrects.id).delete()
            self.report.add_correction(plan.item.line, plan.document.id, plan.version.fate)

    def _add_article(self, plan: _Plan, taken: int, placed: Placed, entities: Mapping[tuple[str, str], UUID]) -> None:
        slots = self.project.annotators_per_article - taken
        version = plan.version
        if version is None:
            self.rows.add_article(plan.key, plan.document, digest=plan.digest, open_slots=slots, placed=placed)
            self.report.created += 1
            return
        slots += version.old.extra_slots - version.places
        if placed.near is None and version.old.cluster is not None:
            placed = replace(placed, cluster=version.old.cluster)
        before = {"version_of": str(version.old.pk)}
        self.rows.add_article(
            plan.key, plan.document, digest=plan.digest, open_slots=slots, placed=placed, before=before
        )
        for each in version.sets:
            self.rows.add_set(each.one, plan.key, each.annotator, entities)

    def _accept(self, sets: Sequence[AnnotationSet]) -> None:
        """Add the names that new sets need."""
        annotators = [one.annotator for one in sets if one.annotator]
        self.names.check_annotators(annotators)
        self.names.accept(sets)
        authors = [str(self.names.make_annotator(one.annotator)) if one.annotator else one.source for one in sets]
        if len({(one.kind, author) for one, author in zip(sets, authors, strict=True)}) < len(sets):
            raise InvalidData(_("Two sets of the article are by the same author under two names."))

    def _known(self, external_ids: Sequence[str]) -> dict[str, _Known]:
        """The articles of these ids that are there, locked in one order, with the keys of their sets."""
        found = (
            Article.objects.select_for_update(no_key=True)
            .filter(project=self.project, external_id__in=external_ids, superseded_by__isnull=True)
            .order_by("pk")
            .values("pk", "external_id", "text_sha256", "metadata", *ARTICLE_TEXTS)
        )
        known = {row["external_id"]: _Known(row["pk"], row["text_sha256"], row) for row in found}
        by_id = {one.id: one for one in known.values()}
        sets = StoredSet.objects.filter(article__in=by_id).values_list("pk", "article", "kind", "annotator", "source")
        for key, article, kind, annotator, source in sets:
            by_id[article].sets[kind, str(annotator or source)] = key
        return known

    def _choose_sets(self, plans: Sequence[_Plan]) -> dict[str, str]:
        """Leave in each plan the sets that are new; for articles with a set that differs from the stored, why."""
        users = self.names.annotators(
            one.annotator for plan in plans for one in plan.document.annotation_sets if one.annotator
        )
        there: list[tuple[_Plan, AnnotationSet, UUID]] = []
        for plan in plans:
            for one in plan.document.annotation_sets:
                if one.kind == SetKind.SUGGESTION and not one.source:
                    one = replace(one, source="import")  # noqa: PLW2901 - every suggestion has a source
                author = str(users.get(one.annotator, "")) if one.annotator else one.source
                key = plan.known.sets.get((one.kind, author)) if plan.known else None
                if key is None:
                    plan.sets.append(one)
                else:
                    there.append((plan, one, key))
        stored = stored_contents(key for _plan, _one, key in there)
        others = [(plan, one, key) for plan, one, key in there if not stored[key].equals(contents_of(one))]
        # A set that was changed after it came from this very file stays as it is: the file brings nothing back.
        before = imported_contents(key for _plan, _one, key in others)
        return {
            plan.document.id: _("The article has another set of kind %(kind)s%(author)s; sets are never merged.")
            % {"kind": one.kind, "author": f" ({one.annotator or one.source})" if one.annotator or one.source else ""}
            for plan, one, key in others
            if key not in before or not before[key].equals(contents_of(one))
        }

    def _update(self, plan: _Plan, known: _Known, taken: int) -> None:
        """Give an article that is there the metadata it lacks, and count what its new annotators took."""
        columns: dict[str, Any] = {
            name: value
            for name in ARTICLE_TEXTS
            if (value := getattr(plan.document, name)) and value != known.columns[name]
        }
        if "published_at" in columns:
            columns["published_on"] = published_on(columns["published_at"])
        metadata = known.columns["metadata"] | dict(plan.document.metadata)
        if metadata != known.columns["metadata"]:
            columns["metadata"] = metadata
        if not columns and not plan.sets:
            self.report.skipped += 1
            return
        if taken:
            columns["open_slots"] = F("open_slots") - taken
        if columns:
            Article.objects.filter(pk=known.id).update(**columns)
        before = {name: known.columns[name] for name in columns if name in known.columns}
        self.rows.remember(known.id, {"columns": before, "slots": taken})
        self.report.updated += 1

    def _place(self, plans: Sequence[_Plan]) -> dict[UUID, Placed]:
        """Where new articles belong among their copies, by their ids; copies are named in the report."""
        given = [(plan.key, plan.document.id, plan.document.text, plan.digest) for plan in plans]
        placed = NearCopies(self.project).place(given)
        for plan, one in zip(plans, placed, strict=True):
            if one.near is None:
                continue
            if one.is_same:
                self.report.add_duplicate(plan.item.line, plan.document.id, one.near)
            else:
                self.report.add_near_copy(plan.item.line, plan.document.id, one.near, one.similarity)
        return {plan.key: one for plan, one in zip(plans, placed, strict=True)}


def batches(items: Iterable[Item], report: ImportReport) -> Iterator[list[tuple[Item, Document]]]:
    """Batches in which no article comes twice; items with a problem go into the report."""
    return _cut(_without_problems(items, report))


def _without_problems(items: Iterable[Item], report: ImportReport) -> Iterator[tuple[Item, Document]]:
    for item in items:
        if item.document is None:
            report.add_problem(item.line, item.id or item.where, item.problem)
        else:
            report.losses.update(item.losses)
            yield item, item.document


def _cut(items: Iterable[tuple[Item, Document]]) -> Iterator[list[tuple[Item, Document]]]:
    batch: dict[str, tuple[Item, Document]] = {}
    characters = spans = 0
    for item, document in items:
        if document.id in batch or len(batch) >= BATCH_ARTICLES or characters > BATCH_CHARACTERS or spans > BATCH_SPANS:
            yield list(batch.values())
            batch, characters, spans = {}, 0, 0
        batch[document.id] = item, document
        characters += len(document.text)
        spans += sum(len(one.spans) for one in document.annotation_sets)
    if batch:
        yield list(batch.values())


def _refresh(articles: Sequence[UUID]) -> None:
    """Align the sets of articles that now have several submitted ones."""
    several = (
        StoredSet.objects.filter(article__in=articles, kind=SetKind.ANNOTATOR, state=SetState.SUBMITTED)
        .values("article")
        .annotate(sets=Count("pk"))
        .filter(sets__gt=1)
        .order_by("article")
    )
    refresh_many(article_ids=list(several.values_list("article", flat=True)))
