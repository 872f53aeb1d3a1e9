"""What submitted work teaches about phrases, kept per article: learnt after it is submitted, forgotten with it.

A phrase is counted in the articles that come after it; `learn_all` counts it in those before, too.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from annotations.models import Article, Job, JobState, Label, LearntPhrase, Project, SetKind, SetState, Span
from annotations.selectors.dictionary import entries_of
from annotations.services.jobs import Progress
from annotations.suggesters.dictionary import count, known_phrases
from annotations.suggesters.phrases import Dictionary
from annotations.suggesters.proposals import LabelledSpan

KIND: Final = "dictionary"
"""The kind of job that learns."""
_CHUNK: Final = 20  # articles that are locked together
_BATCH: Final = 1000  # articles for which the phrases to count are looked up together: it means reading all of them
_SUBMITTED: Final = Q(
    annotation_set__kind=SetKind.ANNOTATOR, annotation_set__state=SetState.SUBMITTED, annotation_set__round=0
)
_GOLD: Final = Q(annotation_set__kind=SetKind.GOLD, annotation_set__state=SetState.DONE)

type _Works = dict[UUID, list[LabelledSpan]]  # the spans of each set


def learn_later(*, project_id: UUID, article_ids: Sequence[UUID]) -> None:
    """Forget what these articles taught, and have the worker learn from their work as it is now.

    In the transaction that submits or reopens the work: it costs a delete and a row, not the reading of a text.
    """
    if not article_ids:
        return
    LearntPhrase.objects.filter(article__in=article_ids).delete()
    ids = [str(key) for key in article_ids]
    # What waits already takes more articles; if it is just being taken up, another one is put down.
    waiting = Job.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        project=project_id, kind=KIND, state=JobState.WAITING
    )
    job = waiting.first()
    if job is None:
        Job.objects.create(kind=KIND, project_id=project_id, arguments={"articles": ids})
    else:
        job.arguments = {"articles": sorted({*job.arguments["articles"], *ids})}
        job.save(update_fields=["arguments"])


def learn(job: Job, progress: Progress) -> Mapping[str, Any]:
    """The worker's part of `learn_later`; those before that are done are of no use to anybody."""
    ids = [UUID(key) for key in job.arguments["articles"]]
    project = Project.objects.get(jobs=job.pk)
    for done, (chunk, known) in enumerate(_chunks(project.pk, ids)):
        progress(done * _CHUNK, len(ids))
        with transaction.atomic():
            _learn(project.pk, chunk, known)
    Job.objects.filter(project=project, kind=KIND, state=JobState.DONE).delete()
    return {"articles": len(ids)}


def learn_all(*, project: Project) -> int:
    """Learn from all submitted work of a project again; how many articles that were."""
    with transaction.atomic():
        sets = Span.objects.filter(_SUBMITTED | _GOLD, annotation_set__article__project=project)
        ids = list(sets.order_by().values_list("annotation_set__article", flat=True).distinct())
        LearntPhrase.objects.filter(project=project).exclude(article__in=ids).delete()
        # Twice: the first time what is known grows as it goes.
        for _round in range(2):
            for chunk, known in _chunks(project.pk, ids):
                _learn(project.pk, chunk, known)
    return len(ids)


def _chunks(project_id: UUID, article_ids: Sequence[UUID]) -> Iterator[tuple[Sequence[UUID], Dictionary]]:
    """The articles that are locked together, with the phrases that are counted in them."""
    for batch in itertools.batched(sorted(article_ids), _BATCH):
        known = _known(project_id, batch)
        for chunk in itertools.batched(batch, _CHUNK):
            yield chunk, known


def _known(project_id: UUID, article_ids: Sequence[UUID]) -> Dictionary:
    """The phrases to be counted in these articles: the project's, and those that were labelled in them."""
    works = {key: work for key, work in _works(article_ids).items() if work}
    if not works:
        return Dictionary()
    texts = dict(Article.objects.filter(pk__in=works, project=project_id).values_list("pk", "text"))
    only = next(iter(texts.values())) if len(texts) == 1 else None
    labelled = ((text, spans) for key, text in texts.items() for spans in works[key].values())
    return known_phrases(labelled, entries_of(project_id, only))


def _learn(project_id: UUID, article_ids: Sequence[UUID], known: Dictionary) -> None:
    """Count anew what the submitted sets and the gold of these articles say of the phrases that are known."""
    # Work may be submitted or reopened at the same time; who does that has the article locked.
    articles = list(
        Article.objects.select_for_update(no_key=True)
        .filter(pk__in=article_ids, project=project_id)
        .only("id", "text")
        .order_by("pk")
    )
    works = _works([article.pk for article in articles])
    LearntPhrase.objects.filter(article__in=articles).delete()
    taught = [article for article in articles if works[article.pk]]
    if not taught:
        return
    labels = dict(Label.objects.filter(project=project_id).values_list("key", "pk"))
    LearntPhrase.objects.bulk_create(
        (
            LearntPhrase(
                project_id=project_id,
                article=article,
                label_id=labels[label],
                phrase=phrase,
                labelled=labelled,
                occurrences=occurrences,
            )
            for article in taught
            for (phrase, label), (labelled, occurrences) in _counted(article.text, works[article.pk], known).items()
        ),
        batch_size=1000,
    )


def _works(article_ids: Sequence[UUID]) -> dict[UUID, _Works]:
    """The submitted sets and the gold of each article."""
    found: dict[UUID, _Works] = {key: {} for key in article_ids}
    spans = Span.objects.filter(_SUBMITTED | _GOLD, annotation_set__article__in=article_ids).order_by()
    for article, owner, label, fragments in spans.values_list(
        "annotation_set__article", "annotation_set", "label__key", "fragments"
    ):
        found[article].setdefault(owner, []).append(LabelledSpan(label=label, fragments=fragments))
    return found


def _counted(text: str, works: _Works, known: Dictionary) -> dict[tuple[str, str], tuple[int, int]]:
    """Per phrase and label, how often all the sets together have it, of how many occurrences they saw."""
    labelled: Counter[tuple[str, str]] = Counter()
    occurrences: Counter[tuple[str, str]] = Counter()
    for spans in works.values():
        for entry in count(text, spans, known):
            labelled[entry.phrase, entry.label] += entry.labelled
            occurrences[entry.phrase, entry.label] += entry.occurrences
    return {key: (labelled[key], times) for key, times in occurrences.items()}
