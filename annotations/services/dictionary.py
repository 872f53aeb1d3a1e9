"""What submitted work teaches about phrases, kept per article: learnt when work is submitted, forgotten with it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from annotations.models import Article, Label, LearntPhrase, Project, SetKind, SetState, Span
from annotations.selectors.dictionary import entries_of
from annotations.suggesters.dictionary import count, learn
from annotations.suggesters.phrases import Dictionary
from annotations.suggesters.proposals import LabelledSpan

_CHUNK: Final = 200
_SUBMITTED: Final = Q(annotation_set__kind=SetKind.ANNOTATOR, annotation_set__state=SetState.SUBMITTED)
_GOLD: Final = Q(annotation_set__kind=SetKind.GOLD, annotation_set__state=SetState.DONE)

type _Works = dict[UUID, list[LabelledSpan]]  # the spans of each set


def learn_from(*, project_id: UUID, article_ids: Sequence[UUID]) -> None:
    """Count anew what the submitted sets and the gold of these articles say of the phrases the project knows.

    Articles whose work is no longer submitted are forgotten. A phrase is counted in the articles that come after it;
    `learn_all` counts it in those before, too.
    """
    with transaction.atomic():
        for ids in itertools.batched(sorted(article_ids), _CHUNK):
            _learn(project_id, ids)


def learn_all(*, project: Project) -> int:
    """Learn from all submitted work of a project again; how many articles that were."""
    with transaction.atomic():
        sets = Span.objects.filter(_SUBMITTED | _GOLD, annotation_set__article__project=project)
        ids = list(sets.order_by().values_list("annotation_set__article", flat=True).distinct())
        LearntPhrase.objects.filter(project=project).exclude(article__in=ids).delete()
        # Twice: the first time what is known grows as it goes.
        for _round in range(2):
            learn_from(project_id=project.pk, article_ids=ids)
    return len(ids)


def _learn(project_id: UUID, article_ids: Sequence[UUID]) -> None:
    # Who aligns the sets of an article has it locked; two who submit at once wait for one another here, too.
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
    known = Dictionary(
        itertools.chain(
            entries_of(project_id, taught[0].text if len(taught) == 1 else None),
            *learn((article.text, spans) for article in taught for spans in works[article.pk].values()),
        )
    )
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
